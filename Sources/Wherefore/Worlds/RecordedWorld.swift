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
    let plain = study
    if recording.swappedShare > 0 { study.identity.wrong = audit(recording.swappedShare) }
    if recording.splitShare > 0 { study.identity.split = audit(recording.splitShare) }
    self.study = study
    var kept = plain
    kept.identity.cutsIncompleteEnd = false
    undeclared = recording.isFaithful ? nil : recording.lateShares.isEmpty ? plain : kept
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

  mutating func add(_ name: String, _ truth: Double, _ estimate: Double?, _ ci: [Double]?) {
    guard let estimate, let ci else { return }
    figures.append(
      .init(
        name: name, truth: truth, estimate: estimate,
        standardError: (ci[1] - ci[0]) / (2 * NormalDistribution.quantile975),
        covered: ci[0] <= truth && truth <= ci[1]))
  }

  mutating func add(_ name: String, _ truth: Double, _ estimate: AttributionReport.Estimate?) {
    add(name, truth, estimate?.estimate, estimate?.ci95)
  }

  mutating func add(_ report: AttributionReport, _ truth: Truth.Expected) {
    let headline = report.headline.systemCausedRepeats
    add("system", truth.systemDirect + truth.systemThroughStaff, headline.estimate, headline.ci95)
    add("total", truth.total, report.repeats.caused)
    let split = report.split
    let parts = [
      ("system_direct", truth.systemDirect, split.systemDirect),
      ("system_through_staff", truth.systemThroughStaff, split.systemThroughStaff),
      ("staff_own", truth.staffOwn, split.staffOwn), ("baseline", truth.baseline, split.baseline),
    ]
    for (name, part, estimated) in parts { add(name, part, estimated.estimate, estimated.ci95) }
    for (name, part, estimated) in parts where truth.total > 0 {
      add(
        WorldFigures.sharePrefix + name, 100 * part / truth.total,
        estimated.share.map { 100 * $0 }, estimated.shareCi95?.map { 100 * $0 })
    }
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
