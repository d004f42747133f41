import LinearAlgebra

/// A regression without random effects as a person asks for it: a formula and columns of a table.
public struct RegressionRequest: Sendable {
  public var formula: ModelFormula
  /// θ of a negative binomial is estimated, whatever is given here.
  public var family: Family
  public var link: Link?
  public var penalty: Penalty
  /// Columns of prior weights and of an offset beside those in the formula.
  public var weights: String?
  public var offset: String?
  /// Columns that rows must have a value of besides: clusters.
  public var further: [String]
  /// Whether equal rows are joined into cells first; nil where there is something to gain.
  public var usesCells: Bool?
  public var maximumIterations: Int
  public var threads: Int

  public init(
    formula: ModelFormula, family: Family = .gaussian, link: Link? = nil, penalty: Penalty = .none,
    weights: String? = nil, offset: String? = nil, further: [String] = [], usesCells: Bool? = nil,
    maximumIterations: Int = 100, threads: Int = 1
  ) {
    self.formula = formula
    self.family = family
    self.link = link
    self.penalty = penalty
    self.weights = weights
    self.offset = offset
    self.further = further
    self.usesCells = usesCells
    self.maximumIterations = maximumIterations
    self.threads = threads
  }

  /// Rows from which joining them is worth a look.
  private static let manyRows = 20_000

  /// Chooses the rows, builds the design and fits.
  ///
  /// - Throws: `RegressionFault`: what is wrong with the formula, the table or the fit. Random terms
  ///   are not looked at.
  public func fit(_ table: DataTable) throws(RegressionFault) -> RegressionFit {
    do {
      let frame = try ModelFrame(formula, table, further: columns)
      let recipe = try DesignRecipe(formula.fixed, frame: frame)
      let response = try ResponseReading(self, frame)
      var model = GeneralizedLinearModel(
        family: family, link: link, penalty: penalty, recipe: recipe,
        maximumIterations: maximumIterations, threads: threads)
      let observations = try Observations(
        response: response.values, weights: response.weights, offset: response.offset,
        family: family)
      let isNegativeBinomial = family.theta != nil
      let mayJoin =
        usesCells
        ?? (frame.rowCount >= Self.manyRows && response.weights == nil)
      if mayJoin, !isNegativeBinomial,
        let cells = try recipe.cells(frame, offset: response.offset)
      {
        let joined = try observations.summed(
          cellOfRow: cells.cellOfRow, cellCount: cells.cellCount, family: family)
        return RegressionFit(
          request: self, frame: frame, recipe: recipe, fit: try model.fit(cells.design, joined),
          rows: CellRows(
            cellOfRow: cells.cellOfRow, response: observations.response,
            weights: observations.weights))
      }
      let design = try recipe.design(frame)
      let fit =
        isNegativeBinomial
        ? try model.fitNegativeBinomial(design, observations)
        : try model.fit(design, observations)
      return RegressionFit(request: self, frame: frame, recipe: recipe, fit: fit, rows: nil)
    } catch let error as DesignError {
      throw .design(error)
    } catch let error as GeneralizedLinearError {
      throw .fit(error)
    } catch {
      fatalError("only these two kinds of error are thrown above: \(error)")
    }
  }

  /// The columns that are read beside the formula's, with what they are for.
  private var columns: [(role: String, name: String)] {
    (weights.map { [("the weights", $0)] } ?? []) + (offset.map { [("the offset", $0)] } ?? [])
      + further.map { ("the clusters", $0) }
  }
}

/// Why a regression that was asked for has no answer.
public enum RegressionFault: Error, Sendable, Equatable {
  case design(DesignError)
  case fit(GeneralizedLinearError)
}

extension RegressionFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .design(let error): error.description
    case .fit(let error): error.description
    }
  }
}

/// The response, weights and offset of a request's rows.
private struct ResponseReading {
  let values: [Double]
  let weights: [Double]?
  let offset: [Double]?

  init(_ request: RegressionRequest, _ frame: ModelFrame) throws(DesignError) {
    var weights: [Double]?
    if let name = request.weights { weights = try frame.numbers(name, role: "the weights") }
    switch frame.formula.response {
    case .values(let node):
      values = try Self.values(node, request, frame)
    case .counts(let successes, let failures):
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
    if let name = request.offset {
      let own = try frame.numbers(name, role: "the offset")
      offset = offset.map { zip($0, own).map { $0 + $1 } } ?? own
    }
    self.offset = offset
  }

  /// Numbers, or 1 where a text is the second of its two levels.
  private static func values(
    _ node: FormulaNode, _ request: RegressionRequest, _ frame: ModelFrame
  ) throws(DesignError) -> [Double] {
    guard frame.isFactor(node) else { return try frame.numbers(node) }
    let text = try frame.codes(node)
    guard request.family.isBinomial, text.levels.count <= 2 else {
      throw .responseLevels(response: node.text, levels: text.levels)
    }
    return text.codes.map { $0 == 1 ? 1 : 0 }
  }
}
