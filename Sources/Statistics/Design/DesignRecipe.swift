/// How rows become the columns of a design: what a fit fixes and a prediction repeats.
///
/// Factors have treatment contrasts against their first level in byte order. Where a term's margin
/// is absent a factor has all its levels, by R's rule: in term T a factor f is contrasted where T
/// without f lies within an earlier term, or is empty and there is an intercept (Chambers & Hastie
/// 1992, Statistical Models in S, section 2.4).
public struct DesignRecipe: Sendable {
  /// One variable, as the rows of the fit have it.
  enum Variable: Sendable {
    case numbers
    case polynomial(PolynomialBasis, FormulaNode)
    case factor(levels: [String])
  }

  /// One term with the coding of its factors.
  struct Term: Sendable {
    let variables: [Int]
    /// Whether each variable, if a factor, has all its levels.
    let isFull: [Bool]
  }

  public let terms: FormulaTerms
  let variables: [Variable]
  let codedTerms: [Term]
  /// R's names: `(Intercept)`, `bTRUE`, `factor(x)2`, `a:bx`.
  public let columnNames: [String]
  /// For each column its term from 1, or 0 for the intercept.
  public let assign: [Int]
  /// Names of the terms, the intercept first where there is one: `termLabels[assign[column]]`.
  public let termLabels: [String]

  /// Fixes levels and polynomials from the rows of a frame.
  ///
  /// - Throws: `.oneLevel` for a factor that does not vary, `.noColumns`, faults of expressions.
  public init(_ terms: FormulaTerms, frame: ModelFrame) throws(DesignError) {
    guard terms.hasIntercept || !terms.terms.isEmpty else {
      throw .noColumns(formula: frame.formula.text)
    }
    self.terms = terms
    var variables: [Variable] = []
    for node in terms.variables { variables.append(try Self.variable(node, frame)) }
    self.variables = variables
    codedTerms = Self.coded(terms, variables)
    var names = terms.hasIntercept ? ["(Intercept)"] : []
    var assign = terms.hasIntercept ? [0] : []
    for (index, term) in codedTerms.enumerated() {
      let own = Self.names(of: term, terms, variables)
      names += own
      assign += [Int](repeating: index + 1, count: own.count)
    }
    columnNames = names
    self.assign = assign
    termLabels = ["(Intercept)"] + terms.terms.map { terms.label($0) }
  }

  private static func variable(
    _ node: FormulaNode, _ frame: ModelFrame
  ) throws(DesignError) -> Variable {
    if frame.isFactor(node) {
      let text = try frame.codes(node)
      guard text.levels.count > 1 else {
        throw .oneLevel(variable: node.text, level: text.levels.first ?? "")
      }
      return .factor(levels: text.levels)
    }
    guard case .call("poly", let arguments) = node.kind else { return .numbers }
    let (argument, degree, isRaw) = try polynomial(arguments, node, frame)
    let values = try frame.numbers(argument)
    let distinct = Set(values).count
    guard degree >= 1, degree < distinct else {
      throw .polynomialDegree(variable: node.text, degree: degree, distinctValues: distinct)
    }
    return .polynomial(
      isRaw ? PolynomialBasis(rawDegree: degree) : PolynomialBasis(degree: degree, over: values),
      argument)
  }

  /// The arguments of `poly(x, degree, raw = TRUE)`.
  private static func polynomial(
    _ arguments: [FormulaNode.Argument], _ node: FormulaNode, _ frame: ModelFrame
  ) throws(DesignError) -> (FormulaNode, degree: Int, isRaw: Bool) {
    var unlabelled = arguments.filter { $0.label == nil }.map(\.value)
    var raw = false
    for argument in arguments {
      switch (argument.label, argument.value.kind) {
      case (nil, _): continue
      case ("degree", _): unlabelled.append(argument.value)
      case ("raw", .name("TRUE")), ("raw", .name("T")): raw = true
      case ("raw", .name("FALSE")), ("raw", .name("F")): raw = false
      default: unlabelled = []
      }
    }
    guard unlabelled.count == 2, case .number(let degree) = unlabelled[1].kind,
      degree == degree.rounded(), abs(degree) < 1000
    else {
      throw .formula(
        FormulaFault(
          text: frame.formula.text, position: node.position,
          kind: .misplaced(
            what: "\"\(node.text)\"",
            expected: "poly(x, degree) or poly(x, degree, raw = TRUE) with a whole degree")))
    }
    return (unlabelled[0], Int(degree), raw)
  }

  private static func coded(_ terms: FormulaTerms, _ variables: [Variable]) -> [Term] {
    func isFactor(_ variable: Int) -> Bool {
      if case .factor = variables[variable] { true } else { false }
    }
    var result: [Term] = []
    // Without an intercept the first factor met has all its levels.
    var mustBeFull = !terms.hasIntercept
    for (index, term) in terms.terms.enumerated() {
      let isFull = term.map { variable -> Bool in
        guard isFactor(variable) else { return false }
        if mustBeFull {
          mustBeFull = false
          return true
        }
        let margin = term.filter { $0 != variable }
        return !margin.isEmpty
          && !terms.terms[..<index].contains { Set($0).isSuperset(of: margin) }
      }
      result.append(Term(variables: term, isFull: isFull))
    }
    return result
  }

  /// Names of a term's columns; the first variable's run fastest.
  private static func names(
    of term: Term, _ terms: FormulaTerms, _ variables: [Variable]
  ) -> [String] {
    var names = [""]
    for (variable, isFull) in zip(term.variables, term.isFull) {
      let text = terms.variables[variable].text
      let own: [String] =
        switch variables[variable] {
        case .numbers: [text]
        case .polynomial(let basis, _):
          basis.degree == 1 ? [text] : (1...basis.degree).map { "\(text)\($0)" }
        case .factor(let levels): levels.dropFirst(isFull ? 0 : 1).map { text + $0 }
        }
      names = own.flatMap { name in names.map { $0.isEmpty ? name : "\($0):\(name)" } }
    }
    return names
  }

  /// Columns of one variable under a coding.
  func width(_ variable: Int, isFull: Bool) -> Int {
    switch variables[variable] {
    case .numbers: 1
    case .polynomial(let basis, _): basis.degree
    case .factor(let levels): levels.count - (isFull ? 0 : 1)
    }
  }

  /// A factor's codes in terms of the levels of the fit.
  func codes(_ variable: Int, _ frame: ModelFrame) throws(DesignError) -> [Int32] {
    guard case .factor(let levels) = variables[variable] else { return [] }
    let text = try frame.codes(terms.variables[variable])
    if text.levels == levels { return text.codes }
    let known = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
    let renumbered = text.levels.map { known[$0] ?? -1 }
    var result = text.codes
    for row in result.indices {
      let code = Int(result[row])
      guard renumbered[code] >= 0 else {
        throw .unseenLevel(
          variable: terms.variables[variable].text, level: text.levels[code],
          row: frame.originalRow(row), known: levels)
      }
      result[row] = renumbered[code]
    }
    return result
  }

  /// The columns of a variable that is no factor.
  func values(_ variable: Int, _ frame: ModelFrame) throws(DesignError) -> [[Double]] {
    switch variables[variable] {
    case .numbers: [try frame.numbers(terms.variables[variable])]
    case .polynomial(let basis, let argument): basis.columns(try frame.numbers(argument))
    case .factor: []
    }
  }
}
