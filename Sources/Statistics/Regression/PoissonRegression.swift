import LinearAlgebra
import RealModule

/// Poisson regression of cell counts y_i on a design of indicators, with mean E_i · μ(x_i β).
///
/// The response may be fractional (an expected count): the estimating equations are the same.
/// Without data on a column its coefficient would be free or run to −∞, so every column carries a
/// ridge of at least 1e-10 of the information that its exposure (1 where it has none) would give at
/// the common rate: it moves no estimate that the data determine, and nothing is dropped. The fit
/// names such columns in `columnsWithoutExposure` and `columnsWithoutResponse`.
///
/// The likelihood under 0 < γ ≤ 1 can draw rows to a mean of zero and beyond; an interior point
/// method keeps every row with exposure positive, and the fit names the rows that ended at the edge
/// in `rowsAtBound`. Under other γ the fit is by Fisher scoring with step halving; for γ > 1 the
/// likelihood is not concave, and a fit may end without converging.
public struct PoissonRegression: Sendable {
  public let design: IndicatorDesign
  public let link: PowerLink
  /// λ_j of the penalty λ_j (β_j − m_j)²/2; nil for the smallest one.
  public let ridge: [Double]?
  /// m_j, zero by default.
  public let priorMeans: [Double]?

  /// The share of a column's information at the common rate that its ridge has at least.
  public static let minimumRelativeRidge = 1e-10

  /// Where there are (almost) no responses, the common rate is taken to be this.
  private static let smallestCommonRate = 1e-4

  public init(
    design: IndicatorDesign, link: PowerLink, ridge: [Double]? = nil, priorMeans: [Double]? = nil
  ) {
    self.design = design
    self.link = link
    self.ridge = ridge
    self.priorMeans = priorMeans
  }

  /// Fits by maximum penalised likelihood.
  ///
  /// - Parameters:
  ///   - response: y, one a row, at least 0.
  ///   - exposure: E, one a row, at least 0; a row of zero exposure says nothing.
  ///   - start: coefficients to start from; nil starts from shrunken rates.
  ///   - tolerance: stop when a step promises a smaller rise of the penalised log-likelihood.
  /// - Throws: `RegressionError` for lengths, values, and an information matrix that cannot be
  ///   factored. Not converging is a status: look at `ending`.
  /// - Complexity: a step costs the squared ones per row, summed, and columns³/3.
  public func fit(
    response: [Double], exposure: [Double], start: [Double]? = nil, maximumIterations: Int = 100,
    tolerance: Double = 1e-10
  ) throws(RegressionError) -> PoissonFit {
    let model = try checkedModel(response: response, exposure: exposure)
    let first = if let start { start } else { try shrunkenRates(model) }
    try RegressionInput.requireFinite("start", first, count: design.columnCount)
    let (coefficients, eta, iterations, ending) = try maximise(
      model, from: first, maximumIterations: maximumIterations, tolerance: tolerance)
    let means = eta.map { link.mean($0) }
    let logLikelihood = model.logLikelihood(linearPredictor: eta) + model.constant
    let columnExposure = design.transposeTimes(exposure)
    let columnResponse = design.transposeTimes(response)
    return PoissonFit(
      coefficients: coefficients, means: means, logLikelihood: logLikelihood,
      penalisedLogLikelihood: logLikelihood - model.penalty.value(coefficients),
      iterations: iterations, ending: ending, tolerance: tolerance,
      information: design.weightedCrossProduct(model.information(linearPredictor: eta)),
      penalty: model.penalty,
      rowsAtBound: means.indices.filter {
        exposure[$0] > 0 && link.exponent > 0 && means[$0] < 10 * PowerLink.minimumMean
      },
      columnsWithoutExposure: columnExposure.indices.filter { columnExposure[$0] == 0 },
      columnsWithoutResponse: columnResponse.indices.filter { columnResponse[$0] == 0 })
  }

  /// One step with step halving (interior point for 0 < γ ≤ 1, else Fisher scoring): the new
  /// coefficients, at least as likely as before.
  ///
  /// Made for use inside an outer iteration such as EM; gives the coefficients back unchanged
  /// where no step raises the penalised log-likelihood. Coefficients outside the link's range are
  /// drawn towards zero until inside, first.
  public func step(
    response: [Double], exposure: [Double], coefficients: [Double]
  ) throws(RegressionError) -> [Double] {
    let model = try checkedModel(response: response, exposure: exposure)
    try RegressionInput.requireFinite(
      "coefficients", coefficients, count: design.columnCount)
    if isConcaveAtTheEdge {
      return try InteriorPoint(design: design, model: model).step(from: coefficients)
    }
    let scoring = FisherScoring(design: design)
    var state = scoring.state(model, at: model.movedInside(coefficients, design))
    _ = try scoring.step(model, &state)
    return state.coefficients
  }

  /// The coefficients that maximise the penalised likelihood, for an outer iteration such as EM that
  /// needs no more of a fit: under 0 < γ ≤ 1, where steps from the edge of the range are short, by as
  /// many steps as `tolerance` asks for, under other γ by one step.
  public func maximum(
    response: [Double], exposure: [Double], from start: [Double], tolerance: Double
  ) throws(RegressionError) -> [Double] {
    guard isConcaveAtTheEdge else {
      return try step(response: response, exposure: exposure, coefficients: start)
    }
    let model = try checkedModel(response: response, exposure: exposure)
    return try maximise(model, from: start, maximumIterations: 60, tolerance: tolerance).0
  }

  private var isConcaveAtTheEdge: Bool { link.exponent > 0 && link.exponent <= 1 }

  private func maximise(
    _ model: PoissonModel, from start: [Double], maximumIterations: Int, tolerance: Double
  ) throws(RegressionError) -> ([Double], [Double], Int, FitEnding) {
    if isConcaveAtTheEdge {
      let (state, iterations, ending) = try InteriorPoint(design: design, model: model).run(
        from: start, maximumIterations: maximumIterations, tolerance: tolerance)
      return (state.coefficients, state.linearPredictor, iterations, ending)
    }
    let (state, iterations, ending) = try FisherScoring(design: design).run(
      model, from: model.movedInside(start, design), maximumIterations: maximumIterations,
      tolerance: tolerance)
    return (state.coefficients, state.linearPredictor, iterations, ending)
  }

  private func checkedModel(
    response: [Double], exposure: [Double]
  ) throws(RegressionError) -> PoissonModel {
    let rows = design.rowCount
    try RegressionInput.requireNonNegative("response", response, rows: rows)
    try RegressionInput.requireNonNegative("exposure", exposure, rows: rows, mustHaveData: true)
    for row in 0..<rows where exposure[row] == 0 && response[row] > 0 {
      throw .responseWithoutExposure(row: row, response: response[row])
    }
    let columns = design.columnCount
    let rate = max(
      response.reduce(0, +) / exposure.reduce(0, +), PoissonRegression.smallestCommonRate)
    let slope = link.derivative(atMean: rate)
    let relative = PoissonRegression.minimumRelativeRidge * slope * slope / rate
    let smallest = design.transposeTimes(exposure).map { relative * ($0 > 0 ? $0 : 1) }
    var penalty = RidgePenalty(
      strengths: smallest, centers: [Double](repeating: 0, count: columns))
    if let ridge {
      try RegressionInput.requireNonNegative("ridge", ridge, rows: columns)
      penalty.strengths = zip(ridge, smallest).map { max($0, $1) }
    }
    if let priorMeans {
      try RegressionInput.requireFinite("priorMeans", priorMeans, count: columns)
      penalty.centers = priorMeans
    }
    return PoissonModel(
      link: link, response: response, exposure: exposure, commonRate: rate,
      penalty: penalty)
  }

  /// One weighted least squares fit to each row's rate, drawn to the common rate by one exposure
  /// unit's worth so that rows without events have a finite link.
  private func shrunkenRates(_ model: PoissonModel) throws(RegressionError) -> [Double] {
    let total = model.exposure.reduce(0, +)
    let positiveRows = Double(model.exposure.count { $0 > 0 })
    let rate = max(model.response.reduce(0, +) / total, PowerLink.minimumMean)
    let prior = total / positiveRows
    var weights = [Double](repeating: 0, count: design.rowCount)
    var weighted = weights
    for row in weights.indices where model.exposure[row] > 0 {
      let mean = (model.response[row] + prior * rate) / (model.exposure[row] + prior)
      let slope = link.derivative(atMean: mean)
      weights[row] = model.exposure[row] * slope * slope / mean
      weighted[row] = weights[row] * link.linearPredictor(mean)
    }
    var right = design.transposeTimes(weighted)
    var information = design.weightedCrossProduct(weights)
    for j in right.indices {
      right[j] += model.penalty.strengths[j] * model.penalty.centers[j]
    }
    information.addToDiagonal(model.penalty.strengths)
    return try uphillDirection(information, right)
  }
}
