import RepeatContacts
import Statistics

/// The jump of raw later contacts where the score passes the threshold, against the model's.
///
/// Two interactions of nearly the same score, one automated and one not, differ in what the threshold
/// did. Later contacts less those that the model puts down to the interaction (its κ with the repeats of
/// repeats) must not jump there, whatever the routing modes were estimated to do (Calonico, Cattaneo &
/// Titiunik 2014; here of a residual).
struct ThresholdJump: Refuter {
  static let name = RefuterName.discontinuity
  static let meaning =
    "Interactions just above and just below the confidence threshold are alike but for what the "
    + "threshold did with them. Later contacts beyond those that the model expects must not jump there."

  /// Interactions on each side that are needed within 0.1 of the threshold.
  static let fewest = 200

  /// Modes that say which side of the threshold an interaction is on.
  private static let routing: Set<String> = ["near_threshold_automation", "unneeded_escalation"]

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let fitted = attempt.fitted
    let table = fitted.input.table
    guard let score = table.number("intent_confidence"),
      let threshold = table.number("confidence_threshold")
    else {
      return RefuterVerdicts.notApplicable(
        attempt.targets,
        "The log has no score with its threshold (intent_confidence, confidence_threshold).")
    }
    let data = fitted.data
    let rates = fitted.fit.tables.rate
    let groups = fitted.fit.tables.groups
    let mean = data.count > 0 ? fitted.fit.tables.compensator / Double(data.count) : 0
    // A repeat brings its own repeats.
    let multiplier = 1 / (1 - min(max(mean, 0), 0.8))
    var outcomes: [Double] = []
    var running: [Double] = []
    var near = (left: 0, right: 0)
    for i in 0..<data.count where data.end - data.time[i] >= data.bins.window {
      let row = Int(data.row[i])
      guard let s = score[row], let cut = threshold[row] else { continue }
      let o = Int(data.cell[i]) * groups
      let expected = (0..<groups).reduce(0) { $0 + rates[o + $1] } * multiplier
      outcomes.append(RawComparison.laterContacts(data, i) - expected)
      running.append(s - cut)
      if abs(s - cut) < 0.1 { if s < cut { near.left += 1 } else { near.right += 1 } }
    }
    guard near.left >= ThresholdJump.fewest, near.right >= ThresholdJump.fewest else {
      return RefuterVerdicts.notApplicable(
        attempt.targets,
        "Too few interactions near the threshold: \(grouped(near.left)) below and "
          + "\(grouped(near.right)) above, \(ThresholdJump.fewest) of each are needed.")
    }
    let jump: DiscontinuityEstimate
    do {
      jump = try Discontinuity(cutoff: 0).estimate(
        outcomes: outcomes, running: running, threads: attempt.threads)
    } catch {
      return RefuterVerdicts.notApplicable(
        attempt.targets, "The jump at the threshold cannot be estimated: \(error)")
    }
    let (estimate, error) = (jump.robust.estimate, jump.robust.standardError)
    let typical = max(mean, 1e-9)
    return RefuterVerdicts.judged(
      attempt.targets.map { target in
        guard target.name == "system_direct" || ThresholdJump.routing.contains(target.name) else {
          return .init(target: target, expected: nil, observed: nil, ci95: nil, p: nil) { _ in
            "Not what a threshold decides."
          }
        }
        return .init(
          target: target, expected: 0, observed: 100 * estimate,
          ci95: TotalEstimates.interval(100 * estimate, 100 * error),
          p: jump.robust.pValue,
          matters: abs(estimate) > 0.3 * typical
        ) { verdict in
          let figures =
            "\(oneDecimal(100 * estimate)) later contacts per 100 interactions beyond the model's, "
            + "\u{00B1}\(oneDecimal(100 * NormalDistribution.quantile975 * error))"
          switch verdict {
          case .notApplicable: return "The jump has no error to compare with."
          case .pass: return "No jump: \(figures)."
          default:
            return
              "A jump at the threshold: \(figures). What automation does near the threshold is "
              + "not what these figures say."
          }
        }
      }, isOneTest: true)
  }
}
