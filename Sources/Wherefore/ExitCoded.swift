import InteractionLog
import Report

/// An error that knows which exit status a command that ends in it returns: 65 bad input, 66 input
/// missing, 70 a defect of Wherefore, 75 try again (the values of sysexits.h).
///
/// Its `description` is what the user reads.
public protocol ExitCoded: Error, CustomStringConvertible {
  var exitCode: Int32 { get }
}

extension LogError: ExitCoded {}

extension ReportError: ExitCoded {}
