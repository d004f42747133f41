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

  /// `completeRows(of:)`, with an error where there is none.
  func requiredRows(of names: [String]) throws(DesignError) -> [Int32]? {
    let rows = completeRows(of: names)
    guard rows?.isEmpty ?? (rowCount == 0) else { return rows }
    func missing(_ name: String) -> Int { self[name]?.missingCount ?? 0 }
    let emptiest = names.max { missing($0) < missing($1) } ?? ""
    throw .noCompleteRows(rows: rowCount, emptiest: emptiest, missing: missing(emptiest))
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

extension DataTable.Numbers {
  /// Distinct values, ascending, and for each row the number of its own; no value may be missing.
  static func codes(
    _ values: [Double]
  ) -> (codes: [Int32], distinct: [Double]) {
    let distinct = Set(values).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
    return (values.map { numbers[$0] ?? -1 }, distinct)
  }
}

extension DataTable.Column {
  /// A number from 0 for each row's value, equal for equal values; no value may be missing.
  var groupCodes: [Int32] {
    switch self {
    case .text(let text): text.codes
    case .numbers(let numbers): DataTable.Numbers.codes(numbers.values).codes
    }
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
