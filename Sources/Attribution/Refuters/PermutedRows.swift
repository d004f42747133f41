import RepeatContacts
import Statistics

/// Whole interactions dealt out at random to the customers: nobody is back because of an earlier one.
struct PermutedRows: Refuter {
  static let name = RefuterName.permutedRows
  static let meaning =
    "Whole interactions were dealt out at random to other customers, so that nobody can be back "
    + "because of an earlier one. A sound analysis finds about nothing there."

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let sample = attempt.fitted.data.sampled(atMost: ModelChecks.maximumContacts, salt: 31)
    let scale = Double(attempt.fitted.data.count) / Double(max(sample.count, 1))
    let scores = try NullLevels(
      ModelChecks.permuted(sample, seed: attempt.seed), attempt, fitter: attempt.fitted.fitter,
      executor: attempt.fitted.executor)
    return RefuterVerdicts.judged(
      attempt.targets.enumerated().map { t, target in
        let found = scores.found[t] * scale
        let full = scores.full[t] * scale
        return .init(
          target: target, expected: 0, observed: found, ci95: nil,
          p: full == 0 ? nil : NullLevels.chance(scores.root[t]),
          matters: abs(found) > 0.05 * abs(full)
        ) { verdict in
          switch verdict {
          case .notApplicable: "Nothing in this log could tell this figure from chance."
          case .pass:
            "Found there: \(grouped(found)) repeats, no more than chance; \(grouped(full)) in the log "
              + "as it is."
          default:
            "Found there: \(grouped(found)) repeats where none can be, against \(grouped(full)) in the "
              + "log as it is. As many of these may come of how contacts are spread over days, hours and "
              + "topics."
          }
        }
      })
  }
}
