import WhatIf

/// Changes beside thresholds, alone and by twos.
struct ChangesSection {
  struct Row {
    let title: String
    let failures: Markup
    let avoided: Markup
    let interval: Markup
    let cost: Markup
    let costInterval: Markup
    let note: String?
  }
  let hasAny: Bool
  let hasCosts: Bool
  let costTitle: String
  let figure: ChartPlaces.Figure?
  let rows: [Row]
  let pairs: [Row]
  let hasPairs: Bool

  init(_ report: InterventionReport?, _ charts: [Chart]) {
    hasAny = report != nil
    hasCosts = report?.changes.contains { $0.costAvoided.estimate != nil } ?? false
    costTitle = "Money saved" + (report?.currency.map { ", \($0)" } ?? "")
    figure = .named("whatif-changes", charts)
    rows = (report?.changes ?? []).map {
      Row(
        title: WhatIfFindings.change($0.name),
        failures: $0.failures.map { .count($0) } ?? .text(NumberWords.missing),
        avoided: .count($0.repeatsAvoided.estimate),
        interval: .interval($0.repeatsAvoided.ci95, NumberWords.count),
        cost: .count($0.costAvoided.estimate),
        costInterval: .interval($0.costAvoided.ci95, NumberWords.count),
        note: $0.repeatsAvoided.note)
    }
    pairs = (report?.pairs ?? []).map {
      Row(
        title: "\(WhatIfFindings.change($0.first)) and \(WhatIfFindings.change($0.second))",
        failures: .text(""), avoided: .count($0.repeatsAvoided.estimate),
        interval: .interval($0.repeatsAvoided.ci95, NumberWords.count),
        cost: .count($0.beyondSum.estimate),
        costInterval: .interval($0.beyondSum.ci95, NumberWords.count),
        note: $0.repeatsAvoided.note)
    }
    hasPairs = !pairs.isEmpty
  }
}

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
    points = (report.sections.first?.curve?.points ?? []).map {
      PointRow(
        scores: "\(ThresholdWords.score($0.from)) to \(ThresholdWords.score($0.to))",
        n: .count($0.n),
        says: .percent($0.meanScore), right: .percent($0.right),
        interval: .interval($0.ci95, NumberWords.percent),
        band: .interval($0.band95, NumberWords.percent))
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
