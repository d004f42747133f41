import FailureModes
import InteractionLog
import RepeatContacts

/// An outcome's result from its totals.
struct OutcomeDraft {
  typealias Estimate = AttributionReport.Estimate
  typealias Result = AttributionReport.OutcomeResult
  let problem: OutcomeProblem
  let declaration: OutcomeDeclaration
  let study: Study

  init(_ problem: OutcomeProblem, _ declaration: OutcomeDeclaration, study: Study) {
    self.problem = problem
    self.declaration = declaration
    self.study = study
  }

  private var leftOut: [Result.LeftOut] {
    problem.modes.modes.enumerated().compactMap { m, mode in
      problem.rates.leftOut[m].map { .init(mode: mode.name, reason: $0) }
    }
  }

  private var events: Int? {
    declaration.when == nil ? nil : Int(problem.eventCount)
  }

  /// The outcome without figures, and why.
  func empty(_ reason: String) -> Result {
    Self.empty(
      declaration, interactions: Int(problem.atRisk), events: events, leftOut: leftOut, reason)
  }

  static func empty(
    _ declaration: OutcomeDeclaration, interactions: Int, events: Int?,
    leftOut: [Result.LeftOut], _ reason: String
  ) -> Result {
    let none = Estimate(estimate: nil, ci95: nil, note: reason)
    let part = AttributionReport.Part(
      estimate: nil, ci95: nil, share: nil, shareCi95: nil, note: reason)
    return Result(
      outcome: declaration.name, kind: declaration.kind.rawValue, good: declaration.isGood,
      model: model(declaration), interactions: interactions, events: events, expected: none,
      split: .init(systemDirect: part, systemThroughStaff: part, staffOwn: part, baseline: part),
      modes: [], leftOut: leftOut, money: nil, silence: nil, converged: false, note: reason)
  }

  private static func model(_ declaration: OutcomeDeclaration) -> String {
    declaration.kind != .churn
      ? "logistic" : declaration.when == nil ? "hazard_from_silence" : "hazard"
  }

  func result(_ estimation: OutcomeEstimation) -> Result {
    let estimates = estimation.estimates
    let system = [EffectLayout.systemDirect, EffectLayout.systemThroughStaff]
    return Result(
      outcome: declaration.name, kind: declaration.kind.rawValue, good: declaration.isGood,
      model: Self.model(declaration), interactions: Int(problem.atRisk), events: events,
      expected: possible(estimates.estimate([0, 1, 2, 3]), estimation),
      split: split(estimation),
      modes: modes(estimation), leftOut: leftOut,
      money: perEvent.map { price in
        .init(
          perEvent: price, currency: study.costs.currency,
          system: side(.system) == nil
            ? priced(possible(estimates.estimate(system), estimation), price)
            : Estimate(estimate: nil, ci95: nil, note: side(.system)))
      }, silence: nil, converged: estimation.converged,
      note: estimation.converged
        ? estimation.untold
        : "the fit did not converge: its figures are rough and have no intervals")
  }

  /// Money of one event: the outcome's own, else of churn what the study says a customer is worth.
  private var perEvent: Double? {
    declaration.money ?? (declaration.kind == .churn ? study.costs.perChurnedCustomer : nil)
  }

  private func priced(_ estimate: Estimate, _ price: Double) -> Estimate {
    .init(
      estimate: estimate.estimate.map { $0 * price },
      ci95: estimate.ci95.map { $0.map { $0 * price } },
      note: estimate.note)
  }

  /// No count of events is further from zero than the interactions on which they could happen, and
  /// where the fit has not found its end nothing is known of errors.
  private func possible(_ estimate: Estimate, _ estimation: OutcomeEstimation) -> Estimate {
    guard let interval = estimate.ci95 else { return estimate }
    let reason = estimation.converged ? estimation.untold : "no interval: the fit did not converge"
    if let reason {
      return .init(
        estimate: estimate.estimate.flatMap { $0.isFinite ? $0 : nil }, ci95: nil, note: reason)
    }
    guard interval.allSatisfy({ $0.isFinite && abs($0) <= problem.atRisk }) else {
      return .init(
        estimate: estimate.estimate.flatMap { $0.isFinite ? $0 : nil }, ci95: nil,
        note: "no interval: the data say too little")
    }
    return estimate
  }

  // MARK: Sides

  /// Why a side's part cannot be told; nil where it can.
  private func side(_ side: FailureModeDeclaration.Side) -> String? {
    let modes = problem.modes.modes.indices.filter { problem.modes.modes[$0].side == side }
    let excluded = Set(problem.excluded.map(\.mode))
    if let first = modes.first,
      modes.allSatisfy({ excluded.contains(problem.modes.modes[$0].name) })
    {
      let reason = problem.rates.leftOut[first] ?? "comes after it"
      return "no failure of this side can have brought it about: "
        + "\(problem.modes.modes[first].name) \(reason)"
    }
    return FittedAttribution.note(
      side, modes: problem.modes, rates: problem.rates,
      none: side == .staff
        ? "the log records no staff errors" : "the log records no failures of the system",
      blind: side == .staff
        ? "staff errors cannot be modelled" : "the system's failures cannot be modelled")
  }

  private func split(_ estimation: OutcomeEstimation) -> AttributionReport.Split {
    func part(_ index: Int, _ note: String?) -> AttributionReport.Part {
      if let note {
        return .init(estimate: nil, ci95: nil, share: nil, shareCi95: nil, note: note)
      }
      var part = estimation.estimates.part(index)
      let bounded = possible(
        .init(estimate: part.estimate, ci95: part.ci95, note: part.note), estimation)
      if bounded.ci95 == nil { (part.ci95, part.shareCi95) = (nil, nil) }
      part.note = bounded.note
      return part
    }
    let (system, staff) = (side(.system), side(.staff))
    return .init(
      systemDirect: part(EffectLayout.systemDirect, system),
      systemThroughStaff: part(EffectLayout.systemThroughStaff, staff ?? system),
      staffOwn: part(EffectLayout.staffOwn, staff),
      baseline: part(EffectLayout.baseline, nil))
  }

  // MARK: Modes

  private func modes(_ estimation: OutcomeEstimation) -> [Result.Mode] {
    let cells = problem.cells
    var results: [Result.Mode] = []
    for (m, mode) in cells.modes.enumerated() where problem.rates.leftOut[m] == nil {
      let parts = cells.parts.indices.filter { cells.parts[$0].mode == m }
      guard !parts.isEmpty else { continue }
      results.append(row(mode, m, component: nil, parts: parts, estimation))
      guard parts.contains(where: { cells.parts[$0].component != nil }) else { continue }
      for part in parts {
        results.append(
          row(
            mode, m, component: cells.parts[part].component ?? "(none)", parts: [part], estimation)
        )
      }
    }
    return results
  }

  private func row(
    _ mode: FailureMode, _ m: Int, component: String?, parts: [Int],
    _ estimation: OutcomeEstimation
  ) -> Result.Mode {
    let state = problem.modes.state[m].storage
    let names = problem.modes.component[m]
    let cells = problem.cells
    let count = state.indices.count { row in
      state[row] == 1 && problem.happened[row] >= 0
        && (component == nil || parts.contains { cells.parts[$0].component == names[row] })
    }
    let (estimates, layout) = (estimation.estimates, estimation.layout)
    return .init(
      mode: mode.name, side: mode.side.rawValue, component: component, interactions: count,
      caused: possible(estimates.estimate(parts.map { layout.caused($0) }), estimation),
      ifRemoved: possible(estimates.estimate(parts.map { layout.removed($0) }), estimation),
      note: nil)
  }
}
