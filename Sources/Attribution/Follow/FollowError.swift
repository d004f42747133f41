/// Why a released fix cannot be followed.
public enum FollowError: Error, Sendable, Equatable {
  /// No fix of the run is called so.
  case unknownFix(name: String, nearest: [String], count: Int)
  /// The log does not show the fix's failure mode.
  case modeNotInLog(mode: String, modes: [String])
  case componentNotInLog(mode: String, component: String, components: [String])
  case dateOutside(released: String, from: String, to: String)
  case tooFewWeeks(side: String, weeks: Int, needed: Int)
  case noControl(mode: String, component: String)
  /// Too few failures before the release to say what it changed.
  case tooFewFailures(mode: String, component: String, count: Int, needed: Int)
  case notEstimable(what: String, reason: String)
}

extension FollowError: CustomStringConvertible {
  public var exitCode: Int32 { 65 }

  public var description: String {
    switch self {
    case .unknownFix(let name, let nearest, let count):
      "No fix of the run is called '\(name)'."
        + (nearest.isEmpty ? "" : " Nearest: \(nearest.joined(separator: ", ")).")
        + " Expected mode@component as attribution.json lists them under fixes, or a rank from 1 to "
        + "\(count)."
    case .modeNotInLog(let mode, let modes):
      "The log does not show the failure mode \(mode), only \(list(modes)). Read it with the study of "
        + "the run (--study)."
    case .componentNotInLog(let mode, let component, let components):
      "No interaction of the log is at the component \(component) of \(mode), only at "
        + "\(list(components)). Expected the component's name as it was in the run: if the release "
        + "renamed it, map it back in a study."
    case .dateOutside(let released, let from, let to):
      "The release on \(released) is outside the log, which goes from \(from) to \(to). Expected a date "
        + "within it: check --released, or give a log of the time before and after."
    case .tooFewWeeks(let side, let weeks, let needed):
      "The log has \(weeks) whole weeks \(side) the release, expected at least \(needed): "
        + (side == "before"
          ? "give a log that begins earlier." : "wait, and follow it again with a longer log.")
    case .noControl(let mode, let component):
      "Nothing is left to compare with: no other component has \(mode), and no other failure mode of the "
        + "system is untouched by \(mode) at \(component). Expected at least one series of failures that "
        + "the release leaves alone, else what changed for everybody passes for the fix."
    case .tooFewFailures(let mode, let component, let count, let needed):
      "\(mode) at \(component) happened \(count) times in the whole weeks before the release, expected "
        + "at least \(needed): too few to tell a change."
    case .notEstimable(let what, let reason):
      "\(what) cannot be estimated: \(reason)"
    }
  }

  private func list(_ names: [String]) -> String {
    names.isEmpty
      ? "none"
      : names.prefix(8).joined(separator: ", ")
        + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }
}
