import Attribution
import FailureModes
import Foundation
import InteractionLog
import RepeatContacts
import SyntheticWorld

/// A generated world and what is said of its staff.
struct StaffWorld {
  let log: GeneratedLog
  let fitted: FittedAttribution

  init(
    interactions: Int, seed: UInt64, regime: Regime = .logLinear,
    parameters edit: (inout WorldParameters) -> Void = { _ in },
    log change: (inout InteractionTable) -> Void = { _ in }
  ) throws {
    var parameters = WorldParameters(regime: regime)
    edit(&parameters)
    var log = World(
      regime: regime, parameters: parameters, interactions: interactions, seed: seed
    ).generate(includeTotals: false, without: [])
    change(&log.table)
    self.log = log
    fitted = try FittedAttribution(canonical: log.table)
  }

  var rule: RuleCount { RuleCount(table: log.table, windowDays: 7, sameTopic: true) }

  func outcome() throws -> AttributionOutcome {
    let table = log.table
    var options = AttributionOptions(seed: 1, threads: 2)
    options.modelChecks = false
    return try AttributionEngine(options: options).run(
      fitted.input,
      provenance: .init(
        version: "", studySHA256: "", logSHA256: "", seed: 1, rowsRead: table.count,
        rowsRejected: 0))
  }
}
