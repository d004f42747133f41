import WhatIf

/// The charts of a what-if, each a Vega-Lite specification with its data inlined.
package enum WhatIfCharts {
  /// Curves by group that are drawn, those with the most first contacts; whatif.json has all.
  package static let mostGroups = 24

  /// All charts, in the order of the page.
  package static func all(_ contents: WhatIfContents) -> [Chart] {
    var charts: [Chart] = []
    if let report = contents.thresholds {
      let currency = contents.currency
      if report.curve.points.count > 1 {
        charts += outcomes(report).flatMap { outcome in
          let name = outcome.rawValue.split(separator: "_").joined(separator: "-")
          let level = CurveChart(
            name: "whatif-\(name)", curve: report.curve, outcome: outcome, currency: currency,
            isChange: false)
          let change = CurveChart(
            name: "whatif-\(name)-change", curve: report.curve, outcome: outcome,
            currency: currency, isChange: true)
          return outcome == .repeats ? [level.chart(), change.chart()] : [level.chart()]
        }
        charts += drawnGroups(report).map { place, curve in
          let number = String(place + 1)
          return CurveChart(
            name:
              "whatif-group-\(String(repeating: "0", count: max(0, 3 - number.count)))\(number)",
            curve: curve, outcome: .repeats, currency: currency, isChange: true, isSmall: true
          ).chart()
        }
      }
      charts += [
        DiscontinuityChart.chart(report.discontinuities), FrontChart.chart(report, currency),
      ].compactMap { $0 }
    }
    charts += [
      contents.changes.flatMap(ChangesChart.chart), contents.score.flatMap(CalibrationChart.chart),
    ].compactMap { $0 }
    return charts
  }

  /// Groups whose curves are drawn, with their places in the report, in its order.
  static func drawnGroups(_ report: WhatIfReport) -> [(place: Int, curve: ThresholdCurve)] {
    let kept = Set(
      report.groups.indices.sorted {
        let (a, b) = (report.groups[$0].firstContacts, report.groups[$1].firstContacts)
        return a == b ? $0 < $1 : a > b
      }.prefix(mostGroups))
    return report.groups.indices.filter(kept.contains).map { ($0, report.groups[$0]) }
  }

  /// Outcomes of which something is said at some threshold.
  static func outcomes(_ report: WhatIfReport) -> [PolicyOutcome] {
    PolicyOutcome.allCases.filter { outcome in
      report.curve.points.contains { point in
        point.outcomes.contains {
          $0.outcome == outcome && ($0.doublyRobust.estimate != nil || $0.bounds != nil)
        }
      }
    }
  }
}

/// What automating does at the thresholds in force, with intervals.
enum DiscontinuityChart {
  /// nil where no threshold has an estimate.
  static func chart(_ effects: [LocalEffect]) -> Chart? {
    let rows = effects.compactMap(row)
    guard !rows.isEmpty else { return nil }
    let y: JSONValue = [
      "field": "label", "type": "nominal", "sort": nil, "axis": ChartParts.twoLineAxis,
    ]
    return ChartParts.chart(
      name: "whatif-discontinuities", title: WhatIfFindings.discontinuities(effects),
      reading: "Jump of repeats where the score passes the threshold in force, per 100 automated "
        + "contacts, with 95% intervals. It holds for contacts with about that score, and says "
        + "nothing of others.",
      height: ChartParts.height(rows: rows.count),
      content: [
        .init("data", ["values": .array(rows)]),
        .init(
          "layer",
          [
            [
              "data": ["values": [["zero": 0]]],
              "mark": ["type": "rule", "strokeWidth": 1, "opacity": 0.6],
              "encoding": ["x": ["field": "zero", "type": "quantitative"]],
            ],
            [
              "mark": ["type": "rule", "strokeWidth": 2.5, "color": ChartParts.Colour.staff],
              "encoding": [
                "x": [
                  "field": "low", "type": "quantitative",
                  "title": "change of repeats per 100 by automating",
                  "axis": ["tickCount": 8, "labelOverlap": true],
                ], "x2": ["field": "high"], "y": y,
              ],
            ],
            [
              "mark": [
                "type": "point", "filled": true, "size": 80, "opacity": 1,
                "color": ChartParts.Colour.staff,
              ],
              "encoding": ["x": ["field": "effect", "type": "quantitative"], "y": y],
            ],
          ]),
      ])
  }

  private static func row(_ effect: LocalEffect) -> JSONValue? {
    guard let jump = effect.jump else { return nil }
    let words = OutcomeWords(.repeats, currency: nil)
    let whose = effect.value.map { WhatIfFindings.title($0) } ?? "All contacts"
    return [
      "label": .string(
        "\(whose), \(ThresholdWords.score(effect.threshold))|\(words.number(jump.estimate)) "
          + "(\(words.interval(jump.ci95)))"),
      "effect": .number(jump.estimate * 100), "low": .number(jump.ci95[0] * 100),
      "high": .number(jump.ci95[1] * 100),
    ]
  }
}
