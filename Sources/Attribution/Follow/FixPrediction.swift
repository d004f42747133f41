import InteractionLog
import Statistics

/// What a run said of a fix before it was released, as rates that another period can be held against.
package struct FixPrediction: Sendable {
  package let rank: Int
  package let mode: String
  package let component: String
  /// Repeats that a failure brings with all that follows, had its whole window been covered.
  package let perFailure: Double
  package let standardError: Double
  /// The same where half of the failures are taken away, as a share of the whole.
  package let halfShare: Double
  /// Repeats that a contact brings on average, first generation.
  package let repeatsPerContact: Double

  package init(
    rank: Int, mode: String, component: String, perFailure: Double, standardError: Double,
    halfShare: Double = 0.5, repeatsPerContact: Double = 0
  ) {
    self.repeatsPerContact = repeatsPerContact
    self.halfShare = halfShare
    self.rank = rank
    self.mode = mode
    self.component = component
    self.perFailure = perFailure
    self.standardError = standardError
  }

  /// What each failure saves if a share of them is taken away, with its standard error: through what
  /// the run says of none, half and all (quadratic).
  package func avoided(cut: Double) -> (value: Double, error: Double) {
    let bend = 2 - 4 * halfShare
    let factor = (1 - bend) * cut + bend * cut * cut
    return (perFailure * factor, standardError * abs(factor))
  }

  /// Variance of the repeats that a period really shows around these many expected: those that
  /// failures bring are Poisson, and each has a tree of its own below it, so that the variance is
  /// expected / (1 − m)² at m repeats a contact (total progeny of a Poisson branching process).
  package func chance(expected: Double) -> Double {
    let rest = 1 - min(max(repeatsPerContact, 0), 0.8)
    return abs(expected) / (rest * rest)
  }

  /// Finds a fix by `mode@component`, by its mode where that has one fix only, or by rank.
  ///
  /// - Throws: `FollowError.unknownFix`; `.notEstimable` where the run gives no interval for it.
  package init(_ name: String, in report: AttributionReport) throws(FollowError) {
    func title(_ fix: AttributionReport.Fix) -> String { "\(fix.mode)@\(fix.component)" }
    let alone = report.fixes.filter { $0.mode == name }
    let found =
      report.fixes.first { title($0) == name || String($0.rank) == name }
      ?? (alone.count == 1 ? alone[0] : nil)
    guard let fix = found else {
      throw .unknownFix(
        name: name,
        nearest: NearestName.candidates(for: name, among: report.fixes.map(title), limit: 3),
        count: report.fixes.count)
    }
    (rank, mode, component) = (fix.rank, fix.mode, fix.component)
    let failures =
      report.modes.first { $0.mode == fix.mode && $0.component == fix.component }?.interactions
      ?? report.modes.first { $0.mode == fix.mode && $0.component == nil }?.interactions ?? 0
    let linked = report.weekly.reduce(0.0) { $0 + Double($1.interactions) }
    let covered = report.weekly.reduce(0.0) { $0 + $1.exposure * Double($1.interactions) }
    let exposure = linked > 0 ? covered / linked : 0
    guard let estimate = fix.repeatsAvoided.estimate, let ci = fix.repeatsAvoided.ci95,
      failures > 0, exposure > 0, report.unlinkedInteractions < report.interactions
    else {
      throw .notEstimable(
        what: "What \(title(fix)) was to avoid",
        reason: fix.repeatsAvoided.note ?? "the run does not say what it would avoid.")
    }
    // Failures on interactions without a customer bring nothing that could be seen.
    let known =
      1 - Double(report.unlinkedInteractions) / Double(max(report.interactions, 1))
    let unit = Double(failures) * known * exposure
    perFailure = estimate / unit
    repeatsPerContact =
      (report.repeats.caused.estimate ?? 0)
      / max(Double(report.interactions) * known * exposure, 1)
    let half = fix.halved?.repeatsAvoided.estimate ?? estimate / 2
    // A ratio to next to nothing says nothing.
    halfShare = abs(estimate) > (ci[1] - ci[0]) / 4 ? half / estimate : 0.5
    standardError = (ci[1] - ci[0]) / (2 * NormalDistribution.quantile975) / unit
  }
}
