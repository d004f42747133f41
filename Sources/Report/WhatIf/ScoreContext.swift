import WhatIf

/// How often the score is right, whether it kept its scale, and thresholds restated.
struct ScoreContext {
  struct PointRow {
    let scores: String
    let n: Markup
    let says: Markup
    let right: Markup
    let interval: Markup
    let band: Markup
  }
  struct PartRow {
    let title: String
    let n: Markup
    let says: Markup
    let right: Markup
    let error: Markup
    let errorInterval: Markup
    let brier: Markup
    let note: String?
  }
  struct ThresholdRow {
    let title: String
    let n: Markup
    let asks: Markup
    let now: String
    let note: String?
  }
  let hasAny: Bool
  let note: String?
  let summary: String
  let drift: String
  let driftClass: String
  let driftVerdict: String
  let figure: ChartPlaces.Figure?
  let points: [PointRow]
  let hasPoints: Bool
  let parts: [PartRow]
  let thresholds: [ThresholdRow]
  let hasThresholds: Bool

  init(_ report: ScoreReport?, note: String?, _ charts: [Chart]) {
    guard let report else {
      (hasAny, self.note) = (note != nil, note)
      (summary, drift, driftClass, driftVerdict, figure) = ("", "", "", "", nil)
      (points, hasPoints, parts, thresholds, hasThresholds) = ([], false, [], [], false)
      return
    }
    (hasAny, self.note) = (true, nil)
    summary =
      "\(report.score): \(NumberWords.count(report.scored)) contacts have a score; of "
      + "\(NumberWords.count(report.reviewed)) it is known whether the intent was right."
    drift = report.drift.sentence
    (driftClass, driftVerdict) = report.drift.warns ? ("warn", "Caution") : ("pass", "Passes")
    figure = .named("whatif-calibration", charts)
    let drawn = CalibrationChart.drawn(report)
    points = drawn.flatMap { section in
      (section.curve?.points ?? []).map { point in
        PointRow(
          scores: (drawn.count > 1 ? "\(section.name): " : "")
            + "\(ThresholdWords.score(point.from)) to \(ThresholdWords.score(point.to))",
          n: .count(point.n), says: .percent(point.meanScore), right: .percent(point.right),
          interval: .interval(point.ci95, NumberWords.percent),
          band: .interval(point.band95, NumberWords.percent))
      }
    }
    hasPoints = !points.isEmpty
    parts = report.sections.map { section in
      PartRow(
        title: section.by == "all" ? "All" : WhatIfFindings.title(section.name),
        n: .count(section.n), says: .percent(section.meanScore), right: .percent(section.right),
        error: .percent(section.error?.rootMeanSquare),
        errorInterval: .interval(section.error?.rootMeanSquareCi95, NumberWords.percent),
        brier: .precise(section.brier?.brier), note: section.note)
    }
    thresholds = report.thresholds.map { restated in
      ThresholdRow(
        title: (restated.group.map { "\($0): " } ?? "") + ThresholdWords.score(restated.threshold),
        n: .count(restated.n), asks: .percent(restated.recalibrated),
        now: restated.inLastPart.map { value in
          ThresholdWords.score((value * 1_000).rounded() / 1_000)
        } ?? "", note: restated.note)
    }
    hasThresholds = !thresholds.isEmpty
  }
}
