import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import Statistics
import SyntheticWorld

/// A generated world with the studies that it is analysed by: where ids are wrong, one that declares what
/// an audit of 400 found, and one that does not.
struct RecordedWorld {
  let regime: Regime
  let log: GeneratedLog
  let study: Study
  /// nil where there is nothing to declare.
  let undeclared: Study?

  /// Contacts or customers that the audit looks at.
  static let audited = 400

  init(regime: Regime, log: GeneratedLog, seed: UInt64) {
    self.regime = regime
    self.log = log
    let recording = WorldParameters(regime: regime).recording
    var stream = RandomStream(seed: seed, keys: 0x6175_6469_74)
    func audit(_ rate: Double) -> Study.ErrorRate {
      let found = (0..<RecordedWorld.audited).count { _ in stream.bernoulli(rate) }
      return Study.ErrorRate(found: Double(found), checked: Double(RecordedWorld.audited))
    }
    var study = Study.canonical
    if log.table.columns["region"] != nil { study.identity.steady = ["region"] }
    study.outcomes = RecordedWorld.outcomes(of: regime)
    let plain = study
    if recording.swappedShare > 0 { study.identity.wrong = audit(recording.swappedShare) }
    if recording.splitShare > 0 { study.identity.split = audit(recording.splitShare) }
    self.study = study
    var kept = plain
    kept.identity.cutsIncompleteEnd = false
    undeclared = recording.isFaithful ? nil : recording.lateShares.isEmpty ? plain : kept
  }

  /// The outcomes that a study of such a world declares.
  static func outcomes(of regime: Regime) -> [OutcomeDeclaration] {
    switch regime {
    case .outcomes:
      [
        .init(name: "escalated", kind: .escalation, when: "escalated == true"),
        .init(name: "solved", kind: .resolution, when: "solved == true"),
        .init(name: "bought", kind: .conversion, when: "bought == true"),
      ]
    case .flaggedChurn: [.init(name: "left", kind: .churn, when: "left == true")]
    case .silentChurn: [.init(name: "left", kind: .churn, when: nil)]
    default: []
    }
  }

  func analyse(
    _ study: Study, _ options: AttributionOptions
  ) throws -> (AttributionOutcome, PreparedLog) {
    let prepared = try PreparedLog(log.table, customers: nil, study: study)
    let provenance = AttributionReport.Provenance(
      version: WhereforeVersion.current, studySHA256: "", logSHA256: "", seed: options.seed,
      rowsRead: log.table.count, rowsRejected: 0)
    let outcome = try AttributionEngine(options: options).run(
      try prepared.input(study: study, constantColumns: []), provenance: provenance)
    return (outcome, prepared)
  }

  /// Figures beside the truth that they are about.
  func figures(of report: AttributionReport, _ prepared: PreparedLog) -> [WorldFigures.Figure] {
    var list = FigureList()
    switch regime {
    case .missingIDs:
      // The truth is of all interactions.
      let (truth, all) = (log.truth.expected, report.identity?.allInteractions)
      list.add(
        "all:system", truth.systemDirect + truth.systemThroughStaff, all?.systemCausedRepeats)
      list.add("all:total", truth.total, all?.causedRepeats)
    case .lateLog:
      guard let truth = truth(upTo: prepared) else { return [] }
      list.add(report, truth)
    case .outcomes, .flaggedChurn, .silentChurn:
      let parameters = WorldParameters(regime: regime)
      for law in parameters.outcomes where law.latency == nil {
        guard let truth = log.truth.outcomes?.first(where: { $0.outcome == law.name }) else {
          continue
        }
        list.add(report.outcomes?.first { $0.outcome == law.name }, truth)
      }
      let onsets =
        [("repeats", parameters.latency)] + parameters.outcomes.map { ($0.name, $0.latency) }
      for (response, law) in onsets {
        guard let law else { continue }
        list.add(report.latencyDose?.first { $0.response == response }, begins: law.begins)
      }
    default:
      list.add(report, log.truth.expected)
      list.addModes(report, log.truth)
    }
    return list.figures
  }

  /// The truth of the period that was analysed.
  private func truth(upTo prepared: PreparedLog) -> Truth.Expected? {
    guard let end = prepared.incompleteEnd else { return log.truth.expected }
    let first = WorldParameters(regime: regime).startSeconds * 1000
    return log.expectedByEndDay[Int((end.from - first) / 86_400_000)]
  }

  func undeclaredFigures(of report: AttributionReport) -> [WorldFigures.Figure] {
    var list = FigureList()
    let truth = log.truth.expected
    list.add(
      WorldFigures.undeclaredPrefix + "system", truth.systemDirect + truth.systemThroughStaff,
      report.headline.systemCausedRepeats.estimate, report.headline.systemCausedRepeats.ci95)
    list.add(WorldFigures.undeclaredPrefix + "total", truth.total, report.repeats.caused)
    return list.figures
  }
}

/// Gathers figures.
private struct FigureList {
  var figures: [WorldFigures.Figure] = []

  /// - Parameter total: what the figure is a part of; nil: the world's caused repeats.
  mutating func add(
    _ name: String, _ truth: Double, _ estimate: Double?, _ ci: [Double]?, of total: Double? = nil
  ) {
    guard let estimate, let ci else { return }
    figures.append(
      .init(
        name: name, truth: truth, estimate: estimate,
        standardError: (ci[1] - ci[0]) / (2 * NormalDistribution.quantile975),
        covered: ci[0] <= truth && truth <= ci[1], total: total))
  }

  mutating func add(_ name: String, _ truth: Double, _ estimate: AttributionReport.Estimate?) {
    add(name, truth, estimate?.estimate, estimate?.ci95)
  }

  mutating func add(_ report: AttributionReport, _ truth: Truth.Expected) {
    let headline = report.headline.systemCausedRepeats
    add("system", truth.systemDirect + truth.systemThroughStaff, headline.estimate, headline.ci95)
    add("total", truth.total, report.repeats.caused)
    let split = report.split
    // Without staff errors the system's direct part is all of its own, and the baseline has theirs.
    let hasStaff = split.staffOwn.estimate != nil
    let parts = [
      (
        "system_direct", truth.systemDirect + (hasStaff ? 0 : truth.systemThroughStaff),
        split.systemDirect
      ),
      ("system_through_staff", truth.systemThroughStaff, split.systemThroughStaff),
      ("staff_own", truth.staffOwn, split.staffOwn),
      ("baseline", truth.baseline + (hasStaff ? 0 : truth.staffOwn), split.baseline),
    ]
    for (name, part, estimated) in parts { add(name, part, estimated.estimate, estimated.ci95) }
    for (name, part, estimated) in parts where truth.total > 0 {
      add(
        WorldFigures.sharePrefix + name, 100 * part / truth.total,
        estimated.share.map { 100 * $0 }, estimated.shareCi95?.map { 100 * $0 })
    }
  }

  mutating func add(_ outcome: AttributionReport.OutcomeResult?, _ truth: OutcomeTruth) {
    guard let outcome else { return }
    let (split, expected) = (outcome.split, truth.expected)
    let parts: [(String, Double, Double?, [Double]?)] = [
      (
        "system_direct", expected.systemDirect, split.systemDirect.estimate,
        split.systemDirect.ci95
      ),
      (
        "system_through_staff", expected.systemThroughStaff, split.systemThroughStaff.estimate,
        split.systemThroughStaff.ci95
      ),
      ("staff_own", expected.staffOwn, split.staffOwn.estimate, split.staffOwn.ci95),
      ("baseline", expected.baseline, split.baseline.estimate, split.baseline.ci95),
    ]
    for (name, part, estimate, ci) in parts {
      add("\(truth.outcome):\(name)", part, estimate, ci, of: expected.total)
    }
  }

  /// A curve in which no latency is seen to cost does not hold the place where it begins to.
  mutating func add(_ dose: AttributionReport.LatencyDose?, begins: Double) {
    guard let dose else { return }
    let curve = dose.overall
    let ci = curve.beginsAtCi95 ?? curve.range ?? [0, 0]
    add(
      dose.response + WorldFigures.onsetSuffix, begins, curve.beginsAt ?? ci[1],
      curve.beginsAt == nil ? [ci[1], ci[1]] : ci, of: begins)
  }

  mutating func addModes(_ report: AttributionReport, _ truth: Truth) {
    for mode in report.modes where mode.component == nil {
      if let direct = truth.modesDirect[mode.mode] {
        add("direct:\(mode.mode)", direct, mode.switchedOff)
      }
      if let total = truth.modesTotal?[mode.mode] {
        add("total:\(mode.mode)", Double(total), mode.ifRemoved)
      }
    }
  }
}
