import WhatIf

/// How often intents are right by score, beside what the score says.
enum CalibrationChart {
  /// nil where there are too few reviewed scores for a curve.
  static func chart(_ report: ScoreReport) -> Chart? {
    guard let curve = report.sections.first?.curve else { return nil }
    let points = curve.points
    let rows = points.map { point -> JSONValue in
      [
        "score": .number(point.meanScore), "right": .number(point.right),
        "low": .number(point.ci95[0]), "high": .number(point.ci95[1]),
        "band_low": .number(point.band95[0]), "band_high": .number(point.band95[1]),
        "n": .integer(point.n),
      ]
    }
    let ends = [points.first?.meanScore ?? 0, points.last?.meanScore ?? 1]
    let diagonal = ends.map { ["score": .number($0), "right": .number($0)] as JSONValue }
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
    let blue = ChartParts.Colour.staff
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
              "mark": ["type": "area", "opacity": 0.2, "color": blue],
              "encoding": ["x": x, "y": y("band_low"), "y2": ["field": "band_high"]],
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
              "mark": ["type": "rule", "strokeWidth": 1.5, "color": blue],
              "encoding": ["x": x, "y": y("low"), "y2": ["field": "high"]],
            ],
            [
              "mark": [
                "type": "line", "strokeWidth": 2, "color": blue,
                "point": ["size": 45, "filled": true, "color": blue],
              ],
              "encoding": [
                "x": x, "y": y("right"),
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
}
