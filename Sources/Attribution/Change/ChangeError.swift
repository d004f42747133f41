/// Why two periods cannot be compared.
public enum ChangeError: Error, Sendable, Equatable {
  case outsideLog(period: String, first: String, last: String)
  case overlap(from: String, to: String)
  case empty(period: String)
  case tooFew(period: String, interactions: Int)
  case hardlyCovered(period: String, exposure: Double)
  /// The log thins out before the period's repeats can have come.
  case hardlyRecorded(period: String, share: Double)
  /// What failures do in each period was not found; `step` is the last move of an effect.
  case notConverged(rounds: Int, step: Double)

  /// Fewest interactions of known customers, and least mean share of their windows, that a period is
  /// compared with.
  package static let fewestInteractions = 100
  package static let leastExposure = 0.25
}

extension ChangeError: CustomStringConvertible {
  public var exitCode: Int32 { 65 }

  public var description: String {
    switch self {
    case .outsideLog(let period, let first, let last):
      "The period \(period) lies outside the log, which runs from \(first) to \(last). Expected days "
        + "that the log has: name other weeks or days with --from and --to."
    case .overlap(let from, let to):
      "The periods \(from) and \(to) share days. Expected two periods apart from each other: a change "
        + "is a difference between them."
    case .empty(let period):
      "No interaction of a known customer starts in the period \(period), so there is nothing to "
        + "compare. Expected at least \(Self.fewestInteractions): name a period in which the log has "
        + "interactions with a customer id."
    case .tooFew(let period, let interactions):
      "The period \(period) has \(interactions) interaction\(interactions == 1 ? "" : "s") of known customers. Expected at least "
        + "\(Self.fewestInteractions): take a longer period."
    case .hardlyCovered(let period, let exposure):
      "Interactions of the period \(period) have had \(Int((exposure * 100).rounded())) % of their "
        + "repeat window when the log ends. Expected at least "
        + "\(Int((Self.leastExposure * 100).rounded())) %: take an earlier period, or a later log."
    case .hardlyRecorded(let period, let share):
      "The log thins out so early that interactions of the period \(period) have had "
        + "\(Int((share * 100).rounded())) % of their repeat window in days that are all in. Expected at "
        + "least \(Int((Self.leastExposure * 100).rounded())) %: take an earlier period, or a later log."
    case .notConverged(let rounds, let step):
      "What failures do in each period did not settle within \(rounds) rounds (the last moved an effect "
        + "by \(twoDigits(step))). Expected it to: take longer periods, so that each has more contacts."
    }
  }
}
