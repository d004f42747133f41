/// Settles names and types of one expression.
package struct ExpressionTyping {
  let scope: ExpressionScope
  let place: String
  let text: String
  /// Aggregates met on the way.
  package private(set) var aggregates: [AggregateColumn] = []
  private var insideAggregate = false

  package init(scope: ExpressionScope, place: String, text: String) {
    self.scope = scope
    self.place = place
    self.text = text
  }

  /// Parses and types `text`; throws ``LogError/expression(_:)``.
  ///
  /// - Parameter expected: the type that the place needs, nil where any will do.
  package mutating func typed(expecting expected: ValueType?) throws(LogError) -> (
    expression: TypedExpression, type: ValueType
  ) {
    let expression = try Expression.parse(text, place: place)
    let type = try self.type(of: expression)
    let settled = type ?? expected ?? Self.fallback(for: expression)
    if let expected, settled != expected {
      throw mismatch(
        expression, "this is \(settled.wording) (\(expression)); expected \(expected.wording).")
    }
    return (try typed(expression, as: settled), settled)
  }

  // MARK: Inference

  /// The type of an expression, nil where it is a source column that nothing has settled yet.
  private mutating func type(of expression: Expression) throws(LogError) -> ValueType? {
    switch expression.kind {
    case .column(let name): return try resolve(name, at: expression.position)
    case .literal(.number), .negative, .round: return .number
    case .literal(.text): return .text
    case .literal(.flag), .comparison, .not, .and, .or, .missing, .member: return .flag
    case .arithmetic: return .number
    case .aggregate(let aggregate, let operand):
      if let known = scope.names[expression.description] { return known }
      switch aggregate {
      case .any, .changed: return .flag
      case .count: return .number
      case .first, .last, .max, .min:
        guard let operand else { return nil }
        let inner = try onEvents(expression) { (typing) throws(LogError) -> ValueType? in
          try typing.type(of: operand)
        }
        return inner
      }
    }
  }

  private func resolve(_ name: String, at position: Int) throws(LogError) -> ValueType? {
    let names = insideAggregate ? scope.events ?? [:] : scope.names
    if let type = names[name] { return type }
    if scope.absent.contains(name), !insideAggregate {
      throw fault(at: position, .absentColumn(name: name))
    }
    let offered = insideAggregate ? scope.offered.filter { names[$0] != nil } : scope.offered
    throw fault(
      at: position,
      .unknownColumn(
        name: name, nearest: NearestName.candidates(for: name, among: offered, limit: 2)))
  }

  /// Runs `body` with names meaning columns of events.
  private mutating func onEvents<Result>(
    _ expression: Expression,
    _ body: (inout ExpressionTyping) throws(LogError) -> Result
  ) throws(LogError) -> Result {
    if insideAggregate {
      throw mismatch(expression, "an aggregate cannot stand inside another.")
    }
    if scope.events == nil {
      throw mismatch(
        expression,
        "\(expression) reduces events, but this log has one row per interaction; set "
          + "source.layout: events, or name the column without a function.")
    }
    insideAggregate = true
    defer { insideAggregate = false }
    return try body(&self)
  }

  /// What a source column is read as where nothing asks for a type.
  private static func fallback(for expression: Expression) -> ValueType {
    if case .aggregate(let aggregate, _) = expression.kind, aggregate == .max || aggregate == .min {
      return .number
    }
    return .text
  }

  /// What two source columns are compared as: only numbers are put in order.
  private static func fallback(
    _ comparison: Expression.Comparison, _ left: Expression, _ right: Expression
  ) -> ValueType {
    let isText = fallback(for: left) == .text && fallback(for: right) == .text
    return comparison.isEquality && isText ? .text : .number
  }

  // MARK: Checking

  private mutating func typed(
    _ expression: Expression, as wanted: ValueType
  ) throws(LogError) -> TypedExpression {
    if let found = try type(of: expression), found != wanted {
      throw mismatch(
        expression, "\(expression) is \(found.wording); expected \(wanted.wording).")
    }
    switch expression.kind {
    case .column(let name): return .column(name, wanted)
    case .literal(.number(let value)): return .number(value)
    case .literal(.text(let value)): return .text(value)
    case .literal(.flag(let value)): return .flag(value)
    case .negative(let operand): return .negative(try typed(operand, as: .number))
    case .round(let operand, let digits):
      return .round(try typed(operand, as: .number), digits: digits)
    case .arithmetic(let operation, let left, let right):
      let leftType = try type(of: left)
      let rightType = try type(of: right)
      if operation == .subtract, leftType == .time || rightType == .time {
        return .timeDifference(try typed(left, as: .time), try typed(right, as: .time))
      }
      return .arithmetic(operation, try typed(left, as: .number), try typed(right, as: .number))
    case .comparison(let comparison, let left, let right):
      return try compared(expression, comparison, left, right)
    case .not(let operand): return .not(try typed(operand, as: .flag))
    case .and(let left, let right):
      return .and(try typed(left, as: .flag), try typed(right, as: .flag))
    case .or(let left, let right):
      return .or(try typed(left, as: .flag), try typed(right, as: .flag))
    case .missing(let operand, let negated):
      let type = try self.type(of: operand) ?? Self.fallback(for: operand)
      return .missing(try typed(operand, as: type), negated: negated)
    case .member(let operand, let literals, let negated):
      return try member(expression, operand, literals, negated)
    case .aggregate(let aggregate, let operand):
      return try aggregated(expression, aggregate, operand, as: wanted)
    }
  }

  private mutating func compared(
    _ expression: Expression, _ comparison: Expression.Comparison, _ left: Expression,
    _ right: Expression
  ) throws(LogError) -> TypedExpression {
    let leftType = try type(of: left)
    let rightType = try type(of: right)
    if leftType == .time, case .literal(.text(let text)) = right.kind {
      return .comparison(
        comparison, try typed(left, as: .time), try timeLiteral(text, at: right.position))
    }
    if rightType == .time, case .literal(.text(let text)) = left.kind {
      return .comparison(
        comparison, try timeLiteral(text, at: left.position), try typed(right, as: .time))
    }
    if let leftType, let rightType, leftType != rightType {
      throw mismatch(
        expression,
        "this compares \(leftType.wording) (\(left)) with \(rightType.wording) (\(right)).")
    }
    let type = leftType ?? rightType ?? Self.fallback(comparison, left, right)
    if type == .flag, !comparison.isEquality {
      throw mismatch(expression, "true and false have no order; use == or !=.")
    }
    return .comparison(comparison, try typed(left, as: type), try typed(right, as: type))
  }

  private func timeLiteral(_ text: String, at position: Int) throws(LogError) -> TypedExpression {
    var text = text
    let parsed = text.withUTF8 { scope.times.parse($0) }
    guard case .success(let milliseconds) = parsed else {
      throw fault(
        at: position,
        .type(message: "\"\(text)\" is compared with a time; expected \(scope.times.expectation)."))
    }
    return .time(milliseconds)
  }

  private mutating func member(
    _ expression: Expression, _ operand: Expression, _ literals: [Expression.Literal],
    _ negated: Bool
  ) throws(LogError) -> TypedExpression {
    var texts: [String] = []
    var numbers: [Double] = []
    for literal in literals {
      switch literal {
      case .text(let text): texts.append(text)
      case .number(let number): numbers.append(number)
      case .flag: break
      }
    }
    guard texts.isEmpty || numbers.isEmpty else {
      throw mismatch(expression, "this list mixes numbers and texts.")
    }
    return texts.isEmpty
      ? .memberOfNumbers(try typed(operand, as: .number), numbers, negated: negated)
      : .memberOfTexts(try typed(operand, as: .text), texts, negated: negated)
  }

  private mutating func aggregated(
    _ expression: Expression, _ aggregate: Expression.Aggregate, _ operand: Expression?,
    as wanted: ValueType
  ) throws(LogError) -> TypedExpression {
    let name = expression.description
    if scope.names[name] != nil { return .column(name, wanted) }
    let inner = try onEvents(expression) { (typing) throws(LogError) -> TypedExpression? in
      guard let operand else { return nil }
      let type = try typing.type(of: operand)
      switch aggregate {
      case .any: return try typing.typed(operand, as: .flag)
      case .changed: return try typing.typed(operand, as: type ?? .text)
      case .max, .min:
        guard wanted == .number || wanted == .time else {
          throw typing.mismatch(
            expression,
            "\(aggregate.rawValue)() is for numbers and times; expected "
              + "\(wanted.wording).")
        }
        return try typing.typed(operand, as: wanted)
      case .first, .last, .count: return try typing.typed(operand, as: wanted)
      }
    }
    let column = AggregateColumn(name: name, aggregate: aggregate, operand: inner, type: wanted)
    if !aggregates.contains(column) { aggregates.append(column) }
    return .column(name, wanted)
  }

  private func mismatch(_ expression: Expression, _ message: String) -> LogError {
    fault(at: expression.position, .type(message: message))
  }

  private func fault(at position: Int, _ kind: ExpressionFault.Kind) -> LogError {
    .expression(ExpressionFault(place: place, text: text, position: position, kind: kind))
  }
}
