/// A model as R writes it: `y ~ a + b*c + poly(x, 3) + offset(log(e)) + (x | g)`.
///
/// Operators `+ : * / - ^`, `0 +`, `- 1`, functions `I poly log exp sqrt factor offset`, response
/// `y`, an expression such as `successes / trials`, or `cbind(successes, failures)`; random terms in
/// parentheses. Expansion and order of terms are R's.
public struct ModelFormula: Sendable {
  public enum Response: Sendable {
    case values(FormulaNode)
    /// `cbind(successes, failures)`.
    case counts(successes: FormulaNode, failures: FormulaNode)
  }

  /// The formula, as written.
  public let text: String
  public let response: Response
  public let fixed: FormulaTerms
  public let offsets: [FormulaNode]
  public let random: [FormulaRandomTerm]

  /// Parses a formula.
  ///
  /// - Throws: `FormulaFault` with the place.
  public init(_ text: String) throws(FormulaFault) {
    self.text = text
    var parser = try FormulaParser(text)
    let sides = try parser.formula()
    response = try Self.response(sides.response, text)
    var expansion = TermExpansion(text: text, isTopLevel: true)
    try expansion.expand(sides.terms)
    fixed = expansion.result
    offsets = expansion.offsets
    random = expansion.random
  }

  private static func response(
    _ node: FormulaNode, _ text: String
  ) throws(FormulaFault) -> Response {
    guard case .call("cbind", let arguments) = node.kind else { return .values(node) }
    guard arguments.count == 2 else {
      throw FormulaFault(
        text: text, position: node.position,
        kind: .misplaced(
          what: "cbind() of \(arguments.count) values", expected: "cbind(successes, failures)"))
    }
    return .counts(successes: arguments[0].value, failures: arguments[1].value)
  }

  /// The nodes of the response.
  var responseNodes: [FormulaNode] {
    switch response {
    case .values(let node): [node]
    case .counts(let successes, let failures): [successes, failures]
    }
  }

  /// Every expression of the formula.
  var nodes: [FormulaNode] {
    responseNodes + fixed.variables + offsets
      + random.flatMap { $0.effects.variables + $0.grouping }
  }
}
