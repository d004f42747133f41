import RepeatContacts
import Statistics

/// How strong a hidden common cause would have to be, against the strongest that was measured.
///
/// Of the regression of raw later contacts on the mode and what is adjusted for: the robustness value
/// (Cinelli & Hazlett 2020, J. R. Stat. Soc. B 82, 39 - 67), and what a hidden cause as strong as the
/// strongest measured one, with failure and outcome alike, would leave of the estimate (their section
/// 4.4). Beside it the E-value of the model's ratio (VanderWeele & Ding 2017). Not a test: it warns
/// where a hidden cause of a strength that is seen in this log would explain the figure away.
struct HiddenCause: Refuter {
  static let name = RefuterName.hiddenCause
  static let meaning =
    "Could something that was not recorded explain a figure away? It would have to be stronger than the "
    + "strongest thing that was recorded. A warning is no error found: it says how little it would take."

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let fitted = attempt.fitted
    return try attempt.inParallel(attempt.targets.count) { t in
      let target = attempt.targets[t]
      let comparisons = DoublyRobust(fitted: fitted)
      let comparison: RawComparison
      if let mode = target.mode {
        comparison = comparisons.comparison(mode: mode)
      } else if target.name == "system_direct" || target.name == "staff_own" {
        comparison = comparisons.comparison(side: target.name == "staff_own" ? .staff : .system)
      } else {
        return HiddenCause.impossible(target, "Judged by the failures themselves.")
      }
      guard let bench = try ConfounderBenchmark(comparison) else {
        return HiddenCause.impossible(
          target, "Too few interactions with or without it, or nothing to compare it with.")
      }
      let eValue = attempt.modes.first { $0.mode == target.name && $0.component == nil }?.eValue
      return HiddenCause.result(target, bench, eValue: eValue)
    }
  }

  private static func impossible(_ target: RefuterTarget, _ reason: String)
    -> AttributionReport.RefuterResult
  {
    .init(
      kind: target.kind, target: target.name, verdict: .notApplicable, expected: nil,
      observed: nil, ci95: nil, p: nil, adjustedP: nil, meaning: reason)
  }

  private static func result(
    _ target: RefuterTarget, _ bench: ConfounderBenchmark, eValue: Double?
  ) -> AttributionReport.RefuterResult {
    guard bench.robustness.significance > 0 else {
      return impossible(
        target, "Raw counts cannot tell this effect from none: there is nothing to explain away.")
    }
    let isExplained = bench.leftAt95 <= 0
    let strength =
      "A hidden cause would have to explain \(percent(bench.robustness.significance)) of what is left "
      + "open in this failure and in later contacts to make it doubtful"
      + (eValue.map { "; E-value \(oneDecimal($0))" } ?? "")
    return .init(
      kind: target.kind, target: target.name, verdict: isExplained ? .warn : .pass,
      expected: bench.strongest.map { max($0.ofTreatment, $0.ofOutcome) } ?? 0,
      observed: bench.robustness.significance, ci95: nil, p: nil, adjustedP: nil,
      meaning: strength + ". "
        + (bench.strongest.map {
          "The strongest recorded, \($0.name), explains \(percent($0.ofTreatment)) and "
            + "\(percent($0.ofOutcome)): another like it would "
            + (isExplained ? "be enough." : "not be enough.")
        } ?? "Nothing recorded explains any of it."))
  }
}
