import Attribution

/// Every figure of a run's report that opens into interactions, by path.
struct FigureCatalogue: Sendable {
  private(set) var figures: [Figure] = []
  private var place: [String: Int] = [:]

  init(_ report: AttributionReport) {
    addCounts(report)
    addSplit(report)
    addWeeksAndTopics(report)
    addModes(report)
    addFixes(report)
    addChange(report)
    addMetrics(report.metrics)
    addOutcomes(report)
    addLatencyDoses(report)
    addStaffView(report)
    addStaff(report)
    addIdentity(report)
  }

  /// The figure at a path; `.estimate` at its end may be left out.
  func figure(_ path: String) -> Figure? {
    let ending = ".estimate"
    let index =
      place[path] ?? (path.hasSuffix(ending) ? place[String(path.dropLast(ending.count))] : nil)
    return index.map { figures[$0] }
  }

  mutating func add(
    _ path: String, _ value: Double?, note: String? = nil, _ meaning: String,
    _ quantity: Figure.Quantity, form: Figure.Form = .sum, terms: [Figure.Term] = [Figure.Term()]
  ) {
    // Two entries of one name cannot be told apart by it: the first stands.
    guard place[path] == nil else { return }
    place[path] = figures.count
    figures.append(
      Figure(
        path: path, value: value, note: note, meaning: meaning, quantity: quantity, form: form,
        terms: terms))
  }

  private mutating func addCounts(_ report: AttributionReport) {
    add("interactions", Double(report.interactions), "interactions of the log", .interactions)
    add("customers", Double(report.customers), "known customers of the log", .customers)
    add(
      "unlinked_interactions", Double(report.unlinkedInteractions),
      "interactions that name no customer", .unlinked)
    let per100 = [Figure.Term(scale: 100 / Double(max(report.interactions, 1)))]
    for (name, count, quantity, words) in [
      (
        "system", report.headline.systemCausedRepeats, Figure.Quantity.system,
        "repeats that failures of the system caused, directly and through staff"
      ),
      (
        "staff_own", report.headline.staffOwnCausedRepeats, .staffOwn,
        "repeats that staff errors of their own caused"
      ),
    ] {
      let path = "headline.\(name)_caused_repeats"
      add(path, count.estimate, note: count.note, words, quantity)
      add(
        "\(path).per_100_interactions", count.per100Interactions, note: count.note,
        "\(words), per 100 interactions", quantity, terms: per100)
    }
    let repeats = report.repeats
    add(
      "repeats.caused", repeats.caused.estimate, note: repeats.caused.note,
      "repeats that earlier contacts caused", .expectedRepeats)
    add(
      "repeats.coincidental", repeats.coincidental.estimate, note: repeats.coincidental.note,
      "contacts with an earlier one within the window that would have come anyway", .coincidental)
    let rule = repeats.countedByRule
    add(
      "repeats.counted_by_rule.count", Double(rule.count), "interactions \(rule.rule)",
      .followedByRule)
    add(
      "repeats.counted_by_rule.rate", rule.rate, note: "the log covers no window of the rule",
      "share of interactions \(rule.rule), among those whose window the log covers",
      .followedInCoveredWindow, form: .mean)
  }

  static let parts: [(key: String, quantity: Figure.Quantity, words: String)] = [
    ("system_direct", .systemDirect, "repeats that failures of the system caused directly"),
    (
      "system_through_staff", .systemThroughStaff,
      "repeats of staff errors that failures of the system brought about"
    ),
    ("staff_own", .staffOwn, "repeats that staff errors of their own caused"),
    ("baseline", .baseline, "repeats that no declared failure explains"),
  ]

  private mutating func addSplit(_ report: AttributionReport) {
    let split = report.split
    let parts = [split.systemDirect, split.systemThroughStaff, split.staffOwn, split.baseline]
    for ((key, quantity, words), part) in zip(Self.parts, parts) {
      add("split.\(key)", part.estimate, note: part.note, words, quantity)
      guard let total = report.repeats.caused.estimate, total != 0 else { continue }
      add(
        "split.\(key).share", part.share, note: part.note, "\(words), as a share of all caused",
        quantity, terms: [Figure.Term(scale: 1 / total)])
    }
  }

  private mutating func addWeeksAndTopics(_ report: AttributionReport) {
    let untold = "the split does not tell this part"
    func rows(
      _ path: String, _ words: String, _ values: [Double?], _ interactions: Int,
      _ term: Figure.Term
    ) -> [(String, Double?, String, Figure.Quantity, Figure.Term)] {
      zip(Self.parts, values).map {
        ("\(path).\($0.key)", $1, "\($0.words), \(words)", $0.quantity, term)
      } + [
        ("\(path).interactions", Double(interactions), "interactions \(words)", .interactions, term)
      ]
    }
    for week in report.weekly {
      let term = Figure.Term(week: week.week)
      let path = "weekly.\(week.week)"
      for (path, value, words, quantity, term) in rows(
        path, "by interactions of \(week.week)",
        [week.systemDirect, week.systemThroughStaff, week.staffOwn, week.baseline],
        week.interactions, term)
      { add(path, value, note: untold, words, quantity, terms: [term]) }
      add(
        "\(path).csat", week.csat, note: "nobody gave a score", "mean score of \(week.week)", .csat,
        form: .mean, terms: [term])
      add(
        "\(path).exposure", week.exposure,
        "mean share of the repeat window that the log covers, \(week.week)", .exposure, form: .mean,
        terms: [term])
    }
    for topic in report.topics {
      for (path, value, words, quantity, term) in rows(
        "topics.\(topic.topic)", "by interactions about \(topic.topic)",
        [topic.systemDirect, topic.systemThroughStaff, topic.staffOwn, topic.baseline],
        topic.interactions, Figure.Term(topic: topic.topic))
      { add(path, value, note: untold, words, quantity, terms: [term]) }
    }
  }
}
