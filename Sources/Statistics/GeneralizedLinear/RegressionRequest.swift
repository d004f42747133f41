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
      let response = try ResponseReading(
        frame, isBinomial: family.isBinomial, weights: weights, offset: offset)
      let model = GeneralizedLinearModel(
        family: family, link: link, penalty: penalty, recipe: recipe,
        maximumIterations: maximumIterations, threads: threads)
      let observations = try observations(response, frame)
      let isNegativeBinomial = family.theta != nil
      let mayJoin =
        usesCells
        ?? (frame.rowCount >= Self.manyRows && response.weights == nil)
      if mayJoin, !isNegativeBinomial,
        let cells = try recipe.cells(frame, offset: response.offset, threads: threads)
      {
        let joined = try observations.summed(
          cellOfRow: cells.cellOfRow, cellCount: cells.cellCount, family: family,
          threads: threads)
        return RegressionFit(
          request: self, frame: frame, recipe: recipe, fit: try model.fit(cells.design, joined),
          rows: CellRows(
            cellOfRow: cells.cellOfRow, response: observations.response,
            weights: observations.weights))
      }
      let design = try recipe.design(frame, threads: threads)
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

  private func observations(
    _ response: ResponseReading, _ frame: ModelFrame
  ) throws(GeneralizedLinearError) -> Observations {
    do {
      return try Observations(
        response: response.values, weights: response.weights, offset: response.offset,
        family: family)
    } catch {
      // The table's row is what its owner can look up.
      throw error.movingRow(frame.originalRow)
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
  case mixed(MixedModelError)
}

extension RegressionFault {
  /// The row of the table, from 0, that the fault names.
  public var row: Int? {
    switch self {
    case .design(.notFinite(_, let row, _)), .design(.unseenLevel(_, _, let row, _)),
      .design(.outOfScale(_, let row, _)):
      row
    case .fit(.response(let row, _, _, _)), .fit(.value(_, let row, _, _)),
      .fit(.leverageOfOne(let row, _)):
      row
    default: nil
    }
  }
}

extension RegressionFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .design(let error): error.description
    case .fit(let error): error.description
    case .mixed(let error): error.description
    }
  }
}
