import Attribution

/// The fixes done one after the other: what each next one adds to those before.
struct FixOrder {
  let steps: [FixStepRow]
  let isShown: Bool
  let hasCosts: Bool

  init(_ fixes: [AttributionReport.Fix]) {
    let ordered = fixes.compactMap { fix in fix.greedy.map { (fix, $0) } }
      .sorted { $0.1.step < $1.1.step }
      // What cannot be told from nothing is no step that somebody should plan for.
      .prefix { ($0.1.gain.ci95?.first ?? 0) > 0 }
    steps = ordered.map { FixStepRow($0.0, $0.1) }
    // One repair has no order.
    isShown = steps.count > 1
    hasCosts = ordered.contains { $0.1.costGain.estimate != nil }
  }
}

/// One step of the order.
struct FixStepRow {
  let step: Markup
  let title: String
  let component: String
  let gain: Markup
  let gainInterval: Markup
  let alone: Markup
  let together: Markup
  let hasCost: Bool
  let cost: Markup
  let costInterval: Markup

  init(_ fix: AttributionReport.Fix, _ greedy: AttributionReport.Fix.Greedy) {
    step = .count(greedy.step)
    title = ModeWords.title(fix.mode)
    component = fix.component
    gain = .count(greedy.gain.estimate)
    gainInterval = .interval(greedy.gain.ci95, NumberWords.count)
    alone = .count(fix.repeatsAvoided.estimate)
    together = .count(greedy.together.estimate)
    hasCost = greedy.costGain.estimate != nil
    cost = .money(greedy.costGain.estimate, currency: fix.currency)
    costInterval = .interval(greedy.costGain.ci95, NumberWords.count)
  }
}

/// An interaction to look at, with the contact that it most likely brought.
struct FixExampleRow {
  let interaction: String
  let hasLink: Bool
  let later: String
  let probability: Markup
  let delay: String

  init(interaction: String, link: AttributionReport.Fix.Link?) {
    self.interaction = interaction
    hasLink = link != nil
    later = link?.interaction ?? ""
    probability = .percent(link?.probability)
    delay = link.map { NumberWords.delay(hours: $0.hours) } ?? ""
  }

  /// The examples with their likeliest links; ids alone in runs that have no links.
  static func rows(_ fix: AttributionReport.Fix) -> [FixExampleRow] {
    guard let examples = fix.examplesWithLinks else {
      return fix.examples.prefix(5).map { FixExampleRow(interaction: $0, link: nil) }
    }
    return examples.prefix(5).map {
      FixExampleRow(interaction: $0.interaction, link: $0.links.first)
    }
  }
}
