import LinearAlgebra

/// How a generalized mixed model's likelihood is approximated.
public enum MixedApproximation: String, Sendable, Equatable {
  /// Laplace's approximation, maximised over θ and β together.
  case laplace
  /// β at its joint mode with the random effects: fewer parameters to search, a little biased.
  case fast
}

/// A generalized linear mixed model with normal random effects, nested or crossed.
///
/// Equal rows are joined first. The search is quasi-Newton with exact gradients, first over θ alone
/// (the fast approximation), then over θ and β from there.
public struct GeneralizedLinearMixedModel: Sendable {
  public let data: MixedModelData
  public let family: MixedFamily
  public let approximation: MixedApproximation

  public init(
    data: MixedModelData, family: MixedFamily, approximation: MixedApproximation = .laplace
  ) {
    self.data = data
    self.family = family
    self.approximation = approximation
  }

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - threads: for the passes over the rows; the result has the same bits for any number.
  ///   - tolerance: of the scaled gradient, see `QuasiNewton`.
  /// - Throws: `MixedModelError`. Not converging is a status: look at the fit's `record`.
  public func fit(
    threads: Int = 1, maximumIterations: Int = 200, tolerance: Double = 1e-8
  ) throws(MixedModelError) -> GeneralizedLinearMixedFit {
    try data.validate()
    try MixedResponse.validate(data, family)
    let structure = try MixedStructure(data, joiningRows: true, threads: threads)
    let response = MixedResponse(data, structure, family)
    let modes = EffectModes(structure, response)
    let deviance = LaplaceDeviance(modes)
    var minimizer = QuasiNewton(
      maximumIterations: maximumIterations, gradientTolerance: tolerance)
    let first = try deviance.start(at: structure.startingTheta)
    let start = first.theta
    // Only a start is wanted where β is searched for as well.
    if approximation == .laplace { minimizer.gradientTolerance = max(tolerance, 1e-6) }
    let fast = try minimizer.minimize(
      from: start, inverseHessian: first.inverseHessian
    ) { (theta) throws(MixedModelError) in try deviance.evaluateFast(theta) }
    _ = try deviance.evaluateFast(fast.point)
    try requireNoSeparation(modes, structure)
    guard approximation == .laplace else {
      return try finish(fast, start, modes, deviance, structure, tolerance)
    }
    minimizer.gradientTolerance = tolerance
    let minimum = try minimizer.minimize(
      from: fast.point + modes.coefficients[structure.layout.effectCount...],
      inverseHessian: inverseHessian(fast, modes, structure)
    ) { (point) throws(MixedModelError) in try deviance.evaluate(point) }
    return try finish(minimum, start, modes, deviance, structure, tolerance)
  }

  /// The fast search's curvature of θ, and that of β given θ, which is half the fixed effects'
  /// covariance.
  private func inverseHessian(
    _ fast: QuasiNewton.Minimum, _ modes: EffectModes, _ structure: MixedStructure
  ) -> Matrix {
    let parameters = structure.layout.parameterCount
    let p = structure.layout.fixedCount
    let covariance = modes.system.scaledFixedCovariance()
    var inverse = Matrix(rows: parameters + p, columns: parameters + p)
    for c in 0..<parameters {
      for r in 0..<parameters { inverse[r, c] = fast.inverseHessian[r, c] }
    }
    for c in 0..<p {
      for r in 0..<p { inverse[parameters + r, parameters + c] = covariance[r, c] / 2 }
    }
    return inverse
  }

  /// A fixed effect that moves some row's predictor by more than 10, and is not known to ±30 there,
  /// has no finite estimate: the likelihood was flat when the search for it stopped.
  private func requireNoSeparation(
    _ modes: EffectModes, _ structure: MixedStructure
  ) throws(MixedModelError) {
    let layout = structure.layout
    let covariance = modes.system.scaledFixedCovariance()
    var names: [String] = []
    for j in 0..<layout.fixedCount {
      let place = layout.fixed.feature + j
      var largest = 0.0
      for i in 0..<structure.rows.count {
        largest = max(
          largest, abs(structure.rows.features.base[i * structure.rows.featureCount + place]))
      }
      let effect = abs(modes.coefficients[layout.effectCount + j]) * largest
      let error = covariance[j, j].squareRoot() * largest
      if effect > 10, error > 30 { names.append(data.fixedNames[j]) }
    }
    if !names.isEmpty { throw .separated(columns: names) }
  }

  private func finish(
    _ minimum: QuasiNewton.Minimum, _ start: [Double], _ modes: EffectModes,
    _ deviance: LaplaceDeviance, _ structure: MixedStructure, _ tolerance: Double
  ) throws(MixedModelError) -> GeneralizedLinearMixedFit {
    let parameters = structure.layout.parameterCount
    let theta = structure.normalized(Array(minimum.point[..<parameters]))
    var point = theta + minimum.point[parameters...]
    point = try settle(point, minimum.value, deviance, structure)
    let record = MixedFitRecord(
      start: start, iterations: minimum.iterations, evaluations: minimum.evaluations,
      modeIterations: modes.iterations, ending: minimum.ending,
      scaledGradient: minimum.scaledGradient, gradientTolerance: tolerance)
    return try GeneralizedLinearMixedFit(self, structure, deviance, point: point, record: record)
  }

  /// Puts diagonal entries that are all but zero to zero, where the criterion does not rise.
  private func settle(
    _ point: [Double], _ value: Double, _ deviance: LaplaceDeviance, _ structure: MixedStructure
  ) throws(MixedModelError) -> [Double] {
    var settled = point
    for place in structure.diagonalParameters
    where settled[place] < 1e-2 && settled[place] != 0 {
      var trial = settled
      trial[place] = 0
      let moved = try evaluate(trial, deviance)
      if moved.value <= value + 1e-10 * max(abs(value), 1) { settled = trial }
    }
    return settled
  }

  /// The criterion of this model's approximation at its parameters.
  func evaluate(
    _ point: [Double], _ deviance: LaplaceDeviance
  ) throws(MixedModelError) -> (value: Double, gradient: [Double]) {
    approximation == .fast
      ? try deviance.evaluateFast(point) : try deviance.evaluate(point)
  }
}
