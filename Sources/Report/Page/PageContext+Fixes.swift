import Attribution

/// The fixes as they are shown: those that the data tell from no effect, most repeats avoided first,
/// and the others apart, so that none of these passes for a saving.
struct FixLists {
  /// Cards beyond these do not help a reader; a table has the rest.
  static let cards = 10

  /// The three of the first screen.
  let first: [FixRow]
  let shown: [FixRow]
  let more: [FixRow]
  let unclear: [FixRow]
  let hasAny: Bool
  let hasMore: Bool
  let hasUnclear: Bool
  let hasCosts: Bool
  /// Why there is no money, where that is the same for all.
  let costNote: String?
  let order: FixOrder
  /// Whether the list is by money.
  let isByMoney: Bool

  init(_ fixes: [AttributionReport.Fix]) {
    let clear = fixes.filter(\.isClear).map(FixRow.init)
    first = Array(clear.prefix(3))
    shown = Array(clear.prefix(Self.cards))
    more = Array(clear.dropFirst(Self.cards))
    unclear = fixes.filter { !$0.isClear }.map(FixRow.init)
    hasAny = !clear.isEmpty
    hasMore = !more.isEmpty
    hasUnclear = !unclear.isEmpty
    hasCosts = fixes.contains { $0.costAvoided.estimate != nil }
    costNote = hasCosts ? nil : fixes.first?.costAvoided.note
    order = FixOrder(fixes)
    isByMoney = hasCosts
  }
}

extension AttributionReport.Fix {
  /// Whether the data tell the fix from no effect: its whole interval lies above zero.
  var isClear: Bool { repeatsAvoided.ci95.map { $0[0] > 0 } ?? false }
}

/// One fix of the ranked list.
struct FixRow {
  let rank: Markup
  let title: String
  let component: String
  let avoided: Markup
  let avoidedInterval: Markup
  let avoidedNote: String?
  let hasCost: Bool
  let cost: Markup
  let costInterval: Markup
  let rankInterval: Markup
  let hasRankInterval: Bool
  let hasHalf: Bool
  let half: Markup
  let halfInterval: Markup
  let hasHalfCost: Bool
  let halfCost: Markup
  let halfCostInterval: Markup
  /// What doing others first takes off this one.
  let overlap: String
  let hasOverlap: Bool
  let examples: [FixExampleRow]
  let hasExamples: Bool

  init(_ fix: AttributionReport.Fix) {
    rank = .count(fix.rank)
    title = ModeWords.title(fix.mode)
    component = fix.component
    avoided = .count(fix.repeatsAvoided.estimate)
    avoidedInterval = .interval(fix.repeatsAvoided.ci95, NumberWords.count)
    avoidedNote = fix.repeatsAvoided.note
    hasCost = fix.costAvoided.estimate != nil
    cost = .money(fix.costAvoided.estimate, currency: fix.currency)
    costInterval = .interval(fix.costAvoided.ci95, NumberWords.count)
    let ranks = fix.rankInterval.flatMap { $0.first == $0.last ? nil : $0.map(Double.init) }
    rankInterval = .interval(ranks, NumberWords.count)
    hasRankInterval = ranks != nil
    let halved = fix.halved
    hasHalf = halved?.repeatsAvoided.estimate != nil
    half = .count(halved?.repeatsAvoided.estimate)
    halfInterval = .interval(halved?.repeatsAvoided.ci95, NumberWords.count)
    hasHalfCost = halved?.costAvoided.estimate != nil
    halfCost = .money(halved?.costAvoided.estimate, currency: fix.currency)
    halfCostInterval = .interval(halved?.costAvoided.ci95, NumberWords.count)
    overlap = Self.overlap(fix)
    hasOverlap = !overlap.isEmpty
    examples = FixExampleRow.rows(fix)
    hasExamples = !examples.isEmpty
  }

  /// The two fixes that take most off this one if they are done first, where that is a tenth or more.
  private static func overlap(_ fix: AttributionReport.Fix) -> String {
    guard let whole = fix.repeatsAvoided.estimate, whole > 0 else { return "" }
    let first = (fix.overlap ?? []).filter { $0.lowersBy >= 0.1 * whole }
      .sorted { $0.lowersBy > $1.lowersBy }.prefix(2)
    guard !first.isEmpty else { return "" }
    let parts = first.map {
      "“\(ModeWords.title($0.mode))” in \($0.component) is done first, by "
        + NumberWords.count($0.lowersBy)
    }
    return "It is worth less after others: if " + parts.joined(separator: "; if ") + "."
  }
}
