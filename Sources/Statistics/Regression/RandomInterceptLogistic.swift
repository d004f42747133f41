import LinearAlgebra
import RealModule

/// Logistic regression with fixed effects and one random intercept per group.
///
///     logit p_i = x_i β + σ b_g(i),   b_g ~ N(0, 1)
///
/// The marginal likelihood is Laplace's approximation at each group's conditional mode (Breslow &
/// Clayton 1993, J. Am. Stat. Assoc. 88; one adaptive quadrature node, as `glmer` with nAGQ = 1),
/// maximised over β and σ together with its exact gradient. Groups do not touch each other, so the
/// b-block of the system is diagonal and is eliminated before the fixed effects: an evaluation
/// costs the ones of the design times a few Newton steps, whatever the number of groups.
/// The scale is σ itself, not its logarithm, so that σ = 0 is an ordinary point.
public struct RandomInterceptLogistic: Sendable {
  public let design: IndicatorDesign
  /// The group of each row, in 0..<groupCount.
  public let groups: [Int32]
  public let groupCount: Int
  public let ridge: [Double]?

  public init(
    design: IndicatorDesign, groups: [Int32], groupCount: Int, ridge: [Double]? = nil
  ) {
    self.design = design
    self.groups = groups
    self.groupCount = groupCount
    self.ridge = ridge
  }

  /// Fits by quasi-Newton on Laplace's marginal likelihood.
  ///
  /// Separation is dealt with as in `LogisticRegression`, whose fit without groups is the start.
  ///
  /// - Parameter tolerance: of the scaled gradient, see `QuasiNewton`.
  /// - Throws: `RegressionError` for lengths, values and group numbers. Not converging is a
  ///   status: look at `ending`.
  public func fit(
    successes: [Double], trials: [Double], maximumIterations: Int = 200, tolerance: Double = 1e-8
  ) throws(RegressionError) -> RandomInterceptFit {
    try checkGroups()
    let plain = try LogisticRegression(design: design, ridge: ridge)
      .fit(successes: successes, trials: trials)
    let likelihood = LaplaceLikelihood(
      design: design, groups: groups, groupCount: groupCount, successes: successes,
      trials: trials, penalty: plain.penalty)
    let columns = design.columnCount
    let minimizer = QuasiNewton(
      maximumIterations: maximumIterations, gradientTolerance: tolerance)
    var modes = [Double](repeating: 0, count: groupCount)
    let start = plain.coefficients + [startingScale]
    let first = try firstInverseHessian(likelihood, at: start, &modes)
    let minimum = try minimizer.minimize(from: start, inverseHessian: first) {
      (point) throws(RegressionError) in
      likelihood.negative(at: point, modes: &modes)
    }
    let end = likelihood.evaluate(at: minimum.point, modes: &modes)
    let scale = abs(minimum.point[columns])
    let sign = minimum.point[columns] < 0 ? -1.0 : 1.0
    return RandomInterceptFit(
      coefficients: Array(minimum.point[..<columns]), groupStandardDeviation: scale,
      conditionalModes: modes.map { $0 * sign * scale },
      conditionalVariances: end.groupWeights.map { scale * scale / (1 + scale * scale * $0) },
      probabilities: likelihood.linearPredictor(minimum.point, modes).map(logistic),
      logLikelihood: end.logLikelihood + likelihood.constant,
      information: likelihood.fixedInformation(at: minimum.point, modes),
      penalty: plain.penalty, separatedColumns: plain.separatedColumns,
      iterations: minimum.iterations, evaluations: minimum.evaluations, ending: minimum.ending,
      scaledGradient: minimum.scaledGradient, tolerance: tolerance)
  }

  private func checkGroups() throws(RegressionError) {
    try RegressionInput.requireLength("groups", groups.count, design.rowCount)
    for (row, group) in groups.enumerated() where group < 0 || Int(group) >= groupCount {
      throw .valueOutOfRange(
        argument: "groups", row: row, value: Double(group),
        expected: "a group from 0 to \(groupCount - 1)")
    }
  }

  /// σ to start from: not near 0, where the gradient along σ vanishes by symmetry.
  private var startingScale: Double { 0.5 }

  /// The inverse of the fixed effects' information with the groups eliminated, and a scale's own.
  private func firstInverseHessian(
    _ likelihood: LaplaceLikelihood, at start: [Double], _ modes: inout [Double]
  ) throws(RegressionError) -> Matrix {
    let columns = design.columnCount
    let evaluated = likelihood.evaluate(at: start, modes: &modes)
    let information = likelihood.fixedInformation(at: start, modes)
    let covariance = try penalisedInverse(information, likelihood.penalty)
    var result = Matrix(rows: columns + 1, columns: columns + 1)
    for c in 0..<columns {
      for r in 0..<columns { result[r, c] = covariance[r, c] }
    }
    // A standard deviation of G groups has a standard error of about σ/√(2G) when all are well
    // observed; weakly observed ones count for less.
    var informative = 1.0
    let square = start[columns] * start[columns]
    for weight in evaluated.groupWeights {
      let share = square * weight / (1 + square * weight)
      informative += 2 * share * share
    }
    result[columns, columns] = square / informative
    return result
  }
}

/// A fitted random-intercept logistic regression.
public struct RandomInterceptFit: Sendable, Equatable {
  /// Fixed effects.
  public let coefficients: [Double]
  /// σ, the standard deviation of the groups' intercepts.
  public let groupStandardDeviation: Double
  /// σ b_g at its conditional mode, one a group; 0 for a group without trials.
  public let conditionalModes: [Double]
  /// Variance of the group's intercept given the data and the other parameters.
  public let conditionalVariances: [Double]
  /// p per row at the conditional modes.
  public let probabilities: [Double]
  /// Laplace's marginal log-likelihood with the binomial coefficients.
  public let logLikelihood: Double
  /// Information of the fixed effects given σ, groups eliminated, without the ridge.
  public let information: Matrix
  public let penalty: RidgePenalty
  public let separatedColumns: [Int]
  public let iterations: Int
  public let evaluations: Int
  public let ending: QuasiNewton.Ending
  public let scaledGradient: Double
  public let tolerance: Double

  public var converged: Bool { ending == .converged }

  /// Whether the groups do not differ beyond chance: σ fell to zero.
  public var isSingular: Bool { groupStandardDeviation < 1e-4 }

  /// The covariance of the fixed effects given σ.
  public func covariance() throws(RegressionError) -> Matrix {
    try penalisedInverse(information, penalty)
  }
}
