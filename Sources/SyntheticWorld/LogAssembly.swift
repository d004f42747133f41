import InteractionLog
import Statistics

/// Turns the world's contacts into the log's canonical columns.
struct LogAssembly {
  var parameters: WorldParameters
  /// The regime's name.
  var regime: String
  var conduct: Conduct
  var seed: UInt64
  var customerCount: Int
  var rows: LogRows
  var truth: TruthCount
  var twins: TwinCount?
  var outcomes: [OutcomeTruth]
  var activity: [CustomerActivity]
  var policies: [PolicyTruth]?

  func log() -> GeneratedLog {
    let order = rows.timeOrder()
    let customer = customerColumn()
    let outcomes = OutcomeColumns(rows.rows, parameters)
    let codes = CodeColumns(
      rows.rows, reviewed: outcomes.reviewed, intentReviewed: outcomes.intentReviewed)
    var table = InteractionTable(
      interactionID: interactionIDs(order), customer: customer,
      startedAt: rows.rows.map { parameters.milliseconds(second: $0.time) }, topic: codes.topic,
      columns: [
        "ended_at": .time(outcomes.endedAt),
        "handle_seconds": .number(outcomes.handleSeconds),
        "channel": .text(codes.channel),
        "intent_predicted": .text(codes.predicted),
        "intent_actual": .text(codes.actual),
        "intent_confidence": .number(codes.confidence),
        "confidence_threshold": .number(thresholds()),
        "handled_by": .text(codes.handledBy),
        "staff_id": .text(codes.staff),
        "team": .text(codes.team),
        "integration": .text(codes.integration),
        "integration_status": .text(codes.integrationStatus),
        "integration_latency_ms": .number(codes.latency),
        "action": .text(codes.action),
        "action_status": .text(codes.actionStatus),
        "staff_error": .text(codes.staffError),
        "qa_reviewed": .flag(FlagColumn(storage: outcomes.reviewed)),
        "intent_reviewed": .flag(FlagColumn(storage: outcomes.intentReviewed)),
        "reviewed_at": .time(outcomes.reviewedAt),
        "resolved": .flag(FlagColumn(storage: outcomes.resolved)),
        "csat": .number(outcomes.csat),
      ])
    for (place, law) in parameters.outcomes.enumerated() {
      table.columns[law.name] = .flag(
        FlagColumn(
          storage: rows.rows.map {
            law.happens(key: $0.key, place: place, probability: law.probability($0)) ? 1 : 0
          }))
    }
    addRoutingColumns(to: &table)
    let activeIDs = activity.map { customerID($0.number) }
    return GeneratedLog(
      table: table, truth: truth(customers: customer.values.count),
      cause: rows.rows.map(\.parent), timeOrder: order, customers: customerTable(activeIDs),
      customerIDs: activeIDs)
  }

  /// The confidence from which AI handled when the contact came.
  private func thresholds() -> NumberColumn {
    NumberColumn(storage: rows.rows.map { Double(threshold($0)) / 10_000 })
  }

  private func threshold(_ row: LogRows.Row) -> Int {
    conduct.threshold(day: dayOfLog(row.time), predicted: row.predicted)
  }

  /// `explored` where chance decides some contacts, `model_version` where there are two.
  private func addRoutingColumns(to table: inout InteractionTable) {
    guard let routing = parameters.routing else { return }
    if routing.exploration != nil {
      table.columns["explored"] = .flag(
        FlagColumn(
          storage: rows.rows.map { row in
            routing.explored(
              key: row.key, day: dayOfLog(row.time), predicted: row.predicted,
              distance: Int(row.confidence) - threshold(row)) == nil ? 0 : 1
          }))
    }
    if let version = routing.version {
      var names = CodedColumn(["v1", "v2"], capacity: rows.rows.count)
      for row in rows.rows { names.append(dayOfLog(row.time) < version.day ? 0 : 1) }
      table.columns["model_version"] = .text(names.column())
    }
  }

  private func interactionIDs(_ order: [Int32]) -> [String] {
    let digits = digitCount(order.count, minimum: 8)
    var ids = [String](repeating: "", count: order.count)
    for (position, row) in order.enumerated() {
      ids[Int(row)] = paddedID(UInt8(ascii: "I"), position + 1, digits: digits)
    }
    return ids
  }

  private func customerID(_ number: Int) -> String {
    paddedID(UInt8(ascii: "C"), number + 1, digits: digitCount(customerCount, minimum: 6))
  }

  /// Customer numbers rise from row to row, so codes are ranks.
  private func customerColumn() -> TextColumn {
    var codes: [Int32] = []
    codes.reserveCapacity(rows.rows.count)
    var values: [String] = []
    var last: Int32 = -1
    for row in rows.rows {
      if row.customer != last {
        values.append(customerID(Int(row.customer)))
        last = row.customer
      }
      codes.append(Int32(values.count - 1))
    }
    return TextColumn(codes: codes, values: values)
  }

  private func customerTable(_ ids: [String]) -> CustomerTable? {
    guard !activity.isEmpty else { return nil }
    var table: [String: CustomerTable.Row] = [:]
    table.reserveCapacity(ids.count)
    for (customer, id) in zip(activity, ids) {
      table[id] = CustomerTable.Row(
        activeFrom: customer.active.map { parameters.milliseconds(day: $0.lowerBound) },
        activeTo: customer.active.map { parameters.milliseconds(day: $0.upperBound) },
        segment: nil, aliasOf: nil)
    }
    return CustomerTable(rows: table)
  }

  private func truth(customers: Int) -> Truth {
    let realised = truth.realisedRepeats
    let start = parameters.milliseconds(second: 0)
    let end = parameters.milliseconds(second: Int32(parameters.days * 86_400))
    return Truth(
      expected: truth.expected, expectedByTopic: truth.expectedByTopic,
      expectedByWeek: truth.expectedByWeek,
      change: parameters.turn.flatMap { turn in
        turn.name.map { Truth.Change(name: $0, day: turn.day) }
      }, outcomes: outcomes.isEmpty ? nil : outcomes,
      modesDirect: truth.modesDirect,
      modesDirectByComponent: truth.modesDirectByComponent, modesTotal: twins?.byMode,
      allSystemTotal: twins?.allSystem, modeContacts: truth.contactsByMode,
      contacts: rows.rows.count,
      triggered: realised.baseline + realised.systemDirect + realised.systemThroughStaff
        + realised.staffOwn + realised.beforeLog,
      realised: realised, customers: customers, regime: regime, seed: seed,
      period: Truth.Period(from: Timestamp.text(start), to: Timestamp.text(end)),
      policies: policies, version: World.version)
  }
}

extension WorldParameters {
  /// A second of the log as milliseconds since 1970.
  func milliseconds(second: Int32) -> Int64 { (startSeconds + Int64(second)) * 1_000 }

  /// A day of the log, with its fraction, as milliseconds since 1970, to the second.
  func milliseconds(day: Double) -> Int64 {
    (startSeconds + Int64((day * 86_400).rounded())) * 1_000
  }
}
