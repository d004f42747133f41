import InteractionLog
import LinearAlgebra
import RepeatContacts
import Statistics

/// Draws up `attribution.json` from what was estimated.
struct ReportAssembly {
  let fitted: FittedAttribution
  let estimates: TotalEstimates
  let coefficientCovariance: Matrix
  let ledger: InteractionLedger
  let rule: RuleCount
  /// nil where the intervals are the jackknife's.
  let topicIntervals: TopicIntervals?

  private static let system = [EffectLayout.systemDirect, EffectLayout.systemThroughStaff]

  func report(
    modes: [AttributionReport.ModeResult], fixes: [AttributionReport.Fix],
    checks: [AttributionReport.Check], provenance: AttributionReport.Provenance
  ) -> AttributionReport {
    let table = fitted.input.table
    let caused = estimates.estimate([0, 1, 2, 3])
    let weeks = weekly()
    var report = AttributionReport(
      period: .init(
        from: Timestamp.text(table.startedAt.min() ?? 0),
        to: Timestamp.text(table.startedAt.max() ?? 0)),
      interactions: table.count, customers: fitted.data.customerCount,
      unlinkedInteractions: table.count - fitted.data.count, headline: headline(caused),
      repeats: repeats(caused),
      metrics: MetricsCalculator.metrics(
        table: table, followedByRule: rule.followedInWholeWindow,
        zone: fitted.input.study.source.zone),
      split: split(), weekly: weeks, topics: topics(), modes: modes, fixes: fixes, staff: [],
      change: changes(weeks), checks: checks,
      model: ModelDescription(fitted).model(coefficientCovariance),
      provenance: provenance)
    report.inference = inference()
    return report
  }

  /// What intervals are of, how they were computed, and those for the population.
  private func inference() -> AttributionReport.Inference {
    let days = NumberText.plain(fitted.input.study.repeatWindow.windowDays)
    func interval(_ parts: [Int], _ note: String? = nil) -> [Double]? {
      note == nil ? estimates.populationInterval(parts) : nil
    }
    let through = staffNote ?? systemNote
    return .init(
      method: fitted.options.intervals.rawValue,
      estimand: "repeats expected of the interactions of this log, given what happened on them, "
        + "within \(days) days and inside the period; population_ci95 is of what the same customers' "
        + "base brings in such a period, of which this log is one instance",
      populationCi95: .init(
        systemCausedRepeats: interval(ReportAssembly.system, systemNote),
        caused: interval([0, 1, 2, 3]),
        systemDirect: interval([EffectLayout.systemDirect], systemNote),
        systemThroughStaff: interval([EffectLayout.systemThroughStaff], through),
        staffOwn: interval([EffectLayout.staffOwn], staffNote),
        baseline: interval([EffectLayout.baseline])))
  }

  private var staffNote: String? { fitted.staffNote }
  private var systemNote: String? { fitted.systemNote }

  private func headline(_ caused: AttributionReport.Estimate) -> AttributionReport.Headline {
    let n = Double(max(fitted.input.table.count, 1))
    func count(_ indices: [Int], note: String? = nil) -> AttributionReport.HeadlineCount {
      if let note {
        return .init(
          estimate: nil, ci95: nil, per100Interactions: nil, per100Ci95: nil, note: note)
      }
      let e = estimates.estimate(indices)
      let rate = estimates.estimate(indices, per: n / 100)
      return .init(
        estimate: e.estimate, ci95: e.ci95, per100Interactions: rate.estimate,
        per100Ci95: e.ci95.flatMap { _ in rate.ci95 }, note: e.note)
    }
    let system = count(ReportAssembly.system, note: systemNote)
    let staff = count([EffectLayout.staffOwn], note: staffNote)
    return .init(
      systemCausedRepeats: system, staffOwnCausedRepeats: staff,
      sentence: sentence(system: system, staff: staff, caused: caused))
  }

  private func sentence(
    system: AttributionReport.HeadlineCount, staff: AttributionReport.HeadlineCount,
    caused: AttributionReport.Estimate
  ) -> String {
    func range(_ ci: [Double]?) -> String {
      guard let ci else { return "" }
      return " (\(whole(ci[0])) to \(whole(ci[1])))"
    }
    var text: String
    if let value = system.estimate, let per100 = system.per100Interactions {
      let figures =
        "\(whole(value)) repeat contacts\(range(system.ci95)), \(oneDecimal(per100)) per 100 "
        + "interactions"
      text =
        value < 0
        ? "No repeat can be put down to system failures: the estimate is \(figures)"
        : "System failures caused \(figures)"
    } else {
      text = "What the system caused cannot be told: \(system.note ?? "not modelled")"
    }
    if let ci = system.ci95, ci[0] <= 0 && ci[1] >= 0 {
      text += ", a figure that the data cannot tell from none"
    }
    if let own = staff.estimate {
      text += "; errors of staff alone caused \(whole(own))\(range(staff.ci95))."
    } else {
      text += "; what staff caused cannot be told: \(staff.note ?? "not modelled")."
    }
    return text
  }

  private func whole(_ x: Double) -> String { grouped(x) }

  private func repeats(_ caused: AttributionReport.Estimate) -> AttributionReport.Repeats {
    let window = fitted.input.study.repeatWindow
    let later = Double(fitted.laterContacts)
    let note =
      caused.note
      ?? fitted.correction.map { _ in
        "later contacts as they are recorded, less all caused repeats: where ids are wrong, some of "
          + "those do not appear as later contacts, so that this is too low"
      }
    let coincidental = AttributionReport.Estimate(
      estimate: caused.estimate.map { later - $0 },
      ci95: caused.ci95.map { [later - $0[1], later - $0[0]] }, note: note)
    return .init(
      windowDays: window.windowDays,
      countedByRule: .init(
        rule: "followed by the same customer\(window.ruleSameTopic ? " and topic" : "") within "
          + "\(NumberText.plain(window.ruleWindowDays)) days",
        count: rule.count, rate: rule.rate), caused: caused, coincidental: coincidental)
  }

  private func split() -> AttributionReport.Split {
    let own: AttributionReport.Part
    if let note = staffNote {
      own = .init(estimate: nil, ci95: nil, share: nil, shareCi95: nil, note: note)
    } else {
      own = estimates.part(EffectLayout.staffOwn)
    }
    let direct: AttributionReport.Part
    if let note = systemNote {
      direct = .init(estimate: nil, ci95: nil, share: nil, shareCi95: nil, note: note)
    } else {
      direct = estimates.part(EffectLayout.systemDirect)
    }
    let through =
      staffNote != nil
      ? own : systemNote != nil ? direct : estimates.part(EffectLayout.systemThroughStaff)
    return .init(
      systemDirect: direct, systemThroughStaff: through, staffOwn: own,
      baseline: estimates.part(EffectLayout.baseline))
  }
}

enum NumberText {
  /// A number without a fraction where it has none.
  static func plain(_ x: Double) -> String {
    x == x.rounded() && abs(x) < 1e15 ? String(Int(x)) : String(x)
  }
}
