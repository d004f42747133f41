import LinearAlgebra
import RealModule

/// Poisson regression of cell counts y_i on a design of indicators, with mean E_i · μ(x_i β).
///
/// The response may be fractional (an expected count): the estimating equations are the same.
/// Without data on a column its coefficient would be free or run to −∞, so every column carries a
/// ridge of at least 1e-10 of the information that its exposure (1 where it has none) would give at
/// the common rate: it moves no estimate that the data determine, and nothing is dropped. The fit
/// names such columns in `columnsWithoutExposure` and `columnsWithoutResponse`.
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

  /// Fits by Fisher scoring with step halving.
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
    let scoring = FisherScoring(design: design)
    let first = if let start { start } else { try shrunkenRates(model) }
    try RegressionInput.requireFinite("start", first, count: design.columnCount)
    let (state, iterations, ending) = try scoring.run(
      model, from: first, maximumIterations: maximumIterations, tolerance: tolerance)
    let (_, weights) = model.scoreAndWeights(linearPredictor: state.linearPredictor)
    let columnExposure = design.transposeTimes(exposure)
    let columnResponse = design.transposeTimes(response)
    return PoissonFit(
      coefficients: state.coefficients, means: state.linearPredictor.map { link.mean($0) },
      logLikelihood: model.logLikelihood(linearPredictor: state.linearPredictor) + model.constant,
      penalisedLogLikelihood: state.penalisedLogLikelihood + model.constant,
      iterations: iterations, ending: ending, tolerance: tolerance,
      information: design.weightedCrossProduct(weights), penalty: model.penalty,
      columnsWithoutExposure: columnExposure.indices.filter { columnExposure[$0] == 0 },
      columnsWithoutResponse: columnResponse.indices.filter { columnResponse[$0] == 0 })
  }

  /// One Fisher scoring step with step halving: the new coefficients, at least as likely as before.
  ///
  /// Made for use inside an outer iteration such as EM; gives the coefficients back unchanged
  /// where no step raises the penalised log-likelihood.
  public func step(
    response: [Double], exposure: [Double], coefficients: [Double]
  ) throws(RegressionError) -> [Double] {
    let model = try checkedModel(response: response, exposure: exposure)
    try RegressionInput.requireFinite(
      "coefficients", coefficients, count: design.columnCount)
    let scoring = FisherScoring(design: design)
    var state = scoring.state(model, at: coefficients)
    _ = try scoring.step(model, &state)
    return state.coefficients
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
      link: link, response: response, exposure: exposure, commonRate: rate, penalty: penalty)
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
    do {
      return try CholeskyFactor(information).solve(right)
    } catch {
      throw .information(error)
    }
  }
}

/// The Poisson likelihood of one response and exposure.
private struct PoissonModel: ScoringModel {
  let link: PowerLink
  let response: [Double]
  let exposure: [Double]
  let commonRate: Double
  let penalty: RidgePenalty

  func logLikelihood(linearPredictor: [Double]) -> Double {
    var sum = 0.0
    for row in response.indices where exposure[row] > 0 {
      let mean = link.mean(linearPredictor[row])
      sum -= exposure[row] * mean
      if response[row] > 0 { sum += response[row] * Double.log(mean) }
    }
    return sum
  }

  /// Σ y log E − log Γ(y + 1), the part of the log-likelihood that no coefficient moves.
  var constant: Double {
    var sum = 0.0
    for row in response.indices where response[row] > 0 {
      sum += response[row] * Double.log(exposure[row]) - Double.logGamma(response[row] + 1)
    }
    return sum
  }

  func scoreAndWeights(linearPredictor: [Double]) -> (score: [Double], weights: [Double]) {
    var score = [Double](repeating: 0, count: response.count)
    var weights = score
    for row in response.indices where exposure[row] > 0 {
      let mean = link.mean(linearPredictor[row])
      let excess = response[row] / mean - exposure[row]
      if mean == PowerLink.minimumMean && excess <= 0 {
        // The row wants to be below the smallest mean and has got all it can: its likelihood is
        // flat from here on. A trace of curvature keeps the ridge from throwing it back.
        let slope = link.derivative(atMean: commonRate)
        weights[row] = 1e-4 * exposure[row] * slope * slope / commonRate
        continue
      }
      score[row] = excess * link.derivative(atMean: mean)
      weights[row] = weight(response[row], exposure[row], mean)
    }
    return (score, weights)
  }

  /// Expected information E (dμ/dη)²/μ of a row about its linear predictor.
  ///
  /// It goes to infinity with 1/μ where a row without events is drawn to the smallest mean, and
  /// would pin every coefficient that the row shares. A mean below a thousandth of the common
  /// rate counts as that, unless the row's own events bend its likelihood more:
  /// −d²ℓ/dη² = γ y μ^(−2γ) + (1 − γ) E μ^(1−2γ).
  private func weight(_ response: Double, _ exposure: Double, _ mean: Double) -> Double {
    let slope = link.derivative(atMean: mean)
    let smallest = commonRate / 1000
    if mean >= smallest { return exposure * slope * slope / mean }
    let share = link.exponent * response / mean + (1 - link.exponent) * exposure
    return slope * slope * max(exposure / smallest, share / mean)
  }
}

/// A fitted Poisson regression.
public struct PoissonFit: Sendable, Equatable {
  public let coefficients: [Double]
  /// μ per row, without exposure.
  public let means: [Double]
  /// Σ y log(Eμ) − Eμ − log Γ(y + 1).
  public let logLikelihood: Double
  /// The log-likelihood less the ridge penalty: what was maximised.
  public let penalisedLogLikelihood: Double
  public let iterations: Int
  public let ending: FitEnding
  public let tolerance: Double
  /// Expected information XᵀWX of the data alone. Rows held at the smallest mean, where the
  /// likelihood is flat, have next to none; where they are many, take errors from the scores.
  public let information: Matrix
  /// The penalty that was in force, its smallest ridge included.
  public let penalty: RidgePenalty
  /// Columns with no exposure: their coefficients are their prior means.
  public let columnsWithoutExposure: [Int]
  /// Columns with no response: their coefficients are held finite by the ridge or a bound alone.
  public let columnsWithoutResponse: [Int]

  public var converged: Bool { ending.isOptimum }

  /// The model covariance (XᵀWX + Λ)⁻¹ of the coefficients.
  public func covariance() throws(RegressionError) -> Matrix {
    try penalisedInverse(information, penalty)
  }
}

/// (information + Λ)⁻¹.
func penalisedInverse(
  _ information: Matrix, _ penalty: RidgePenalty
) throws(RegressionError) -> Matrix {
  var penalised = information
  penalised.addToDiagonal(penalty.strengths)
  do {
    return try CholeskyFactor(penalised).inverse()
  } catch {
    throw .information(error)
  }
}
