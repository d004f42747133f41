import WhatIf

/// What automating does at the thresholds in force.
struct LocalSection {
  struct Row {
    let title: String
    let below: Markup
    let above: Markup
    let effect: Markup
    let interval: Markup
    let automation: Markup
    let note: String?
  }
  let hasAny: Bool
  let figure: ChartPlaces.Figure?
  let rows: [Row]

  init(_ effects: [LocalEffect], _ charts: [Chart]) {
    hasAny = !effects.isEmpty
    figure = .named("whatif-discontinuities", charts)
    let words = OutcomeWords(.repeats, currency: nil)
    rows = effects.map { effect in
      Row(
        title: "\(ThresholdWords.score(effect.threshold)), "
          + (effect.value.map { WhatIfFindings.title($0) } ?? "all contacts"),
        below: .count(effect.firstContactsBelow), above: .count(effect.firstContactsAbove),
        effect: effect.jump.map { .number($0.estimate * 100, words.number($0.estimate)) }
          ?? .text(NumberWords.missing),
        interval: .interval(effect.jump?.ci95.map { $0 * 100 }) {
          NumberWords.fixed($0, decimals: 1)
        }, automation: .percent(effect.automation?.estimate), note: effect.note)
    }
  }
}

/// Thresholds of least cost, and repeats against staff hours.
struct OptimumSection {
  struct Row {
    let title: String
    let today: String
    let threshold: String
    let interval: String
    let saving: Markup
    let savingInterval: Markup
    let leastRegret: String
    let underCapacity: String
    let verdict: String
    let verdictClass: String
  }
  struct FrontRow {
    let thresholds: String
    let repeats: Markup
    let repeatsInterval: Markup
    let hours: Markup
    let hoursInterval: Markup
  }
  let hasAny: Bool
  let sentence: String
  let rows: [Row]
  let hasCapacity: Bool
  let capacity: [String]
  let queue: QueueTable?
  let savingTitle: String
  let figure: ChartPlaces.Figure?
  let front: [FrontRow]
  let hasFront: Bool
  let note: String?

  init(_ report: WhatIfReport?, _ currency: String?, _ charts: [Chart]) {
    guard let report, let optimum = report.optimum else {
      (hasAny, sentence, rows, hasCapacity, capacity, queue) = (false, "", [], false, [], nil)
      (savingTitle, figure, front, hasFront) = ("", nil, [], false)
      note = nil
      return
    }
    let words = OutcomeWords(.cost, currency: currency)
    hasAny = true
    sentence = optimum.sentence
    savingTitle = "Change of " + words.axis
    hasCapacity = optimum.capacity != nil
    capacity = optimum.capacity.map(CapacityWords.sentences) ?? []
    queue = optimum.capacity.flatMap { capacity in
      capacity.queue.flatMap { QueueTable($0, today: capacity.queueToday ?? []) }
    }
    rows = optimum.choices.map { Self.row($0, words) }
    figure = .named("whatif-front", charts)
    func tenths(_ value: Double) -> String { NumberWords.fixed(value, decimals: 1) }
    front = optimum.front.map { point in
      FrontRow(
        thresholds: FrontChart.thresholds(point, optimum.choices),
        repeats: .decimals(point.repeatsChange * 100, 1),
        repeatsInterval: .interval(point.repeatsInterval.map { $0 * 100 }, tenths),
        hours: .decimals(point.staffMinutesChange * 100 / 60, 1),
        hoursInterval: .interval(point.staffMinutesInterval.map { $0 * 100 / 60 }, tenths))
    }
    hasFront = front.count > 1
    note = optimum.note
  }

  private static func row(_ choice: OptimumReport.Choice, _ words: OutcomeWords) -> Row {
    func score(_ value: Double?) -> String {
      // Ends of intervals lie between thresholds of the grid.
      value.map { ThresholdWords.score(($0 * 1_000).rounded() / 1_000) } ?? NumberWords.missing
    }
    let change = choice.change?.estimate
    return Row(
      title: choice.value.map { WhatIfFindings.title($0) } ?? "All contacts",
      today: ThresholdWords.today(choice.thresholdsToday), threshold: score(choice.threshold),
      interval: choice.ci95.map { "\(score($0[0])) to \(score($0[1]))" } ?? "",
      saving: change.map { .number($0 * words.scale, words.number($0)) }
        ?? .text(NumberWords.missing),
      savingInterval: .interval(choice.simultaneous.map { $0.map { $0 * words.scale } }) {
        NumberWords.fixed($0, decimals: words.decimals)
      },
      leastRegret: score(choice.leastRegret), underCapacity: score(choice.underCapacity),
      verdict: choice.isSupported ? "Supported" : "No change supported",
      verdictClass: choice.isSupported ? "pass" : "not_applicable")
  }
}
