import Attribution

/// How repeats and outcomes answer to latency, with their bands.
enum LatencyChart {
  /// nil where there is no curve.
  static func chart(_ report: AttributionReport) -> Chart? {
    let doses = (report.latencyDose ?? []).filter { !$0.overall.points.isEmpty }
    guard !doses.isEmpty else { return nil }
    let x: JSONValue = [
      "field": "latency", "type": "quantitative", "scale": ["type": "log", "nice": false],
      "axis": ["title": "latency, ms", "grid": false, "labelOverlap": true],
    ]
    let colour: JSONValue = [
      "field": "response", "type": "nominal", "sort": nil,
      "legend": doses.count > 1 ? ["title": nil] : nil,
      "scale": ["range": ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]],
    ]
    return ChartParts.chart(
      name: "latency", title: Self.title(doses),
      reading: "Repeats (odds, for other outcomes) at each latency, relative to the fastest "
        + "interactions; curves can only go the way that costs. Bands are 95% at each point.",
      height: 240,
      content: [
        .init("data", ["values": .array(doses.flatMap(rows))]),
        .init(
          "layer",
          [
            [
              "mark": ["type": "area", "opacity": 0.2, "interpolate": "monotone"],
              "encoding": [
                "x": x, "color": colour,
                "y": ["field": "low", "type": "quantitative", "title": "relative to the fastest"],
                "y2": ["field": "high"],
              ],
            ],
            [
              "mark": ["type": "line", "strokeWidth": 2.5, "interpolate": "monotone"],
              "encoding": [
                "x": x, "color": colour,
                "y": ["field": "ratio", "type": "quantitative", "scale": ["zero": false]],
              ],
            ],
          ]),
      ])
  }

  private static func title(_ doses: [AttributionReport.LatencyDose]) -> String {
    let costs = doses.filter { $0.overall.beginsAt != nil }.map {
      $0.response == "repeats" ? "Repeats" : ModeWords.title($0.response)
    }
    return costs.isEmpty
      ? "Latency is not seen to cost in this log"
      : "\(costs.joined(separator: ", ")): where latency begins to cost"
  }

  private static func rows(_ dose: AttributionReport.LatencyDose) -> [JSONValue] {
    // A logarithmic axis has no zero.
    dose.overall.points.filter { $0.latency > 0 }.map { point in
      [
        "response": .string(ModeWords.title(dose.response)), "latency": .number(point.latency),
        "ratio": .number(point.ratio), "low": JSONValue(point.ci95?[0]),
        "high": JSONValue(point.ci95?[1]),
      ]
    }
  }
}
