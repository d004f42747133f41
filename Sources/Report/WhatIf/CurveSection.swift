import WhatIf

/// A table of one outcome at every threshold: what the chart above it is drawn from.
struct CurveTable {
  struct Row {
    let threshold: String
    let automated: Markup
    /// `estimate`, `few contacts`, `bounds` or `cannot be told`.
    let kind: String
    let value: Markup
    let valueInterval: Markup
    let change: Markup
    let changeInterval: Markup
    let weighted: Markup
    let direct: Markup
    let effective: Markup
    let isToday: Bool
  }
  let title: String
  let caption: String
  let rows: [Row]

  /// - Parameter most: rows at most; of more, every so many.
  init(_ curve: ThresholdCurve, _ outcome: PolicyOutcome, _ currency: String?, most: Int = .max) {
    let words = OutcomeWords(outcome, currency: currency)
    title = words.title
    let points =
      curve.points.count > most
      ? (0..<most).map { curve.points[$0 * (curve.points.count - 1) / (most - 1)] } : curve.points
    caption =
      words.axis.capitalisedFirst
      + (points.count < curve.points.count
        ? "; \(points.count) of \(curve.points.count) thresholds, whatif.json has all" : "")
    rows = points.map { point in
      let value = point.outcomes.first { $0.outcome == outcome }
      return CurveTable.row(
        point, value, words, isToday: curve.thresholdsToday.contains(point.threshold))
    }
  }

  private static func row(
    _ point: CurvePoint, _ value: OutcomeValue?, _ words: OutcomeWords, isToday: Bool
  ) -> Row {
    func shown(_ value: Double?) -> Markup {
      value.map { .number($0 * words.scale, words.number($0)) } ?? .text(NumberWords.missing)
    }
    func ends(_ bounds: [Double]?) -> Markup {
      .interval(bounds.map { $0.map { $0 * words.scale } }) {
        NumberWords.fixed($0, decimals: words.decimals)
      }
    }
    let isEstimate = value?.doublyRobust.estimate != nil
    let kind =
      if isEstimate {
        point.support.verdict == .thin ? "few contacts" : "estimate"
      } else {
        value?.bounds == nil ? "cannot be told" : "bounds"
      }
    return Row(
      threshold: ThresholdWords.score(point.threshold),
      automated: .percent(point.automatedShare), kind: kind,
      value: isEstimate ? shown(value?.doublyRobust.estimate) : ends(value?.bounds?.ci95),
      valueInterval: ends(value?.doublyRobust.ci95),
      change: isEstimate ? shown(value?.change.estimate) : ends(value?.changeBounds?.ci95),
      changeInterval: ends(value?.change.ci95),
      weighted: shown(value?.inversePropensity.estimate),
      direct: shown(value?.directMethod.estimate),
      effective: .count(point.support.effectiveN.rounded()), isToday: isToday)
  }
}

/// Outcomes as functions of the threshold, for all contacts and by group, and what the log supports.
struct CurveSection {
  struct Group {
    let title: String
    let firstContacts: Markup
    let figure: ChartPlaces.Figure?
    let table: CurveTable
    let today: String
    let hasToday: Bool
  }

  let repeats: ChartPlaces.Figure?
  let change: ChartPlaces.Figure?
  let table: CurveTable?
  /// Whether one threshold alone was asked about, of which there is no curve.
  let isOne: Bool
  let others: [ChartPlaces.Figure]
  let otherTables: [CurveTable]
  let hasOthers: Bool
  let by: String
  let groups: [Group]
  let hasGroups: Bool
  let groupsLeftOut: String?
  let today: String
  let hasToday: Bool
  let judged: String
  let support: [String]
  let plans: [ExplorationRow]
  let plansFor: String
  let hasPlans: Bool
  let leftOut: String
  let absent: [String]
  let hasAbsent: Bool

  struct ExplorationRow {
    let rate: Markup
    let days: Markup
  }

  /// Rows of a group's table, so that many groups stay readable.
  private static let groupRows = 21

  init(_ report: WhatIfReport?, _ currency: String?, _ charts: [Chart]) {
    guard let report else {
      (repeats, change, table, others, otherTables, hasOthers) = (nil, nil, nil, [], [], false)
      (by, groups, hasGroups, groupsLeftOut, today, hasToday) = ("", [], false, nil, "", false)
      (judged, support, plans, plansFor, hasPlans) = ("", [], [], "", false)
      (leftOut, absent, hasAbsent, isOne) = ("", [], false, false)
      return
    }
    let curve = report.curve
    repeats = .named("whatif-repeats", charts)
    change = .named("whatif-repeats-change", charts)
    table = CurveTable(curve, .repeats, currency)
    isOne = curve.points.count == 1
    let further = WhatIfCharts.outcomes(report).filter { $0 != .repeats }
    others = further.compactMap {
      .named("whatif-" + $0.rawValue.split(separator: "_").joined(separator: "-"), charts)
    }
    otherTables = further.map { CurveTable(curve, $0, currency) }
    hasOthers = !further.isEmpty
    by = report.by.map { ModeWords.title($0).lowercased() } ?? ""
    let drawn = WhatIfCharts.drawnGroups(report)
    groups = drawn.map { place, group in
      let number = String(place + 1)
      let name = "whatif-group-\(String(repeating: "0", count: max(0, 3 - number.count)))\(number)"
      return Group(
        title: WhatIfFindings.title(group.value ?? ""),
        firstContacts: .count(group.firstContacts), figure: .named(name, charts),
        table: CurveTable(group, .repeats, currency, most: Self.groupRows),
        today: ThresholdWords.today(group.thresholdsToday),
        hasToday: !group.thresholdsToday.isEmpty)
    }
    hasGroups = !groups.isEmpty
    groupsLeftOut =
      drawn.count < report.groups.count
      ? "The \(drawn.count) with the most first contacts of \(report.groups.count); whatif.json has "
        + "all." : nil
    today = ThresholdWords.today(curve.thresholdsToday)
    hasToday = !curve.thresholdsToday.isEmpty
    let estimated = curve.points.count { $0.support.verdict != .bounded }
    judged = "\(estimated) of \(curve.points.count)"
    support = Self.support(report)
    let nearest = curve.points.filter { $0.support.verdict == .bounded }
      .min { $0.support.outsideShare < $1.support.outsideShare }
    plans = (nearest?.exploration?.plans ?? []).map {
      ExplorationRow(rate: .percent($0.rate), days: .count($0.days.rounded(.up)))
    }
    hasPlans = !plans.isEmpty
    plansFor =
      nearest.map {
        "To know what \(ThresholdWords.score($0.threshold)) brings to ±"
          + "\(NumberWords.precise(($0.exploration?.halfWidth ?? 0) * 100)) repeats per 100 first "
          + "contacts, handle a share of the contacts concerned the other way at random:"
      } ?? ""
    let out = report.units.leftOut
    leftOut =
      "A first contact is one without an earlier contact of its customer in the "
      + "\(NumberWords.precise(report.windowDays)) days before; with it counts what followed within "
      + "as many days. Left out are \(NumberWords.count(out.nearStart)) too near the log's start, "
      + "\(NumberWords.count(out.nearEnd)) too near its end, and "
      + "\(NumberWords.count(out.withoutDecision)) without score or handler."
    absent = report.absent.map {
      "\(OutcomeWords($0.outcome, currency: currency).title): \($0.reason)."
    }
    hasAbsent = !absent.isEmpty
  }

  /// What the log can say of which thresholds, in plain words.
  private static func support(_ report: WhatIfReport) -> [String] {
    let points = report.curve.points
    var list: [String] = []
    let estimated = ThresholdWords.stretches(points) { $0.support.verdict != .bounded }
    let bounded = ThresholdWords.stretches(points) { $0.support.verdict == .bounded }
    let rests = Set(
      points.filter { $0.support.verdict != .bounded }.flatMap(\.support.identification)
    ).subtracting(["as_logged"]).sorted().map(ThresholdWords.identification)
    if !estimated.isEmpty {
      list.append(
        "\(ThresholdWords.list(estimated)): estimates. Contacts like those that would change hands "
          + "were handled both ways"
          + (rests.isEmpty ? "." : "; they rest on \(ThresholdWords.list(rests))."))
    }
    if !bounded.isEmpty {
      list.append(
        "\(ThresholdWords.list(bounded)): bounds only. The log has hardly seen some of the contacts "
          + "handled that way, so the truth can lie anywhere between the bounds, which assume that "
          + "contacts of a higher score, handled alike, bring no more repeats, and that no first "
          + "contact brings more than \(NumberWords.precise(report.ceiling)) repeats on average.")
    }
    return list
  }
}
