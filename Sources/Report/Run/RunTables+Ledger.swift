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
    _ table: InteractionTable, facts: ContactFacts, to path: String
  ) throws(ReportError) {
    precondition(facts.week.count == table.count, "the facts have one entry a row of the table")
    var file = try CSVFile.create(path: path, header: contactColumns)
    let texts = ["channel", "handled_by", "team", "staff_id"].map { table.text($0) }
    let (handled, csat) = (table.number("handle_seconds"), table.number("csat"))
    var weeks: [Int32: String] = [:]
    for row in 0..<table.count {
      let ordinal = facts.week[row]
      let week = weeks[ordinal] ?? ISOWeek(ordinal: Int(ordinal)).description
      weeks[ordinal] = week
      file.field(table.interactionID[row])
      file.field(week)
      file.field(table.topic[row])
      for column in texts { file.field(column?[row]) }
      file.field(handled?[row])
      file.field(flag: facts.intentResolved[row])
      file.field(flag: facts.actionSucceeded[row])
      file.field(facts.latency[row].isNaN ? nil : facts.latency[row])
      file.field(csat?[row])
      file.field(flag: facts.repeatedByRule[row])
      file.field(facts.ruleWindowCovered[row])
      file.field(facts.cost[row].isNaN ? nil : facts.cost[row])
      try file.endRow()
    }
    try file.finish()
  }

  /// Writes `modes.csv`: one row for each failure mode that holds, or may hold, on an interaction.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  static func writeModes(
    _ table: InteractionTable, contributions: ModeContributions, to path: String
  ) throws(ReportError) {
    var file = try CSVFile.create(path: path, header: modeColumns)
    for entry in 0..<contributions.count {
      let place = contributions.places[Int(contributions.place[entry])]
      file.field(table.interactionID[Int(contributions.row[entry])])
      file.field(place.mode)
      file.field(place.component)
      file.field(contributions.known[entry])
      for value in [
        contributions.probability[entry], contributions.caused[entry],
        contributions.switchedOff[entry], contributions.removedShare[entry],
      ] { file.field(value.isNaN ? nil : value) }
      try file.endRow()
    }
    try file.finish()
  }
}

extension RunTables {
  /// Writes `joint_removals.csv`: one row for each set of fixes of which more than one bears on an
  /// interaction, the fixes named by their ranks.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  static func writeJointRemovals(
    _ table: InteractionTable, _ joint: JointRemovals, to path: String
  ) throws(ReportError) {
    var file = try CSVFile.create(path: path, header: jointColumns)
    let names = joint.sets.map(RunRemovals.name)
    for entry in joint.row.indices {
      file.field(table.interactionID[Int(joint.row[entry])])
      file.field(names[Int(joint.set[entry])])
      file.field(joint.share[entry])
      try file.endRow()
    }
    try file.finish()
  }
}

extension CSVFile {
  /// `true` or `false`; blank where the answer is unknown.
  fileprivate mutating func field(flag: Bool?) {
    if let flag { field(flag) } else { field(nil as String?) }
  }
}
