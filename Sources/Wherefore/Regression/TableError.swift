/// Why a CSV file is no table.
public enum TableError: Error, Sendable, Equatable {
  /// A record that cannot be cut into the header's columns.
  case record(path: String, line: Int, reason: String)
  case notUTF8(path: String, line: Int, column: String)
}

extension TableError: ExitCoded {
  public var exitCode: Int32 { 65 }

  public var description: String {
    switch self {
    case .record(let path, let line, let reason):
      "\(path), line \(line): \(reason). Mend the line, or leave it out of the file."
    case .notUTF8(let path, let line, let column):
      "\(path), line \(line), column \"\(column)\": not valid UTF-8; save the file as UTF-8."
    }
  }
}
