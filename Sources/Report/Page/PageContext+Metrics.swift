import Attribution

/// A rate or mean, overall and by handler.
struct MetricRow {
  struct Cell {
    let value: Markup
    let interval: Markup
    let n: Markup
  }
  let title: String
  let meaning: String
  /// Whether the log has it at all.
  let isKnown: Bool
  let overall: Cell
  let ai: Cell
  let staff: Cell

  static func rows(_ metrics: AttributionReport.Metrics) -> [MetricRow] {
    [
      MetricRow(
        "Intents resolved", "share of interactions in which what the customer wanted was resolved",
        metrics.intentResolutionRate, NumberWords.percent),
      MetricRow(
        "Actions completed", "share of actions that ended well", metrics.actionSuccessRate,
        NumberWords.percent),
      MetricRow(
        "Followed by a repeat", "by the customary rule, whatever brought the customer back",
        metrics.repeatContactRate, NumberWords.percent),
      MetricRow(
        "CSAT", "mean score that customers gave: perception, not truth", metrics.csat,
        { NumberWords.fixed($0, decimals: 2) }),
    ]
  }

  private init(
    _ title: String, _ meaning: String, _ metric: AttributionReport.Metric,
    _ words: (Double) -> String
  ) {
    self.title = title
    self.meaning = meaning
    isKnown = metric.overall.n > 0
    func cell(_ value: AttributionReport.MetricValue) -> Cell {
      Cell(
        value: value.estimate.map { .number($0, words($0)) } ?? .missing,
        interval: .interval(value.ci95, words), n: value.n > 0 ? .count(value.n) : .text(""))
    }
    overall = cell(metric.overall)
    ai = cell(metric.byHandler.ai)
    staff = cell(metric.byHandler.staff)
  }
}

/// Latency of one group of interactions.
struct LatencyRow {
  let title: String
  let p50: Markup
  let p95: Markup
  let p99: Markup
  let n: Markup

  static func rows(_ latency: AttributionReport.Latency) -> [LatencyRow] {
    [
      LatencyRow(
        "All",
        .init(p50: latency.p50, p95: latency.p95, p99: latency.p99, n: latency.n)),
      LatencyRow("AI", latency.byHandler.ai), LatencyRow("Staff", latency.byHandler.staff),
    ]
  }

  private init(_ title: String, _ value: AttributionReport.Quantiles) {
    self.title = title
    p50 = .duration(value.p50)
    p95 = .duration(value.p95)
    p99 = .duration(value.p99)
    n = .count(value.n)
  }
}

/// The metrics of one week, AI and staff apart.
struct MetricWeekRow {
  let week: String
  let cells: [Markup]

  static let headings = [
    "Resolved, AI", "Resolved, staff", "Completed, AI", "Completed, staff", "Median time, AI",
    "Median time, staff", "Repeat, AI", "Repeat, staff",
  ]

  static func rows(_ metrics: AttributionReport.Metrics) -> [MetricWeekRow] {
    func rate(_ weeks: [AttributionReport.WeekValue], _ week: String) -> Markup {
      .percent(weeks.first { $0.week == week }?.estimate)
    }
    func median(_ weeks: [AttributionReport.WeekQuantiles], _ week: String) -> Markup {
      .duration(weeks.first { $0.week == week }?.p50)
    }
    let rates = [
      metrics.intentResolutionRate, metrics.actionSuccessRate, metrics.repeatContactRate,
    ].map(\.byHandlerByWeek)
    let latency = metrics.endToEndLatencyMs.byHandlerByWeek
    return metrics.intentResolutionRate.byWeek.map(\.week).map { week in
      MetricWeekRow(
        week: week,
        cells: [
          rate(rates[0].ai, week), rate(rates[0].staff, week), rate(rates[1].ai, week),
          rate(rates[1].staff, week), median(latency.ai, week), median(latency.staff, week),
          rate(rates[2].ai, week), rate(rates[2].staff, week),
        ])
    }
  }
}
