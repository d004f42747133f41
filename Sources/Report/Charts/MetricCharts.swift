import Attribution

/// The four metrics by week, AI and staff apart.
enum MetricCharts {
  static func charts(_ report: AttributionReport) -> [Chart] {
    let metrics = report.metrics
    let weeks = Set(Findings.weeksWorthShowing(report.weekly).map(\.week))
    return [
      rate(
        "intent-resolution", "Intents resolved", metrics.intentResolutionRate, weeks),
      rate("action-success", "Actions completed", metrics.actionSuccessRate, weeks),
      latency(metrics.endToEndLatencyMs, weeks),
      rate(
        "repeat-contact", "Followed by a repeat", metrics.repeatContactRate, weeks),
    ]
  }

  private static func rate(
    _ name: String, _ title: String, _ metric: AttributionReport.Metric, _ shown: Set<String>
  ) -> Chart {
    let weekly = metric.byHandlerByWeek
    let rows = zip(["AI", "Staff"], [weekly.ai, weekly.staff]).flatMap { handler, weeks in
      weeks.compactMap { week -> JSONValue? in
        guard shown.contains(week.week), let estimate = week.estimate else { return nil }
        return [
          "week": .string(week.week), "handler": .string(handler), "rate": .number(estimate),
          "low": JSONValue(week.ci95?[0]), "high": JSONValue(week.ci95?[1]), "n": .integer(week.n),
        ]
      }
    }
    let handlerColour = colour(rows)
    let band: JSONValue = [
      "mark": ["type": "area", "opacity": 0.2],
      "encoding": [
        "y": ["field": "low", "type": "quantitative", "title": nil],
        "y2": ["field": "high"], "color": handlerColour,
      ],
    ]
    let line: JSONValue = [
      "mark": ["type": "line", "strokeWidth": 2.5, "point": ["size": 30, "filled": true]],
      "encoding": [
        "y": [
          "field": "rate", "type": "quantitative", "title": nil,
          "axis": ["format": "%", "tickCount": 5], "scale": ["zero": false],
        ],
        "color": handlerColour,
        "tooltip": [
          ["field": "week", "type": "ordinal", "title": "week"],
          ["field": "handler", "type": "nominal", "title": "handled by"],
          ["field": "rate", "type": "quantitative", "title": "rate", "format": ".1%"],
          ["field": "n", "type": "quantitative", "title": "interactions", "format": ","],
        ],
      ],
    ]
    return ChartParts.chart(
      name: "metric-\(name)", title: Findings.rate(title, metric.byHandler),
      reading: "By week of the interaction; bands show 95% intervals.", height: 180,
      content: [
        .init("data", ["values": .array(rows)]), .init("encoding", ["x": weekAxis]),
        .init("layer", [band, line]),
      ])
  }

  private static func latency(
    _ latency: AttributionReport.Latency, _ shown: Set<String>
  ) -> Chart {
    let weekly = latency.byHandlerByWeek
    let rows = zip(["AI", "Staff"], [weekly.ai, weekly.staff]).flatMap { handler, weeks in
      weeks.flatMap { week -> [JSONValue] in
        [("median", week.p50), ("95th percentile", week.p95)].compactMap { name, value in
          // A logarithmic axis has no zero.
          guard shown.contains(week.week), let value, value > 0 else { return nil }
          return [
            "week": .string(week.week), "handler": .string(handler), "quantile": .string(name),
            "seconds": .number(value / 1_000),
          ]
        }
      }
    }
    return ChartParts.chart(
      name: "metric-latency", title: Findings.latency(latency),
      reading: "By week, on a logarithmic scale: median (solid) and 95th percentile "
        + "(dashed).", height: 180,
      content: [
        .init("data", ["values": .array(rows)]),
        .init("mark", ["type": "line", "strokeWidth": 2.5]),
        .init(
          "encoding",
          [
            "x": weekAxis,
            "y": [
              "field": "seconds", "type": "quantitative", "title": nil,
              "scale": ["type": "log", "nice": false],
              "axis": [
                "values": .array(ticks.map { .number($0.seconds) }), "labelOverlap": true,
                "labelExpr": .string(tickLabels),
              ],
            ],
            "color": colour(rows),
            "strokeDash": [
              "field": "quantile", "type": "nominal", "legend": nil,
              "scale": ["domain": ["median", "95th percentile"], "range": [[1, 0], [5, 4]]],
            ],
          ]),
      ])
  }

  private static let ticks: [(seconds: Double, label: String)] = [
    (0.01, "10 ms"), (0.1, "0.1 s"), (1, "1 s"), (3, "3 s"), (10, "10 s"), (30, "30 s"),
    (60, "1 min"), (180, "3 min"), (600, "10 min"), (1_800, "30 min"), (3_600, "1 h"),
    (10_800, "3 h"), (36_000, "10 h"), (86_400, "1 day"),
  ]

  private static let tickLabels = ChartParts.labelExpression(
    ticks.map { (value: $0.seconds, label: $0.label) })

  private static let weekAxis: JSONValue = [
    "field": "week", "type": "ordinal",
    "axis": ["title": nil, "labelAngle": -40, "labelOverlap": true],
  ]

  /// Colours of the handlers that occur.
  private static func colour(_ rows: [JSONValue]) -> JSONValue {
    let handlers = [("AI", ChartParts.Colour.ai), ("Staff", ChartParts.Colour.staff)]
      .filter { name, _ in rows.contains { $0["handler"] == .string(name) } }
    return [
      "field": "handler", "type": "nominal", "legend": ["symbolOpacity": 1],
      "scale": [
        "domain": .array(handlers.map { .string($0.0) }), "range": .array(handlers.map(\.1)),
      ],
    ]
  }
}
