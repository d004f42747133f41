/// Text as dictionary codes: `values[Int(codes[row])]` is the row's text, a code of −1 is missing.
///
/// `values` are distinct and in UTF-8 byte order, so codes compare as their texts do.
public struct TextColumn: Sendable, Equatable {
  public var codes: [Int32]
  public var values: [String]

  public init(codes: [Int32], values: [String]) {
    self.codes = codes
    self.values = values
  }

  /// The row's text, or nil where it is missing.
  @inlinable public subscript(row: Int) -> String? {
    let code = codes[row]
    return code < 0 ? nil : values[Int(code)]
  }
}

/// Numbers, one a row; a missing number is stored as NaN and never leaves as one.
public struct NumberColumn: Sendable {
  public var storage: [Double]

  public init(storage: [Double]) { self.storage = storage }

  /// The row's number, or nil where it is missing.
  @inlinable public subscript(row: Int) -> Double? {
    let value = storage[row]
    return value.isNaN ? nil : value
  }
}

/// Times in milliseconds since 1970-01-01T00:00:00Z; `Int64.min` is missing.
public struct TimeColumn: Sendable, Equatable {
  public var milliseconds: [Int64]
  public static let missing = Int64.min

  public init(milliseconds: [Int64]) { self.milliseconds = milliseconds }

  /// The row's time, or nil where it is missing.
  @inlinable public subscript(row: Int) -> Int64? {
    let value = milliseconds[row]
    return value == TimeColumn.missing ? nil : value
  }
}

/// What is known of a yes-or-no question about one row. Unknown is not no.
public enum Knowledge: Int8, Sendable {
  case no = 0
  case yes = 1
  case unknown = -1
}

/// True, false or unknown, one a row.
public struct FlagColumn: Sendable, Equatable {
  public var storage: [Int8]

  public init(storage: [Int8]) { self.storage = storage }

  @inlinable public subscript(row: Int) -> Knowledge { Knowledge(rawValue: storage[row])! }
}

/// One typed column of a log.
public enum Column: Sendable {
  case text(TextColumn)
  case number(NumberColumn)
  case time(TimeColumn)
  case flag(FlagColumn)

  /// Rows.
  public var count: Int {
    switch self {
    case .text(let column): column.codes.count
    case .number(let column): column.storage.count
    case .time(let column): column.milliseconds.count
    case .flag(let column): column.storage.count
    }
  }
}
