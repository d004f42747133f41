import WhatIf

/// How often intents are right by score, beside what the score says; by part of the log where the score
/// changed its scale between them.
enum CalibrationChart {
  /// nil where there are too few reviewed scores for a curve.
  static func chart(_ report: ScoreReport) -> Chart? {
    let drawn = drawn(report)
    guard !drawn.isEmpty else { return nil }
    let rows = drawn.flatMap { section in
      (section.curve?.points ?? []).map { row($0, part: section.name) }
    }
    let scores = drawn.flatMap { ($0.curve?.points ?? []).map(\.meanScore) }
    let ends = [scores.min() ?? 0, scores.max() ?? 1]
    let diagonal = ends.map { ["score": .number($0), "right": .number($0)] as JSONValue }
    let colour: JSONValue = [
      "field": "part", "type": "nominal", "sort": nil,
      "legend": drawn.count > 1 ? ["title": nil, "symbolOpacity": 1] : nil,
      "scale": ["range": ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]],
    ]
    let x: JSONValue = [
      "field": "score", "type": "quantitative", "scale": ["zero": false, "nice": false],
      "axis": ["title": "score", "grid": false, "format": ".2~f", "tickCount": 8],
    ]
    func y(_ field: String) -> JSONValue {
      [
        "field": .string(field), "type": "quantitative", "scale": ["zero": false],
        "axis": ["title": "share right", "format": ".0%", "tickCount": 6],
      ]
    }
    return ChartParts.chart(
      name: "whatif-calibration", title: WhatIfFindings.calibration(report),
      reading: "Share of reviewed intents that were right, in bins of equal counts; lines are 95% "
        + "intervals of each point, the band holds for the whole curve. Dashed: what the score says.",
      height: 280,
      content: [
        .init("data", ["values": .array(rows)]),
        .init(
          "layer",
          [
            [
              "mark": ["type": "area", "opacity": 0.2],
              "encoding": [
                "x": x, "y": y("band_low"), "y2": ["field": "band_high"], "color": colour,
              ],
            ],
            [
              "data": ["values": .array(diagonal)],
              "mark": [
                "type": "line", "strokeDash": [6, 4], "strokeWidth": 1.5,
                "color": ChartParts.Colour.baseline,
              ],
              "encoding": ["x": x, "y": y("right")],
            ],
            [
              "mark": ["type": "rule", "strokeWidth": 1.5],
              "encoding": ["x": x, "y": y("low"), "y2": ["field": "high"], "color": colour],
            ],
            [
              "mark": [
                "type": "line", "strokeWidth": 2, "point": ["size": 45, "filled": true],
              ],
              "encoding": [
                "x": x, "y": y("right"), "color": colour,
                "tooltip": [
                  [
                    "field": "score", "type": "quantitative", "title": "mean score",
                    "format": ".3f",
                  ],
                  ["field": "right", "type": "quantitative", "title": "right", "format": ".1%"],
                  ["field": "n", "type": "quantitative", "title": "reviewed", "format": ","],
                ],
              ],
            ],
          ]),
      ])
  }

  /// The sections whose curves are drawn.
  static func drawn(_ report: ScoreReport) -> [ScoreReport.Section] {
    let parts = report.sections.filter { $0.by == "part" && $0.curve != nil }
    if report.drift.warns, !parts.isEmpty { return parts }
    return report.sections.prefix(1).filter { $0.curve != nil }
  }

  private static func row(_ point: ReliabilityCurve.Point, part: String) -> JSONValue {
    [
      "part": .string(part), "score": .number(point.meanScore), "right": .number(point.right),
      "low": .number(point.ci95[0]), "high": .number(point.ci95[1]),
      "band_low": .number(point.band95[0]), "band_high": .number(point.band95[1]),
      "n": .integer(point.n),
    ]
  }
}
