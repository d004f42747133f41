import RealModule

/// The link η = g(μ) between a mean and the linear predictor.
public enum Link: String, Sendable, CaseIterable {
  case identity, log, logit, probit, cloglog, inverse, sqrt

  /// A mean as its inverse link gives it.
  struct Mean {
    /// μ.
    var value: Double
    /// 1 − μ, with its own digits where μ is near 1.
    var complement: Double
    /// dμ/dη.
    var slope: Double
  }

  /// g⁻¹(η) and its slope.
  @inline(__always) func mean(_ eta: Double) -> Mean {
    switch self {
    case .identity: return Mean(value: eta, complement: 1 - eta, slope: 1)
    case .log:
      let mean = Double.exp(eta)
      return Mean(value: mean, complement: -Double.expMinusOne(eta), slope: mean)
    case .logit:
      let odds = Double.exp(-abs(eta))
      let (large, small) = (1 / (1 + odds), odds / (1 + odds))
      return eta >= 0
        ? Mean(value: large, complement: small, slope: large * small)
        : Mean(value: small, complement: large, slope: large * small)
    case .probit:
      return Mean(
        value: NormalDistribution.cdf(eta), complement: NormalDistribution.upperTail(eta),
        slope: NormalDistribution.density(eta))
    case .cloglog:
      let hazard = Double.exp(eta)
      let survival = Double.exp(-hazard)
      return Mean(
        value: -Double.expMinusOne(-hazard), complement: survival, slope: hazard * survival)
    case .inverse:
      return Mean(value: 1 / eta, complement: 1 - 1 / eta, slope: -1 / (eta * eta))
    case .sqrt:
      return Mean(value: eta * eta, complement: 1 - eta * eta, slope: 2 * eta)
    }
  }

  /// g(μ); not finite outside the link's range.
  func linearPredictor(_ mean: Double) -> Double {
    switch self {
    case .identity: mean
    case .log: .log(mean)
    case .logit: Statistics.logit(mean)
    case .probit: NormalDistribution.quantile(mean)
    case .cloglog: .log(-.log(onePlus: -mean))
    case .inverse: 1 / mean
    case .sqrt: mean.squareRoot()
    }
  }
}
