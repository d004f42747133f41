import Attribution
import InteractionLog

/// The files of a run from which figures open that not every run has: outcomes beside repeats, staff's
/// raw view, comparisons of weeks, latency. Each is there where the report has such figures.
extension RunTables {
  static let outcomeColumns = [
    "interaction_id", "outcome", "happened", "cell", "silent_days", "silent_chance", "departed",
  ]
  static let outcomeCellColumns = [
    "outcome", "cell", "expected", "system_direct", "system_through_staff", "staff_own", "baseline",
  ]
  static let outcomeModeColumns = ["outcome", "cell", "mode", "component", "caused", "removed"]
  static let staffViewColumns = [
    "interaction_id", "later_id", "staff_error", "handled_by_staff", "own_accord", "other_contact",
    "baseline", "system_direct", "system_through_staff", "staff_own",
  ]
  static let staffWorkColumns = ["interaction_id", "expected", "observed"]
  static let changeColumns = ["interaction_id", "caused", "coincidental", "exposure"]
  static let latencyColumns = ["interaction_id", "latency_ms"]

  /// Writes those files that the ledger has something for.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  static func writeFigures(
    _ table: InteractionTable, _ ledger: InteractionLedger, to folder: String, threads: Int,
    progress: (_ file: String) -> Void
  ) throws(ReportError) {
    if !ledger.outcomes.isEmpty {
      progress("outcomes.csv")
      try writeOutcomes(table, ledger.outcomes, to: folder, threads: threads)
    }
    if let view = ledger.staffView {
      progress("staff_view.csv")
      try writeStaffView(table, view, to: "\(folder)/staff_view.csv", threads: threads)
    }
    let work = ledger.staffWork.contacts
    if !work.isEmpty {
      progress("staff_work.csv")
      try CSVFile.write(
        path: "\(folder)/staff_work.csv", header: staffWorkColumns, count: work.count,
        threads: threads
      ) { csv, index in
        csv.field(table.interactionID[Int(work[index].row)])
        csv.field(work[index].expected)
        csv.field(work[index].observed)
      }
    }
    if let change = ledger.change {
      progress("change.csv")
      try writeChange(table, change, to: "\(folder)/change.csv", threads: threads)
    }
    if !ledger.doseLatency.isEmpty {
      progress("latency_dose.csv")
      let latency = ledger.doseLatency
      let rows = latency.indices.filter { !latency[$0].isNaN }
      try CSVFile.write(
        path: "\(folder)/latency_dose.csv", header: latencyColumns, count: rows.count,
        threads: threads
      ) { csv, index in
        csv.field(table.interactionID[rows[index]])
        csv.field(latency[rows[index]])
      }
    }
  }

  /// `outcomes.csv`: one row for each interaction on which an outcome could happen and is known;
  /// `outcome_cells.csv` and `outcome_modes.csv`: what an interaction of each cell adds.
  private static func writeOutcomes(
    _ table: InteractionTable, _ outcomes: [OutcomeLedger], to folder: String, threads: Int
  ) throws(ReportError) {
    let silences = outcomes.map { outcome in
      Dictionary(outcome.silence.map { ($0.row, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let places = outcomes.indices.flatMap { k in
      outcomes[k].happened.indices.lazy.filter { outcomes[k].happened[$0] >= 0 }
        .map { (outcome: k, row: $0) }
    }
    try CSVFile.write(
      path: "\(folder)/outcomes.csv", header: outcomeColumns, count: places.count, threads: threads
    ) { csv, index in
      let (k, row) = places[index]
      let outcome = outcomes[k]
      let silence = silences[k][Int32(row)]
      csv.field(table.interactionID[row])
      csv.field(outcome.outcome)
      // From silence nothing is seen to happen.
      csv.field(flag: outcome.silence.isEmpty ? outcome.happened[row] == 1 : nil)
      csv.field(outcome.cell[row] < 0 ? nil : Double(outcome.cell[row]))
      csv.field(silence?.days)
      csv.field(silence?.chance)
      csv.field(silence?.departed)
    }
    let cells = outcomes.indices.flatMap { k in
      outcomes[k].cells.indices.lazy.map { (outcome: k, cell: $0) }
    }
    try CSVFile.write(
      path: "\(folder)/outcome_cells.csv", header: outcomeCellColumns, count: cells.count,
      threads: threads
    ) { csv, index in
      let (k, number) = cells[index]
      let cell = outcomes[k].cells[number]
      csv.field(outcomes[k].outcome)
      csv.field(number)
      csv.field(cell.expected)
      csv.field(cell.systemDirect)
      csv.field(cell.systemThroughStaff)
      csv.field(cell.staffOwn)
      csv.field(cell.baseline)
    }
    let modes = cells.flatMap { at in
      outcomes[at.outcome].cells[at.cell].modes.map {
        (outcome: at.outcome, cell: at.cell, mode: $0)
      }
    }
    try CSVFile.write(
      path: "\(folder)/outcome_modes.csv", header: outcomeModeColumns, count: modes.count,
      threads: threads
    ) { csv, index in
      let (k, cell, mode) = modes[index]
      csv.field(outcomes[k].outcome)
      csv.field(cell)
      csv.field(mode.place.mode)
      csv.field(mode.place.component)
      csv.field(mode.caused)
      csv.field(mode.removed)
    }
  }

  /// `staff_view.csv`: one row for each repeat that the rule counts after a contact of staff.
  private static func writeStaffView(
    _ table: InteractionTable, _ view: StaffViewLedger, to path: String, threads: Int
  ) throws(ReportError) {
    try CSVFile.write(
      path: path, header: staffViewColumns, count: view.repeats.count, threads: threads
    ) { csv, index in
      let one = view.repeats[index]
      csv.field(table.interactionID[Int(one.prior)])
      csv.field(table.interactionID[Int(one.later)])
      csv.field(one.hasStaffError)
      csv.field(one.handledByStaff)
      csv.field(one.ownAccord)
      csv.field(one.otherContact)
      csv.field(one.baseline)
      csv.field(one.systemDirect)
      csv.field(one.systemThroughStaff)
      csv.field(one.staffOwn)
    }
  }

  /// `change.csv`: one row for each interaction of a known customer in a week that can be compared.
  private static func writeChange(
    _ table: InteractionTable, _ change: ChangeLedger, to path: String, threads: Int
  ) throws(ReportError) {
    try CSVFile.write(
      path: path, header: changeColumns, count: change.row.count, threads: threads
    ) { csv, index in
      csv.field(table.interactionID[Int(change.row[index])])
      csv.field(change.caused[index])
      csv.field(change.coincidental[index])
      csv.field(change.exposure[index])
    }
  }
}
