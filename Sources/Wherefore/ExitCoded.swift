import Attribution
import FailureModes
import InteractionLog
import Report
import Statistics
import SyntheticWorld

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An error that knows which exit status a command that ends in it returns: 65 bad input, 66 input
/// missing, 70 a defect of Wherefore, 75 try again (the values of sysexits.h).
///
/// Its `description` is what the user reads.
public protocol ExitCoded: Error, CustomStringConvertible {
  var exitCode: Int32 { get }
}

extension LogError: ExitCoded {}

extension FailureModeError: ExitCoded {}

extension ReleaseError: ExitCoded {
  public var exitCode: Int32 { 2 }
}

extension ReportError: ExitCoded {}

extension AttributionError: ExitCoded {}

extension ChangeError: ExitCoded {}

// What a regression cannot fit lies in the log: a mode that only ever occurs with another, say.
extension RegressionError: ExitCoded {
  public var exitCode: Int32 { 65 }
}

extension DataTableError: ExitCoded {
  public var exitCode: Int32 { 65 }
}

extension SyntheticWorldError: ExitCoded {
  public var exitCode: Int32 {
    switch self {
    case .fileRefused(_, _, let code): OutputError.exitCode(errno: code)
    }
  }
}

extension OutputError {
  /// The exit status where the system refused an output: 75 for what may pass (no space left, a
  /// fault of the device), else 65.
  static func exitCode(errno code: Int32) -> Int32 {
    code == ENOSPC || code == EDQUOT || code == EIO ? 75 : 65
  }
}

extension OutcomeError: ExitCoded {}
