import InteractionLog
import Report

/// Repeats that an attribution puts down to each interaction of a log.
enum CausedRepeats {
  /// By row of the table: the probabilities of the links from it, added up.
  ///
  /// - Throws: `ReportError` where the folder is no run, or the run is of another log.
  static func byRow(run directory: String, table: InteractionTable) throws -> [Double] {
    let ledger = try RunLedger(directory: directory)
    var byRunRow = [Double](repeating: 0, count: ledger.count)
    for (prior, probability) in zip(ledger.links.prior, ledger.links.probability) {
      byRunRow[Int(prior)] += probability
    }
    var place: [String: Int] = [:]
    for row in 0..<ledger.count { place[ledger.rows.id[row]] = row }
    return try table.interactionID.map { id in
      guard let row = place[id] else {
        throw ReportError.runUnreadable(
          path: "\(directory)/interactions.csv",
          reason: "interaction '\(id)' of the log is not in it: name a run on this log")
      }
      return byRunRow[row]
    }
  }
}
