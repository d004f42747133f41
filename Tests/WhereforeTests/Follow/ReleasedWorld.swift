import Attribution
import FailureModes
import InteractionLog
import Statistics
import SyntheticWorld
import Wherefore

/// A generated log in which a fix is released halfway, with the same world without it.
struct ReleasedWorld {
  static let days = 150
  static let releaseDay = 75
  static let windowDays = 15.0

  let fix: (mode: InjectedMode, component: String)
  let log: GeneratedLog
  let without: GeneratedLog
  let released: Int64

  /// - Parameter keeps: share of the failures that still happen after the release.
  init(
    mode: InjectedMode, component: String, keeps: Double, interactions: Int = 60_000, seed: UInt64
  ) {
    fix = (mode, component)
    var parameters = WorldParameters(regime: .logLinear)
    parameters.days = Self.days
    // Failures are frequent enough here that their repair can be told from later contacts alone.
    parameters.execution.timeoutRate = 0.12
    parameters.execution.actionFailure = 0.15
    parameters.classification.misclassificationLogOdds = -1.8
    // An outage of one component after the release would be a failure that no control can foretell.
    parameters.outages.count = 0...0
    func world(_ parameters: WorldParameters) -> GeneratedLog {
      World(
        regime: .logLinear, parameters: parameters, interactions: interactions, seed: seed
      ).generate(includeTotals: false)
    }
    without = world(parameters)
    parameters.release = .init(
      mode: mode, component: component, day: Self.releaseDay, keeps: keeps)
    log = world(parameters)
    released = parameters.startSeconds * 1_000 + Int64(Self.releaseDay) * 86_400_000
  }

  var study: Study { .canonical }

  /// What a run over the log before the release says.
  func prediction(threads: Int = 2) throws -> AttributionReport {
    var before = log.table
    before = before.rows { before.startedAt[$0] < released }
    var options = AttributionOptions(seed: 1, threads: threads)
    options.modelChecks = false
    let outcome = try AttributionEngine(options: options).run(
      AttributionInput(
        table: before, modes: try ModeTable.build(study: study, table: before), study: study,
        customers: nil, constantColumns: []),
      provenance: .init(
        version: "", studySHA256: "", logSHA256: "", seed: 1, rowsRead: before.count,
        rowsRejected: 0))
    return outcome.report
  }

  /// The follow-up's interactions, and what they are compared with.
  func records() throws -> (FollowDesign, [FollowRecord]) {
    let modes = try ModeTable.build(study: study, table: log.table)
    let design = try FollowDesign(
      mode: fix.mode.rawValue, component: fix.component, modes: modes, study: study,
      table: log.table)
    return (
      design, FollowRecord.records(design, modes: modes, study: study, table: log.table)
    )
  }

  /// Contacts that the release kept away, counted as the follow-up counts them: in the window after a
  /// contact without an earlier one within the window, after the release and whole in the log.
  var truth: Double {
    let table = without.table
    let end = table.startedAt.max() ?? 0
    let window = Int64(Self.windowDays * 86_400_000)
    func key(_ table: InteractionTable, _ row: Int) -> String {
      "\(table.customer[row] ?? "") \(table.startedAt[row])"
    }
    let present = Set((0..<log.table.count).map { key(log.table, $0) })
    // Rows are by customer, then time.
    var count = 0.0
    for row in 0..<table.count {
      let time = table.startedAt[row]
      let customer = table.customer.codes[row]
      let isFirst =
        row == 0 || table.customer.codes[row - 1] != customer
        || table.startedAt[row - 1] < time - window
      guard isFirst, time >= released, time + window <= end else { continue }
      var later = row + 1
      while later < table.count, table.customer.codes[later] == customer,
        table.startedAt[later] <= time + window
      {
        if !present.contains(key(table, later)) { count += 1 }
        later += 1
      }
    }
    return count
  }
}

extension InteractionTable {
  /// The rows that are picked, in order.
  func rows(_ keep: (Int) -> Bool) -> InteractionTable {
    let kept = (0..<count).filter(keep)
    func text(_ column: TextColumn) -> TextColumn {
      TextColumn(codes: kept.map { column.codes[$0] }, values: column.values)
    }
    var columns = self.columns
    for (name, column) in self.columns {
      switch column {
      case .text(let values): columns[name] = .text(text(values))
      case .number(let values):
        columns[name] = .number(NumberColumn(storage: kept.map { values.storage[$0] }))
      case .time(let values):
        columns[name] = .time(TimeColumn(milliseconds: kept.map { values.milliseconds[$0] }))
      case .flag(let values):
        columns[name] = .flag(FlagColumn(storage: kept.map { values.storage[$0] }))
      }
    }
    return InteractionTable(
      interactionID: kept.map { interactionID[$0] }, customer: text(customer),
      startedAt: kept.map { startedAt[$0] }, topic: text(topic), columns: columns)
  }
}
