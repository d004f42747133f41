import LinearAlgebra

/// A mixed model as a person asks for it: a formula with random terms and columns of a table.
public struct MixedModelRequest: Sendable {
  /// The distribution of the response.
  public enum Kind: Sendable, Equatable {
    case linear(LinearMixedCriterion)
    case generalized(MixedFamily, MixedApproximation)

    /// Whose range the responses are held to.
    var family: Family {
      switch self {
      case .linear: .gaussian
      case .generalized(let family, _): family.isBinomial ? .binomial : .poisson
      }
    }

    var isBinomial: Bool {
      if case .generalized(let family, _) = self { family.isBinomial } else { false }
    }
  }

  public var formula: ModelFormula
  public var kind: Kind
  /// Columns of case weights and of an offset beside those in the formula.
  public var weights: String?
  public var offset: String?
  public var threads: Int

  public init(
    formula: ModelFormula, kind: Kind, weights: String? = nil, offset: String? = nil,
    threads: Int = 1
  ) {
    self.formula = formula
    self.kind = kind
    self.weights = weights
    self.offset = offset
    self.threads = threads
  }

  /// Chooses the rows, builds designs and random terms, and fits.
  ///
  /// - Throws: `RegressionFault`: what is wrong with the formula, the table or the fit.
  public func fit(_ table: DataTable) throws(RegressionFault) -> MixedRegressionFit {
    do {
      let columns =
        (weights.map { [("the weights", $0)] } ?? []) + (offset.map { [("the offset", $0)] } ?? [])
      let (frame, response) = try weighted(ModelFrame(formula, table, further: columns))
      let recipe = try DesignRecipe(formula.fixed, frame: frame)
      let design = try recipe.design(frame)
      let weights = design.byPlace(
        response.weights ?? [Double](repeating: 1, count: frame.rowCount))
      let kept = Conditioning(
        design, weights: weights,
        product: design.crossProduct(weights: weights, threads: threads), threads: threads
      ).kept
      let data = try data(
        frame, response, design.keeping(kept), kept.map { recipe.columnNames[$0] })
      let dropped = Set(recipe.columnNames.indices).subtracting(kept).sorted()
      return MixedRegressionFit(
        request: self, rowCount: frame.rowCount, droppedRowCount: frame.droppedRowCount,
        droppedTerms: dropped.map { recipe.columnNames[$0] }, fit: try fitted(data))
    } catch let error as DesignError {
      throw .design(error)
    } catch let error as GeneralizedLinearError {
      throw .fit(error)
    } catch let error as MixedModelError {
      throw .mixed(error)
    } catch {
      fatalError("only these three kinds of error are thrown above: \(error)")
    }
  }

  /// The rows that have weight, and their responses, each of which the family allows.
  private func weighted(
    _ whole: ModelFrame
  ) throws -> (frame: ModelFrame, response: ResponseReading) {
    let response = try ResponseReading(
      whole, isBinomial: kind.isBinomial, weights: weights, offset: offset)
    do {
      _ = try Observations(
        response: response.values, weights: response.weights, offset: response.offset,
        family: kind.family)
    } catch {
      throw error.movingRow(whole.originalRow)
    }
    guard let weights = response.weights, weights.contains(0) else { return (whole, response) }
    let kept = weights.indices.filter { weights[$0] > 0 }.map { Int32($0) }
    guard !kept.isEmpty else { throw GeneralizedLinearError.allWeightsZero }
    let frame = ModelFrame(whole, rows: kept, names: whole.table.names, threads: threads)
    return (
      frame,
      try ResponseReading(
        frame, isBinomial: kind.isBinomial, weights: self.weights, offset: offset)
    )
  }

  private func fitted(_ data: MixedModelData) throws(MixedModelError) -> MixedRegressionFit.Fit {
    let fit: MixedRegressionFit.Fit
    switch kind {
    case .linear(let criterion):
      fit = .linear(try LinearMixedModel(data: data, criterion: criterion).fit(threads: threads))
    case .generalized(let family, let approximation):
      fit = .generalized(
        try GeneralizedLinearMixedModel(data: data, family: family, approximation: approximation)
          .fit(threads: threads))
    }
    guard fit.record.converged else {
      throw .notConverged(
        evaluations: fit.record.evaluations, scaledGradient: fit.record.scaledGradient)
    }
    return fit
  }

  private func data(
    _ frame: ModelFrame, _ response: ResponseReading, _ design: Design, _ names: [String]
  ) throws(DesignError) -> MixedModelData {
    var terms: [RandomTerm] = []
    for term in formula.random { terms += try randomTerms(term, frame) }
    // Counts come as shares with their trials as weights; the model wants successes.
    var (values, weights, trials) = (response.values, response.weights, [Double]?.none)
    if kind.isBinomial, let counted = response.weights {
      values = zip(values, counted).map { share, count in
        let (successes, whole) = (share * count, (share * count).rounded())
        return abs(successes - whole) <= 1e-9 * count ? whole : successes
      }
      (weights, trials) = (nil, counted)
    }
    return MixedModelData(
      response: values, fixedEffects: design.dense(), fixedNames: names, weights: weights,
      offset: response.offset, trials: trials, terms: terms)
  }

  /// One term, or one an effect where they vary independently.
  private func randomTerms(
    _ term: FormulaRandomTerm, _ frame: ModelFrame
  ) throws(DesignError) -> [RandomTerm] {
    let (codes, levels) = try groups(term, frame)
    if term.effects.terms.isEmpty {
      return [RandomTerm(group: term.groupLabel, codes: codes, levels: levels)]
    }
    let recipe = try DesignRecipe(term.effects, frame: frame)
    let matrix = try recipe.design(frame).dense()
    let names = recipe.columnNames
    guard !term.isCorrelated else {
      return [
        RandomTerm(
          group: term.groupLabel, codes: codes, levels: levels, covariates: matrix,
          covariateNames: names)
      ]
    }
    return names.indices.map { column in
      RandomTerm(
        group: term.groupLabel, codes: codes, levels: levels,
        covariates: Matrix(
          rows: matrix.rows, columns: 1, storage: Array(matrix.column(column))),
        covariateNames: [names[column]])
    }
  }

  /// The level of each row: the combinations of the grouping columns that occur, in the order of
  /// their levels, the first column's slowest.
  private func groups(
    _ term: FormulaRandomTerm, _ frame: ModelFrame
  ) throws(DesignError) -> (codes: [Int32], levels: [String]) {
    var codes = [Int](repeating: 0, count: frame.rowCount)
    var labels = [""]
    for (position, node) in term.grouping.enumerated() {
      let text = try frame.codes(node)
      let width = text.levels.count
      for row in codes.indices { codes[row] = codes[row] * width + Int(text.codes[row]) }
      let present = Set(codes).sorted()
      let earlier = labels
      labels = present.map { code in
        (position == 0 ? "" : earlier[code / width] + ":") + text.levels[code % width]
      }
      var renumbered: [Int: Int] = [:]
      for (new, old) in present.enumerated() { renumbered[old] = new }
      for row in codes.indices { codes[row] = renumbered[codes[row]] ?? 0 }
    }
    return (codes.map(Int32.init), labels)
  }
}

/// A mixed model's fit with the rows and names it came from.
public struct MixedRegressionFit: Sendable {
  public enum Fit: Sendable {
    case linear(LinearMixedFit)
    case generalized(GeneralizedLinearMixedFit)

    public var record: MixedFitRecord {
      switch self {
      case .linear(let fit): fit.record
      case .generalized(let fit): fit.record
      }
    }
  }

  public let request: MixedModelRequest
  /// Rows fitted, and rows left out because a value is missing.
  public let rowCount: Int
  public let droppedRowCount: Int
  /// Fixed effects that others determine.
  public let droppedTerms: [String]
  public let fit: Fit
}
