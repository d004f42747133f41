import InteractionLog
import Report

/// What a reader is shown of an interaction of a run.
struct ContactDetail {
  let ledger: RunLedger
  let showStaff: Bool

  /// Whether a column may be shown: those that identify people only where they were asked for.
  private func shows(_ column: String) -> Bool {
    showStaff || (column != "staff_id" && !ledger.declaration.personal.contains(column))
  }

  func id(_ row: Int) -> String { ledger.rows.id[row] }
  func startedAt(_ row: Int) -> String { Timestamp.text(ledger.rows.startedAt[row]) }
  func topic(_ row: Int) -> String? { shows("topic") ? ledger.contacts.topic[row] : nil }
  func channel(_ row: Int) -> String? { shows("channel") ? ledger.contacts.channel[row] : nil }
  func handledBy(_ row: Int) -> String? { ledger.contacts.handledBy[row] }
  func team(_ row: Int) -> String? { shows("team") ? ledger.contacts.team[row] : nil }
  func staff(_ row: Int) -> String? { shows("staff_id") ? ledger.contacts.staff[row] : nil }

  func failures(_ row: Int) -> [ModeOnContact] {
    let modes = ledger.modes
    return modes.entries(row).map { entry in
      let place = modes.places[Int(modes.place[entry])]
      let probability = modes.probability[entry]
      return ModeOnContact(
        mode: place.mode, component: place.component, known: modes.known[entry] == 1,
        probability: probability.isNaN ? nil : probability)
    }
  }

  /// Earlier contacts that may have brought a row.
  func before(_ row: Int) -> [FigureAnswer.Pair] {
    ledger.links.pairs(before: row).map { pair($0, other: Int(ledger.links.prior[$0]), row) }
  }

  /// Later contacts that a row may have brought.
  func after(_ row: Int) -> [FigureAnswer.Pair] {
    ledger.links.pairs(after: row, in: ledger.rows).map { pair($0.pair, other: $0.later, row) }
  }

  /// The contact that the rule counts after one of staff; its pair may lie outside the model's window.
  private func counted(_ row: Int, _ contribution: Double) throws -> [FigureAnswer.Pair] {
    let view = try ledger.staffView.value()
    guard let place = view.place(prior: row) else { return [] }
    let later = Int(view.later[place])
    let distance = ledger.rows.startedAt[later] - ledger.rows.startedAt[row]
    return [
      .init(
        interaction: id(later), hours: Double(distance) / 3_600_000,
        sameTopic: ledger.contacts.topic.codes[later] == ledger.contacts.topic.codes[row],
        probability: ledger.links.probability(from: Int32(row), to: Int32(later)),
        contribution: contribution)
    ]
  }

  private func pair(_ pair: Int, other: Int, _ row: Int) -> FigureAnswer.Pair {
    let distance = ledger.rows.startedAt[other] - ledger.rows.startedAt[row]
    let sameTopic = ledger.links.sameTopic[pair]
    return .init(
      interaction: id(other), hours: Double(distance.magnitude) / 3_600_000,
      sameTopic: sameTopic < 0 ? nil : sameTopic == 1,
      probability: ledger.links.probability[pair], contribution: nil)
  }

  func item(
    _ row: Int, _ figure: Figure, _ evaluation: FigureEvaluation, pairContributions: [Double]?
  ) throws -> FigureAnswer.Item {
    var pairs: [FigureAnswer.Pair]
    switch figure.pairs {
    case .earlier: pairs = before(row)
    case .later: pairs = after(row)
    case .counted: pairs = try counted(row, evaluation.contributions[row])
    case .none: pairs = []
    }
    if let pairContributions {
      for index in pairs.indices { pairs[index].contribution = pairContributions[index] }
    }
    var contribution: Double? = evaluation.contributions[row]
    if figure.form.isOrderStatistic { contribution = nil }
    return .init(
      interaction: id(row), startedAt: startedAt(row), topic: topic(row), channel: channel(row),
      handledBy: handledBy(row), team: team(row), staff: staff(row), failures: failures(row),
      value: evaluation.values[row], contribution: contribution, pairs: pairs)
  }

  /// Every interaction that counts, as CSV.
  func write(_ figure: Figure, _ evaluation: FigureEvaluation, to path: String) throws {
    var header = [
      "interaction_id", "started_at", "topic", "channel", "handled_by", "team", "modes", "value",
      "contribution",
    ]
    if showStaff { header.append("staff_id") }
    let counted = (0..<ledger.count).filter { evaluation.counts($0, figure) }
    try CSVFile.write(path: path, header: header, count: counted.count) { rows, index in
      let row = counted[index]
      rows.field(id(row))
      rows.field(time: ledger.rows.startedAt[row])
      rows.field(topic(row))
      rows.field(channel(row))
      rows.field(handledBy(row))
      rows.field(team(row))
      rows.field(failures(row).filter(\.known).map(\.words).joined(separator: ";"))
      rows.field(evaluation.values[row])
      if figure.form.isOrderStatistic {
        rows.field(nil as Double?)
      } else {
        rows.field(evaluation.contributions[row])
      }
      if showStaff { rows.field(staff(row)) }
    }
  }
}

extension ModeOnContact {
  /// `integration_timeout (payments)`.
  var words: String { component.map { "\(mode) (\($0))" } ?? mode }
}
