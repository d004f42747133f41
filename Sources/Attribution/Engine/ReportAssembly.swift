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

  private struct Bucket {
    var interactions = 0
    var parts = [0.0, 0.0, 0.0, 0.0]
    var linked = 0
    var exposure = 0.0
    var csat = 0.0
    var csatCount = 0
  }

  private func fill(_ bucket: inout Bucket, row: Int, csat: NumberColumn?) {
    let table = fitted.input.table
    bucket.interactions += 1
    bucket.parts[0] += ledger.systemDirect?[row] ?? 0
    bucket.parts[1] += ledger.systemThroughStaff?[row] ?? 0
    bucket.parts[2] += ledger.staffOwn?[row] ?? 0
    bucket.parts[3] += ledger.baseline[row]
    if table.customer.codes[row] >= 0 {
      bucket.linked += 1
      bucket.exposure += ledger.exposure[row]
    }
    if let value = csat?[row] {
      bucket.csat += value
      bucket.csatCount += 1
    }
  }

  /// A part that staff have a share in; nil where the split does not tell it.
  private func staff(_ part: Double) -> Double? { ledger.staffOwn == nil ? nil : part }
  private func system(_ part: Double) -> Double? { ledger.systemDirect == nil ? nil : part }
  private func through(_ part: Double) -> Double? {
    ledger.systemThroughStaff == nil ? nil : part
  }

  private func weekly() -> [AttributionReport.WeekOfRepeats] {
    let table = fitted.input.table
    let csat = table.number("csat")
    var buckets: [Int: Bucket] = [:]
    let zone = fitted.input.study.source.zone
    for row in 0..<table.count {
      let week = ISOWeek(milliseconds: zone.local(fromUTC: table.startedAt[row]))
      fill(&buckets[week.ordinal, default: Bucket()], row: row, csat: csat)
    }
    return buckets.keys.sorted().compactMap { ordinal in
      guard let b = buckets[ordinal] else { return nil }
      return .init(
        week: ISOWeek(ordinal: ordinal).description, interactions: b.interactions,
        systemDirect: system(b.parts[0]), systemThroughStaff: through(b.parts[1]),
        staffOwn: staff(b.parts[2]),
        baseline: b.parts[3], csat: b.csatCount > 0 ? b.csat / Double(b.csatCount) : nil,
        exposure: b.linked > 0 ? b.exposure / Double(b.linked) : 0)
    }
  }

  private func topics() -> [AttributionReport.TopicOfRepeats] {
    let table = fitted.input.table
    var buckets = [Bucket](repeating: Bucket(), count: table.topic.values.count)
    for row in 0..<table.count where table.topic.codes[row] >= 0 {
      fill(&buckets[Int(table.topic.codes[row])], row: row, csat: nil)
    }
    return buckets.enumerated().filter { $0.element.interactions > 0 }.map { code, b in
      .init(
        topic: table.topic.values[code], interactions: b.interactions,
        systemDirect: system(b.parts[0]),
        systemThroughStaff: through(b.parts[1]), staffOwn: staff(b.parts[2]), baseline: b.parts[3])
    }
  }

  /// System-caused repeats per 100 interactions, week over week, had every window been covered.
  private func changes(_ weeks: [AttributionReport.WeekOfRepeats])
    -> [AttributionReport.ChangeResult]
  {
    var previous: Double?
    return weeks.compactMap { week in
      // Weeks that the log hardly covers would be blown up by the adjustment.
      guard week.exposure > 0.25, week.interactions > 0, let caused = week.systemCaused else {
        return nil
      }
      let rate =
        100 * caused
        / (Double(week.interactions) * week.exposure)
      defer { previous = rate }
      return .init(week: week.week, systemPer100: rate, difference: previous.map { rate - $0 })
    }
  }
}

enum NumberText {
  /// A number without a fraction where it has none.
  static func plain(_ x: Double) -> String {
    x == x.rounded() && abs(x) < 1e15 ? String(Int(x)) : String(x)
  }
}
