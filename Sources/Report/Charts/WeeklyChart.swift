import Attribution

/// Caused repeats by week and part, with customers' satisfaction over them.
enum WeeklyChart {
  static func chart(_ report: AttributionReport) -> Chart {
    let hasSatisfaction = report.weekly.contains { $0.csat != nil }
    // A part that cannot be told has no place in the bars.
    let parts = SplitPart.allCases.filter { $0.part(of: report.split).estimate != nil }
    let weeks = Findings.weeksWorthShowing(report.weekly)
    let thin = report.weekly.count - weeks.count
    let left =
      thin > 0
      ? " \(thin) \(thin == 1 ? "week" : "weeks") with hardly any contacts at the log's ends "
        + "\(thin == 1 ? "is" : "are") left out; the table has all." : ""
    let line = hasSatisfaction ? " The line with points, on the right axis, is mean CSAT." : ""
    return ChartParts.chart(
      name: "weekly", title: Findings.weekly(report),
      reading: "Bars: expected repeats by the week of the contact that caused them.\(line) "
        + "Pale weeks are too recent for all their repeats to have come.\(left)",
      height: 260,
      content: [
        .init("data", ["values": .array(weeks.flatMap { rows($0, parts: parts) })]),
        .init(
          "encoding",
          [
            "x": [
              "field": "week", "type": "ordinal",
              "axis": ["title": nil, "labelAngle": -40, "labelOverlap": true],
            ]
          ]),
        .init("layer", .array([bars(parts)] + (hasSatisfaction ? [satisfaction(weeks)] : []))),
        .init("resolve", ["scale": ["y": "independent"]]),
      ])
  }

  private static func rows(
    _ week: AttributionReport.WeekOfRepeats, parts: [SplitPart]
  ) -> [JSONValue] {
    let complete = week.exposure >= Findings.completeExposure
    return parts.enumerated().map { order, part in
      [
        "week": .string(week.week), "part": .string(part.title), "order": .integer(order),
        "repeats": JSONValue(part.value(in: week)), "complete": .bool(complete),
        // Once a week, so that the line has one point.
        "csat": order == 0 ? JSONValue(week.csat) : .null,
      ]
    }
  }

  private static func bars(_ parts: [SplitPart]) -> JSONValue {
    [
      "mark": ["type": "bar"],
      "encoding": [
        "y": [
          "field": "repeats", "type": "quantitative", "title": "expected repeats", "stack": true,
        ],
        "order": ["field": "order", "type": "quantitative"],
        "color": [
          "field": "part", "type": "nominal",
          "scale": [
            "domain": .array(parts.map { .string($0.title) }),
            "range": .array(parts.map(ChartParts.colour)),
          ],
        ],
        "opacity": ["condition": ["test": "datum.complete", "value": 1], "value": 0.45],
        "tooltip": [
          ["field": "week", "type": "ordinal", "title": "week"],
          ["field": "part", "type": "nominal", "title": "part"],
          ["field": "repeats", "type": "quantitative", "title": "repeats", "format": ",.1f"],
        ],
      ],
    ]
  }

  private static func satisfaction(_ weeks: [AttributionReport.WeekOfRepeats]) -> JSONValue {
    [
      "transform": [["filter": "datum.csat != null"]],
      "mark": ["type": "line", "strokeWidth": 2, "point": ["size": 40, "filled": true]],
      "encoding": [
        "y": [
          "field": "csat", "type": "quantitative",
          "scale": ["domain": satisfactionDomain(weeks.compactMap(\.csat)), "zero": false],
          "axis": ["title": "CSAT", "orient": "right", "grid": false, "tickCount": 4],
        ],
        "tooltip": [
          ["field": "week", "type": "ordinal", "title": "week"],
          ["field": "csat", "type": "quantitative", "title": "CSAT", "format": ".2f"],
        ],
      ],
    ]
  }

  /// An axis around the scores that is wide enough for weekly noise to look like noise: half a point
  /// or a tenth of the score beyond them, at whole numbers.
  private static func satisfactionDomain(_ scores: [Double]) -> JSONValue {
    let (low, high) = (scores.min() ?? 0, scores.max() ?? 0)
    let margin = max(0.5, 0.1 * high.magnitude)
    return [.number((low - margin).rounded(.down)), .number((high + margin).rounded(.up))]
  }
}
