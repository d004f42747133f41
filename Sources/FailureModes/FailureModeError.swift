import InteractionLog

/// What is wrong in the failure modes that a study declares, taken together.
public enum FailureModeError: Error, Sendable, Equatable {
  /// `mode` says that it causes a mode that is not there.
  case unknownCause(mode: String, cause: String, nearest: [String])
  /// Each of these causes the next one, and the last the first.
  case cycle([String])
  /// A staff mode that causes a system mode: errors of staff come after what the system did.
  case staffCausesSystem(mode: String, cause: String)

  /// The `sysexits` code: bad input.
  public var exitCode: Int32 { 65 }
}

extension FailureModeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownCause(let mode, let cause, let nearest):
      let hint =
        nearest.isEmpty
        ? "" : "; nearest: " + nearest.map { "\"\($0)\"" }.joined(separator: ", ")
      return
        "failure mode \"\(mode)\": causes names \"\(cause)\", but there is no such mode\(hint)."
    case .cycle(let names):
      let way = (names + names.prefix(1)).map { "\"\($0)\"" }.joined(separator: " causes ")
      return "failure modes cause each other in a circle: \(way); take one of these causes out."
    case .staffCausesSystem(let mode, let cause):
      return
        "failure mode \"\(mode)\" of staff is said to cause \"\(cause)\" of the system; within an "
        + "interaction the system comes first: swap them, or leave the cause out."
    }
  }
}
