import WhatIf

/// Repeats against staff hours: thresholds of which none has fewer repeats without more staff hours.
enum FrontChart {
  /// nil where there is no front.
  static func chart(_ report: WhatIfReport, _ currency: String?) -> Chart? {
    guard let optimum = report.optimum, optimum.front.count > 1 else { return nil }
    let rows = optimum.front.map { point -> JSONValue in
      [
        "hours": .number(point.staffMinutesChange * 100 / 60),
        "repeats": .number(point.repeatsChange * 100),
        "low": .number(point.repeatsInterval[0] * 100),
        "high": .number(point.repeatsInterval[1] * 100),
        "thresholds": .string(thresholds(point, optimum.choices)),
      ]
    }
    let x: JSONValue = [
      "field": "hours", "type": "quantitative", "scale": ["zero": false],
      "title": "change of staff hours per 100 first contacts",
    ]
    let y: JSONValue = [
      "field": "repeats", "type": "quantitative", "scale": ["zero": false],
      "title": "change of repeats per 100 first contacts",
    ]
    return ChartParts.chart(
      name: "whatif-front", title: WhatIfFindings.front(report),
      reading: "Each point is a choice of thresholds inside support"
        + (optimum.choices.count > 1 ? ", one for each group" : "")
        + "; no other has fewer repeats without more staff hours. Lines are 95% intervals of the "
        + "repeats at these thresholds; the diamond is today.",
      height: 280,
      content: [
        .init("data", ["values": .array(rows)]),
        .init(
          "layer",
          [
            [
              "mark": ["type": "rule", "opacity": 0.5, "color": ChartParts.Colour.staff],
              "encoding": [
                "x": x, "y": ["field": "low", "type": "quantitative"], "y2": ["field": "high"],
              ],
            ],
            [
              "mark": [
                "type": "line", "strokeWidth": 2, "color": ChartParts.Colour.staff,
                "point": ["size": 60, "filled": true, "color": ChartParts.Colour.staff],
              ],
              "encoding": [
                "x": x, "y": y,
                "order": ["field": "hours", "type": "quantitative"],
                "tooltip": [
                  ["field": "thresholds", "type": "nominal", "title": "thresholds"],
                  [
                    "field": "repeats", "type": "quantitative", "title": "repeats per 100",
                    "format": "+,.1f",
                  ],
                  [
                    "field": "hours", "type": "quantitative", "title": "staff hours per 100",
                    "format": "+,.1f",
                  ],
                ],
              ],
            ],
            [
              "data": ["values": [["hours": 0, "repeats": 0, "label": "today"]]],
              "mark": [
                "type": "point", "shape": "diamond", "filled": true, "size": 150, "opacity": 1,
                "color": ChartParts.Colour.system,
              ],
              "encoding": ["x": x, "y": y],
            ],
            [
              "data": ["values": [["hours": 0, "repeats": 0, "label": "today"]]],
              "mark": [
                "type": "text", "align": "left", "dx": 10, "fontSize": 12,
                "color": ChartParts.Colour.system,
              ],
              "encoding": ["x": x, "y": y, "text": ["field": "label", "type": "nominal"]],
            ],
          ]),
      ])
  }

  /// `refund 0.80, billing 0.75 and 4 others as today`.
  static func thresholds(
    _ point: OptimumReport.FrontPoint, _ choices: [OptimumReport.Choice]
  ) -> String {
    let named = zip(choices, point.thresholds).compactMap { choice, threshold -> String? in
      guard let threshold else { return nil }
      let text = ThresholdWords.score(threshold)
      return choice.value.map { "\(WhatIfFindings.title($0)) \(text)" } ?? text
    }
    if named.isEmpty { return "as today" }
    let left = point.thresholds.count - named.count
    return named.joined(separator: ", ") + (left > 0 ? ", \(left) as today" : "")
  }
}
