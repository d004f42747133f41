import LinearAlgebra
import RealModule

extension GeneralizedLinearModel {
  /// Fits a negative binomial with its θ by maximum likelihood: coefficients at θ and θ at the means
  /// in turn, as MASS's `glm.nb` does (Venables & Ripley 2002, section 7.4), until neither moves.
  ///
  /// The model's own family is not used. The covariance is that given θ, which is uncorrelated with
  /// the coefficients in large samples.
  /// - Throws: `.dispersionOutOfReach` where the counts vary less than the Poisson's,
  ///   `.notConverged` where θ does not come to rest.
  public func fitNegativeBinomial(
    _ design: Design, _ observations: Observations
  ) throws(GeneralizedLinearError) -> GeneralizedLinearFit {
    var model = self
    model.family = .poisson
    var fit = try model.fit(design, observations)
    var theta = try Self.theta(fit)
    var iterations = fit.path.iterations
    var change = Double.infinity
    for _ in 0..<maximumIterations where change >= Self.thetaTolerance {
      model.family = .negativeBinomial(theta: theta)
      fit = try model.fit(design, observations, start: fit.working.coefficients)
      let next = try Self.theta(fit)
      change = abs(next - theta) / theta
      theta = next
      iterations += fit.path.iterations
    }
    guard change < Self.thetaTolerance else {
      throw .notConverged(
        iterations: iterations, decrement: change, tolerance: Self.thetaTolerance,
        deviance: fit.deviance, largest: ("theta", theta))
    }
    model.family = .negativeBinomial(theta: theta)
    fit = try model.fit(design, observations, start: fit.working.coefficients)
    fit.path.iterations += iterations
    return fit
  }

  /// The relative change of θ at which it has come to rest.
  private static let thetaTolerance = 1e-12

  /// θ̂ at a fit's means: the root of the score Σ w [ψ(θ + y) − ψ(θ) + log θ + 1 − log(θ + μ)
  /// − (θ + y)/(θ + μ)] along log θ.
  private static func theta(_ fit: GeneralizedLinearFit) throws(GeneralizedLinearError) -> Double {
    let observations = fit.working.likelihood.observations
    let means = fit.working.likelihood.means(fit.working.coefficients)
    let rows = means.indices.filter { observations.weights[$0] > 0 }
    // ψ is asked for once per distinct count.
    var countWeights: [Double: Double] = [:]
    for row in rows {
      countWeights[observations.response[row], default: 0] += observations.weights[row]
    }
    let counts = countWeights.sorted { $0.key < $1.key }
    func score(_ logTheta: Double) -> Double {
      let theta = Double.exp(logTheta)
      var sum = 0.0
      let base = GammaFunctions.digamma(theta)
      for (count, weight) in counts {
        sum += weight * (GammaFunctions.digamma(theta + count) - base)
      }
      for row in rows {
        let total = theta + means[row].value
        let shortfall = means[row].value - observations.response[row]
        sum +=
          observations.weights[row]
          * (shortfall / total - Double.log(onePlus: means[row].value / theta))
      }
      return sum
    }
    let (least, most) = (Double.log(1e-8), Double.log(1e7))
    guard score(most) < 0, score(least) > 0 else {
      throw .dispersionOutOfReach(theta: .exp(score(most) >= 0 ? most : least))
    }
    return .exp(RootFinding.brent(in: least...most, tolerance: 1e-14, score).point)
  }
}
