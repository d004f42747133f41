/// Why a study or a log could not be used at all.
///
/// A single bad row is no error but a ``RejectedRow``.
public enum LogError: Error, Sendable, Equatable {
  case notFound(path: String)
  case directory(path: String)
  case permissionDenied(path: String)
  case unreadable(path: String, code: Int32)
  case empty(path: String)
  case headerOnly(path: String)
  case binary(path: String, content: BinaryContent)
  case headerNotUTF8(path: String)
  case duplicateHeader(path: String, name: String, positions: [Int])
  case missingColumns(path: String, columns: [MissingColumn], header: [String])
  case unclosedQuote(path: String, line: Int)
  case recordTooLong(path: String, line: Int, limit: Int)
  case tooManyRejected(
    path: String, rejected: Int, rows: Int, maximumShare: Double, commonest: [CommonReason])
  case study(StudyFault)
  case expression(ExpressionFault)
  case aliases(AliasFault)

  /// The `sysexits` code: 66 where the input is missing or cannot be opened, else 65.
  public var exitCode: Int32 {
    switch self {
    case .notFound, .directory, .permissionDenied, .unreadable: 66
    default: 65
    }
  }
}

/// What a file that is no text seems to be.
public enum BinaryContent: Sendable, Equatable {
  case parquet, gzip, zip, utf16
  /// A NUL byte at this offset, from 0.
  case nul(offset: Int)
}

/// A column that the analysis cannot do without and the file does not have.
public struct MissingColumn: Sendable, Equatable {
  /// The canonical name.
  public var name: String
  /// The source column that the study maps it to, nil where the study does not.
  public var mappedTo: String?
  /// Columns of the file whose names come close.
  public var nearest: [String]

  public init(name: String, mappedTo: String?, nearest: [String]) {
    self.name = name
    self.mappedTo = mappedTo
    self.nearest = nearest
  }
}

/// One of the commonest reasons for rejecting rows, with its first example.
public struct CommonReason: Sendable, Equatable {
  public var count: Int
  public var first: RejectedRow

  public init(count: Int, first: RejectedRow) {
    self.count = count
    self.first = first
  }
}

/// What is wrong in a study file, and where.
public struct StudyFault: Error, Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case syntax(message: String)
    case unknownKey(key: String, nearest: String?, known: [String])
    case missingKey(key: String)
    case badValue(value: String, expected: String)
  }

  public var file: String
  /// Line in the file, from 1; 0 where none can be named.
  public var line: Int
  /// Dotted path of the key (`failure_modes[2].when`); empty at the top.
  public var path: String
  public var kind: Kind

  public init(file: String, line: Int, path: String, kind: Kind) {
    self.file = file
    self.line = line
    self.path = path
    self.kind = kind
  }
}

/// What is wrong in an expression, and at which place of it.
public struct ExpressionFault: Error, Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case syntax(found: String, expected: String)
    case unknownColumn(name: String, nearest: [String])
    /// A canonical column that the log does not have.
    case absentColumn(name: String)
    case type(message: String)
  }

  /// What the expression is for: `failure mode "reopened"`.
  public var place: String
  /// The expression, as written.
  public var text: String
  /// Byte offset in `text` of what is wrong.
  public var position: Int
  public var kind: Kind

  public init(place: String, text: String, position: Int, kind: Kind) {
    self.place = place
    self.text = text
    self.position = position
    self.kind = kind
  }
}
