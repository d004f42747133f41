import Attribution
import InteractionLog

/// The CSV files of a run, in the columns of the contract.
public enum RunTables {
  /// Writes `links.csv`: one row a link, in the table's order.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public static func writeLinks(
    _ links: LinkTable, of table: InteractionTable, to path: String, threads: Int = 1
  ) throws(ReportError) {
    try CSVFile.write(
      path: path,
      header: ["prior_id", "later_id", "customer_id", "hours", "same_topic", "probability"],
      count: links.count, threads: threads
    ) { rows, link in
      let prior = Int(links.prior[link])
      rows.field(table.interactionID[prior])
      rows.field(table.interactionID[Int(links.later[link])])
      rows.field(table.customer[prior])
      rows.field(links.hours[link])
      rows.field(links.sameTopic[link])
      rows.field(links.probability[link])
    }
  }

  /// Writes `interactions.csv`: one row an interaction, with its expected repeats and their parts.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public static func writeInteractions(
    _ table: InteractionTable, ledger: InteractionLedger, to path: String, threads: Int = 1
  ) throws(ReportError) {
    precondition(
      ledger.expectedRepeats.count == table.count, "the ledger has one entry a row of the table")
    try CSVFile.write(
      path: path,
      header: [
        "interaction_id", "customer_id", "started_at", "modes", "expected_repeats",
        "system_direct", "system_through_staff", "staff_own", "baseline", "exposure",
      ], count: table.count, threads: threads
    ) { rows, row in
      rows.field(table.interactionID[row])
      rows.field(table.customer[row])
      rows.field(time: table.startedAt[row])
      rows.field(ledger.modes[row])
      rows.field(ledger.expectedRepeats[row])
      rows.field(ledger.systemDirect?[row])
      rows.field(ledger.systemThroughStaff?[row])
      rows.field(ledger.staffOwn?[row])
      rows.field(ledger.baseline[row])
      rows.field(ledger.exposure[row])
    }
  }

  /// Writes `rejected.csv`: the rows of the input that were not used, and why.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public static func writeRejected(_ rejected: [RejectedRow], to path: String) throws(ReportError) {
    try CSVFile.write(
      path: path, header: ["file", "line", "column", "value", "reason"], count: rejected.count
    ) { rows, index in
      let row = rejected[index]
      rows.field(row.file)
      rows.field(row.line)
      rows.field(row.column)
      rows.field(row.value)
      rows.field(row.reason)
    }
  }
}
