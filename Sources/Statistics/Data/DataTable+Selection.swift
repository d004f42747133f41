extension DataTable {
  /// The rows that have a value in every one of the columns; nil where all have.
  func completeRows(of names: [String]) -> [Int32]? {
    let holed = names.compactMap { self[$0] }.filter { $0.missingCount > 0 }
    guard !holed.isEmpty else { return nil }
    var isComplete = [Bool](repeating: true, count: rowCount)
    for column in holed {
      switch column {
      case .numbers(let numbers):
        for (row, value) in numbers.values.enumerated() where value.isNaN {
          isComplete[row] = false
        }
      case .text(let text):
        for (row, code) in text.codes.enumerated() where code < 0 { isComplete[row] = false }
      }
    }
    return (0..<rowCount).filter { isComplete[$0] }.map { Int32($0) }
  }

  /// The columns and rows named, in the order named, with only the levels that occur there.
  func selecting(_ names: [String], rows: [Int32]?, threads: Int = 1) -> DataTable {
    var result = DataTable(rowCount: rows?.count ?? rowCount)
    for name in names {
      guard let column = self[name] else { continue }
      switch column {
      case .numbers(let numbers):
        result.set(
          name,
          .numbers(
            rows.map { Numbers(gathered(numbers.values, $0, threads: threads)) } ?? numbers))
      case .text(let text):
        result.set(name, .text(text.selecting(rows, threads: threads)))
      }
    }
    return result
  }
}

extension DataTable.Text {
  /// The rows named, without levels that do not occur in them.
  func selecting(_ rows: [Int32]?, threads: Int = 1) -> DataTable.Text {
    let picked = rows.map { gathered(codes, $0, threads: threads) } ?? codes
    let occurs = Self.occurring(picked, levelCount: levels.count)
    if occurs.allSatisfy({ $0 }) {
      return rows == nil ? self : DataTable.Text(trusted: picked, levels: levels)
    }
    var renumbered = [Int32](repeating: -1, count: levels.count)
    let kept = levels.indices.filter { occurs[$0] }
    for (new, old) in kept.enumerated() { renumbered[old] = Int32(new) }
    return DataTable.Text(
      trusted: picked.map { $0 < 0 ? -1 : renumbered[Int($0)] }, levels: kept.map { levels[$0] })
  }

  /// Which levels occur; ends soon after all have been seen.
  private static func occurring(_ codes: [Int32], levelCount: Int) -> [Bool] {
    // Between two looks at the levels are some times as many rows.
    let step = max(4_096, 4 * levelCount)
    return [Bool](unsafeUninitializedCapacity: levelCount) { occurs, count in
      occurs.initialize(repeating: false)
      count = levelCount
      codes.withUnsafeBufferPointer { codes in
        for first in stride(from: 0, to: codes.count, by: step) {
          for row in first..<min(first + step, codes.count) where codes[row] >= 0 {
            occurs[Int(codes[row])] = true
          }
          if !occurs.contains(false) { return }
        }
      }
    }
  }
}
