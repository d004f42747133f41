extension Expression {
  /// Parses an expression; `place` says in errors what it is for (`failure mode "reopened"`).
  ///
  /// Throws ``LogError/expression(_:)`` with the place of what is wrong.
  package static func parse(_ text: String, place: String) throws(LogError) -> Expression {
    var lexer = ExpressionLexer(text: text, place: place)
    var parser = ExpressionParser(tokens: try lexer.tokens(), text: text, place: place)
    return try parser.whole()
  }
}

/// Recursive descent over the grammar of ``Expression``.
private struct ExpressionParser {
  typealias Token = ExpressionLexer.Token

  let tokens: [(token: Token, position: Int)]
  let text: String
  let place: String
  var index = 0
  var depth = 0
  /// Deeper nesting is refused: recursion must not run out of stack.
  static let maximumDepth = 200

  init(tokens: [(token: Token, position: Int)], text: String, place: String) {
    self.tokens = tokens
    self.text = text
    self.place = place
  }

  private var token: Token { tokens[index].token }
  private var position: Int { tokens[index].position }

  mutating func whole() throws(LogError) -> Expression {
    let expression = try disjunction()
    guard token == .end else { throw unexpected("an operator or the end") }
    return expression
  }

  private mutating func disjunction() throws(LogError) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.maximumDepth else { throw unexpected("a less deeply nested expression") }
    var left = try conjunction()
    while token == .name("or") {
      let at = advance()
      left = Expression(.or(left, try conjunction()), at: at)
    }
    return left
  }

  private mutating func conjunction() throws(LogError) -> Expression {
    var left = try negation()
    while token == .name("and") {
      let at = advance()
      left = Expression(.and(left, try negation()), at: at)
    }
    return left
  }

  private mutating func negation() throws(LogError) -> Expression {
    guard token == .name("not") else { return try comparison() }
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.maximumDepth else { throw unexpected("a less deeply nested expression") }
    let at = advance()
    return Expression(.not(try negation()), at: at)
  }

  private mutating func comparison() throws(LogError) -> Expression {
    let left = try sum()
    switch token {
    case .symbol(let symbol):
      guard let operation = Expression.Comparison(rawValue: symbol) else { return left }
      let at = advance()
      let right = try sum()
      if case .symbol(let next) = token, Expression.Comparison(rawValue: next) != nil {
        throw unexpected("\"and\" between two comparisons")
      }
      return Expression(.comparison(operation, left, right), at: at)
    case .name("is"):
      let at = advance()
      let negated = accept(.name("not"))
      guard accept(.name("missing")) else { throw unexpected("\"missing\" or \"not missing\"") }
      return Expression(.missing(left, negated: negated), at: at)
    case .name("in"):
      let at = advance()
      return Expression(.member(left, of: try list(), negated: false), at: at)
    case .name("not"):
      let at = advance()
      guard accept(.name("in")) else { throw unexpected("\"in\"") }
      return Expression(.member(left, of: try list(), negated: true), at: at)
    default:
      return left
    }
  }

  private mutating func list() throws(LogError) -> [Expression.Literal] {
    guard accept(.symbol("[")) else { throw unexpected("\"[\"") }
    var literals: [Expression.Literal] = []
    repeat {
      let negative = accept(.symbol("-"))
      switch token {
      case .number(let value): literals.append(.number(negative ? -value : value))
      case .text(let text) where !negative: literals.append(.text(text))
      default: throw unexpected("a number or a \"text\"")
      }
      advance()
    } while accept(.symbol(","))
    guard accept(.symbol("]")) else { throw unexpected("\",\" or \"]\"") }
    return literals
  }

  private mutating func sum() throws(LogError) -> Expression {
    var left = try term()
    while case .symbol(let symbol) = token, symbol == "+" || symbol == "-" {
      let at = advance()
      left = Expression(
        .arithmetic(symbol == "+" ? .add : .subtract, left, try term()), at: at)
    }
    return left
  }

  private mutating func term() throws(LogError) -> Expression {
    var left = try factor()
    while case .symbol(let symbol) = token, symbol == "*" || symbol == "/" {
      let at = advance()
      left = Expression(
        .arithmetic(symbol == "*" ? .multiply : .divide, left, try factor()), at: at)
    }
    return left
  }

  private mutating func factor() throws(LogError) -> Expression {
    let at = position
    switch token {
    case .symbol("-"):
      depth += 1
      defer { depth -= 1 }
      guard depth < Self.maximumDepth else { throw unexpected("a less deeply nested expression") }
      advance()
      return Expression(.negative(try factor()), at: at)
    case .symbol("("):
      advance()
      let inner = try disjunction()
      guard accept(.symbol(")")) else { throw unexpected("\")\"") }
      return inner
    case .number(let value):
      advance()
      return Expression(.literal(.number(value)), at: at)
    case .text(let text):
      advance()
      return Expression(.literal(.text(text)), at: at)
    case .quotedName(let name):
      advance()
      return Expression(.column(name), at: at)
    case .name("true"), .name("false"):
      let value = token == .name("true")
      advance()
      return Expression(.literal(.flag(value)), at: at)
    case .name(let name) where !ExpressionLexer.keywords.contains(name):
      advance()
      return token == .symbol("(")
        ? try call(name, at: at) : Expression(.column(name), at: at)
    default:
      throw unexpected("a column, a value or \"(\"")
    }
  }

  private mutating func call(_ name: String, at: Int) throws(LogError) -> Expression {
    let known = Expression.Aggregate.allCases.map(\.rawValue) + ["round"]
    let aggregate = Expression.Aggregate(rawValue: name)
    guard aggregate != nil || name == "round" else {
      let nearest = NearestName.candidates(for: name, among: known).first
      let hint = nearest.map { " (nearest: \($0))" } ?? ""
      throw fault(
        at: at, found: "\"\(name)(\"",
        expected: "one of the functions \(known.joined(separator: ", "))\(hint)")
    }
    advance()
    if aggregate == .count {
      guard accept(.symbol(")")) else { throw unexpected("\")\": count() takes nothing") }
      return Expression(.aggregate(.count, nil), at: at)
    }
    let operand = try disjunction()
    var digits = 0
    if aggregate == nil {
      guard accept(.symbol(",")), case .number(let value) = token, value == value.rounded(),
        (0...15).contains(value)
      else { throw unexpected("\", digits\" with 0 to 15 digits") }
      digits = Int(value)
      advance()
    }
    guard accept(.symbol(")")) else { throw unexpected("\")\"") }
    guard let aggregate else { return Expression(.round(operand, digits: digits), at: at) }
    return Expression(.aggregate(aggregate, operand), at: at)
  }

  /// Steps over a token and gives its position.
  @discardableResult private mutating func advance() -> Int {
    defer { if index < tokens.count - 1 { index += 1 } }
    return position
  }

  private mutating func accept(_ wanted: Token) -> Bool {
    guard token == wanted else { return false }
    advance()
    return true
  }

  private func unexpected(_ expected: String) -> LogError {
    fault(at: position, found: token.wording, expected: expected)
  }

  private func fault(at position: Int, found: String, expected: String) -> LogError {
    .expression(
      ExpressionFault(
        place: place, text: text, position: position,
        kind: .syntax(found: found, expected: expected)))
  }
}
