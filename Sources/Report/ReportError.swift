#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a run could not be written or read back.
public enum ReportError: Error, Sendable, Equatable {
  /// A number of the report is NaN or infinite: a defect of the analysis, never of the input.
  case notFinite(path: String, value: String)
  /// The folder that shall hold the run's folder is not there.
  case parentMissing(directory: String, parent: String)
  /// The target exists and is a file.
  case targetIsFile(directory: String)
  /// The target holds something else than an earlier run.
  case targetNotARun(directory: String, foreign: [String])
  /// The system refused to write; `code` is errno.
  case cannotWrite(path: String, code: Int32)
  /// The Vega bundle was named and cannot be read.
  case cannotReadBundle(path: String)
  /// The folder is not there.
  case runMissing(directory: String)
  /// The folder holds no attribution.json that this version reads.
  case runUnreadable(path: String, reason: String)
  /// A file of the run is not there.
  case runFileMissing(path: String)
  /// A row of a file of the run is damaged, or the files of the folder are not of one run.
  case runRowDamaged(path: String, line: Int, reason: String)

  /// The exit status of a command that ends in this error: 65 bad input, 66 input missing, 70 our
  /// bug, 75 try again.
  public var exitCode: Int32 {
    switch self {
    case .notFinite: 70
    case .parentMissing, .cannotReadBundle, .runMissing, .runFileMissing: 66
    case .targetIsFile, .targetNotARun, .runUnreadable, .runRowDamaged: 65
    case .cannotWrite(_, let code): code == ENOSPC || code == EDQUOT || code == EIO ? 75 : 65
    }
  }
}

extension ReportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let path, let value):
      "\(path) of the result came out as \(value), which is not a number; "
        + "this is a defect of Wherefore, please report it with the input"
    case .parentMissing(let directory, let parent):
      "cannot write \(directory): the folder \(parent) does not exist; create it or name another "
        + "folder with --out"
    case .targetIsFile(let directory):
      "cannot write \(directory): a file of that name exists and a folder was expected; move the "
        + "file away or name another folder with --out"
    case .targetNotARun(let directory, let foreign):
      "cannot replace \(directory): it holds \(Self.list(foreign)), which no run wrote and which "
        + "would be lost; move it away or name another folder with --out"
    case .cannotWrite(let path, let code):
      "cannot write \(path): \(Self.reason(code))"
    case .cannotReadBundle(let path):
      "cannot read the chart bundle \(path): it is missing or not readable; 'make setup' builds it"
    case .runFileMissing(let path):
      "cannot read \(path): there is no such file; name a folder that 'wherefore analyze' wrote, "
        + "or analyse again where an earlier version wrote it"
    case .runRowDamaged(let path, let line, let reason):
      "\(path), line \(line): \(reason); run 'wherefore analyze' again to write the run anew"
    case .runMissing(let directory):
      "cannot read the run \(directory): there is no such folder; name one that "
        + "'wherefore analyze … --out' wrote"
    case .runUnreadable(let path, let reason):
      "cannot read \(path): \(reason); run 'wherefore analyze' again to write it anew"
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOSPC: "no space left on the device"
    case EACCES, EPERM: "permission denied"
    case EROFS: "the file system is read-only"
    case ENOENT: "no such file or folder"
    default: "the system refused (errno \(code))"
    }
  }
}
