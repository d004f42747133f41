/// Responses of 0 and 1 counted by cell: whole numbers, which come out the same in any order of
/// adding, so that each thread counts a part of the rows.
struct BinaryCounts {
  /// By cell, ones in the upper half of the bits and all responses in the lower.
  private let counts: [UInt64]

  /// nil where a response is something else.
  init?(_ response: [Double], _ cellOfRow: [Int32], cellCount: Int, threads: Int) {
    let parts = RowBlocks.parts(rowCount: response.count, threads: threads)
    let tables = parallelMap(count: parts.count, threads: threads) { part in
      Self.table(response, cellOfRow, rows: parts[part], cellCount: cellCount)
    }
    guard var counts = tables[0] else { return nil }
    for table in tables.dropFirst() {
      guard let table else { return nil }
      for cell in counts.indices { counts[cell] &+= table[cell] }
    }
    self.counts = counts
  }

  /// Responses of a cell, and how many of them are 1.
  subscript(cell: Int) -> (count: Double, ones: Double) {
    (Double(counts[cell] & 0xFFFF_FFFF), Double(counts[cell] >> 32))
  }

  private static func table(
    _ response: [Double], _ cellOfRow: [Int32], rows: Range<Int>, cellCount: Int
  ) -> [UInt64]? {
    var table = [UInt64](repeating: 0, count: cellCount)
    var others = 0
    table.withUnsafeMutableBufferPointer { table in
      response.withUnsafeBufferPointer { response in
        cellOfRow.withUnsafeBufferPointer { cells in
          for row in rows {
            let y = response[row]
            table[Int(cells[row])] &+= y == 1 ? 1 << 32 | 1 : 1
            others |= y == 0 || y == 1 ? 0 : 1
          }
        }
      }
    }
    return others == 0 ? table : nil
  }
}
