/// Places in rows that are written in ascending order.
package enum SortedRows {
  /// The first place of `range` at which a row is not before `row`; its end where all are.
  package static func place(of row: Int32, in rows: [Int32], _ range: Range<Int>) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < row { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
