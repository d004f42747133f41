import FailureModes
import InteractionLog
import RepeatContacts

/// The ledger: what each interaction brought. Rows of unknown customers bring nothing that could be
/// seen and carry zeros.
struct LedgerBuilder {
  let fitted: FittedAttribution

  init(_ fitted: FittedAttribution) { self.fitted = fitted }

  func ledger(rule: RuleCount, costs: InteractionCosts, plan: FixPlan) -> InteractionLedger {
    let table = fitted.input.table
    let data = fitted.data
    let parameters = fitted.fit.parameters
    let values = fitted.functionals.cellEffects(
      parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    let zeros = [Double](repeating: 0, count: table.count)
    let staffZeros = fitted.staffNote == nil ? zeros : nil
    let systemZeros = fitted.systemNote == nil ? zeros : nil
    var ledger = InteractionLedger(
      expectedRepeats: zeros, systemDirect: systemZeros,
      systemThroughStaff: systemZeros == nil ? nil : staffZeros,
      staffOwn: staffZeros, baseline: zeros, exposure: zeros, modes: [])
    for i in 0..<data.count {
      let row = Int(data.row[i])
      let exposure = fitted.functionals.exposure(
        delay: parameters.delay, left: data.end - data.time[i])
      let parts = fitted.functionals.parts(
        ofContact: i, exposure: exposure, effects: values[Int(data.cell[i])])
      ledger.systemDirect?[row] = parts[EffectLayout.systemDirect]
      ledger.systemThroughStaff?[row] = parts[EffectLayout.systemThroughStaff]
      ledger.staffOwn?[row] = parts[EffectLayout.staffOwn]
      ledger.baseline[row] = parts[EffectLayout.baseline]
      ledger.expectedRepeats[row] = parts[0] + parts[1] + parts[2] + parts[3]
      ledger.exposure[row] = exposure[0]
    }
    ledger.modes = (0..<table.count).map { row in
      var names: [String] = []
      for (m, mode) in fitted.input.modes.modes.enumerated() {
        switch fitted.input.modes.state[m].storage[row] {
        case 1: names.append(mode.name)
        case 0: break
        default: names.append(mode.name + "?")
        }
      }
      return names.joined(separator: ";")
    }
    ledger.contributions = ContributionBuilder(fitted, cellEffects: values).contributions()
    ledger.jointRemovals = plan.joint(fitted)
    ledger.facts = facts(rule, costs)
    ledger.declaration = LedgerDeclaration(fitted.input.study)
    return ledger
  }

  private func facts(_ rule: RuleCount, _ costs: InteractionCosts) -> ContactFacts {
    let table = fitted.input.table
    let zone = fitted.input.study.source.zone
    return ContactFacts(
      week: table.startedAt.map {
        Int32(ISOWeek(milliseconds: zone.local(fromUTC: $0)).ordinal)
      },
      intentResolved: MetricsCalculator.resolutions(table),
      actionSucceeded: MetricsCalculator.actionSuccesses(table),
      latency: MetricsCalculator.latencies(table), repeatedByRule: rule.followed,
      ruleWindowCovered: rule.followedInWholeWindow.map { $0 != nil },
      cost: costs.byRow ?? [Double](repeating: .nan, count: table.count))
  }
}
