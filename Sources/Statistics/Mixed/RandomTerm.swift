import LinearAlgebra

/// One random term of a mixed model: effects of some covariates that differ by group, `(x | g)`.
///
/// The k effects of a level are normal with mean zero and a common k × k covariance; effects of
/// different terms are independent. Nested grouping comes as the codes of the combination.
public struct RandomTerm: Sendable, Equatable {
  /// The grouping factor's name.
  public let group: String
  /// The level of each row, in `0..<levels.count`. Levels without rows are left out of the fit.
  public let codes: [Int32]
  public let levels: [String]
  /// Rows × k values that the effects multiply; nil for an intercept alone.
  public let covariates: Matrix?
  /// One name an effect.
  public let covariateNames: [String]

  /// A term of one intercept a level, `(1 | g)`.
  public init(group: String, codes: [Int32], levels: [String]) {
    self.group = group
    self.codes = codes
    self.levels = levels
    covariates = nil
    covariateNames = ["(Intercept)"]
  }

  /// A term of correlated effects, `(1 + x | g)`; the intercept is a column of ones.
  public init(
    group: String, codes: [Int32], levels: [String], covariates: Matrix, covariateNames: [String]
  ) {
    precondition(
      covariates.columns == covariateNames.count && covariates.columns > 0,
      "\(covariateNames.count) names for \(covariates.columns) covariates")
    self.group = group
    self.codes = codes
    self.levels = levels
    self.covariates = covariates
    self.covariateNames = covariateNames
  }

  /// Effects a level.
  public var width: Int { covariateNames.count }
}
