import InteractionLog
import RepeatContacts
import Statistics

/// Later contacts about topics that no failure can bring about, which the study declares.
///
/// The doubly robust difference of their counts. Such contacts are few, so that a normal error of their
/// difference is too narrow where chance left few of them: the root of what was counted is compared with
/// the root of what comparable interactions lead to expect, with the larger of the clustered error and
/// that of counts as dispersed as without the failure.
struct NegativeControl: Refuter {
  static let name = RefuterName.negativeControl
  static let meaning =
    "Later contacts about topics that no failure can bring about, as the study declares "
    + "(negative_control_topics), were counted after interactions with and without each failure. There "
    + "must be no difference; where there is, something else goes with the failure and with contacts."

  /// Such contacts that must be expected after a failure.
  static let fewest = 10.0

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let fitted = attempt.fitted
    let names = fitted.input.study.negativeControlTopics
    guard !names.isEmpty else {
      return RefuterVerdicts.notApplicable(
        attempt.targets,
        "The study declares no topic that failures cannot bring about (negative_control_topics).")
    }
    let data = fitted.data
    let topics = Set(
      fitted.input.table.topic.values.indices.filter {
        names.contains(fitted.input.table.topic.values[$0])
      }.map { Int32($0) })
    let found = data.topic.count { topics.contains($0) }
    guard found > 0 else {
      return RefuterVerdicts.notApplicable(
        attempt.targets,
        "No interaction of the log is about \(names.joined(separator: ", ")).")
    }
    let results = try attempt.inParallel(attempt.targets.count) { t in
      let target = attempt.targets[t]
      func outcome(_ i: Int) -> Double {
        RawComparison.laterContacts(data, i) { topics.contains(data.topic[$0]) }
      }
      let comparisons = DoublyRobust(fitted: fitted)
      let comparison: RawComparison
      let interactions: Double
      if let mode = target.mode {
        comparison = comparisons.comparison(mode: mode, outcome: outcome)
        interactions = RawCounts.exposed(mode: mode, fitted)
      } else if target.name == "system_direct" || target.name == "staff_own" {
        comparison = comparisons.comparison(
          side: target.name == "staff_own" ? .staff : .system, outcome: outcome)
        interactions = comparison.treated.counts.reduce(0, +)
      } else {
        return NegativeControl.impossible(target, "Tried by the failures themselves.")
      }
      do {
        let effect = try comparison.effect()
        return NegativeControl.finding(
          target, effect, comparison, interactions: interactions,
          figure: attempt.values[t], names: names)
      } catch {
        return NegativeControl.impossible(
          target,
          "Too few interactions with or without it, or too few such contacts after them, to compare."
        )
      }
    }
    return RefuterVerdicts.judged(results)
  }

  private static func impossible(_ target: RefuterTarget, _ reason: String)
    -> RefuterVerdicts.Finding
  {
    .init(target: target, expected: nil, observed: nil, ci95: nil, p: nil) { _ in reason }
  }

  private static func finding(
    _ target: RefuterTarget, _ effect: RawComparison.Effect, _ comparison: RawComparison,
    interactions: Double, figure: Double, names: [String]
  ) -> RefuterVerdicts.Finding {
    let treated = comparison.treated.counts.reduce(0, +)
    let counted = comparison.treated.sums.reduce(0, +)
    let awaited = counted - effect.estimate * treated
    guard awaited >= NegativeControl.fewest else {
      return impossible(
        target,
        "Fewer than \(grouped(NegativeControl.fewest)) such contacts are to be expected after it.")
    }
    let mean = comparison.control.sums.reduce(0, +) / comparison.control.counts.reduce(0, +)
    let square =
      comparison.control.sumsOfSquares.reduce(0, +) / comparison.control.counts.reduce(0, +)
    let dispersion = max(1, (square - mean * mean) / max(mean, 1e-12))
    let spread = max(effect.standardError * treated, (awaited * dispersion).squareRoot())
    let z =
      2 * (max(counted, 0).squareRoot() - awaited.squareRoot()) * awaited.squareRoot() / spread
    let observed = effect.estimate * interactions
    let error = spread * interactions / treated
    return .init(
      target: target, expected: 0, observed: observed,
      ci95: TotalEstimates.interval(observed, error),
      p: z.isFinite ? NormalDistribution.twoSided(z) : nil,
      matters: abs(observed) > 0.05 * abs(figure)
    ) { verdict in
      switch verdict {
      case .notApplicable: "The difference has no error to compare with."
      case .pass:
        "\(grouped(observed)) more contacts about \(names.joined(separator: ", ")) after it: no more "
          + "than chance."
      default:
        "\(grouped(observed)) more contacts about \(names.joined(separator: ", ")) after it, which it "
          + "cannot have brought: whoever meets this failure makes contact more anyway, and some of its "
          + "repeats may come of that."
      }
    }
  }
}
