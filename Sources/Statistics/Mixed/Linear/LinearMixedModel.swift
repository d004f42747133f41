import LinearAlgebra
import RealModule

/// A linear mixed model y = Xβ + Zb + ε with normal random effects, nested or crossed.
///
/// Fitted by penalised least squares (Bates, Mächler, Bolker & Walker 2015, J. Stat. Softw. 67(1)):
/// the cross products are summed once, and a quasi-Newton search moves θ, the relative factor of
/// each term. The search is free of bounds, for a column of a factor and its negative mean the same
/// covariance: θ = 0 is an ordinary point, and a singular fit ends there.
public struct LinearMixedModel: Sendable {
  public let data: MixedModelData
  public let criterion: LinearMixedCriterion

  public init(data: MixedModelData, criterion: LinearMixedCriterion = .restricted) {
    self.data = data
    self.criterion = criterion
  }

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - threads: for the pass over the rows; the result has the same bits for any number.
  ///   - tolerance: of the scaled gradient, see `QuasiNewton`.
  /// - Throws: `MixedModelError`. Not converging is a status: look at the fit's `record`.
  public func fit(
    threads: Int = 1, maximumIterations: Int = 200, tolerance: Double = 1e-8
  ) throws(MixedModelError) -> LinearMixedFit {
    try validate()
    let structure = try MixedStructure(data, joiningRows: false, threads: threads)
    for term in structure.plan.terms where term.effects >= data.count {
      throw .tooManyRandomEffects(group: term.group, effects: term.effects, rows: data.count)
    }
    let plain = try leastSquares(structure.scales)
    let deviance = ProfiledDeviance(
      structure, criterion, response: plain.residuals, weights: data.weights)
    let start = try deviance.start(
      at: structure.startingTheta, diagonal: structure.diagonalParameters)
    let minimizer = QuasiNewton(
      maximumIterations: maximumIterations, gradientTolerance: tolerance)
    var minimum = try minimizer.minimize(
      from: start.theta, inverseHessian: start.inverseHessian
    ) { (theta) throws(MixedModelError) in try deviance.valueAndGradient(theta) }
    if let lower = try structure.escape(minimum.point, minimum.value, deviance.value) {
      minimum = try minimizer.minimize(from: lower, inverseHessian: start.inverseHessian) {
        (theta) throws(MixedModelError) in try deviance.valueAndGradient(theta)
      }
    }
    let theta = try structure.settled(
      structure.normalized(minimum.point), minimum.value, deviance.value)
    let record = MixedFitRecord(
      minimum, start: start.theta, evaluations: deviance.evaluations, modeIterations: 0)
    return try LinearMixedFit(
      self, structure, deviance, theta: theta, plain: plain.coefficients, record: record)
  }

  private func validate() throws(MixedModelError) {
    try data.validate()
    try data.requireWeights(positive: true)
    let first = data.response[0] - (data.offset?[0] ?? 0)
    for row in 1..<data.count where data.response[row] - (data.offset?[row] ?? 0) != first {
      return
    }
    throw .constantResponse(value: first)
  }

  /// The fixed effects alone, of the scaled columns; what they leave stands for the response, so
  /// that its sum of squares keeps its digits whatever the response's mean.
  private func leastSquares(
    _ scales: ColumnScales
  ) throws(MixedModelError) -> (coefficients: [Double], residuals: [Double]) {
    var residuals = data.response
    if let offset = data.offset { for i in residuals.indices { residuals[i] -= offset[i] } }
    let p = data.fixedEffects.columns
    guard p > 0 else { return ([], residuals) }
    var gram: Matrix
    var right: [Double]
    if let weights = data.weights {
      gram = data.fixedEffects.crossProduct(weights: weights)
      right = data.fixedEffects.transposeTimes(
        residuals.indices.map { weights[$0] * residuals[$0] })
    } else {
      gram = data.fixedEffects.crossProduct()
      right = data.fixedEffects.transposeTimes(residuals)
    }
    for c in 0..<p {
      right[c] /= scales.fixed[c]
      for r in 0..<p { gram[r, c] /= scales.fixed[r] * scales.fixed[c] }
    }
    let coefficients: [Double]
    do {
      coefficients = try CholeskyFactor(gram).solve(right)
    } catch {
      throw .system(error)
    }
    let fitted = data.fixedEffects * zip(coefficients, scales.fixed).map { $0 / $1 }
    var (before, after) = (0.0, 0.0)
    for i in residuals.indices {
      before += residuals[i] * residuals[i]
      residuals[i] -= fitted[i]
      after += residuals[i] * residuals[i]
    }
    // Residuals of 1e-12 of the response are its rounding, carried through the solve.
    if after <= 1e-24 * before { throw .perfectFit(residualSumOfSquares: after) }
    return (coefficients, residuals)
  }
}
