/// Reads a formula by R's rules of precedence: `^`, sign, `:`, `*` and `/`, `+` and `-`, `|`, `~`.
struct FormulaParser {
  private let text: String
  private let tokens: [(token: FormulaLexer.Token, position: Int)]
  private var index = 0
  /// Parentheses and signs that are open.
  private var depth = 0

  /// Formulas are read and expanded by recursion, which these bound.
  private static let deepest = 200
  private static let longest = 20_000

  init(_ text: String) throws(FormulaFault) {
    self.text = text
    var lexer = FormulaLexer(text)
    tokens = try lexer.tokens()
    guard tokens.count <= Self.longest else {
      throw fault(
        at: tokens[Self.longest].position, found: "\(tokens.count) names and signs",
        expected: "at most \(Self.longest)")
    }
  }

  /// The two sides of `response ~ terms`.
  mutating func formula() throws(FormulaFault) -> (response: FormulaNode, terms: FormulaNode) {
    if take("~") {
      throw fault(at: tokens[0].position, found: "\"~\"", expected: "the response before it")
    }
    let response = try expression()
    guard take("~") else { throw unexpected("\"~\" between the response and the terms") }
    let terms = try expression()
    guard tokens[index].token == .end else { throw unexpected("an operator or the end") }
    return (response, terms)
  }

  private static let levels: [[String]] = [["|", "||"], ["+", "-"], ["*", "/"], [":"]]

  private mutating func expression(level: Int = 0) throws(FormulaFault) -> FormulaNode {
    guard level < Self.levels.count else { return try signed() }
    var left = try expression(level: level + 1)
    while let symbol = currentSymbol, Self.levels[level].contains(symbol) {
      let position = tokens[index].position
      index += 1
      let right = try expression(level: level + 1)
      left = FormulaNode(.binary(symbol, left, right), at: position)
    }
    return left
  }

  private mutating func signed() throws(FormulaFault) -> FormulaNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw unexpected("at most \(Self.deepest) parentheses or signs inside each other")
    }
    if let symbol = currentSymbol, symbol == "-" || symbol == "+" {
      let position = tokens[index].position
      index += 1
      return FormulaNode(.unary(symbol, try signed()), at: position)
    }
    return try power()
  }

  private mutating func power() throws(FormulaFault) -> FormulaNode {
    let base = try primary()
    guard currentSymbol == "^" else { return base }
    let position = tokens[index].position
    index += 1
    // Right to left; the exponent may have a sign.
    return FormulaNode(.binary("^", base, try signed()), at: position)
  }

  private mutating func primary() throws(FormulaFault) -> FormulaNode {
    let (token, position) = tokens[index]
    switch token {
    case .number(let value):
      index += 1
      return FormulaNode(.number(value), at: position)
    case .name(let name):
      index += 1
      guard take("(") else { return FormulaNode(.name(name), at: position) }
      return FormulaNode(.call(name, try arguments()), at: position)
    case .symbol("("):
      index += 1
      let inner = try expression()
      guard take(")") else { throw unexpected("an operator or \")\"") }
      return FormulaNode(.group(inner), at: position)
    default:
      throw unexpected("a column, a number or \"(\"")
    }
  }

  private mutating func arguments() throws(FormulaFault) -> [FormulaNode.Argument] {
    var result: [FormulaNode.Argument] = []
    if take(")") { return result }
    while true {
      var label: String?
      if case .name(let name) = tokens[index].token, tokens[index + 1].token == .symbol("=") {
        label = name
        index += 2
      }
      result.append(FormulaNode.Argument(label: label, value: try expression()))
      if take(")") { return result }
      guard take(",") else { throw unexpected("an operator, \",\" or \")\"") }
    }
  }

  private var currentSymbol: String? {
    if case .symbol(let symbol) = tokens[index].token { symbol } else { nil }
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard currentSymbol == symbol else { return false }
    index += 1
    return true
  }

  private func unexpected(_ expected: String) -> FormulaFault {
    fault(at: tokens[index].position, found: tokens[index].token.wording, expected: expected)
  }

  private func fault(at position: Int, found: String, expected: String) -> FormulaFault {
    FormulaFault(
      text: text, position: position, kind: .syntax(found: found, expected: expected))
  }
}
