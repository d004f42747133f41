import Attribution
import InteractionLog

/// The files of a run from which its figures open: what was recorded of each interaction, what each
/// failure mode brought at it, and what fixes take together. All are in the row order of
/// `interactions.csv`.
extension RunTables {
  static let contactColumns = [
    "interaction_id", "week", "topic", "channel", "handled_by", "team", "staff_id",
    "handle_seconds", "intent_resolved", "action_succeeded", "latency_ms", "csat",
    "repeated_by_rule", "rule_window_covered", "cost",
  ]

  static let modeColumns = [
    "interaction_id", "mode", "component", "known", "probability", "caused", "switched_off",
    "removed_share",
  ]

  static let jointColumns = ["interaction_id", "fixes", "share"]

  /// Writes `contacts.csv`: one row an interaction; a blank is unknown.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  static func writeContacts(
    _ table: InteractionTable, facts: ContactFacts, to path: String, threads: Int = 1
  ) throws(ReportError) {
    precondition(facts.week.count == table.count, "the facts have one entry a row of the table")
    let texts = ["channel", "handled_by", "team", "staff_id"].map { table.text($0) }
    let (handled, csat) = (table.number("handle_seconds"), table.number("csat"))
    let weeks = Dictionary(
      Set(facts.week).map { ($0, ISOWeek(ordinal: Int($0)).description) },
      uniquingKeysWith: { first, _ in first })
    try CSVFile.write(
      path: path, header: contactColumns, count: table.count, threads: threads
    ) { rows, row in
      rows.field(table.interactionID[row])
      rows.field(weeks[facts.week[row]])
      rows.field(table.topic[row])
      for column in texts { rows.field(column?[row]) }
      rows.field(handled?[row])
      rows.field(flag: facts.intentResolved[row])
      rows.field(flag: facts.actionSucceeded[row])
      rows.field(facts.latency[row].isNaN ? nil : facts.latency[row])
      rows.field(csat?[row])
      rows.field(flag: facts.repeatedByRule[row])
      rows.field(facts.ruleWindowCovered[row])
      rows.field(facts.cost[row].isNaN ? nil : facts.cost[row])
    }
  }

  /// Writes `modes.csv`: one row for each failure mode that holds, or may hold, on an interaction.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  static func writeModes(
    _ table: InteractionTable, contributions: ModeContributions, to path: String, threads: Int = 1
  ) throws(ReportError) {
    try CSVFile.write(
      path: path, header: modeColumns, count: contributions.count, threads: threads
    ) { rows, entry in
      let place = contributions.places[Int(contributions.place[entry])]
      rows.field(table.interactionID[Int(contributions.row[entry])])
      rows.field(place.mode)
      rows.field(place.component)
      rows.field(contributions.known[entry])
      for value in [
        contributions.probability[entry], contributions.caused[entry],
        contributions.switchedOff[entry], contributions.removedShare[entry],
      ] { rows.field(value.isNaN ? nil : value) }
    }
  }
}

extension RunTables {
  /// Writes `joint_removals.csv`: one row for each set of fixes of which more than one bears on an
  /// interaction, the fixes named by their ranks.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  static func writeJointRemovals(
    _ table: InteractionTable, _ joint: JointRemovals, to path: String, threads: Int = 1
  ) throws(ReportError) {
    let names = joint.sets.map(RunRemovals.name)
    try CSVFile.write(
      path: path, header: jointColumns, count: joint.row.count, threads: threads
    ) { rows, entry in
      rows.field(table.interactionID[Int(joint.row[entry])])
      rows.field(names[Int(joint.set[entry])])
      rows.field(joint.share[entry])
    }
  }
}
