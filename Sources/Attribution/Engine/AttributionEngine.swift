import Execution
import FailureModes
import InteractionLog
import LinearAlgebra
import RepeatContacts
import Statistics

/// What an attribution gives: the report's content without its provenance, the ledger, the links.
public struct AttributionOutcome: Sendable {
  public var report: AttributionReport
  public var ledger: InteractionLedger
  public var links: LinkTable
  /// Members of staff by name, for those who ask for it; empty where they were not compared.
  public var staff = StaffTable()
}

/// From modes and contacts to the report's content.
public struct AttributionEngine: Sendable {
  public let options: AttributionOptions

  public init(options: AttributionOptions) { self.options = options }

  /// Fits the model and draws up the report.
  ///
  /// - Parameters:
  ///   - provenance: what was read, for the report.
  ///   - progress: called with stage and share done, 0...1.
  /// - Throws: `AttributionError` where the log cannot carry an attribution, errors of the fits.
  public func run(
    _ input: AttributionInput, provenance: AttributionReport.Provenance,
    progress: @escaping @Sendable (String, Double) -> Void = { _, _ in }
  ) throws -> AttributionOutcome {
    try run(input, provenance: provenance, progress: progress, revising: { $0 })
  }

  /// - Parameter revising: makes another choice of the model's form than held-out customers did.
  package func run(
    _ input: AttributionInput, provenance: AttributionReport.Provenance,
    progress: @escaping @Sendable (String, Double) -> Void = { _, _ in },
    revising: (LinkSelection.Choice) -> LinkSelection.Choice
  ) throws -> AttributionOutcome {
    let fitted = try FittedAttribution(
      input, options: options, progress: { progress($0, 0.6 * $1) }, revising: revising)
    let tree = fitted.tree()
    let costs = ContactCosts(study: input.study, table: input.table, data: fitted.data)
    let plan = FixPlan(fitted, tree: tree, costs: costs)
    progress("intervals", 0.6)
    var covariance = try fitted.covariance(of: plan.removals, plan.totals, tree: tree) {
      progress("intervals", 0.6 + 0.2 * $0)
    }
    progress("split", 0.8)
    let rule = RuleCount(
      table: input.table, windowDays: input.study.repeatWindow.ruleWindowDays,
      sameTopic: input.study.repeatWindow.ruleSameTopic)
    var ledger = LedgerBuilder(fitted).ledger(
      rule: rule, costs: costs.interactions, plan: plan)
    let totals = fitted.functionals.totals(
      fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    covariance.addIdentityErrors(fitted, totals: totals, removals: plan)
    let limit = Double(fitted.laterContacts) * (fitted.correction?.factor ?? 1)
    let estimates = TotalEstimates(
      values: totals, covariance: covariance.totals, limit: limit,
      population: covariance.population)
    let removals = RemovalEstimates(
      fitted, plan: plan, tree: tree, parameters: covariance.removals,
      direct: estimates, limit: limit)
    let modes = ModeResults(fitted, estimates: estimates, removals: removals)
    let modeResults = try modes.results()
    progress("checks", 0.85)
    let missing = MissingIdentity(fitted, tree: tree)
    let checks = try CheckList(fitted, missing: missing).checks(ledger: ledger, modes: modeResults)
    {
      progress("checks", 0.85 + 0.15 * $0)
    }
    let isReport = options.scope == .report
    let assembly = ReportAssembly(
      fitted: fitted, estimates: estimates, coefficientCovariance: covariance.coefficients,
      ledger: ledger, rule: rule,
      topicIntervals: isReport ? try TopicIntervals(fitted, covariance: covariance) : nil)
    let fixes =
      isReport
      ? try FixResults(fitted, removals: removals, tree: tree, costs: costs).fixes() : []
    var report = assembly.report(
      modes: modeResults, fixes: fixes, checks: checks, provenance: provenance)
    if options.scope != .figures {
      let outcomes = try OutcomeAnalysis(fitted, tree: tree).findings()
      report.outcomes = outcomes.map(\.result)
      report.priceChurn(study: input.study)
      let latency = LatencyAnalysis(fitted: fitted, tree: tree, outcomes: outcomes)
      report.latencyDose = try latency.doses()
      ledger.outcomes = outcomes.compactMap(\.ledger)
      ledger.doseLatency = latency.latencies() ?? []
    }
    if isReport {
      (report.change, ledger.change) = try WeeklyChanges(
        fitted: fitted, coefficientCovariance: covariance.coefficients,
        probability: tree.probability
      ).adding(to: report.change)
    }
    report.identity = IdentitySection(
      fitted: fitted, estimates: estimates, parameters: covariance.parameters, missing: missing
    ).section()
    if !options.refuters.isEmpty {
      let attempt = RefutationCase(
        fitted, estimates: estimates, modes: modeResults, tree: tree,
        sandwich: try covariance.sandwich ?? fitted.sandwich().sandwich)
      report.refuters = try Refutation(attempt).run(options.refuters) {
        progress("refuters", 0.9 + 0.1 * $0)
      }
    }
    var outcome = AttributionOutcome(
      report: report, ledger: ledger, links: tree.linkTable(startedAt: input.table.startedAt))
    try addStaff(to: &outcome, fitted, tree: tree, rule: rule, covariance: covariance)
    return outcome
  }
}

extension AttributionEngine {
  /// Staff beside the system: what a raw count makes of them, and one compared with another.
  private func addStaff(
    to outcome: inout AttributionOutcome, _ fitted: FittedAttribution, tree: LinkTree,
    rule: RuleCount, covariance: FittedAttribution.Covariance
  ) throws {
    guard options.comparesStaff else { return }
    let view = StaffViewBuilder(
      fitted: fitted, tree: tree, rule: rule, parameters: covariance.parameters
    ).view()
    outcome.report.staffView = view?.view
    outcome.ledger.staffView = view?.ledger
    let result = try StaffComparisonBuilder(
      fitted: fitted, rule: rule, limits: options.staffGuard
    ).result()
    outcome.report.staffComparison = result.comparison
    outcome.report.staff = result.named
    outcome.staff = result.table
    outcome.ledger.staffWork = result.work
  }
}

/// Totals with their covariance: estimates, intervals and combinations of them.
package struct TotalEstimates: Sendable {
  package let values: [Double]
  package let covariance: Matrix
  /// Later contacts of the log: no total can be further from zero.
  package let limit: Double
  /// Covariance of the four parts for the population; nil where it is not asked for.
  package let population: Matrix?

  package init(
    values: [Double], covariance: Matrix, limit: Double = .infinity, population: Matrix? = nil
  ) {
    self.values = values
    self.covariance = covariance
    self.limit = limit
    self.population = population
  }

  /// The 95 % interval of a sum of parts for the population, divided by `per` where given; nil where
  /// this log's has none.
  package func populationInterval(_ parts: [Int], per: Double = 1) -> [Double]? {
    guard let population, estimate(parts, per: per).ci95 != nil else { return nil }
    let value = parts.reduce(0) { $0 + values[$1] }
    let variance = parts.reduce(0) { sum, i in
      parts.reduce(sum) { $0 + population[i, $1] }
    }
    guard variance.isFinite else { return nil }
    return TotalEstimates.interval(value / per, max(variance, 0).squareRoot() / per)
  }

  /// The interval, or none where it reaches beyond all later contacts: errors that were carried over
  /// in straight lines say nothing there.
  private func possible(_ value: Double, _ se: Double, per: Double = 1) -> (
    interval: [Double]?, note: String?
  ) {
    let interval = TotalEstimates.interval(value, se)
    if max(-interval[0], interval[1]) * per <= limit { return (interval, nil) }
    return (
      nil,
      "no interval: too little is caused in this log for one; the approximation would reach beyond "
        + "all \(grouped(limit)) later contacts"
    )
  }

  /// Estimate and standard error of Σ weight × total.
  package func combination(_ weights: [(Int, Double)]) -> (value: Double, se: Double) {
    var value = 0.0
    var variance = 0.0
    for (i, a) in weights {
      value += a * values[i]
      for (j, b) in weights { variance += a * b * covariance[i, j] }
    }
    return (value, max(variance, 0).squareRoot())
  }

  package static func interval(_ value: Double, _ se: Double) -> [Double] {
    [value - NormalDistribution.quantile975 * se, value + NormalDistribution.quantile975 * se]
  }

  /// A sum of totals with its 95 % interval, divided by `per` where given.
  package func estimate(_ indices: [Int], per: Double = 1) -> AttributionReport.Estimate {
    let (value, se) = combination(indices.map { ($0, 1 / per) })
    let (interval, note) = possible(value, se, per: per)
    return .init(estimate: value, ci95: interval, note: note)
  }

  /// The share of one total in the sum of the four parts, by the delta method.
  package func part(_ index: Int) -> AttributionReport.Part {
    let (value, se) = combination([(index, 1)])
    let total = (0..<4).reduce(0.0) { $0 + values[$1] }
    let (interval, note) = possible(value, se)
    guard total > 0 else {
      return .init(
        estimate: value, ci95: interval, share: nil, shareCi95: nil,
        note: "no repeats were caused, so that there is nothing to have a share of")
    }
    let share = value / total
    let (_, shareSE) = combination((0..<4).map { ($0, (($0 == index ? 1 : 0) - share) / total) })
    return .init(
      estimate: value, ci95: interval, share: share,
      shareCi95: interval.map { _ in TotalEstimates.interval(share, shareSE) }, note: note)
  }
}
