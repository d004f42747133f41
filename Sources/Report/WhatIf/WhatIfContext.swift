import WhatIf

/// What the template of a what-if's page sees.
struct WhatIfContext {
  struct Warning {
    let title: String
  }
  struct Step {
    let place: String
    let title: String
  }

  let title: String
  let eyebrow: String
  let sentence: String
  let attribution: String?
  let answers: [String]
  let hasAnswers: Bool
  let hasTiles: Bool
  let warnings: [Warning]
  let hasWarnings: Bool
  let contents: [Step]
  let curves: CurveSection
  let hasCurves: Bool
  let local: LocalSection
  let optimum: OptimumSection
  let policies: [PolicySection]
  let hasPolicies: Bool
  let changes: ChangesSection
  let score: ScoreContext
  let assumptions: [String]
  let hasAssumptions: Bool
  let hasCharts: Bool
  let style: String
  let script: String
  let bundle: String
  let chartData: [ChartData]

  /// - Parameter bundle: the JavaScript that draws Vega-Lite; nil: the page has its tables only.
  init(_ what: WhatIfContents, charts: [Chart], bundle: String?) {
    let report = what.thresholds
    title = report == nil ? "What if it were different?" : "What if the threshold were different?"
    eyebrow = Self.eyebrow(report, title: title)
    let headline = WhatIfFindings.headline(what)
    sentence = headline
    attribution = what.attribution
    answers = Self.answers(what).filter { $0 != headline }
    hasAnswers = report != nil || !answers.isEmpty || attribution != nil
    warnings = Self.warnings(what).map(Warning.init)
    hasWarnings = !warnings.isEmpty
    hasTiles = report != nil || hasWarnings
    curves = CurveSection(report, what.currency, charts)
    hasCurves = report != nil
    local = LocalSection(report?.discontinuities ?? [], charts)
    optimum = OptimumSection(report, what.currency, charts)
    policies = (report?.policies ?? []).map { PolicySection($0, what.currency) }
    hasPolicies = !policies.isEmpty
    changes = ChangesSection(what.changes, charts)
    score = ScoreContext(what.score, note: what.scoreNote, charts)
    assumptions = report?.assumptions ?? []
    hasAssumptions = !assumptions.isEmpty
    hasCharts = bundle != nil
    style = PageStyle.css + "\n" + WhatIfTemplate.style
    script = PageScript.javascript
    self.bundle = bundle.map { PageContext.escapingMarkup($0) } ?? ""
    chartData = bundle == nil ? [] : charts.filter(\.hasData).map(ChartData.init)
    let steps: [(Bool, String, String)] = [
      (hasCurves, "curve", "Each threshold"), (curves.hasGroups, "groups", "By \(curves.by)"),
      (local.hasAny, "local", "At the thresholds in force"),
      (optimum.hasAny, "optimum", "Least cost"), (hasPolicies, "policies", "Named policies"),
      (changes.hasAny, "changes", "Other changes"), (score.hasAny, "score", "The score"),
      (hasCurves, "support", "What the log can know"),
      (hasAssumptions, "assumptions", "Assumptions"),
    ]
    contents = steps.filter(\.0).map { Step(place: $0.1, title: $0.2) }
  }

  private static func eyebrow(_ report: WhatIfReport?, title: String) -> String {
    guard let report else { return title }
    return "\(title) \(report.period.from.prefix(10)) to \(report.period.to.prefix(10)), "
      + "\(NumberWords.count(report.units.firstContacts)) first contacts of "
      + "\(NumberWords.count(report.units.customers)) customers"
  }

  /// One sentence for each thing that was asked.
  private static func answers(_ what: WhatIfContents) -> [String] {
    var list: [String] = []
    if let report = what.thresholds {
      if let least = WhatIfFindings.optimum(report, currency: what.currency) { list.append(least) }
      list += WhatIfCharts.outcomes(report).prefix(4).map {
        WhatIfFindings.curve(report.curve, $0, currency: what.currency)
      }
    }
    if let changes = what.changes { list.append(WhatIfFindings.changes(changes)) }
    if let score = what.score { list.append(WhatIfFindings.calibration(score)) }
    return list
  }

  /// What keeps the numbers from being taken as they stand.
  private static func warnings(_ what: WhatIfContents) -> [String] {
    var list: [String] = []
    if let score = what.score, score.drift.warns { list.append(score.drift.sentence) }
    guard let report = what.thresholds else { return list }
    if let trend = report.trendCheck, trend.p < 0.05 { list.append(trend.meaning) }
    let thin = ThresholdWords.stretches(report.curve.points) { $0.support.verdict == .thin }
    if !thin.isEmpty {
      list.append(
        "Too few contacts tell about \(ThresholdWords.list(thin)): do not rely on the bands there.")
    }
    let rests = Set(
      report.curve.points.filter { $0.support.verdict != .bounded }
        .flatMap(\.support.identification)
    ).subtracting(["as_logged"])
    if !rests.isEmpty, rests.isSubset(of: ["overrides", "mixed_handling"]) {
      list.append(
        "Estimates rest on \(ThresholdWords.list(rests.sorted().map(ThresholdWords.identification)))"
          + ": if those were the harder contacts, they mislead.")
    }
    let bunched = report.discontinuities.filter { ($0.densityP ?? 1) < 0.05 && $0.value == nil }
    for effect in bunched {
      list.append(
        "Scores bunch at the threshold \(ThresholdWords.score(effect.threshold)): contacts there may "
          + "have chosen their side, and the jump at it says little.")
    }
    return list
  }
}

extension ChartPlaces.Figure {
  /// The chart of that name; nil where there is none.
  static func named(_ name: String, _ charts: [Chart]) -> ChartPlaces.Figure? {
    charts.first { $0.name == name && $0.hasData }.map {
      ChartPlaces.Figure(name: $0.name, title: $0.title, reading: $0.reading)
    }
  }
}
