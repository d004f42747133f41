/// An interaction table as a frame for conditions.
package struct TableFrame: ExpressionFrame {
  package let table: InteractionTable

  package init(_ table: InteractionTable) { self.table = table }

  package var count: Int { table.count }

  package func column(_ name: String, _ type: ValueType) -> Column {
    switch name {
    case "interaction_id": return .text(TextColumn(rows: table.interactionID))
    case "customer_id": return .text(table.customer)
    case "started_at": return .time(TimeColumn(milliseconds: table.startedAt))
    case "topic": return .text(table.topic)
    default:
      guard let column = table.columns[name] else {
        preconditionFailure("typing settles names: \(name) is not in the table")
      }
      return column
    }
  }
}

extension InteractionTable {
  /// The names and types that a condition over this table may use.
  package func expressionScope(times: TimeParser) -> ExpressionScope {
    var names: [String: ValueType?] = [:]
    for (name, column) in columns { names[name] = column.type }
    for (name, type) in ExpressionScope.special { names[name] = type }
    let offered = ["interaction_id", "customer_id", "started_at", "topic"] + Array(columns.keys)
    let absent = CanonicalColumn.all.map(\.name).filter { names[$0] == nil }
    return ExpressionScope(
      names: names, events: nil, offered: offered, absent: Set(absent), times: times)
  }

  /// Whether a condition holds on each row: 1, 0, −1 unknown.
  ///
  /// Throws ``LogError/expression(_:)`` where it does not parse, names no column of the table or
  /// mixes types.
  package func evaluate(
    condition: String, place: String, study: Study
  ) throws(LogError) -> FlagColumn {
    let scope = expressionScope(times: TimeParser(source: study.source))
    var typing = ExpressionTyping(scope: scope, place: place, text: condition)
    let typed = try typing.typed(expecting: .flag)
    return FlagColumn(storage: typed.expression.flags(on: TableFrame(self)))
  }
}

extension Column {
  package var type: ValueType {
    switch self {
    case .text: .text
    case .number: .number
    case .time: .time
    case .flag: .flag
    }
  }
}
