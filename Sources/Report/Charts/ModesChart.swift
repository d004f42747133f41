import Attribution

/// Failure modes by the repeats that they caused, with what removing each would avoid.
enum ModesChart {
  /// More rows than this do not help a reader; the table has all.
  static let limit = 12

  static func chart(_ report: AttributionReport) -> Chart {
    let ranked = RankedModes(report.modes).modes
    let rows = ranked.prefix(limit).compactMap(row)
    let more =
      ranked.count > limit
      ? " The \(limit) largest of \(ranked.count) modes are drawn; the table has all." : ""
    return ChartParts.chart(
      name: "modes", title: Findings.modes(report),
      reading: "Bars: repeats that the mode caused. Diamonds: repeats avoided if it were removed, "
        + "with the failures and repeats that follow from it. Lines show 95% intervals.\(more)",
      height: ChartParts.height(rows: rows.count),
      content: [
        .init("data", ["values": .array(rows)]),
        .init(
          "encoding",
          ["y": ["field": "label", "type": "nominal", "sort": nil, "axis": ChartParts.twoLineAxis]]),
        .init("layer", layers(ranked.prefix(limit).map(side))),
      ])
  }

  private static func side(_ mode: RankedModes.Mode) -> String {
    mode.whole.side == "staff" ? "Staff" : "System"
  }

  private static func row(_ mode: RankedModes.Mode) -> JSONValue? {
    guard let estimate = mode.whole.caused.estimate else { return nil }
    let title = ModeWords.title(mode.whole.mode)
    let interval = mode.whole.caused.ci95
    let removed = mode.whole.ifRemoved
    return [
      "mode": .string(title), "label": "\(title)|\(NumberWords.count(estimate, interval))",
      "side": .string(side(mode)),
      "caused": .number(estimate), "low": JSONValue(interval?[0]), "high": JSONValue(interval?[1]),
      "removed": JSONValue(removed.estimate), "removed_low": JSONValue(removed.ci95?[0]),
      "removed_high": JSONValue(removed.ci95?[1]),
    ]
  }

  /// Bars and diamonds in the colours of the sides that occur.
  private static func layers(_ occurring: [String]) -> JSONValue {
    let sides = [("System", ChartParts.Colour.system), ("Staff", ChartParts.Colour.staff)]
      .filter { occurring.contains($0.0) }
    let colour: JSONValue = [
      "field": "side", "type": "nominal",
      "scale": [
        "domain": .array(sides.map { .string($0.0) }), "range": .array(sides.map(\.1)),
      ],
    ]
    return [bars(colour), intervals, removedIntervals(colour), removed(colour)]
  }

  private static func bars(_ colour: JSONValue) -> JSONValue {
    [
      "mark": ["type": "bar", "height": 14, "yOffset": -7],
      "encoding": [
        "x": [
          "field": "caused", "type": "quantitative", "title": "expected repeats",
          "axis": ["tickCount": 6, "labelOverlap": true],
        ],
        "color": colour,
        "tooltip": [
          ["field": "mode", "type": "nominal", "title": "mode"],
          ["field": "caused", "type": "quantitative", "title": "caused", "format": ",.1f"],
          ["field": "removed", "type": "quantitative", "title": "if removed", "format": ",.1f"],
        ],
      ],
    ]
  }

  private static let intervals: JSONValue = [
    "transform": [["filter": "datum.low != null"]],
    "mark": ["type": "rule", "strokeWidth": 2, "yOffset": -7],
    "encoding": ["x": ["field": "low", "type": "quantitative"], "x2": ["field": "high"]],
  ]

  private static func removedIntervals(_ colour: JSONValue) -> JSONValue {
    [
      "transform": [["filter": "datum.removed_low != null"]],
      "mark": ["type": "rule", "strokeWidth": 1.5, "yOffset": 9],
      "encoding": [
        "x": ["field": "removed_low", "type": "quantitative"], "x2": ["field": "removed_high"],
        "color": colour,
      ],
    ]
  }

  private static func removed(_ colour: JSONValue) -> JSONValue {
    [
      "transform": [["filter": "datum.removed != null"]],
      "mark": [
        "type": "point", "shape": "diamond", "filled": true, "size": 90, "opacity": 1,
        "yOffset": 9,
      ],
      "encoding": ["x": ["field": "removed", "type": "quantitative"], "color": colour],
    ]
  }
}
