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
    let start = try deviance.start(at: structure.startingTheta)
    // Only a start is wanted where β is searched for as well.
    if approximation == .laplace { minimizer.gradientTolerance = max(tolerance, 1e-6) }
    let fast = try minimize(minimizer, from: start.theta, start.inverseHessian, structure) {
      (theta) throws(MixedModelError) in try deviance.evaluateFast(theta)
    }
    _ = try deviance.evaluateFast(fast.point)
    try requireNoSeparation(modes, structure)
    guard approximation == .laplace else {
      return try finish(fast, start.theta, modes, deviance, structure)
    }
    minimizer.gradientTolerance = tolerance
    let point = fast.point + modes.coefficients[structure.layout.effectCount...]
    let minimum = try minimize(
      minimizer, from: point, inverseHessian(fast, modes, structure), structure
    ) { (point) throws(MixedModelError) in try deviance.evaluate(point) }
    return try finish(minimum, start.theta, modes, deviance, structure)
  }

  /// A search, and a second one where the first rests at a singular point that is no minimum.
  private func minimize(
    _ minimizer: QuasiNewton, from start: [Double], _ inverseHessian: Matrix,
    _ structure: MixedStructure,
    _ criterion: ([Double]) throws(MixedModelError) -> (value: Double, gradient: [Double])
  ) throws(MixedModelError) -> QuasiNewton.Minimum {
    let minimum = try minimizer.minimize(
      from: start, inverseHessian: inverseHessian, criterion)
    let lower = try structure.escape(minimum.point, minimum.value) {
      (point) throws(MixedModelError) in try criterion(point).value
    }
    guard let lower else { return minimum }
    return try minimizer.minimize(from: lower, inverseHessian: inverseHessian, criterion)
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
    _ deviance: LaplaceDeviance, _ structure: MixedStructure
  ) throws(MixedModelError) -> GeneralizedLinearMixedFit {
    let parameters = structure.layout.parameterCount
    let theta = structure.normalized(Array(minimum.point[..<parameters]))
    var point = theta + minimum.point[parameters...]
    point = try structure.settled(point, minimum.value) { (trial) throws(MixedModelError) in
      try evaluate(trial, deviance).value
    }
    let record = MixedFitRecord(
      minimum, start: start, evaluations: deviance.evaluations, modeIterations: modes.iterations)
    return try GeneralizedLinearMixedFit(self, structure, deviance, point: point, record: record)
  }

  /// The criterion of this model's approximation at its parameters.
  func evaluate(
    _ point: [Double], _ deviance: LaplaceDeviance
  ) throws(MixedModelError) -> (value: Double, gradient: [Double]) {
    approximation == .fast
      ? try deviance.evaluateFast(point) : try deviance.evaluate(point)
  }
}
