import Attribution

/// The funnel of the members of staff: ratio against how much is known of it, with control limits.
enum StaffChart {
  /// nil where members were not compared.
  static func chart(_ report: AttributionReport) -> Chart? {
    guard let comparison = report.staffComparison, let overdispersion = comparison.overdispersion,
      let last = comparison.funnel.last
    else { return nil }
    return ChartParts.chart(
      name: "staff-funnel", title: StaffWords.finding(comparison),
      reading:
        "Each dot is one member of staff, without a name: repeats against what the same work brings "
        + "with the others. Chance alone leaves 95 in 100 inside the inner lines and 998 in 1,000 inside "
        + "the outer ones; the more contacts, the narrower.",
      height: 320,
      content: [
        .init(
          "layer",
          [
            [
              "data": ["values": .array(limits(upTo: last.precision, overdispersion))],
              "mark": ["type": "line", "strokeWidth": 1.2, "color": "#8c8c8c"],
              "encoding": [
                "x": axis, "y": ratio("limit"),
                "detail": ["field": "line", "type": "nominal"],
                "strokeDash": [
                  "field": "share", "type": "nominal", "sort": nil, "legend": ["title": nil],
                ],
              ],
            ],
            [
              "data": ["values": .array(comparison.funnel.map(dot))],
              "mark": ["type": "point", "filled": true, "size": 55, "opacity": 0.85],
              "encoding": [
                "x": axis, "y": ratio("ratio"),
                "color": [
                  "field": "member", "type": "nominal", "legend": nil,
                  "scale": [
                    "domain": ["as the others", "stands out"], "range": ["#0072b2", "#d55e00"],
                  ],
                ],
              ],
            ],
          ])
      ])
  }

  private static func dot(_ point: AttributionReport.FunnelPoint) -> JSONValue {
    [
      "precision": .number(point.precision), "ratio": .number(point.ratio),
      "member": .string(point.named ? "stands out" : "as the others"),
    ]
  }

  private static let axis: JSONValue = [
    "field": "precision", "type": "quantitative",
    "title": "what is known, in repeats counted for certain", "scale": ["zero": true],
  ]

  private static func ratio(_ field: String) -> JSONValue {
    [
      "field": .string(field), "type": "quantitative", "title": "repeats, against the same work",
      "scale": ["type": "log", "domain": [0.25, 4], "clamp": true],
      "axis": ["values": [0.25, 0.5, 1, 2, 4], "format": "~g"],
    ]
  }

  /// Ratios whose z is ±1.96 and ±3.09 at each precision (`FunnelTest.statistic`).
  private static func limits(upTo precision: Double, _ overdispersion: Double) -> [JSONValue] {
    var rows: [JSONValue] = []
    for (share, z) in [("95%", 1.959964), ("99.8%", 3.090232)] {
      for step in 1...60 {
        let n = precision * 1.05 * Double(step) / 60
        let half = z * (1 / n + overdispersion * overdispersion).squareRoot() / 2
        let low = 1 / ((1 + half) * (1 + half))
        rows.append(limit(n, low, "\(share) below", share))
        if half < 0.95 {
          rows.append(limit(n, 1 / ((1 - half) * (1 - half)), "\(share) above", share))
        }
      }
    }
    return rows.sorted { text($0) < text($1) }
  }

  private static func text(_ row: JSONValue) -> String {
    if case .string(let line)? = row["line"] { line } else { "" }
  }

  private static func limit(
    _ n: Double, _ limit: Double, _ line: String, _ share: String
  ) -> JSONValue {
    [
      "precision": .number(n), "limit": .number(min(max(limit, 0.25), 4)), "line": .string(line),
      "share": .string(share),
    ]
  }
}
