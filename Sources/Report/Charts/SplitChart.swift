import Attribution

/// The four parts of the caused repeats as a waterfall, each with its interval.
enum SplitChart {
  static func chart(_ report: AttributionReport) -> Chart {
    let rows = rows(report)
    return ChartParts.chart(
      name: "split", title: Findings.split(report),
      reading: "Each bar begins where the one above ends; together they are all caused repeats. "
        + "Lines show 95% intervals.",
      height: ChartParts.height(rows: rows.count),
      content: [
        .init("data", ["values": .array(rows)]),
        .init(
          "encoding",
          ["y": ["field": "label", "type": "nominal", "sort": nil, "axis": ChartParts.twoLineAxis]]),
        .init("layer", [bars, intervals]),
      ])
  }

  private static func rows(_ report: AttributionReport) -> [JSONValue] {
    var rows: [JSONValue] = []
    var start = 0.0
    for part in SplitPart.allCases {
      let value = part.part(of: report.split)
      guard let estimate = value.estimate else { continue }
      rows.append(row(part.title, from: start, estimate: estimate, interval: value.ci95))
      start += estimate
    }
    let caused = report.repeats.caused
    if let estimate = caused.estimate {
      rows.append(row("All caused repeats", from: 0, estimate: estimate, interval: caused.ci95))
    }
    return rows
  }

  private static func row(
    _ title: String, from start: Double, estimate: Double, interval: [Double]?
  ) -> JSONValue {
    [
      "part": .string(title), "label": "\(title)|\(NumberWords.count(estimate, interval))",
      "from": .number(start), "to": .number(start + estimate), "estimate": .number(estimate),
      "low": JSONValue(interval.map { start + $0[0] }),
      "high": JSONValue(interval.map { start + $0[1] }),
    ]
  }

  private static let bars: JSONValue = [
    "mark": ["type": "bar", "height": ["band": 0.55]],
    "encoding": [
      "x": [
        "field": "from", "type": "quantitative", "title": "expected repeats",
        "axis": ["tickCount": 6, "labelOverlap": true],
      ],
      "x2": ["field": "to"],
      "color": [
        "field": "part", "type": "nominal", "legend": nil,
        "scale": [
          "domain": .array(SplitPart.allCases.map { .string($0.title) } + ["All caused repeats"]),
          "range": .array(SplitPart.allCases.map(ChartParts.colour) + ["#5b6b7a"]),
        ],
      ],
      "tooltip": [
        ["field": "part", "type": "nominal", "title": "part"],
        ["field": "estimate", "type": "quantitative", "title": "repeats", "format": ",.1f"],
      ],
    ],
  ]

  private static let intervals: JSONValue = [
    "transform": [["filter": "datum.low != null"]],
    "mark": ["type": "rule", "strokeWidth": 2],
    "encoding": ["x": ["field": "low", "type": "quantitative"], "x2": ["field": "high"]],
  ]
}
