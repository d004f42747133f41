import OrderedCollections

/// Makes interactions of the rows read: groups events, maps canonical columns, checks each
/// interaction, orders them and derives further columns.
struct InteractionBuilder {
  let rows: ReadRows
  let study: Study
  private let identifier: FieldColumn
  /// Line of each interaction: that of its first row in the file.
  private var lines: [Int]
  /// The identifier's code of each interaction.
  private var identifiers: [Int32]
  private let groups: EventGroups?
  private var finished: [ReadingPlan.Request: Column] = [:]
  private var rejections: RejectionLog

  init(rows: ReadRows, study: Study) {
    self.rows = rows
    self.study = study
    guard let identifier = rows.columns[rows.plan.identifier] else {
      preconditionFailure("every plan reads the identifier")
    }
    self.identifier = identifier
    rejections = rows.rejections
    for (request, column) in rows.columns where request != rows.plan.identifier {
      finished[request] = column.finished()
    }
    if study.source.layout == .events {
      // Rejected rows may have left codes behind that no row has: groups are numbered anew.
      var group = [Int32](repeating: -1, count: identifier.dictionary.count)
      var codes: [Int32] = []
      var lines: [Int] = []
      var identifiers: [Int32] = []
      codes.reserveCapacity(identifier.codes.count)
      for (row, code) in identifier.codes.enumerated() {
        if group[Int(code)] < 0 {
          group[Int(code)] = Int32(lines.count)
          lines.append(rows.lines[row])
          identifiers.append(code)
        }
        codes.append(group[Int(code)])
      }
      let order = rows.plan.order.flatMap { rows.columns[$0]?.numbers }
      groups = EventGroups(codes: codes, groups: lines.count, order: order)
      self.lines = lines
      self.identifiers = identifiers
    } else {
      groups = nil
      lines = rows.lines
      identifiers = identifier.codes
    }
  }

  mutating func build(maximumRejectedShare: Double) throws(LogError) -> LogReading {
    let sourceValues = self.sourceValues()
    var canonical = canonicalColumns(sourceValues)
    let kept = keepValid(canonical)
    try rejections.check(total: rows.rowsRead, maximumShare: maximumRejectedShare)

    guard case .text(let customer)? = canonical.removeValue(forKey: "customer_id"),
      case .time(let startedAt)? = canonical.removeValue(forKey: "started_at")
    else { preconditionFailure("every plan has a customer and a start") }
    let order = canonicalOrder(kept, customer: customer, startedAt: startedAt.milliseconds)
    let dictionary = identifier.dictionary
    var table = InteractionTable(
      interactionID: order.map { [identifiers] in dictionary[Int(identifiers[$0])] },
      customer: customer.gathered(order), startedAt: order.map { startedAt.milliseconds[$0] },
      topic: TextColumn(codes: [], values: []), columns: [:])
    for (name, column) in canonical { table.columns[name] = column.gathered(order) }
    settleTopic(&table)
    addDerived(&table, sourceValues, order)
    return LogReading(
      table: table, rowsRead: rows.rowsRead, rejected: rejections.sorted(),
      constantWithinInteraction: rows.constant)
  }

  // MARK: Values

  private func sourceValues() -> [ReadingPlan.SourceValue: Column] {
    var result: [ReadingPlan.SourceValue: Column] = [:]
    let events = SourceFrame(count: identifier.codes.count) { name, type in
      eventColumn(name, type)
    }
    for (value, origin) in rows.plan.sourceValues {
      switch origin {
      case .field(let request): result[value] = column(request)
      case .aggregate(let aggregate, let operand):
        result[value] = groups?.reduce(aggregate, operand?.evaluate(on: events))
      }
    }
    return result
  }

  /// A source column over events (or rows), read as this type.
  private func eventColumn(_ name: String, _ type: ValueType) -> Column {
    guard let index = rows.plan.header.firstIndex(of: name) else {
      preconditionFailure("typing settles names: \(name) is no column of the file")
    }
    return column(ReadingPlan.Request(column: index, kind: type.fieldKind))
  }

  private func column(_ request: ReadingPlan.Request) -> Column {
    if let column = finished[request] { return column }
    // The identifier itself is finished only where a condition reads it.
    guard let column = rows.columns[request] else {
      preconditionFailure("the plan collects every request")
    }
    return column.finished()
  }

  private func canonicalColumns(
    _ sourceValues: [ReadingPlan.SourceValue: Column]
  ) -> OrderedDictionary<String, Column> {
    let frame = SourceFrame(count: lines.count) { name, type in
      guard let column = sourceValues[ReadingPlan.SourceValue(name: name, type: type)] else {
        preconditionFailure("the plan registers every source value: \(name)")
      }
      return column
    }
    var result: OrderedDictionary<String, Column> = [:]
    for (canonical, origin) in rows.plan.canonical {
      switch origin {
      case .field(let request): result[canonical.name] = column(request)
      case .reduced(let aggregate, let request):
        result[canonical.name] = groups?.reduce(aggregate, column(request))
      case .computed(let expression): result[canonical.name] = expression.evaluate(on: frame)
      }
    }
    return result
  }

  // MARK: Checks

  /// The interactions that can be used, in the order of the file; notes why others cannot.
  private mutating func keepValid(_ columns: OrderedDictionary<String, Column>) -> [Int] {
    guard case .time(let startedAt)? = columns["started_at"] else { return [] }
    var endedAt: TimeColumn?
    if case .time(let column)? = columns["ended_at"] { endedAt = column }
    let computed = rows.plan.canonical.filter {
      if case .computed = $0.origin { true } else { false }
    }
    var seen = [Bool](repeating: false, count: identifier.dictionary.count)
    var kept: [Int] = []
    kept.reserveCapacity(lines.count)
    interactions: for row in lines.indices {
      guard let start = startedAt[row] else {
        reject(row, "started_at", "", RejectionReason.missingStart)
        continue
      }
      if let end = endedAt?[row], end < start {
        reject(row, "ended_at", ISOTime.text(end), RejectionReason.endsBeforeStart)
        continue
      }
      for (canonical, _) in computed {
        if let value = canonical.kind.violation(in: columns[canonical.name], row: row) {
          reject(row, canonical.name, value, RejectionReason.outside(canonical.kind))
          continue interactions
        }
      }
      let code = Int(identifiers[row])
      if seen[code] {
        rejections.add(
          line: lines[row], column: rows.plan.header[identifier.column],
          value: identifier.dictionary.withBytes(of: code, Excerpt.of),
          reason: RejectionReason.duplicateID)
        continue
      }
      seen[code] = true
      kept.append(row)
    }
    return withoutIsolated(kept, startedAt)
  }

  /// A date far from all others (a default, a typing error) would stretch the log's days into years.
  private mutating func withoutIsolated(_ kept: [Int], _ startedAt: TimeColumn) -> [Int] {
    guard kept.count >= 100 else { return kept }
    let starts = kept.compactMap { startedAt[$0] }.sorted()
    let (low, high) = (starts[starts.count / 100], starts[starts.count - 1 - starts.count / 100])
    let room = 5 * max(high - low, 73 * 86_400_000)
    return kept.filter { row in
      guard let start = startedAt[row], start < low - room || start > high + room else {
        return true
      }
      reject(
        row, "started_at", ISOTime.text(start),
        RejectionReason.isolatedStart(from: ISOTime.text(low), to: ISOTime.text(high)))
      return false
    }
  }

  private mutating func reject(_ row: Int, _ name: String, _ value: String, _ reason: String) {
    let origin = rows.plan.canonical.first { $0.column.name == name }?.origin
    let source = origin.map { rows.plan.sourceName(of: $0) } ?? ""
    rejections.add(
      line: lines[row], column: source.isEmpty ? name : source, value: value, reason: reason)
  }

  // MARK: Order

  /// By customer, start, interaction id; unknown customers last. O(rows + Σ group · log group).
  private func canonicalOrder(
    _ kept: [Int], customer: TextColumn, startedAt: [Int64]
  ) -> [Int] {
    let unknown = customer.values.count
    func bucket(_ row: Int) -> Int {
      customer.codes[row] < 0 ? unknown : Int(customer.codes[row])
    }
    var bounds = [Int](repeating: 0, count: unknown + 2)
    for row in kept { bounds[bucket(row) + 1] += 1 }
    for index in 0...unknown { bounds[index + 1] += bounds[index] }
    var next = bounds
    var order = [Int](repeating: 0, count: kept.count)
    for row in kept {
      let group = bucket(row)
      order[next[group]] = row
      next[group] += 1
    }
    let (dictionary, identifiers) = (identifier.dictionary, identifiers)
    for group in 0...unknown where bounds[group + 1] - bounds[group] > 1 {
      order[bounds[group]..<bounds[group + 1]].sort { a, b in
        if startedAt[a] != startedAt[b] { return startedAt[a] < startedAt[b] }
        return dictionary.precedes(Int(identifiers[a]), Int(identifiers[b]))
      }
    }
    return order
  }

  // MARK: Topic and derived columns

  /// An actual intent that was not reviewed is no knowledge: it is dropped, and the topic is the
  /// predicted one.
  private func settleTopic(_ table: inout InteractionTable) {
    if var actual = table.text("intent_actual"), let reviewed = table.flag("intent_reviewed") {
      for row in actual.codes.indices where reviewed.storage[row] == 0 { actual.codes[row] = -1 }
      table.columns["intent_actual"] = .text(actual.pruned())
    }
    let unknown = TextColumn(
      codes: Array(repeating: 0, count: table.count), values: ["(unknown)"])
    switch (table.text("intent_actual"), table.text("intent_predicted")) {
    case (let actual?, let predicted?):
      table.topic = .coalesced(.coalesced(actual, predicted), unknown)
    case (let intent?, nil), (nil, let intent?):
      table.topic = .coalesced(intent, unknown)
    case (nil, nil):
      table.topic = TextColumn(codes: Array(repeating: 0, count: table.count), values: ["(none)"])
    }
  }

  private func addDerived(
    _ table: inout InteractionTable, _ sourceValues: [ReadingPlan.SourceValue: Column],
    _ order: [Int]
  ) {
    var published: OrderedDictionary<String, Column> = [:]
    for (name, type) in rows.plan.published {
      let value = ReadingPlan.SourceValue(name: name, type: type)
      guard let column = sourceValues[value] else { continue }
      published[name] = column.gathered(order)
    }
    var scratch = table
    scratch.columns.merge(published) { own, _ in own }
    for (name, expression) in rows.plan.derived {
      var column = expression.evaluate(on: TableFrame(scratch))
      if case .text(let text) = column { column = .text(text.pruned()) }
      table.columns[name] = column
      scratch.columns[name] = column
    }
    table.columns.merge(published) { own, _ in own }
  }
}

/// Source columns as a frame for expressions.
private struct SourceFrame: ExpressionFrame {
  let count: Int
  let lookUp: (String, ValueType) -> Column

  func column(_ name: String, _ type: ValueType) -> Column { lookUp(name, type) }
}

extension FieldKind {
  /// The value of a computed column at a row where it breaks the kind's bounds, else nil.
  fileprivate func violation(in column: Column?, row: Int) -> String? {
    switch (self, column) {
    case (.number(let minimum, let maximum), .number(let column)?):
      guard let value = column[row], value < minimum || value > maximum else { return nil }
      return Expression.Literal.number(value).description
    case (.choice(let choices), .text(let column)?):
      guard let value = column[row], !choices.contains(value) else { return nil }
      return value
    default: return nil
    }
  }
}
