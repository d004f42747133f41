#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What can go wrong when a generated log is written.
public enum SyntheticWorldError: Error, Equatable, Sendable {
  public enum Operation: String, Sendable {
    case create, write, finish, rename
    case makeDirectory = "make directory"
  }

  /// The system refused an operation on a file, with its error number.
  case fileRefused(path: String, operation: Operation, code: Int32)
}

extension SyntheticWorldError: CustomStringConvertible {
  /// The wording: what was refused, on which file, why, and what to do.
  public var description: String {
    switch self {
    case .fileRefused(let path, let operation, let code):
      let reason = String(cString: strerror(code))
      let verb = operation == .makeDirectory ? "make the folder" : "\(operation.rawValue) the file"
      return
        "cannot \(verb) \(path): \(reason); give a folder that exists, is writable and has room"
    }
  }
}
