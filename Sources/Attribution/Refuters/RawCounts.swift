import RepeatContacts
import Statistics

/// The doubly robust comparison of raw later contacts against the model's total effect.
///
/// The two have the same customers and much of the same noise; the error of their difference takes
/// what their influences share into account. Where influences of the total effect are not at hand, those
/// of the direct one stand for them in proportion.
struct RawCounts: Refuter {
  static let name = RefuterName.rawCounts
  static let meaning =
    "Later contacts were simply counted after interactions with and without each failure, and compared "
    + "among like interactions without the model of links. The model's total effect, repeats of repeats "
    + "included, must agree within errors."

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let fitted = attempt.fitted
    let findings = try attempt.inParallel(attempt.targets.count) { t in
      let target = attempt.targets[t]
      guard let mode = target.mode else { return RawCounts.none(target) }
      return RawCounts.finding(target, mode: mode, place: t, attempt, fitted)
    }
    return RefuterVerdicts.judged(findings)
  }

  private static func none(_ target: RefuterTarget) -> RefuterVerdicts.Finding {
    .init(target: target, expected: nil, observed: nil, ci95: nil, p: nil) { _ in
      "Raw counts hold the direct effect, the path through staff and repeats of repeats at once: they "
        + "compare with each failure's total effect, below."
    }
  }

  private static func finding(
    _ target: RefuterTarget, mode: Int, place t: Int, _ attempt: RefutationCase,
    _ fitted: FittedAttribution
  ) -> RefuterVerdicts.Finding {
    func impossible(_ reason: String) -> RefuterVerdicts.Finding {
      .init(target: target, expected: nil, observed: nil, ci95: nil, p: nil) { _ in reason }
    }
    guard
      let result = attempt.modes.first(where: { $0.mode == target.name && $0.component == nil }),
      let expected = result.ifRemoved.estimate, let interval = result.ifRemoved.ci95
    else { return impossible("The model gives no total effect with an interval.") }
    let effect: RawComparison.Effect
    do {
      effect = try DoublyRobust(fitted: fitted).comparison(mode: mode).effect()
    } catch {
      return impossible(
        "Too few interactions with or without it whose whole window is in the log, or none alike.")
    }
    // Per interaction with a whole window, against a total inside the log.
    let exposed = RawCounts.exposed(mode: mode, fitted)
    let observed = effect.estimate * exposed
    let rawError = effect.standardError * exposed
    let modelError = (interval[1] - interval[0]) / (2 * NormalDistribution.quantile975)
    // What the two share, as the correlation of their customers' influences.
    let field = attempt.field
    var (both, own) = (0.0, 0.0)
    if field.data.count == fitted.data.count {
      for (customer, value) in effect.influence {
        both += value * field.influence[customer * field.targetCount + t]
      }
      for c in stride(from: t, to: field.influence.count, by: field.targetCount) {
        own += field.influence[c] * field.influence[c]
      }
    }
    let correlation =
      own > 0 && effect.standardError > 0
      ? min(max(both / (own.squareRoot() * effect.standardError), 0), 0.9) : 0
    let variance =
      rawError * rawError + modelError * modelError - 2 * correlation * rawError * modelError
    let z = (observed - expected) / variance.squareRoot()
    return .init(
      target: target, expected: expected, observed: observed,
      ci95: TotalEstimates.interval(observed, rawError),
      p: z.isFinite ? NormalDistribution.twoSided(z) : nil,
      matters: abs(observed - expected) > 0.2 * max(abs(expected), abs(observed))
    ) { verdict in
      let figures =
        "raw counts \(grouped(observed)), the model \(grouped(expected)) with all that follows"
      switch verdict {
      case .notApplicable: return "The difference has no error to compare with."
      case .pass: return "They agree: \(figures)."
      default:
        return "They disagree: \(figures). Something that the log does not show goes with this "
          + "failure, or the model of the customers' own contacts is wrong there."
      }
    }
  }

  /// Interactions with the mode, each by the share of its window that the log covers.
  static func exposed(mode: Int, _ fitted: FittedAttribution) -> Double {
    fitted.exposed { fitted.cells.cellMask[$0] & (1 << UInt64(mode)) != 0 }
  }
}
