import WhatIf

/// Repeats that each change would avoid, and every two together.
enum ChangesChart {
  /// nil where nothing is estimated.
  static func chart(_ report: InterventionReport) -> Chart? {
    let alone = report.changes.compactMap { row($0.name, $0.repeatsAvoided, kind: "alone") }
    let together = report.pairs.compactMap {
      row("\($0.first) and \($0.second)", $0.repeatsAvoided, kind: "two together")
    }
    let rows = alone + together
    guard !rows.isEmpty else { return nil }
    let y: JSONValue = [
      "field": "label", "type": "nominal", "sort": nil, "axis": ChartParts.twoLineAxis,
    ]
    return ChartParts.chart(
      name: "whatif-changes", title: WhatIfFindings.changes(report),
      reading:
        "Repeats of this log that would not have come, with what follows from them; lines are "
        + "95% intervals.", height: .integer(62 * rows.count),
      content: [
        .init("data", ["values": .array(rows)]),
        .init(
          "layer",
          [
            [
              "mark": ["type": "bar", "height": 16],
              "encoding": [
                "x": ["field": "avoided", "type": "quantitative", "title": "repeats avoided"],
                "y": y,
                "color": [
                  "field": "kind", "type": "nominal",
                  "legend": together.isEmpty ? nil : ["title": nil],
                  "scale": [
                    "domain": ["alone", "two together"],
                    "range": [ChartParts.Colour.staff, ChartParts.Colour.throughStaff],
                  ],
                ],
              ],
            ],
            [
              "transform": [["filter": "datum.low != null"]],
              "mark": ["type": "rule", "strokeWidth": 2],
              "encoding": [
                "x": ["field": "low", "type": "quantitative"], "x2": ["field": "high"], "y": y,
              ],
            ],
          ]),
      ])
  }

  private static func row(
    _ name: String, _ estimate: InterventionReport.Estimate, kind: String
  ) -> JSONValue? {
    guard let value = estimate.estimate else { return nil }
    let lines = ChartParts.wrapped(WhatIfFindings.change(name), at: 44).compactMap {
      if case .string(let text) = $0 { text } else { nil }
    }
    return [
      "label": .string(
        (lines + [NumberWords.count(value, estimate.ci95)]).joined(separator: "|")),
      "avoided": .number(value), "low": JSONValue(estimate.ci95?[0]),
      "high": JSONValue(estimate.ci95?[1]), "kind": .string(kind),
    ]
  }
}
