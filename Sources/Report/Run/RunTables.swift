import Attribution
import InteractionLog

/// The CSV files of a run, in the columns of the contract.
public enum RunTables {
  /// Writes `links.csv`: one row a link, in the table's order.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public static func writeLinks(
    _ links: LinkTable, of table: InteractionTable, to path: String
  ) throws(ReportError) {
    var file = try CSVFile.create(
      path: path,
      header: ["prior_id", "later_id", "customer_id", "hours", "same_topic", "probability"])
    for link in 0..<links.count {
      let prior = Int(links.prior[link])
      file.field(table.interactionID[prior])
      file.field(table.interactionID[Int(links.later[link])])
      file.field(table.customer[prior])
      file.field(links.hours[link])
      file.field(links.sameTopic[link])
      file.field(links.probability[link])
      try file.endRow()
    }
    try file.finish()
  }

  /// Writes `interactions.csv`: one row an interaction, with its expected repeats and their parts.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public static func writeInteractions(
    _ table: InteractionTable, ledger: InteractionLedger, to path: String
  ) throws(ReportError) {
    precondition(
      ledger.expectedRepeats.count == table.count, "the ledger has one entry a row of the table")
    var file = try CSVFile.create(
      path: path,
      header: [
        "interaction_id", "customer_id", "started_at", "modes", "expected_repeats",
        "system_direct", "system_through_staff", "staff_own", "baseline", "exposure",
      ])
    for row in 0..<table.count {
      file.field(table.interactionID[row])
      file.field(table.customer[row])
      file.field(time: table.startedAt[row])
      file.field(ledger.modes[row])
      file.field(ledger.expectedRepeats[row])
      file.field(ledger.systemDirect[row])
      file.field(ledger.systemThroughStaff?[row])
      file.field(ledger.staffOwn?[row])
      file.field(ledger.baseline[row])
      file.field(ledger.exposure[row])
      try file.endRow()
    }
    try file.finish()
  }

  /// Writes `rejected.csv`: the rows of the input that were not used, and why.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public static func writeRejected(_ rows: [RejectedRow], to path: String) throws(ReportError) {
    var file = try CSVFile.create(
      path: path, header: ["file", "line", "column", "value", "reason"])
    for row in rows {
      file.field(row.file)
      file.field(row.line)
      file.field(row.column)
      file.field(row.value)
      file.field(row.reason)
      try file.endRow()
    }
    try file.finish()
  }
}
