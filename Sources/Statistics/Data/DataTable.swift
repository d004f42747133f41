/// Named columns of one length, numbers or text: what a formula is evaluated on.
///
/// A missing value is NaN in a column of numbers and code −1 in a column of text; both are counted.
/// Infinite values are kept and refused where they are used, with their row.
public struct DataTable: Sendable, Equatable {
  /// Numbers.
  public struct Numbers: Sendable, Equatable {
    /// One a row, NaN where missing.
    public let values: [Double]
    /// Rows without a value.
    public let missingCount: Int

    public init(_ values: [Double]) {
      self.values = values
      missingCount = values.count { $0.isNaN }
    }
  }

  /// Text as codes of distinct levels.
  public struct Text: Sendable, Equatable {
    /// The number of each row's level in `levels`, −1 where missing.
    public let codes: [Int32]
    /// Distinct texts, ascending by UTF-8 bytes.
    public let levels: [String]
    /// Rows without a value.
    public let missingCount: Int

    /// Codes of levels that are already distinct and ascending by UTF-8 bytes.
    ///
    /// - Throws: `.levelsOutOfOrder`, `.codeOutOfRange`.
    public init(codes: [Int32], levels: [String]) throws(DataTableError) {
      for (first, second) in zip(levels, levels.dropFirst())
      where !first.utf8.lexicographicallyPrecedes(second.utf8) {
        throw .levelsOutOfOrder(first: first, second: second)
      }
      for (row, code) in codes.enumerated() where code < -1 || Int(code) >= levels.count {
        throw .codeOutOfRange(row: row, code: Int(code), levels: levels.count)
      }
      self.codes = codes
      self.levels = levels
      missingCount = codes.count { $0 < 0 }
    }

    /// Codes that are known to fit distinct, ascending levels.
    init(trusted codes: [Int32], levels: [String]) {
      self.codes = codes
      self.levels = levels
      missingCount = codes.count { $0 < 0 }
    }

    /// The codes of texts as they stand, nil for a missing one.
    public init(_ values: [String?]) {
      // Swift compares texts by canonical equivalence: two spellings of a letter are one level.
      let sorted = Set(values.compactMap { $0 }).sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
      let codes = Dictionary(
        uniqueKeysWithValues: sorted.enumerated().map { ($1, Int32($0)) })
      self.codes = values.map { $0.flatMap { codes[$0] } ?? -1 }
      levels = sorted
      missingCount = values.count { $0 == nil }
    }
  }

  public enum Column: Sendable, Equatable {
    case numbers(Numbers)
    case text(Text)

    public var missingCount: Int {
      switch self {
      case .numbers(let column): column.missingCount
      case .text(let column): column.missingCount
      }
    }
  }

  /// In the order in which columns were added.
  public private(set) var names: [String] = []
  public private(set) var columns: [Column] = []
  public let rowCount: Int
  private var positions: [String: Int] = [:]

  /// A table without columns.
  public init(rowCount: Int) {
    precondition(rowCount >= 0, "a table of \(rowCount) rows")
    self.rowCount = rowCount
  }

  /// The column of a name; nil where there is none.
  public subscript(name: String) -> Column? { positions[name].map { columns[$0] } }

  /// Adds numbers, NaN where missing.
  public mutating func append(_ name: String, _ values: [Double]) throws(DataTableError) {
    try append(name, .numbers(Numbers(values)), count: values.count)
  }

  /// Adds text, nil where missing.
  public mutating func append(_ name: String, _ values: [String?]) throws(DataTableError) {
    try append(name, .text(Text(values)), count: values.count)
  }

  /// Adds text that is already in codes.
  public mutating func append(_ name: String, _ text: Text) throws(DataTableError) {
    try append(name, .text(text), count: text.codes.count)
  }

  private mutating func append(
    _ name: String, _ column: Column, count: Int
  ) throws(DataTableError) {
    guard count == rowCount else {
      throw .lengthMismatch(column: name, count: count, expected: rowCount)
    }
    guard positions[name] == nil else { throw .duplicateColumn(name) }
    set(name, column)
  }

  /// Adds a column that is known to be new and of the table's length.
  mutating func set(_ name: String, _ column: Column) {
    positions[name] = columns.count
    names.append(name)
    columns.append(column)
  }
}

/// Why columns do not make a table.
public enum DataTableError: Error, Sendable, Equatable {
  case lengthMismatch(column: String, count: Int, expected: Int)
  case duplicateColumn(String)
  case levelsOutOfOrder(first: String, second: String)
  case codeOutOfRange(row: Int, code: Int, levels: Int)
}

extension DataTableError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .lengthMismatch(let column, let count, let expected):
      "The column \"\(column)\" has \(count) values, expected \(expected): give one for each row."
    case .duplicateColumn(let name):
      "There is a column \"\(name)\" already: give each column its own name."
    case .levelsOutOfOrder(let first, let second):
      "The level \"\(second)\" follows \"\(first)\", expected distinct levels ascending by their "
        + "UTF-8 bytes."
    case .codeOutOfRange(let row, let code, let levels):
      "The code of row \(row) is \(code), expected a level from 0 to \(levels - 1), or -1 for a "
        + "missing value."
    }
  }
}
