import LinearAlgebra

/// A fitted generalized linear model.
public struct GeneralizedLinearFit: Sendable {
  public let family: Family
  public let link: Link
  /// The design's columns that were fitted, ascending.
  public let columns: [Int]
  /// Columns left out because earlier ones determine them, ascending.
  public let droppedColumns: [Int]
  /// One for each of `columns`.
  public let coefficients: [Double]
  /// (XᵀWX + Λ)⁻¹ over `columns`: the model covariance at a dispersion of 1.
  public let unscaledCovariance: Matrix
  /// φ; 1 for families that have none.
  public let dispersion: Double
  public let deviance: Double
  /// The deviance of the model with an intercept (or nothing) and the offset alone; nil where the
  /// link has no mean there.
  public let nullDeviance: Double?
  /// nil for quasi-families.
  public let logLikelihood: Double?
  /// −2ℓ + 2 (parameters, with a dispersion or θ that is estimated).
  public let informationCriterion: Double?
  /// Responses with a positive weight.
  public let responseCount: Int
  public let residualDegreesOfFreedom: Int
  public internal(set) var path: FitPath
  public let penalty: Penalty
  /// The rows and columns as they were fitted, for covariances.
  let working: WorkingFit

  /// φ (XᵀWX + Λ)⁻¹.
  public var covariance: Matrix { dispersion * unscaledCovariance }

  /// √ of the model covariance's diagonal.
  public var standardErrors: [Double] { covariance.diagonal.map { $0.squareRoot() } }

  /// μ by row of the design.
  public var means: [Double] {
    working.likelihood.design.byRow(
      working.likelihood.means(working.coefficients).map(\.value))
  }
}

/// A fit on the columns that were worked with: the design's own, or orthogonal ones in their place.
struct WorkingFit: Sendable {
  let likelihood: LikelihoodPass
  let coefficients: [Double]
  let unscaledCovariance: Matrix
  /// R, where the working columns are X·R⁻¹.
  let back: UpperTriangle?

  /// A covariance of the working coefficients as one of the design's.
  func expressed(_ covariance: Matrix) -> Matrix {
    guard let inverse = back?.inverse() else { return covariance }
    return Matrix.product(inverse * covariance, inverse, transposingSecond: true)
  }
}

/// How a fit got where it is.
public struct FitPath: Sendable, Equatable {
  public internal(set) var iterations: Int
  /// Steps that were halved.
  public let halvings: Int
  /// sᵀI⁻¹s of the last step: twice the rise of the log-likelihood that it promised.
  public let decrement: Double
  public let tolerance: Double
  public let ending: FitEnding
  /// How the normal equations were solved.
  public let solution: Solution

  public enum Solution: String, Sendable, Equatable {
    /// Cholesky factors of XᵀWX.
    case crossProduct
    /// The same on columns made orthogonal by Householder reflections first.
    case orthogonalized
    /// Householder reflections with residuals in twice the precision.
    case refinedQR
  }
}

/// What is added to the log-likelihood.
public enum Penalty: Sendable, Equatable {
  case none
  /// Half the log determinant of the information (Firth 1993).
  case firth
  /// −λ/2 Σ β² over all columns but the intercept.
  case ridge(Double)
}
