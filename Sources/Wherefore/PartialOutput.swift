import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An output file that is written beside its place under a hidden name and renamed when whole, so
/// that nobody ever reads half of it.
public enum PartialOutput {
  /// The hidden name that this process writes `path` under: `.NAME.partial-PID` in the same folder.
  /// A process that is interrupted removes it.
  public static func path(for path: String) -> String {
    let url = URL(filePath: path).standardizedFileURL
    let name = ".\(url.lastPathComponent).partial-\(getpid())"
    return url.deletingLastPathComponent().appending(path: name).path
  }

  /// Lets `body` write the hidden file and puts it in place; on an error nothing is left behind and
  /// an earlier file stays as it was. What is not a file (a pipe, a terminal) is written directly.
  ///
  /// - Throws: `OutputError`, and what `body` throws.
  public static func replace(_ path: String, with body: (_ path: String) throws -> Void) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw OutputError.isDirectory(path: path)
      default: return try body(path)
      }
    }
    let partial = self.path(for: path)
    do {
      try body(partial)
      guard rename(partial, path) == 0 else {
        throw OutputError.cannotRename(path: path, code: errno)
      }
    } catch {
      // It may not exist; the first error is the one that matters.
      _ = unlink(partial)
      if case ReportError.cannotWrite(partial, let code) = error {
        // The name that was asked for, not the hidden one.
        throw ReportError.cannotWrite(path: path, code: code)
      }
      throw error
    }
  }
}

/// Why an output file could not be put in its place.
public enum OutputError: ExitCoded, Equatable {
  case isDirectory(path: String)
  /// The file is there, and what is in it is somebody's work.
  case exists(path: String)
  /// `code` is errno.
  case cannotRename(path: String, code: Int32)

  public var exitCode: Int32 {
    switch self {
    case .isDirectory, .exists: 65
    case .cannotRename(_, let code): Self.exitCode(errno: code)
    }
  }

  public var description: String {
    switch self {
    case .isDirectory(let path):
      "cannot write \(path): it is a folder and a file was expected; name a file with --out"
    case .exists(let path):
      "\(path) is there already and would be lost: name another file, or remove it"
    case .cannotRename(let path, let code):
      "cannot write \(path): \(String(cString: strerror(code)))"
    }
  }
}
