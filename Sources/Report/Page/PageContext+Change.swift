import Attribution

/// Why repeats changed from week to week: the latest change that the data tell from none with its
/// table, else the latest complete pair of weeks; earlier changes in a sentence each.
struct ChangeSection {
  let hasAny: Bool
  let title: String
  let sentence: String
  let rows: [ChangeRow]
  let earlier: [String]
  let hasEarlier: Bool
  let comparisons: Markup

  /// Earlier changes beyond these do not help a reader; attribution.json has all.
  static let mostEarlier = 4

  init(_ changes: [AttributionReport.ChangeResult]) {
    let known = changes.compactMap(\.decomposition)
    let told = known.filter { $0.verdict == .rose || $0.verdict == .fell }
    let complete = known.filter {
      min($0.from.exposure, $0.to.exposure) >= Findings.completeExposure
    }
    let shown = told.last ?? complete.last ?? known.last
    hasAny = shown != nil
    title = shown.map { "\($0.to.period) against \($0.from.period)" } ?? ""
    sentence = shown?.sentence ?? ""
    rows = shown.map(ChangeRow.rows) ?? []
    earlier = told.dropLast().suffix(Self.mostEarlier).reversed().map(\.sentence)
    hasEarlier = !earlier.isEmpty
    comparisons = Markup.text(NumberWords.count(known.count))
  }
}

/// One mechanism of a change.
struct ChangeRow {
  let title: String
  let meaning: String?
  let change: Markup
  let interval: Markup
  let isTotal: Bool

  static func rows(_ change: AttributionReport.ChangeDecomposition) -> [ChangeRow] {
    change.mechanisms.map {
      ChangeRow(
        title: MechanismWords.title($0.mechanism), meaning: MechanismWords.meaning($0.mechanism),
        change: $0.estimate.map { .number($0, MechanismWords.signed($0)) }
          ?? .text("cannot be told"),
        interval: .interval($0.ci95, MechanismWords.signed), isTotal: false)
    } + [
      ChangeRow(
        title: "All", meaning: nil,
        change: change.difference.estimate.map { .number($0, MechanismWords.signed($0)) }
          ?? .text(NumberWords.missing),
        interval: .interval(change.difference.ci95, MechanismWords.signed), isTotal: true)
    ]
  }
}
