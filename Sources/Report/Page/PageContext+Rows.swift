import Attribution

/// The counts of the first screen.
struct HeadlineTiles {
  let system: Markup
  let systemInterval: Markup
  let systemPer100: Markup
  let systemPer100Interval: Markup
  let systemNote: String?
  /// What other models of the contacts that come anyway make of it, where they do not agree.
  let systemElsewhere: String?
  let staff: Markup
  let staffInterval: Markup
  let knowsStaff: Bool
  let staffPer100: Markup
  let staffPer100Interval: Markup
  let staffNote: String?
  let rule: String
  let ruleCount: Markup
  let ruleRate: Markup
  let caused: Markup
  let causedInterval: Markup
  let coincidental: Markup
  let coincidentalInterval: Markup

  init(_ report: AttributionReport) {
    let (own, repeats) = (report.headline.staffOwnCausedRepeats, report.repeats)
    let headline = report.headline.systemCausedRepeats
    system = .count(headline.estimate)
    systemInterval = .interval(headline.ci95, NumberWords.count)
    systemPer100 = .small(headline.per100Interactions)
    systemPer100Interval = .interval(headline.per100Ci95, NumberWords.small)
    systemNote = headline.note
    systemElsewhere = Self.elsewhere(report.checks)
    staff = .count(own.estimate)
    staffInterval = .interval(own.ci95, NumberWords.count)
    knowsStaff = own.estimate != nil
    staffPer100 = .small(own.per100Interactions)
    staffPer100Interval = .interval(own.per100Ci95, NumberWords.small)
    staffNote = own.note
    rule = repeats.countedByRule.rule
    ruleCount = .count(repeats.countedByRule.count)
    ruleRate = .percent(repeats.countedByRule.rate)
    caused = .count(repeats.caused.estimate)
    causedInterval = .interval(repeats.caused.ci95, NumberWords.count)
    coincidental = .count(repeats.coincidental.estimate)
    coincidentalInterval = .interval(repeats.coincidental.ci95, NumberWords.count)
  }

  private static func elsewhere(_ checks: [AttributionReport.Check]) -> String? {
    guard let check = checks.first(where: { $0.name == "background_sensitivity" }),
      check.verdict == .warn || check.verdict == .fail
    else { return nil }
    let values = (check.details ?? [:]).filter { $0.key.hasSuffix(".system_caused") }.values
    guard let least = values.min(), let most = values.max() else { return nil }
    return
      "Between \(NumberWords.count(least)) and \(NumberWords.count(most)) if the contacts that "
      + "come anyway are modelled otherwise"
  }
}

/// One part of the split, or all of them.
struct SplitRow {
  let title: String
  let meaning: String
  let estimate: Markup
  let interval: Markup
  let share: Markup
  let shareInterval: Markup
  let note: String?
  let isTotal: Bool

  static func rows(_ report: AttributionReport) -> [SplitRow] {
    let parts = SplitPart.allCases.map { part in
      let value = part.part(of: report.split)
      return SplitRow(
        title: part.title, meaning: part.meaning, estimate: .count(value.estimate),
        interval: .interval(value.ci95, NumberWords.count), share: .percent(value.share),
        shareInterval: .interval(value.shareCi95, NumberWords.percent), note: value.note,
        isTotal: false)
    }
    let caused = report.repeats.caused
    return parts + [
      SplitRow(
        title: "All caused repeats", meaning: "", estimate: .count(caused.estimate),
        interval: .interval(caused.ci95, NumberWords.count), share: .text(""),
        shareInterval: .text(""), note: caused.note, isTotal: true)
    ]
  }
}

/// A failure mode, or one component of it.
struct ModeRow {
  let title: String
  let meaning: String?
  let component: String?
  let side: String
  let interactions: Markup
  let caused: Markup
  let causedInterval: Markup
  let perInteraction: Markup
  let removed: Markup
  let removedInterval: Markup
  let eValue: Markup
  let notes: [String]

  static func wholes(_ ranked: RankedModes) -> [ModeRow] {
    ranked.modes.map { ModeRow($0.whole, component: $0.onlyComponent, isComponent: false) }
  }

  /// The components of modes that have several.
  static func components(_ ranked: RankedModes) -> [ModeRow] {
    ranked.modes.flatMap { mode in
      mode.components.map { ModeRow($0, component: $0.component, isComponent: true) }
    }
  }

  private init(_ result: AttributionReport.ModeResult, component: String?, isComponent: Bool) {
    title = ModeWords.title(result.mode)
    meaning = isComponent ? nil : ModeWords.meaning(result.mode)
    // A staff mode's component is often just `staff`, which the side says already.
    self.component = component == result.side ? nil : component
    side = result.side == "staff" ? "Staff" : "System"
    interactions = .count(result.interactions)
    caused = .count(result.caused.estimate)
    causedInterval = .interval(result.caused.ci95, NumberWords.count)
    perInteraction = .small(result.perInteraction.estimate)
    removed = .count(result.ifRemoved.estimate)
    removedInterval = .interval(result.ifRemoved.ci95, NumberWords.count)
    eValue = result.eValue.map { Markup.decimals($0, 1) } ?? .text("–")
    var notes: [String] = []
    for note in [result.note, result.caused.note, result.ifRemoved.note] {
      if let note, !notes.contains(note) { notes.append(note) }
    }
    self.notes = notes
  }
}

/// The four parts for one topic or week.
struct PartsRow {
  let title: String
  let interactions: Markup
  let parts: [Cell]
  let csat: Markup
  let per100: Markup
  let isIncomplete: Bool

  struct Cell {
    let value: Markup
    let interval: Markup

    init(_ value: Double?, _ interval: [Double]?) {
      self.value = .count(value)
      self.interval = .interval(interval, NumberWords.count)
    }
  }

  init(_ topic: AttributionReport.TopicOfRepeats) {
    title = topic.topic
    interactions = .count(topic.interactions)
    parts = SplitPart.allCases.map { Cell($0.value(in: topic), $0.interval(in: topic.ci95)) }
    csat = .text("")
    per100 = .text("")
    isIncomplete = false
  }

  private init(_ week: AttributionReport.WeekOfRepeats, per100: Double?) {
    title = week.week
    interactions = .count(week.interactions)
    parts = SplitPart.allCases.map { Cell($0.value(in: week), nil) }
    csat = .decimals(week.csat, 2)
    self.per100 = .small(per100)
    isIncomplete = week.exposure < Findings.completeExposure
  }

  static func weeks(_ report: AttributionReport) -> [PartsRow] {
    report.weekly.map { week in
      PartsRow(week, per100: report.change.first { $0.week == week.week }?.systemPer100)
    }
  }
}

/// A check with its verdict in words.
struct CheckRow {
  struct Detail {
    let name: String
    let value: Markup
  }
  let title: String
  let verdict: String
  let verdictClass: String
  let meaning: String
  let details: [Detail]
  let hasDetails: Bool

  /// Checks that ask for attention first, else in the report's order.
  static func rows(_ checks: [AttributionReport.Check]) -> [CheckRow] {
    let order: [AttributionReport.Verdict] = [.fail, .warn, .pass, .notApplicable]
    return order.flatMap { verdict in checks.filter { $0.verdict == verdict } }.map(CheckRow.init)
  }

  private init(_ check: AttributionReport.Check) {
    title = ModeWords.title(check.name)
    verdict = ModeWords.verdict(check.verdict)
    verdictClass = check.verdict.rawValue
    meaning = check.meaning
    details = (check.details ?? [:])
      .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { Detail(name: Self.words($0.key), value: .precise($0.value)) }
    hasDetails = !details.isEmpty
  }

  /// `3_4.expected` as "3–4: expected".
  private static func words(_ key: String) -> String {
    key.split(separator: ".").map { part in
      let words = part.split(separator: "_")
      return words.count > 1 && words.allSatisfy { Int($0) != nil }
        ? words.joined(separator: "–") : ModeWords.title(String(part))
    }.joined(separator: ": ")
  }

  static func summary(_ checks: [AttributionReport.Check]) -> String {
    func count(_ verdict: AttributionReport.Verdict) -> Int {
      checks.count { $0.verdict == verdict }
    }
    let (passed, cautions, failures) = (count(.pass), count(.warn), count(.fail))
    let made = passed + cautions + failures
    guard made > 0 else { return "No check could be made." }
    guard passed < made else { return "All \(made) checks pass." }
    var words = ["\(passed) of \(made) checks pass"]
    if cautions > 0 { words.append("\(cautions) \(cautions == 1 ? "asks" : "ask") for caution") }
    if failures > 0 { words.append("\(failures) \(failures == 1 ? "fails" : "fail")") }
    return words.joined(separator: ", ") + "."
  }
}
