/// The response, weights and offset of a model's rows.
struct ResponseReading {
  let values: [Double]
  let weights: [Double]?
  let offset: [Double]?

  /// - Parameters: columns of weights and of an offset beside those in the formula.
  init(
    _ frame: ModelFrame, isBinomial: Bool, weights weightColumn: String?,
    offset offsetColumn: String?
  ) throws(DesignError) {
    var weights: [Double]?
    if let name = weightColumn { weights = try frame.numbers(name, role: "the weights") }
    switch frame.formula.response {
    case .values(let node):
      values = try Self.values(node, isBinomial: isBinomial, frame)
    case .counts(let successes, let failures):
      guard isBinomial else {
        throw .formula(
          FormulaFault(
            text: frame.formula.text, position: successes.position,
            kind: .misplaced(
              what: "cbind() of successes and failures",
              expected: "one response: only binomial and quasibinomial take counts of both")))
      }
      let (wins, losses) = (try frame.numbers(successes), try frame.numbers(failures))
      // A negative count keeps its sign in the share, where the family refuses it.
      values = zip(wins, losses).map { $0 + $1 == 0 ? ($0 == 0 ? 0 : $0) : $0 / ($0 + $1) }
      let trials = zip(wins, losses).map { max($0 + $1, 0) }
      weights = weights.map { zip($0, trials).map { $0 * $1 } } ?? trials
    }
    self.weights = weights
    var offset: [Double]?
    for node in frame.formula.offsets {
      let own = try frame.numbers(node)
      offset = offset.map { zip($0, own).map { $0 + $1 } } ?? own
    }
    if let name = offsetColumn {
      let own = try frame.numbers(name, role: "the offset")
      offset = offset.map { zip($0, own).map { $0 + $1 } } ?? own
    }
    self.offset = offset
  }

  /// Numbers, or 1 where a text is the second of its two levels.
  private static func values(
    _ node: FormulaNode, isBinomial: Bool, _ frame: ModelFrame
  ) throws(DesignError) -> [Double] {
    guard frame.isFactor(node) else { return try frame.numbers(node) }
    let text = try frame.codes(node)
    guard isBinomial, text.levels.count <= 2 else {
      throw .responseLevels(response: node.text, levels: text.levels)
    }
    return text.codes.map { $0 == 1 ? 1 : 0 }
  }
}
