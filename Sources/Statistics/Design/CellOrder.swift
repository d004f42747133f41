/// Rows in the order of the combinations of their factors' levels: rows of one cell are neighbours.
///
/// Within a cell rows keep their order, and cells ascend by their codes, the first factor slowest,
/// so that nothing depends on how the order was found.
struct CellOrder {
  /// The row at each place; nil where rows stay as they are.
  let rows: [Int32]?
  /// Places of the cells: those of cell c are `starts[c]..<starts[c + 1]`.
  let starts: [Int32]

  var cellCount: Int { starts.count - 1 }

  /// Cells with a row whose weight is not zero.
  func cellCount(havingWeight weights: [Double]) -> Int {
    guard weights.contains(0) else { return cellCount }
    return (0..<cellCount).count { cell in
      (Int(starts[cell])..<Int(starts[cell + 1])).contains { place in
        weights[rows.map { Int($0[place]) } ?? place] > 0
      }
    }
  }

  /// Orders rows by columns of codes, each with its number of levels. Linear in rows and columns.
  init(codes: [[Int32]], levels: [Int], rowCount: Int) {
    guard !codes.isEmpty, rowCount > 0 else {
      rows = nil
      starts = rowCount > 0 ? [0, Int32(rowCount)] : [0]
      return
    }
    let limit = max(4 * rowCount, 1 << 16)
    var keys = [Int64](repeating: 0, count: rowCount)
    var range = 1
    for (column, count) in zip(codes, levels) {
      if range * count > limit { range = Self.compact(&keys, range: range, limit: limit) }
      keys.withUnsafeMutableBufferPointer { keys in
        column.withUnsafeBufferPointer { column in
          for row in 0..<rowCount { keys[row] = keys[row] &* Int64(count) &+ Int64(column[row]) }
        }
      }
      range *= count
    }
    if range > limit { range = Self.compact(&keys, range: range, limit: limit) }
    (rows, starts) = Self.counted(keys, range: range)
  }

  /// Renumbers keys by rank; returns how many differ, at most the number of rows.
  private static func compact(_ keys: inout [Int64], range: Int, limit: Int) -> Int {
    if range <= limit {
      var ranks = [Int64](repeating: 0, count: range)
      for key in keys { ranks[Int(key)] = 1 }
      var next: Int64 = 0
      for key in ranks.indices where ranks[key] > 0 {
        ranks[key] = next
        next += 1
      }
      for row in keys.indices { keys[row] = ranks[Int(keys[row])] }
      return Int(next)
    }
    let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    var previous = keys[order[0]]
    var rank: Int64 = 0
    for row in order {
      if keys[row] != previous {
        previous = keys[row]
        rank += 1
      }
      keys[row] = rank
    }
    return Int(rank) + 1
  }

  private static func counted(_ keys: [Int64], range: Int) -> ([Int32], [Int32]) {
    // The place at which the next row of each key goes.
    let next = Scratch<Int32>(count: range + 1, repeating: 0)
    var starts: [Int32] = [0]
    let rows = keys.withUnsafeBufferPointer { keys in
      for key in keys { next.base[Int(key) + 1] &+= 1 }
      for key in 0..<range {
        let count = next.base[key + 1]
        if count > 0 { starts.append(starts[starts.count - 1] + count) }
        next.base[key + 1] = next.base[key] + count
      }
      return [Int32](unsafeUninitializedCapacity: keys.count) { rows, count in
        for row in keys.indices {
          let key = Int(keys[row])
          rows[Int(next.base[key])] = Int32(truncatingIfNeeded: row)
          next.base[key] &+= 1
        }
        count = keys.count
      }
    }
    return (rows, starts)
  }
}
