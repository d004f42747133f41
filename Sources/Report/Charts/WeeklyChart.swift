import Attribution

/// Caused repeats by week and part, with customers' satisfaction over them.
enum WeeklyChart {
  static func chart(_ report: AttributionReport) -> Chart {
    let hasSatisfaction = report.weekly.contains { $0.csat != nil }
    let line = hasSatisfaction ? " The line with points, on the right axis, is mean CSAT." : ""
    return ChartParts.chart(
      name: "weekly", title: Findings.weekly(report),
      reading: "Bars: expected repeats by the week of the contact that caused them.\(line) "
        + "Pale weeks are too recent for all their repeats to have come.",
      height: 260,
      content: [
        .init("data", ["values": .array(report.weekly.flatMap(rows))]),
        .init(
          "encoding",
          [
            "x": [
              "field": "week", "type": "ordinal",
              "axis": ["title": nil, "labelAngle": -40, "labelOverlap": true],
            ]
          ]),
        .init("layer", .array([bars] + (hasSatisfaction ? [satisfaction(report.weekly)] : []))),
        .init("resolve", ["scale": ["y": "independent"]]),
      ])
  }

  private static func rows(_ week: AttributionReport.WeekOfRepeats) -> [JSONValue] {
    let complete = week.exposure >= Findings.completeExposure
    return SplitPart.allCases.enumerated().map { order, part in
      [
        "week": .string(week.week), "part": .string(part.title), "order": .integer(order),
        "repeats": .number(part.value(in: week)), "complete": .bool(complete),
        // Once a week, so that the line has one point.
        "csat": order == 0 ? JSONValue(week.csat) : .null,
      ]
    }
  }

  private static let bars: JSONValue = [
    "mark": ["type": "bar"],
    "encoding": [
      "y": [
        "field": "repeats", "type": "quantitative", "title": "expected repeats", "stack": true,
      ],
      "order": ["field": "order", "type": "quantitative"],
      "color": [
        "field": "part", "type": "nominal",
        "scale": ["domain": ChartParts.partTitles, "range": ChartParts.partColours],
      ],
      "opacity": ["condition": ["test": "datum.complete", "value": 1], "value": 0.45],
      "tooltip": [
        ["field": "week", "type": "ordinal", "title": "week"],
        ["field": "part", "type": "nominal", "title": "part"],
        ["field": "repeats", "type": "quantitative", "title": "repeats", "format": ",.1f"],
      ],
    ],
  ]

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
