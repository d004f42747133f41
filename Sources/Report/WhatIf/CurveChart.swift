import WhatIf

/// One outcome as a function of the threshold: estimates with their band where the log supports them,
/// bounds where it does not, and the thresholds in force today.
struct CurveChart {
  let name: String
  let curve: ThresholdCurve
  let outcome: PolicyOutcome
  let currency: String?
  /// Whether the difference from today is drawn, not the level.
  let isChange: Bool
  /// One of many side by side, which share their legend and how to read them.
  var isSmall = false

  private var words: OutcomeWords { OutcomeWords(outcome, currency: currency) }

  func chart() -> Chart {
    let rows = rows
    let kinds = Kind.allCases.filter { kind in
      rows.contains { $0["kind"] == .string(kind.rawValue) }
    }
    let today = curve.thresholdsToday.isEmpty ? "" : " The dashed line is today’s threshold."
    return ChartParts.chart(
      name: name,
      title: isChange || outcome != .repeats
        ? WhatIfFindings.curve(curve, outcome, currency: currency)
        : WhatIfFindings.level(curve, outcome, currency: currency),
      reading: isSmall
        ? ""
        : (isChange
          ? "Difference from today’s threshold at each threshold" : "At each threshold")
          + ": estimates with 95% bands where the log has seen both handlings\(kinds.contains(.bounds) ? "; grey: only bounds, no estimate" : "").\(today)",
      height: .integer(isSmall ? 170 : 260),
      content: [
        .init("data", ["values": .array(rows)]),
        .init(
          "layer",
          .array(
            (isChange ? [zero] : [])
              + [area(kinds), edges, line, lone(kinds), lonePoint]
              + (curve.thresholdsToday.isEmpty ? [] : [todayRule, todayLabel]))),
      ])
  }

  private enum Kind: String, CaseIterable {
    case estimate = "estimate, 95% band"
    case bounds = "bounds"
  }

  /// A point of the chart; nil where nothing can be said.
  private func figure(_ value: OutcomeValue) -> (kind: Kind, value: Double?, ends: [Double])? {
    let estimate = isChange ? value.change : value.doublyRobust
    if let middle = estimate.estimate {
      return (.estimate, middle, estimate.ci95 ?? [middle, middle])
    }
    guard let bounds = isChange ? value.changeBounds : value.bounds else { return nil }
    return (.bounds, nil, bounds.ci95)
  }

  private var rows: [JSONValue] {
    let found = curve.points.map { point in
      (point, point.outcomes.first { $0.outcome == outcome }.flatMap(figure))
    }
    var segment = 0
    return found.indices.compactMap { k -> JSONValue? in
      guard let figure = found[k].1 else { return nil }
      let (before, after) = (
        k > 0 ? found[k - 1].1 : nil, k + 1 < found.count ? found[k + 1].1 : nil
      )
      if before?.kind != figure.kind { segment += 1 }
      let scale = words.scale
      return [
        "threshold": .number(found[k].0.threshold), "kind": .string(figure.kind.rawValue),
        "segment": .integer(segment),
        "lone": .bool(before?.kind != figure.kind && after?.kind != figure.kind),
        "value": JSONValue(figure.value.map { $0 * scale }),
        "low": .number(figure.ends[0] * scale), "high": .number(figure.ends[1] * scale),
        "automated": .number(found[k].0.automatedShare),
        "effective": .number(found[k].0.support.effectiveN.rounded()),
      ]
    }
  }

  private static let x: JSONValue = [
    "field": "threshold", "type": "quantitative", "scale": ["zero": false, "nice": false],
    "axis": [
      "title": "threshold: AI from this score on", "grid": false, "format": ".2f",
      "tickCount": 6, "labelOverlap": true,
    ],
  ]

  private func y(_ field: String) -> JSONValue {
    [
      "field": .string(field), "type": "quantitative",
      "title": .string(
        isSmall ? "change per 100" : isChange ? "change: \(words.axis)" : words.axis),
      "scale": ["zero": false],
    ]
  }

  private func colour(_ kinds: [Kind]) -> JSONValue {
    [
      "field": "kind", "type": "nominal", "legend": isSmall ? nil : ["symbolOpacity": 1],
      "scale": [
        "domain": .array(kinds.map { .string($0.rawValue) }),
        "range": .array(
          kinds.map { $0 == .estimate ? ChartParts.Colour.staff : ChartParts.Colour.baseline }),
      ],
    ]
  }

  private func area(_ kinds: [Kind]) -> JSONValue {
    [
      "mark": ["type": "area", "opacity": 0.25],
      "encoding": [
        "x": Self.x, "y": y("low"), "y2": ["field": "high"],
        "detail": ["field": "segment", "type": "nominal"], "color": colour(kinds),
        "tooltip": tooltip,
      ],
    ]
  }

  /// The bounds' own lines, so that they do not pass for a band.
  private var edges: JSONValue {
    let lines: [JSONValue] = ["low", "high"].map { field in
      [
        "mark": [
          "type": "line", "strokeDash": [4, 3], "strokeWidth": 1.5,
          "color": ChartParts.Colour.baseline,
        ],
        "encoding": [
          "x": Self.x, "y": y(field), "detail": ["field": "segment", "type": "nominal"],
        ],
      ]
    }
    return [
      "transform": [["filter": .string("datum.kind == '\(Kind.bounds.rawValue)'")]],
      "layer": .array(lines),
    ]
  }

  private var line: JSONValue {
    [
      "transform": [["filter": "datum.value != null"]],
      "mark": [
        "type": "line", "strokeWidth": 2.5, "color": ChartParts.Colour.staff,
        "point": curve.points.count <= 30
          ? ["size": 30, "filled": true, "color": ChartParts.Colour.staff] : false,
      ],
      "encoding": [
        "x": Self.x, "y": y("value"), "detail": ["field": "segment", "type": "nominal"],
        "tooltip": tooltip,
      ],
    ]
  }

  /// A threshold between two of the other kind has no area: a line from end to end.
  private func lone(_ kinds: [Kind]) -> JSONValue {
    [
      "transform": [["filter": "datum.lone"]],
      "mark": ["type": "rule", "strokeWidth": 3, "opacity": 0.6],
      "encoding": [
        "x": Self.x, "y": y("low"), "y2": ["field": "high"], "color": colour(kinds),
      ],
    ]
  }

  private var lonePoint: JSONValue {
    [
      "transform": [["filter": "datum.lone && datum.value != null"]],
      "mark": [
        "type": "point", "filled": true, "size": 50, "opacity": 1,
        "color": ChartParts.Colour.staff,
      ],
      "encoding": ["x": Self.x, "y": y("value"), "tooltip": tooltip],
    ]
  }

  private var tooltip: JSONValue {
    [
      ["field": "threshold", "type": "quantitative", "title": "threshold", "format": ".2~f"],
      ["field": "kind", "type": "nominal", "title": "what"],
      ["field": "value", "type": "quantitative", "title": "estimate", "format": ",.1f"],
      ["field": "low", "type": "quantitative", "title": "from", "format": ",.1f"],
      ["field": "high", "type": "quantitative", "title": "to", "format": ",.1f"],
      ["field": "automated", "type": "quantitative", "title": "handled by AI", "format": ".1%"],
      [
        "field": "effective", "type": "quantitative", "title": "effective first contacts",
        "format": ",",
      ],
    ]
  }

  private var zero: JSONValue {
    [
      "data": ["values": [["zero": 0]]],
      "mark": ["type": "rule", "strokeWidth": 1, "opacity": 0.6],
      "encoding": ["y": ["field": "zero", "type": "quantitative"]],
    ]
  }

  /// Thresholds in force that lie on the axis.
  private var todayRows: JSONValue {
    let (first, last) = (curve.points.first?.threshold ?? 0, curve.points.last?.threshold ?? 0)
    return .array(
      curve.thresholdsToday.filter { $0 >= first && $0 <= last }.map {
        ["today": .number($0), "label": "today"]
      })
  }

  private var todayRule: JSONValue {
    [
      "data": ["values": todayRows],
      "mark": ["type": "rule", "strokeDash": [6, 4], "strokeWidth": 1.5],
      "encoding": ["x": ["field": "today", "type": "quantitative"]],
    ]
  }

  private var todayLabel: JSONValue {
    [
      "data": ["values": todayRows],
      "mark": [
        "type": "text", "align": "left", "dx": 5, "baseline": "top", "fontSize": 12,
        "color": ChartParts.Colour.baseline,
      ],
      "encoding": [
        "x": ["field": "today", "type": "quantitative"], "y": ["value": 2],
        "text": ["field": "label", "type": "nominal"],
      ],
    ]
  }
}
