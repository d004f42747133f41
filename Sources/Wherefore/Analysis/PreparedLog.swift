import Attribution
import FailureModes
import InteractionLog

/// A log as it is analysed: customers joined as the study declares, days at the end that are not all in
/// left out.
struct PreparedLog {
  let identity: IdentityResolution
  private let end: IncompleteEnd.Finding

  /// The days at the end that are not all in; nil: none.
  var incompleteEnd: IncompleteEnd? {
    if case .incomplete(let days) = end { days } else { nil }
  }

  var table: InteractionTable { identity.table }

  /// - Throws: `LogError` where the customers file's aliases contradict one another.
  init(
    _ table: InteractionTable, customers: CustomerTable?, study: Study
  ) throws(LogError) {
    var table = table
    end = IncompleteEnd.find(table, zone: study.source.zone)
    if case .incomplete(let days) = end, study.identity.cutsIncompleteEnd {
      table = days.cut(table)
    }
    identity = try IdentityResolution(
      table: table, customers: customers, identity: study.identity,
      windowDays: study.repeatWindow.windowDays)
  }

  /// What an attribution of it is made from.
  func input(study: Study, constantColumns: [String]) throws -> AttributionInput {
    var input = AttributionInput(
      table: table, modes: try ModeTable.build(study: study, table: table), study: study,
      customers: identity.customers, constantColumns: constantColumns, identity: identity)
    input.end = end
    return input
  }
}
