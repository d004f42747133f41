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

  /// Orders rows by columns of codes, each with its number of levels. Linear in rows and columns.
  init(codes: [[Int32]], levels: [Int], rowCount: Int, threads: Int = 1) {
    guard !codes.isEmpty, rowCount > 0 else {
      rows = nil
      starts = rowCount > 0 ? [0, Int32(rowCount)] : [0]
      return
    }
    var keys = RowKeys(codes: codes, levels: levels, rowCount: rowCount, threads: threads)
    // Places are counted by key.
    if keys.range > rowCount { keys.compact() }
    (rows, starts) = Self.counted(keys.keys, range: keys.range, threads: threads)
  }

  /// Sorts by counting: each part of the rows counts its own, and knows from the counts of those
  /// before where its rows of each key go.
  private static func counted(
    _ keys: [Int32], range: Int, threads: Int
  ) -> (rows: [Int32], starts: [Int32]) {
    let parts = RowBlocks.parts(rowCount: keys.count, threads: threads)
    let table = Scratch<Int32>(count: parts.count * range, repeating: 0)
    let next = SharedMemory(base: table.base)
    _ = parallelMap(count: parts.count, threads: threads) { part in
      let counts = next.base + part * range
      keys.withUnsafeBufferPointer { keys in
        for row in parts[part] { counts[Int(keys[row])] &+= 1 }
      }
    }
    var starts: [Int32] = []
    var place: Int32 = 0
    for key in 0..<range {
      let first = place
      for part in parts.indices {
        let count = next.base[part * range + key]
        next.base[part * range + key] = place
        place += count
      }
      if place > first { starts.append(first) }
    }
    starts.append(place)
    let rows = [Int32](unsafeUninitializedCapacity: keys.count) { buffer, written in
      if let base = buffer.baseAddress {
        let rows = SharedMemory(base: base)
        _ = parallelMap(count: parts.count, threads: threads) { part in
          let places = next.base + part * range
          keys.withUnsafeBufferPointer { keys in
            for row in parts[part] {
              let key = Int(keys[row])
              rows.base[Int(places[key])] = Int32(truncatingIfNeeded: row)
              places[key] &+= 1
            }
          }
        }
      }
      written = keys.count
    }
    return withExtendedLifetime(table) { (rows, starts) }
  }
}
