import FailureModes
import InteractionLog
import LinearAlgebra
import RepeatContacts

/// `outcomes[]`: the study's outcomes beside repeats, each split as the repeats are.
package struct OutcomeAnalysis {
  package typealias Result = AttributionReport.OutcomeResult
  let fitted: FittedAttribution
  let tree: LinkTree

  package init(_ fitted: FittedAttribution, tree: LinkTree) {
    self.fitted = fitted
    self.tree = tree
  }

  /// Fewer events, or interactions without one, tell nothing.
  static let fewest = 10.0

  /// One outcome, with what it was estimated from where it could be.
  package struct Finding {
    package var result: Result
    package var problem: OutcomeProblem?
    package var estimation: OutcomeEstimation?
    /// What its figures add up; nil where it could not even be looked at.
    package var ledger: OutcomeLedger?

    init(_ result: Result, _ problem: OutcomeProblem? = nil, _ estimation: OutcomeEstimation? = nil)
    {
      self.result = result
      self.problem = problem
      self.estimation = estimation
    }
  }

  package func findings() throws -> [Finding] {
    try fitted.input.study.outcomes.map(finding)
  }

  private func finding(_ declaration: OutcomeDeclaration) throws -> Finding {
    let problem: OutcomeProblem
    do {
      problem = try OutcomeProblem(
        declaration, table: fitted.input.table, modes: fitted.input.modes,
        study: fitted.input.study, contextNames: FittedAttribution.contextNames(fitted.input),
        componentTerms: fitted.selection.rate.componentTerms,
        base: .init(context: fitted.context, rates: fitted.rates, cells: fitted.cells))
    } catch LogError.expression(let fault) {
      guard case .absentColumn(let column) = fault.kind else {
        throw LogError.expression(fault)
      }
      let reason = "the log has no column \(column)"
      return Finding(
        OutcomeDraft.empty(declaration, interactions: 0, events: nil, leftOut: [], reason))
    }
    let draft = OutcomeDraft(problem, declaration, study: fitted.input.study)
    let threads = fitted.options.threads
    guard declaration.when == nil else {
      let (events, rows) = (problem.eventCount, problem.atRisk)
      guard min(events, rows - events) >= Self.fewest else {
        return try withLedger(
          Finding(
            draft.empty(
              "\(grouped(events)) events on \(grouped(rows)) interactions: at least "
                + "\(grouped(Self.fewest)) with and without one are needed")), problem)
      }
      return try withLedger(
        try estimated(draft) { try OutcomeEstimation(problem, threads: threads) }, problem)
    }
    let silence = CustomerSilence(fitted, tree: tree, cells: problem.cells)
    var finding = try estimated(draft) {
      try OutcomeEstimation(problem, silence: silence, threads: threads)
    }
    guard let estimation = finding.estimation, let rhythm = estimation.rhythm else {
      return try withLedger(finding, problem)
    }
    if let reason = silence.unclear(rhythm, estimation.estimates) {
      finding = Finding(draft.empty(reason))
    }
    finding.result.silence = .init(
      meanDaysBetween: rhythm.rate / rhythm.shape,
      medianDaysSilent: silence.medianSilence, tellingCustomers: silence.telling(rhythm),
      customers: silence.customers.count,
      departed: finding.estimation == nil
        ? nil : silence.departed(rhythm, hazard: estimation.mean))
    finding = try withLedger(finding, problem)
    finding.ledger?.silence = silence.ledger(
      rhythm, hazard: finding.estimation == nil ? nil : estimation.mean)
    return finding
  }

  private func withLedger(_ finding: Finding, _ problem: OutcomeProblem) throws -> Finding {
    var finding = finding
    finding.ledger = try OutcomeLedgerBuilder(
      problem: problem, split: finding.result.split, estimation: finding.estimation
    ).ledger()
    return finding
  }

  /// Parameters that the data do not tell apart are an answer too.
  private func estimated(
    _ draft: OutcomeDraft, _ estimate: () throws -> OutcomeEstimation
  ) throws -> Finding {
    do {
      let estimation = try estimate()
      return Finding(draft.result(estimation), draft.problem, estimation)
    } catch let error as LinearAlgebraError {
      return Finding(
        draft.empty("the data do not tell the model's parameters apart (\(error))"))
    }
  }
}

extension CustomerSilence {
  /// Days of silence at the log's end, the middle customer's.
  var medianSilence: Double? {
    let sorted = customers.map(\.silence).sorted()
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }

  /// Customers that silences must be worth before a departure is told from a pause.
  private static let fewestTelling = 30.0
  /// Departures below this share of customers are beyond what silences tell: a hazard next to 0 has no
  /// symmetric error.
  private static let hardlyAny = 0.02

  /// Why silence does not tell departures in this log; nil where it does.
  func unclear(_ rhythm: Rhythm, _ estimates: TotalEstimates) -> String? {
    let between = rhythm.rate / rhythm.shape
    let (leavers, error) = estimates.combination((0..<4).map { ($0, 1) })
    let telling = telling(rhythm)
    if telling >= Self.fewestTelling, leavers + 2 * error < Self.hardlyAny * Double(customers.count)
    {
      return "hardly anybody left, if at all: the silences at the log's end are about as long as "
        + "customers' own rhythm explains, with \(grouped(leavers)) departures expected among "
        + "\(grouped(customers.count)) customers (at most about \(grouped(leavers + 2 * error)))"
    }
    guard telling < Self.fewestTelling || !error.isFinite || error > 0.5 * max(leavers, 1e-9)
    else { return nil }
    return
      "the log is too short, or customers come too rarely, to tell who left from who is quiet: "
      + "own contacts come every \(grouped(between)) days or so, the middle customer has been silent "
      + "for \(grouped(medianSilence ?? 0)), and all silences together are worth those of "
      + "\(grouped(telling)) customers that surely tell"
  }
}
