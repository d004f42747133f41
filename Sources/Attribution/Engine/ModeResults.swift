import FailureModes
import InteractionLog
import RepeatContacts
import Statistics

/// `modes[]`: what each failure mode brought, at each component and as a whole.
struct ModeResults {
  typealias Estimate = AttributionReport.Estimate
  let fitted: FittedAttribution
  let estimates: TotalEstimates
  let removals: RemovalEstimates
  private let rows: [[Int]]

  init(_ fitted: FittedAttribution, estimates: TotalEstimates, removals: RemovalEstimates) {
    self.fitted = fitted
    self.estimates = estimates
    self.removals = removals
    rows = fitted.cells.modes.indices.map { m in
      let state = fitted.input.modes.state[m].storage
      return state.indices.filter { state[$0] == 1 }
    }
  }

  func results() throws -> [AttributionReport.ModeResult] {
    let cells = fitted.cells
    let layout = fitted.effects.layout
    var results: [AttributionReport.ModeResult] = []
    for (m, mode) in cells.modes.enumerated() {
      if let reason = fitted.rates.leftOut[m] {
        results.append(leftOut(mode, interactions: rows[m].count, reason: reason))
        continue
      }
      let parts = cells.parts.indices.filter { cells.parts[$0].mode == m }
      results.append(
        result(
          mode, place: m, component: nil, parts: parts, interactions: rows[m].count,
          layout: layout, doublyRobust: corrected(try DoublyRobust(fitted: fitted).effect(mode: m)))
      )
      guard fitted.options.scope == .report,
        parts.contains(where: { cells.parts[$0].component != nil })
      else { continue }
      for part in parts {
        let component = cells.parts[part].component ?? "(none)"
        let column = fitted.input.modes.component[m]
        let interactions = rows[m].count { column[$0] == cells.parts[part].component }
        results.append(
          result(
            mode, place: m, component: component, parts: [part], interactions: interactions,
            layout: layout,
            doublyRobust: Estimate(
              estimate: nil, ci95: nil, note: "given for the mode as a whole")))
      }
    }
    return results
  }

  /// Raw later contacts are recorded ones: where ids are declared to be wrong, each stands for more.
  private func corrected(_ estimate: Estimate) -> Estimate {
    guard let factor = fitted.correction?.factor else { return estimate }
    return Estimate(
      estimate: estimate.estimate.map { factor * $0 },
      ci95: estimate.ci95.map { $0.map { factor * $0 } }, note: estimate.note)
  }

  private func leftOut(_ mode: FailureMode, interactions: Int, reason: String)
    -> AttributionReport.ModeResult
  {
    let none = Estimate(estimate: nil, ci95: nil, note: reason)
    return .init(
      mode: mode.name, side: mode.side.rawValue, component: nil, interactions: interactions,
      caused: none, perInteraction: none, switchedOff: none, ifRemoved: none, doublyRobust: none,
      eValue: nil, note: reason)
  }

  private func result(
    _ mode: FailureMode, place: Int, component: String?, parts: [Int], interactions: Int,
    layout: EffectLayout, doublyRobust: Estimate
  ) -> AttributionReport.ModeResult {
    let caused = estimates.estimate(parts.map { layout.caused($0) })
    let expected = expectedInteractions(parts)
    let perInteraction = estimates.estimate(
      parts.map { layout.caused($0) }, per: max(expected, 1e-9))
    let off = estimates.estimate(parts.map { layout.switchedOff($0) })
    let total = ifRemoved(mode: place, component: component)
    return .init(
      mode: mode.name, side: mode.side.rawValue, component: component,
      interactions: interactions, caused: caused, perInteraction: perInteraction,
      switchedOff: off, ifRemoved: total, doublyRobust: doublyRobust,
      eValue: eValue(parts, layout: layout, off: off), note: note(parts, off: off))
  }

  /// The total effect on the log's own tree: induced failures and descendants included.
  private func ifRemoved(mode: Int, component: String?) -> Estimate {
    guard let target = removals.plan.targets.index(mode: mode, component: component) else {
      return Estimate(estimate: nil, ci95: nil, note: "it is not among the removals")
    }
    return removals.estimate(removals.plan.whole(target))
  }

  /// Interactions that carry one of the parts, those nobody looked at by their probability.
  private func expectedInteractions(_ parts: [Int]) -> Double {
    let cells = fitted.cells
    return cells.expectedContacts(fitted.data) { cell in
      cells.cellParts[cell].contains { parts.contains(Int($0)) }
    }
  }

  /// E-value of the ratio of repeats with the flag on to the same interactions with it off.
  private func eValue(_ parts: [Int], layout: EffectLayout, off: Estimate) -> Double? {
    guard let drop = off.estimate, drop != 0 else { return nil }
    let expected = expectedWith(parts)
    guard expected > abs(drop) * 1e-6, expected - drop > 0 else { return nil }
    return EValue.ofRatio(expected / (expected - drop))
  }

  /// Expected repeats of the interactions that carry one of the parts.
  private func expectedWith(_ parts: [Int]) -> Double {
    let means = fitted.fit.model.rate.means(fitted.fit.parameters.coefficients)
    return fitted.exposed(
      where: { fitted.cells.cellParts[$0].contains { parts.contains(Int($0)) } },
      worth: { means[$0] })
  }

  private func note(_ parts: [Int], off: Estimate) -> String? {
    guard let ci = off.ci95 else { return nil }
    if ci[1] < 0 {
      return "fewer repeats follow it than follow comparable interactions without it: no sign that "
        + "it brings customers back"
    }
    return ci[0] <= 0 ? "the data cannot tell this effect from none" : nil
  }
}
