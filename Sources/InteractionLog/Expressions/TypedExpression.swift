/// What an expression or a column yields.
package enum ValueType: String, Sendable, Hashable {
  case text, number, time, flag

  /// With its article, for messages.
  package var wording: String {
    switch self {
    case .text: "text"
    case .number: "a number"
    case .time: "a time"
    case .flag: "true or false"
    }
  }
}

/// An expression whose names and types are settled: ready to be evaluated column by column.
package indirect enum TypedExpression: Sendable, Equatable {
  case column(String, ValueType)
  case number(Double)
  case text(String)
  case time(Int64)
  case flag(Bool)
  case negative(TypedExpression)
  case arithmetic(Expression.Arithmetic, TypedExpression, TypedExpression)
  /// Seconds between two times.
  case timeDifference(TypedExpression, TypedExpression)
  case comparison(Expression.Comparison, TypedExpression, TypedExpression)
  case not(TypedExpression)
  case and(TypedExpression, TypedExpression)
  case or(TypedExpression, TypedExpression)
  case missing(TypedExpression, negated: Bool)
  case memberOfTexts(TypedExpression, [String], negated: Bool)
  case memberOfNumbers(TypedExpression, [Double], negated: Bool)
  case round(TypedExpression, digits: Int)

  /// The columns it reads, each once, in reading order.
  package var columns: [(name: String, type: ValueType)] {
    var result: [(name: String, type: ValueType)] = []
    func visit(_ expression: TypedExpression) {
      switch expression {
      case .column(let name, let type):
        if !result.contains(where: { $0 == (name, type) }) { result.append((name, type)) }
      case .number, .text, .time, .flag: break
      case .negative(let operand), .not(let operand), .missing(let operand, _),
        .memberOfTexts(let operand, _, _), .memberOfNumbers(let operand, _, _),
        .round(let operand, _):
        visit(operand)
      case .arithmetic(_, let left, let right), .timeDifference(let left, let right),
        .comparison(_, let left, let right), .and(let left, let right), .or(let left, let right):
        visit(left)
        visit(right)
      }
    }
    visit(self)
    return result
  }
}

/// An aggregate over the events of an interaction, to be computed once and then read as a column.
package struct AggregateColumn: Sendable, Equatable {
  /// The aggregate's one spelling, which is the column's name.
  package var name: String
  package var aggregate: Expression.Aggregate
  /// Over events; nil for `count()`.
  package var operand: TypedExpression?
  package var type: ValueType
}

/// The names that an expression may use.
package struct ExpressionScope: Sendable {
  /// Name → type; a nil type is a source column that takes the type its use asks for.
  package var names: [String: ValueType?]
  /// The same for events, inside aggregates; nil where the log has one row per interaction.
  package var events: [String: ValueType?]?
  /// Names offered where one is misspelled, in this order.
  package var offered: [String]
  /// Canonical names that this log has no column for.
  package var absent: Set<String>
  /// Reads `"2026-01-05T09:30:00Z"` where a time is compared with text.
  package var times: TimeParser

  package init(
    names: [String: ValueType?], events: [String: ValueType?]?, offered: [String],
    absent: Set<String> = [], times: TimeParser
  ) {
    self.names = names
    self.events = events
    self.offered = offered
    self.absent = absent
    self.times = times
  }
}
