import WhatIf

/// A named policy: its outcomes in all, by topic and by week, and the queue that it leaves to staff.
struct PolicySection {
  struct OutcomeRow {
    let title: String
    let unit: String
    let value: Markup
    let interval: Markup
    let change: Markup
    let changeInterval: Markup
    let note: String?
  }
  struct PartRow {
    let title: String
    let firstContacts: Markup
    let automated: Markup
    let change: Markup
    let interval: Markup
    let support: String
  }
  let name: String
  let summary: String
  let outcomes: [OutcomeRow]
  let topics: [PartRow]
  let weeks: [PartRow]
  let queue: QueueTable?
  /// Not `note`: a row without one would show that of what is around it.
  let remark: String?

  init(_ policy: PolicyResult, _ currency: String?) {
    name = ModeWords.title(policy.name)
    let outside = policy.whole.support.outsideShare
    summary =
      "AI handles \(NumberWords.percent(policy.whole.automatedShare)) of first contacts. "
      + (policy.whole.support.verdict == .bounded
        ? "\(NumberWords.percent(outside)) of first contacts are outside what the log has seen: "
          + "bounds, no estimates."
        : "The log has seen such contacts handled that way: estimates.")
    outcomes = policy.whole.outcomes.map { Self.row($0, currency) }
    topics = policy.byTopic.map { Self.part($0, title: WhatIfFindings.title($0.value)) }
    weeks = policy.byWeek.map { Self.part($0, title: $0.value) }
    queue = QueueTable(policy.queue, today: policy.queueToday)
    remark = policy.note
  }

  private static func row(_ value: OutcomeValue, _ currency: String?) -> OutcomeRow {
    let words = OutcomeWords(value.outcome, currency: currency)
    func shown(_ number: Double?) -> Markup {
      number.map { .number($0 * words.scale, words.number($0)) } ?? .text(NumberWords.missing)
    }
    func ends(_ bounds: [Double]?) -> Markup {
      .interval(bounds.map { $0.map { $0 * words.scale } }) {
        NumberWords.fixed($0, decimals: words.decimals)
      }
    }
    let isEstimate = value.doublyRobust.estimate != nil
    return OutcomeRow(
      title: words.title, unit: words.axis + (isEstimate || value.bounds == nil ? "" : "; bounds"),
      value: isEstimate ? shown(value.doublyRobust.estimate) : ends(value.bounds?.ci95),
      interval: ends(value.doublyRobust.ci95),
      change: isEstimate ? shown(value.change.estimate) : ends(value.changeBounds?.ci95),
      changeInterval: ends(value.change.ci95), note: value.note)
  }

  private static func part(_ part: PolicyResult.Part, title: String) -> PartRow {
    let words = OutcomeWords(.repeats, currency: nil)
    let value = part.outcomes.first { $0.outcome == .repeats }
    let bounds = value?.changeBounds?.ci95
    func ends(_ bounds: [Double]?) -> Markup {
      .interval(bounds.map { $0.map { $0 * words.scale } }) { NumberWords.fixed($0, decimals: 1) }
    }
    return PartRow(
      title: title, firstContacts: .count(part.firstContacts),
      automated: .percent(part.automatedShare),
      change: value?.change.estimate.map { .number($0 * words.scale, words.number($0)) }
        ?? ends(bounds), interval: ends(value?.change.ci95),
      support: value?.change.estimate != nil
        ? (part.support.verdict == .thin ? "few contacts" : "estimate")
        : bounds == nil ? "cannot be told" : "bounds")
  }
}
