import Attribution

/// Which failure costs in which outcome: a table of parts and failures by outcomes, repeats first.
struct OutcomeSection {
  struct Column {
    let title: String
    let meaning: String
  }
  struct Cell {
    let title: String
    let value: Markup
    let interval: Markup
    /// Whether the interval holds zero.
    let isUnclear: Bool
  }
  struct Row {
    let title: String
    let isPart: Bool
    let cells: [Cell]
  }
  let hasAny: Bool
  let columns: [Column]
  let hasColumns: Bool
  let caption: String
  let rows: [Row]
  let notes: [String]
  let hasNotes: Bool

  init(_ report: AttributionReport) {
    let outcomes = report.outcomes ?? []
    let told = outcomes.filter { $0.expected.estimate != nil }
    hasAny = !outcomes.isEmpty
    let titles = ["Repeats"] + told.map { ModeWords.title($0.outcome) }
    columns =
      told.isEmpty
      ? []
      : [Column(title: titles[0], meaning: "expected, with 95% intervals")]
        + told.map { Column(title: ModeWords.title($0.outcome), meaning: Self.meaning($0)) }
    caption = columns.map { "\($0.title): \($0.meaning)" }.joined(separator: ". ")
    func cell(_ place: Int, _ estimate: Double?, _ interval: [Double]?) -> Cell {
      guard let estimate else {
        return Cell(
          title: titles[place], value: .text(NumberWords.missing), interval: .text(""),
          isUnclear: true)
      }
      return Cell(
        title: titles[place], value: .count(estimate),
        interval: .interval(interval, NumberWords.count),
        isUnclear: interval.map { $0[0] <= 0 && $0[1] >= 0 } ?? true)
    }
    let parts = SplitPart.allCases.map { part in
      let splits = [report.split] + told.map(\.split)
      return Row(
        title: part.title, isPart: true,
        cells: splits.enumerated().map { place, split in
          let value = part.part(of: split)
          return cell(place, value.estimate, value.ci95)
        })
    }
    let modes = RankedModes(report.modes).modes.map(\.whole).map { mode in
      Row(
        title: ModeWords.title(mode.mode), isPart: false,
        cells: [cell(0, mode.caused.estimate, mode.caused.ci95)]
          + told.enumerated().map { place, outcome in
            let own = outcome.modes.first { $0.mode == mode.mode && $0.component == nil }
            return cell(place + 1, own?.caused.estimate, own?.caused.ci95)
          })
    }
    rows = told.isEmpty ? [] : parts + modes
    hasColumns = !told.isEmpty
    notes = outcomes.compactMap(Self.note)
    hasNotes = !notes.isEmpty
  }

  private static func meaning(_ outcome: AttributionReport.OutcomeResult) -> String {
    let counted =
      outcome.events.map {
        "\(NumberWords.count($0)) of \(NumberWords.count(outcome.interactions))"
      }
      ?? outcome.expected.estimate.map { "about \(NumberWords.count($0)), told from silence" } ?? ""
    return outcome.good ? "\(counted); minus is lost" : counted
  }

  private static func note(_ outcome: AttributionReport.OutcomeResult) -> String? {
    let title = ModeWords.title(outcome.outcome)
    if let note = outcome.note { return "\(title): \(note)." }
    guard let money = outcome.money, let value = money.system.estimate else { return nil }
    let currency = money.currency.map { " \($0)" } ?? ""
    let range = money.system.ci95.map {
      " (\(NumberWords.count($0[0])) to \(NumberWords.count($0[1])))"
    }
    return "\(title): what the system brought comes to \(NumberWords.count(value))"
      + "\(range ?? "")\(currency), at \(NumberWords.count(money.perEvent))\(currency) each."
  }
}

/// How repeats and outcomes answer to latency.
struct LatencySection {
  struct Row {
    let title: String
    let interactions: Markup
    let begins: Markup
    let interval: Markup
    let note: String?
  }
  let hasAny: Bool
  let sentences: [String]
  let rows: [Row]
  let hasRows: Bool

  init(_ doses: [AttributionReport.LatencyDose]) {
    hasAny = !doses.isEmpty
    sentences = doses.map(\.sentence)
    rows = doses.flatMap { dose in
      dose.topics.map { topic in
        Row(
          title: (doses.count > 1 ? "\(ModeWords.title(dose.response)): " : "")
            + (topic.topic ?? "all topics"),
          interactions: .count(topic.interactions),
          begins: topic.beginsAt.map { .number($0, NumberWords.duration(milliseconds: $0)) }
            ?? .text("not seen"),
          interval: topic.beginsAtCi95.map { bounds in
            .interval(bounds) { NumberWords.duration(milliseconds: $0) }
          } ?? .text(NumberWords.missing),
          note: topic.note)
      }
    }
    hasRows = !rows.isEmpty
  }
}
