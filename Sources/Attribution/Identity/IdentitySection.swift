import FailureModes
import InteractionLog
import LinearAlgebra
import RepeatContacts

/// The report's part about identity.
struct IdentitySection {
  let fitted: FittedAttribution
  let estimates: TotalEstimates
  let parameters: (layout: ScoreLayout, matrix: Matrix)?
  let missing: MissingIdentity

  private var identity: Study.Identity { fitted.input.study.identity }
  private static let system = [EffectLayout.systemDirect, EffectLayout.systemThroughStaff]

  func section() -> AttributionReport.Identity {
    let resolution = fitted.input.identity
    let table = fitted.input.table
    let linkable = fitted.data.count
    var notes = resolution.idleRules.map { "\($0): no ids of this log are joined by it" }
    if !resolution.unknownAliasTargets.isEmpty {
      notes.append(
        "Aliases stand for \(grouped(resolution.unknownAliasTargets.count)) ids that neither the "
          + "customers file nor the log has; the ids that share one are joined all the same")
    }
    var rules = resolution.stages.dropLast().map(rule)
    rules.append(inForce(resolution.stages[resolution.stages.count - 1]))
    let unlinkable = table.count - linkable
    return .init(
      rule: resolution.stages[resolution.stages.count - 1].rule,
      estimand: unlinkable == 0
        ? "repeats of all interactions: every one names its customer"
        : "repeats of the \(grouped(linkable)) interactions that name their customer, by contacts "
          + "that do; the \(grouped(unlinkable)) others are linked to nothing",
      linkable: linkable, unlinkable: unlinkable, rules: rules, declared: declared(),
      allInteractions: missing.allInteractions(parameters, totals: estimates), notes: notes)
  }

  private func declared() -> AttributionReport.Declared? {
    guard let correction = fitted.correction else { return nil }
    func rate(_ rate: Study.ErrorRate?) -> AttributionReport.Declared.Rate? {
      rate.map { .init(rate: $0.rate, se: $0.standardError) }
    }
    return .init(
      wrong: rate(identity.wrong), split: rate(identity.split), factor: correction.factor)
  }

  private func inForce(_ stage: IdentityResolution.Stage) -> AttributionReport.Rule {
    let values = estimates.values
    return .init(
      rule: stage.rule, isInForce: true, customers: fitted.data.customerCount,
      laterContacts: fitted.laterContacts, causedRepeats: values[0..<4].reduce(0, +),
      systemCausedRepeats: fitted.systemNote == nil
        ? Self.system.reduce(0) { $0 + values[$1] } : nil)
  }

  /// The same model fitted to the log under another rule, in the form that was chosen under the one in
  /// force.
  private func rule(_ stage: IdentityResolution.Stage) -> AttributionReport.Rule {
    var input = fitted.input
    input.table = stage.table
    input.customers = stage.customers
    let later = Self.laterContacts(stage.table, fitted)
    let customers = Set(stage.table.customer.codes.lazy.filter { $0 >= 0 }).count
    do {
      input.modes = try ModeTable.build(study: input.study, table: stage.table)
      let other = try FittedAttribution(input, options: fitted.options, like: fitted)
      let totals = other.functionals.totals(
        other.fit.parameters, rates: other.rates, weights: other.cells.mixtureWeight)
      return .init(
        rule: stage.rule, isInForce: false, customers: other.data.customerCount,
        laterContacts: other.laterContacts, causedRepeats: totals[0..<4].reduce(0, +),
        systemCausedRepeats: other.systemNote == nil
          ? Self.system.reduce(0) { $0 + totals[$1] } : nil)
    } catch {
      return .init(
        rule: stage.rule, isInForce: false, customers: customers, laterContacts: later,
        causedRepeats: nil, systemCausedRepeats: nil, note: "\(error)")
    }
  }

  /// Contacts with an earlier one of the same id within the window, in calendar time.
  private static func laterContacts(_ table: InteractionTable, _ fitted: FittedAttribution) -> Int {
    let window = fitted.linkSettings.windowDays * OperationalClock.millisecondsPerDay
    let codes = table.customer.codes
    var later = 0
    for row in codes.indices.dropFirst() where codes[row] >= 0 && codes[row] == codes[row - 1] {
      let delay = Double(table.startedAt[row] - table.startedAt[row - 1])
      if delay <= window { later += 1 }
    }
    return later
  }
}
