/// The terms of one side of a formula, expanded as R's `terms` does.
public struct FormulaTerms: Sendable {
  /// Distinct expressions by their text, in order of appearance.
  public internal(set) var variables: [FormulaNode] = []
  /// Each term as ascending positions in `variables`; by number of variables, then by appearance.
  public internal(set) var terms: [[Int]] = []
  public internal(set) var hasIntercept = true

  /// A term's name: `a:b`.
  public func label(_ term: [Int]) -> String {
    term.map { variables[$0].text }.joined(separator: ":")
  }
}

/// A random term `(effects | grouping)` of a mixed model.
public struct FormulaRandomTerm: Sendable {
  /// The effects that vary over the groups, with an intercept unless it was taken out.
  public let effects: FormulaTerms
  /// The columns or `factor()` expressions whose combinations are the groups.
  public let grouping: [FormulaNode]
  /// False for `||`: effects that vary independently.
  public let isCorrelated: Bool
  public let position: Int

  /// The grouping's name: `g:h`.
  public var groupLabel: String { grouping.map(\.text).joined(separator: ":") }
}

/// Turns `a * b - 1` into terms (Chambers & Hastie 1992, Statistical Models in S, section 2.4).
struct TermExpansion {
  let text: String
  private(set) var result = FormulaTerms()
  private(set) var offsets: [FormulaNode] = []
  private(set) var random: [FormulaRandomTerm] = []
  /// Whether `offset()` and `( | )` may stand here.
  let isTopLevel: Bool

  init(text: String, isTopLevel: Bool) {
    self.text = text
    self.isTopLevel = isTopLevel
  }

  /// Expands a whole side.
  mutating func expand(_ node: FormulaNode) throws(FormulaFault) {
    let terms = try sum(node, isAdded: true)
    // Sorting by the number of variables keeps the order of appearance within a number.
    let longest = terms.map(\.count).max() ?? 0
    result.terms = (0...longest).flatMap { size in terms.filter { $0.count == size } }
  }

  private typealias Terms = [[Int]]

  /// The terms of a node; a 0 or 1 that is added or taken away moves the intercept.
  private mutating func sum(
    _ node: FormulaNode, isAdded: Bool
  ) throws(FormulaFault) -> Terms {
    switch node.kind {
    case .number(let value):
      guard value == 0 || value == 1 else {
        throw misplaced(
          node, "the number \(FormulaNode.digits(value))",
          "0 or 1 (write I() around arithmetic, as in I(x + 2))")
      }
      result.hasIntercept = (value == 1) == isAdded
      return []
    case .binary("+", let left, let right):
      return union(
        try sum(left, isAdded: isAdded), try sum(right, isAdded: isAdded))
    case .binary("-", let left, let right):
      let kept = try sum(left, isAdded: isAdded)
      let removed = try sum(right, isAdded: !isAdded)
      return kept.filter { !removed.contains($0) }
    case .unary("+", let operand):
      return try sum(operand, isAdded: isAdded)
    case .unary(_, let operand):
      _ = try sum(operand, isAdded: !isAdded)
      return []
    case .group(let inner):
      return try grouped(inner, isAdded: isAdded)
    default:
      return try product(node)
    }
  }

  private mutating func grouped(
    _ inner: FormulaNode, isAdded: Bool
  ) throws(FormulaFault) -> Terms {
    if case .binary(let bar, let effects, let grouping) = inner.kind, bar == "|" || bar == "||" {
      guard isTopLevel, isAdded else {
        throw misplaced(inner, "a random term", "it to be added to the fixed terms")
      }
      try addRandom(effects, grouping, isCorrelated: bar == "|", at: inner.position)
      return []
    }
    return try sum(inner, isAdded: isAdded)
  }

  private mutating func product(_ node: FormulaNode) throws(FormulaFault) -> Terms {
    switch node.kind {
    case .name:
      return [[variable(node)]]
    case .call(let name, _):
      return try call(name, node)
    case .binary(":", let left, let right):
      return cross(try factors(left), try factors(right))
    case .binary("*", let left, let right):
      let (first, second) = (try factors(left), try factors(right))
      return union(union(first, second), cross(first, second))
    case .binary("/", let left, let right):
      let (outer, inner) = (try factors(left), try factors(right))
      return union(outer, cross([Array(Set(outer.joined())).sorted()], inner))
    case .binary("^", let base, let exponent):
      guard case .number(let power) = exponent.kind, power >= 1, power <= 20,
        power == power.rounded()
      else {
        throw misplaced(
          exponent, "\"\(exponent.text)\"",
          "a whole number from 1 to 20 (write I() around arithmetic, as in I(x^2))")
      }
      let first = try factors(base)
      var terms = first
      for _ in 1..<Int(power) { terms = union(terms, cross(terms, first)) }
      return terms
    case .binary(let symbol, _, _):
      throw misplaced(node, "\"\(symbol)\"", "parentheses around a random term, as in (1 | group)")
    default:
      return try factors(node)
    }
  }

  /// Terms that are multiplied or nested: numbers have no place among them.
  private mutating func factors(_ node: FormulaNode) throws(FormulaFault) -> Terms {
    if case .number(let value) = node.kind {
      throw misplaced(
        node, "the number \(FormulaNode.digits(value))",
        "a column (write I() around arithmetic, as in I(2 * x))")
    }
    var inner = node
    while case .group(let next) = inner.kind { inner = next }
    if case .binary(let bar, _, _) = inner.kind, bar == "|" || bar == "||" {
      throw misplaced(inner, "a random term", "it to be added to the fixed terms")
    }
    return try sum(node, isAdded: true)
  }

  private mutating func call(_ name: String, _ node: FormulaNode) throws(FormulaFault) -> Terms {
    guard FormulaFunction.names.contains(name) else {
      throw FormulaFault(
        text: text, position: node.position,
        kind: .unknownFunction(name: name, known: FormulaFunction.names))
    }
    guard name == "offset" else { return [[variable(node)]] }
    guard isTopLevel else { throw misplaced(node, "offset()", "it among the fixed terms") }
    guard case .call(_, let arguments) = node.kind, arguments.count == 1 else {
      throw misplaced(node, "offset() of several values", "one column or expression")
    }
    offsets.append(arguments[0].value)
    return []
  }

  private mutating func variable(_ node: FormulaNode) -> Int {
    let name = node.text
    if let known = result.variables.firstIndex(where: { $0.text == name }) { return known }
    result.variables.append(node)
    return result.variables.count - 1
  }

  private mutating func addRandom(
    _ effects: FormulaNode, _ grouping: FormulaNode, isCorrelated: Bool, at position: Int
  ) throws(FormulaFault) {
    var inner = TermExpansion(text: text, isTopLevel: false)
    try inner.expand(effects)
    var groups = TermExpansion(text: text, isTopLevel: false)
    try groups.expand(grouping)
    guard !inner.result.terms.isEmpty || inner.result.hasIntercept else {
      throw misplaced(effects, "\"\(effects.text)\"", "an effect that varies over the groups")
    }
    guard !groups.result.terms.isEmpty else {
      throw misplaced(grouping, "\"\(grouping.text)\"", "a column to group by")
    }
    for term in groups.result.terms {
      random.append(
        FormulaRandomTerm(
          effects: inner.result, grouping: term.map { groups.result.variables[$0] },
          isCorrelated: isCorrelated, position: position))
    }
  }

  private func union(_ a: Terms, _ b: Terms) -> Terms { a + b.filter { !a.contains($0) } }

  /// Every term of one with every term of the other, as sets of variables.
  private func cross(_ a: Terms, _ b: Terms) -> Terms {
    var result: Terms = []
    for left in a {
      for right in b {
        let term = Array(Set(left + right)).sorted()
        if !result.contains(term) { result.append(term) }
      }
    }
    return result
  }

  private func misplaced(_ node: FormulaNode, _ what: String, _ expected: String) -> FormulaFault {
    FormulaFault(
      text: text, position: node.position, kind: .misplaced(what: what, expected: expected))
  }
}

/// The functions that a formula may call.
enum FormulaFunction {
  static let names = ["I", "poly", "log", "exp", "sqrt", "factor", "offset"]
}
