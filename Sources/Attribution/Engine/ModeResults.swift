import FailureModes
import InteractionLog
import RepeatContacts
import Statistics

/// `modes[]` and `fixes[]`: what each failure mode brought, at each component and as a whole.
struct ModeResults {
  typealias Estimate = AttributionReport.Estimate
  let fitted: FittedAttribution
  let estimates: TotalEstimates
  let tree: LinkTree
  private let rows: [[Int]]
  /// Expected repeats that the log shows for each row.
  private let broughtByRow: [Double]

  init(_ fitted: FittedAttribution, estimates: TotalEstimates, tree: LinkTree) {
    self.fitted = fitted
    self.estimates = estimates
    self.tree = tree
    rows = fitted.cells.modes.indices.map { m in
      let state = fitted.input.modes.state[m].storage
      return state.indices.filter { state[$0] == 1 }
    }
    var brought = [Double](repeating: 0, count: fitted.input.table.count)
    for (i, value) in tree.broughtByContact().enumerated() {
      brought[Int(fitted.data.row[i])] = value
    }
    broughtByRow = brought
  }

  func results() throws -> [AttributionReport.ModeResult] {
    let cells = fitted.cells
    let layout = fitted.effects.layout
    let unit = fitted.functionals.cellEffects(
      fitted.fit.parameters, rates: fitted.rates, weights: cells.mixtureWeight)
    var results: [AttributionReport.ModeResult] = []
    for (m, mode) in cells.modes.enumerated() {
      if let reason = fitted.rates.leftOut[m] {
        results.append(leftOut(mode, interactions: rows[m].count, reason: reason))
        continue
      }
      let parts = cells.parts.indices.filter { cells.parts[$0].mode == m }
      results.append(
        result(
          mode, component: nil, parts: parts, interactions: rows[m].count, unit: unit,
          layout: layout, doublyRobust: try DoublyRobust(fitted).effect(mode: m)))
      guard parts.contains(where: { cells.parts[$0].component != nil }) else { continue }
      for part in parts {
        let component = cells.parts[part].component ?? "(none)"
        let column = fitted.input.modes.component[m]
        let interactions = rows[m].count { column[$0] == cells.parts[part].component }
        results.append(
          result(
            mode, component: component, parts: [part], interactions: interactions, unit: unit,
            layout: layout,
            doublyRobust: Estimate(
              estimate: nil, ci95: nil, note: "given for the mode as a whole")))
      }
    }
    return results
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
    _ mode: FailureMode, component: String?, parts: [Int], interactions: Int, unit: [[Double]],
    layout: EffectLayout, doublyRobust: Estimate
  ) -> AttributionReport.ModeResult {
    let caused = estimates.estimate(parts.map { layout.caused($0) })
    let expected = expectedInteractions(parts)
    let perInteraction = estimates.estimate(
      parts.map { layout.caused($0) }, per: max(expected, 1e-9))
    let off = estimates.estimate(parts.map { layout.switchedOff($0) })
    let removed = estimates.estimate(parts.map { layout.removed($0) })
    let total = totalEffect(parts, unit: unit, layout: layout, removed: removed)
    return .init(
      mode: mode.name, side: mode.side.rawValue, component: component,
      interactions: interactions, caused: caused, perInteraction: perInteraction,
      switchedOff: off, ifRemoved: total, doublyRobust: doublyRobust,
      eValue: eValue(parts, layout: layout, off: off), note: note(parts, off: off))
  }

  /// Interactions that carry one of the parts, those nobody looked at by their probability.
  private func expectedInteractions(_ parts: [Int]) -> Double {
    let cells = fitted.cells
    return cells.expectedContacts(fitted.data) { cell in
      cells.cellParts[cell].contains { parts.contains(Int($0)) }
    }
  }

  /// The total effect on the log's own tree: induced failures and descendants included.
  ///
  /// The interval has two sources: the direct effect's (with induced failures), carried over in
  /// proportion, and the chance of the log's own repeats around their expectation.
  private func totalEffect(
    _ parts: [Int], unit: [[Double]], layout: EffectLayout, removed: Estimate
  ) -> Estimate {
    let groups = fitted.fit.parameters.delay.count
    let width = layout.count
    var fraction = [Double](repeating: 0, count: unit.count)
    for o in unit.indices {
      var all = 0.0
      var gone = 0.0
      for g in 0..<groups {
        for k in 0..<4 { all += unit[o][g * width + k] }
        for part in parts { gone += unit[o][g * width + layout.removed(part)] }
      }
      if all > 0 { fraction[o] = gone / all }
    }
    let data = fitted.data
    let (avoided, variance) = tree.avoided { fraction[Int(data.cell[$0])] }
    guard let direct = removed.estimate, let ci = removed.ci95 else {
      return Estimate(estimate: avoided, ci95: nil, note: "no interval for the direct effect")
    }
    let se = (ci[1] - ci[0]) / (2 * NormalDistribution.quantile975)
    // Where the direct effect is near zero its ratio to the total says nothing: descendants then
    // multiply the error by at most the log's own mean multiplier.
    let multiplier =
      abs(direct) > se ? min(max(avoided / direct, 0.5), 4) : 1 / (1 - min(meanRate(), 0.8))
    let total = (multiplier * se * multiplier * se + variance).squareRoot()
    return Estimate(estimate: avoided, ci95: TotalEstimates.interval(avoided, total))
  }

  private func meanRate() -> Double {
    (0..<4).reduce(0) { $0 + estimates.values[$1] } / Double(max(fitted.data.count, 1))
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
    let cells = fitted.cells
    let means = fitted.fit.model.rate.means(fitted.fit.parameters.coefficients)
    let groups = fitted.fit.parameters.delay.count
    let exposure = fitted.functionals.coverage.exposures(fitted.fit.parameters.delay)
    var sum = 0.0
    for o in 0..<cells.observedCount {
      for e in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[e])
        guard cells.cellParts[cell].contains(where: { parts.contains(Int($0)) }) else { continue }
        let group = Int(fitted.fit.model.rate.cellGroup[cell])
        sum += cells.mixtureWeight[e] * means[cell] * exposure[o * groups + group]
      }
    }
    return sum
  }

  private func note(_ parts: [Int], off: Estimate) -> String? {
    guard let ci = off.ci95 else { return nil }
    if ci[1] < 0 {
      return "fewer repeats follow it than follow comparable interactions without it: no sign that "
        + "it brings customers back"
    }
    return ci[0] <= 0 ? "the data cannot tell this effect from none" : nil
  }

  /// Fixes: system modes at a component (or as a whole where there is none), by repeats avoided.
  func fixes(_ results: [AttributionReport.ModeResult]) -> [AttributionReport.Fix] {
    let system = results.filter { $0.side == FailureModeDeclaration.Side.system.rawValue }
    var candidates = system.filter { $0.component != nil }
    for result in system where !candidates.contains(where: { $0.mode == result.mode }) {
      candidates.append(result)
    }
    let usable = candidates.filter { $0.ifRemoved.estimate != nil }
      .sorted {
        let a = $0.ifRemoved.estimate ?? 0
        let b = $1.ifRemoved.estimate ?? 0
        if a != b { return a > b }
        return ($0.mode, $0.component ?? "") < ($1.mode, $1.component ?? "")
      }
    let ranks = RankIntervals(
      estimates: usable.map { $0.ifRemoved.estimate ?? 0 },
      errors: usable.map { result in
        guard let ci = result.ifRemoved.ci95 else { return 0 }
        return (ci[1] - ci[0]) / (2 * NormalDistribution.quantile975)
      }, seed: fitted.options.seed)
    return usable.enumerated().map { k, result in
      .init(
        rank: k + 1, component: result.component ?? defaultComponent(result.mode),
        mode: result.mode, repeatsAvoided: result.ifRemoved,
        costAvoided: cost(result.ifRemoved), currency: fitted.input.study.costs.currency,
        rankInterval: ranks.intervals[k], examples: examples(result))
    }
  }

  private func defaultComponent(_ mode: String) -> String {
    fitted.input.study.failureModes?.first { $0.name == mode }?.component ?? "(whole)"
  }

  /// Money: contacts avoided times what a contact costs, staff minutes included where the log has
  /// handling times.
  private func cost(_ repeats: Estimate) -> Estimate {
    let costs = fitted.input.study.costs
    guard costs.perInteraction != nil || costs.perStaffMinute != nil else {
      return Estimate(estimate: nil, ci95: nil, note: "the study names no costs")
    }
    var each = costs.perInteraction ?? 0
    if let perMinute = costs.perStaffMinute {
      guard let minutes = staffMinutesPerContact() else {
        return Estimate(
          estimate: nil, ci95: nil,
          note: "the study prices staff minutes and the log has no handle_seconds of staff")
      }
      each += perMinute * minutes
    }
    return Estimate(
      estimate: repeats.estimate.map { $0 * each }, ci95: repeats.ci95.map { $0.map { $0 * each } })
  }

  /// Mean handling time of the contacts that staff handled, where it is known, times the share of
  /// contacts that staff handle; nil where no handling time is known.
  private func staffMinutesPerContact() -> Double? {
    guard let seconds = fitted.input.table.number("handle_seconds") else { return nil }
    let handled = fitted.input.table.text("handled_by")
    var (sum, known, staff) = (0.0, 0.0, 0.0)
    for row in 0..<fitted.input.table.count {
      if let handled, handled[row] != "staff" { continue }
      staff += 1
      guard let value = seconds[row] else { continue }
      sum += value
      known += 1
    }
    guard known > 0 else { return staff == 0 ? 0 : nil }
    return sum / known / 60 * staff / Double(max(fitted.input.table.count, 1))
  }

  /// Five interactions on which the mode holds and after which most repeats came.
  private func examples(_ result: AttributionReport.ModeResult) -> [String] {
    guard let m = fitted.cells.modes.firstIndex(where: { $0.name == result.mode }) else {
      return []
    }
    let column = fitted.input.modes.component[m]
    return rows[m]
      .filter { result.component == nil || column[$0] == result.component }
      .sorted {
        broughtByRow[$0] == broughtByRow[$1]
          ? $0 < $1 : broughtByRow[$0] > broughtByRow[$1]
      }
      .prefix(5).map { fitted.input.table.interactionID[$0] }
  }
}

/// 95 % intervals of ranks: estimates redrawn from their errors, 1,000 times.
struct RankIntervals {
  let intervals: [[Int]]

  init(estimates: [Double], errors: [Double], seed: UInt64) {
    let draws = 1000
    var ranks = [[Int]](repeating: [], count: estimates.count)
    for draw in 0..<draws {
      var stream = RandomStream(seed: seed, keys: 0x7261_6e6b, UInt64(draw))
      let values = estimates.indices.map { estimates[$0] + errors[$0] * stream.normal() }
      let order = values.indices.sorted {
        values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
      }
      for (rank, k) in order.enumerated() { ranks[k].append(rank + 1) }
    }
    intervals = ranks.map { list in
      let sorted = list.sorted()
      return [sorted[draws * 25 / 1000], sorted[draws * 975 / 1000 - 1]]
    }
  }
}
