import LinearAlgebra
import RealModule

extension GeneralizedLinearModel {
  /// Completes a fit with what follows from its coefficients.
  func assembled(
    _ working: WorkingFit, _ conditioning: Conditioning, _ path: FitPath, deviance between: Double
  ) throws(GeneralizedLinearError) -> GeneralizedLinearFit {
    let likelihood = working.likelihood
    let observations = likelihood.observations
    let count = observations.count
    let freedom = count - conditioning.kept.count
    if family.hasFreeDispersion, freedom <= 0 {
      throw .noResidualDegreesOfFreedom(rows: count, coefficients: conditioning.kept.count)
    }
    let deviance = between + (observations.within?.deviance ?? 0)
    let dispersion: Double
    if !family.hasFreeDispersion {
      dispersion = 1
    } else if family == .gaussian {
      dispersion = deviance / Double(freedom)
    } else {
      dispersion = likelihood.pearson(working.coefficients) / Double(freedom)
    }
    let logLikelihood = logLikelihood(observations, deviance)
    let hasOwnParameter = family == .gaussian || family == .gamma || family.theta != nil
    let parameters = Double(conditioning.kept.count + (hasOwnParameter ? 1 : 0))
    return GeneralizedLinearFit(
      family: family, link: link, columns: conditioning.kept,
      droppedColumns: columnNames.indices.filter { !conditioning.kept.contains($0) },
      coefficients: working.back?.solve(working.coefficients) ?? working.coefficients,
      unscaledCovariance: working.expressed(working.unscaledCovariance),
      dispersion: dispersion, deviance: deviance,
      nullDeviance: try nullDeviance(observations, likelihood.threads),
      logLikelihood: logLikelihood,
      informationCriterion: logLikelihood.map { 2 * parameters - 2 * $0 },
      responseCount: count, residualDegreesOfFreedom: freedom, path: path, penalty: penalty,
      working: working)
  }

  /// The deviance with an intercept, where the model has one, and the offset.
  private func nullDeviance(
    _ observations: Observations, _ threads: Int
  ) throws(GeneralizedLinearError) -> Double? {
    let rows = observations.response.count
    let hasIntercept = columnNames.contains("(Intercept)")
    let hasOffset = observations.offset.contains { $0 != 0 }
    let null = LikelihoodPass(
      design: Design(dense: Matrix(rows: rows, columns: hasIntercept ? 1 : 0, repeating: 1)),
      observations: observations, family: family, link: link, threads: threads)
    var coefficients: [Double] = []
    if hasIntercept {
      // Without an offset the mean of the responses solves the score of every family and link.
      let mean =
        dot(observations.weights, observations.response) / observations.weights.reduce(0, +)
      coefficients = [link.linearPredictor(mean)]
      if hasOffset {
        let scoring = PenalisedScoring(
          likelihood: null, penalty: .none, ridge: nil, columnNames: ["(Intercept)"],
          maximumIterations: maximumIterations, tolerance: tolerance)
        coefficients = try scoring.run(from: nil).coefficients
      }
    }
    let deviance = null.evaluate(coefficients).deviance
    return deviance.isFinite ? deviance + (observations.within?.deviance ?? 0) : nil
  }

  /// The maximised log-likelihood, with the dispersion at its maximum (gaussian) or at deviance/Σw
  /// (gamma), as R has it.
  private func logLikelihood(_ observations: Observations, _ deviance: Double) -> Double? {
    let weights = observations.weights
    switch family {
    case .quasibinomial, .quasipoisson: return nil
    case .gaussian:
      guard deviance > 0 else { return nil }
      let count = Double(observations.count)
      let logWeights =
        observations.within?.logWeights
        ?? weights.reduce(0) { $1 > 0 ? $0 + Double.log($1) : $0 }
      return (logWeights - count * (Double.log(2 * .pi * deviance / count) + 1)) / 2
    case .gamma:
      guard deviance > 0 else { return nil }
      let total = weights.reduce(0, +)
      let shape = total / deviance
      let logs =
        observations.within?.logResponses
        ?? zip(weights, observations.response).reduce(0) {
          $1.0 > 0 ? $0 + $1.0 * Double.log($1.1) : $0
        }
      return total * (shape * Double.log(shape) - Double.logGamma(shape))
        - shape * (deviance / 2 + total) - logs
    case .binomial, .poisson, .negativeBinomial:
      if let within = observations.within {
        return within.saturatedLogLikelihood.map { $0 - deviance / 2 }
      }
      var sum = 0.0
      for row in weights.indices where weights[row] > 0 {
        sum += family.saturatedLogLikelihood(observations.response[row], weight: weights[row]) ?? 0
      }
      return sum - deviance / 2
    }
  }
}
