import LinearAlgebra

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
  /// Expected information XᵀWX of the data alone; a mean below a thousandth of the common rate
  /// counts as that, as information grows without bound towards a mean of zero.
  public let information: Matrix
  /// The penalty that was in force, its smallest ridge included.
  public let penalty: RidgePenalty
  /// Rows that the fit draws to a mean of zero under γ > 0, where the barrier holds them. Errors of
  /// coefficients they share are not those of the model covariance; take them from resampling.
  public let rowsAtBound: [Int]
  /// Columns with no exposure: their coefficients are their prior means.
  public let columnsWithoutExposure: [Int]
  /// Columns with no response: their coefficients are held finite by the ridge or a bound alone.
  public let columnsWithoutResponse: [Int]

  public var converged: Bool { ending == .converged }

  /// The model covariance (XᵀWX + Λ)⁻¹ of the coefficients.
  public func covariance() throws(RegressionError) -> Matrix {
    try penalisedInverse(information, penalty)
  }
}
