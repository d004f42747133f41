import Attribution

/// How long after a contact the repeats that it caused arrive.
enum DelayChart {
  static func chart(_ report: AttributionReport) -> Chart {
    let delays = report.model.delay
    return ChartParts.chart(
      name: "delay", title: Findings.delay(report),
      reading: "How dense caused repeats are at each delay, on a logarithmic scale of time: share "
        + "of a contact's repeats per day.",
      height: 240,
      content: [
        .init("data", ["values": .array(delays.flatMap(rows))]),
        .init(
          "mark", ["type": "line", "interpolate": "step-after", "strokeWidth": 2.5]),
        .init(
          "encoding",
          [
            "x": [
              "field": "hours", "type": "quantitative", "scale": ["type": "log", "nice": false],
              "axis": [
                "title": "time after the contact", "grid": false, "labelOverlap": true,
                "values": .array(ticks.map { .number($0.hours) }), "labelExpr": .string(tickLabels),
              ],
            ],
            "y": ["field": "density", "type": "quantitative", "title": "share per day"],
            "color": [
              "field": "group", "type": "nominal",
              "sort": nil, "legend": delays.count > 1 ? ["title": nil] : nil,
              "scale": [
                "range": ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
              ],
            ],
          ]),
      ])
  }

  /// The left edge of each bin, and the last right edge, so that the steps close.
  private static func rows(_ delay: AttributionReport.Delay) -> [JSONValue] {
    let title = delay.group == "all" ? "All repeats" : "After: \(ModeWords.title(delay.group))"
    return delay.hours.indices.map { edge in
      let bin = min(edge, delay.densityPerDay.count - 1)
      // A logarithmic axis has no zero: the first bin is drawn from a quarter of its end.
      let hours = edge == 0 && delay.hours[0] <= 0 ? delay.hours[1] / 4 : delay.hours[edge]
      return [
        "group": .string(title), "hours": .number(hours),
        "density": .number(delay.densityPerDay[bin]),
      ]
    }
  }

  private static let ticks: [(hours: Double, label: String)] = [
    (0.1, "6 min"), (1, "1 h"), (6, "6 h"), (24, "1 day"), (72, "3 days"), (168, "7 days"),
    (360, "15 days"), (720, "30 days"),
  ]

  private static let tickLabels = ChartParts.labelExpression(
    ticks.map { (value: $0.hours, label: $0.label) })
}
