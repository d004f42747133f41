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
