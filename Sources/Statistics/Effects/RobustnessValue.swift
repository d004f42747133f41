import RealModule

/// How much of the residual variance of treatment and outcome alike an unmeasured confounder would
/// have to explain to bring a regression coefficient down (Cinelli & Hazlett 2020, J. R. Stat. Soc.
/// B 82, 39 - 67, section 4).
public struct RobustnessValue: Sendable, Equatable {
  /// The share that takes `reduction` of the estimate away.
  public let estimate: Double
  /// The share that makes what is left of the estimate insignificant; at most `estimate`.
  public let significance: Double
  /// What the treatment explains of the outcome's residual variance: also what a confounder that
  /// explained all of the outcome's would have to explain of the treatment's.
  public let partialR2: Double

  /// - Parameters:
  ///   - t: the coefficient over its standard error.
  ///   - degreesOfFreedom: of the residuals, more than 1.
  ///   - reduction: the share of the estimate in question, 1 for all of it.
  ///   - alpha: level of the two-sided test, above 0 and below 1.
  public init(t: Double, degreesOfFreedom: Double, reduction: Double = 1, alpha: Double = 0.05) {
    precondition(degreesOfFreedom > 1, "\(degreesOfFreedom) degrees of freedom")
    precondition(reduction > 0 && alpha > 0 && alpha < 1, "reduction \(reduction), alpha \(alpha)")
    let f = reduction * abs(t) / degreesOfFreedom.squareRoot()
    let last = degreesOfFreedom - 1
    let critical =
      StudentDistribution.quantile(1 - alpha / 2, degreesOfFreedom: last) / last.squareRoot()
    estimate = RobustnessValue.share(f, beyond: 0)
    significance = RobustnessValue.share(f, beyond: critical)
    partialR2 = t * t / (t * t + degreesOfFreedom)
  }

  /// The share at which Cohen's f falls to a critical one: equal shares in treatment and outcome, or
  /// where a confounder of the outcome alone suffices (f above 1/critical) that share.
  private static func share(_ f: Double, beyond critical: Double) -> Double {
    guard f > critical else { return 0 }
    if critical > 0, f > 1 / critical {
      return (f * f - critical * critical) / (1 + f * f)
    }
    let left = f - critical
    let square = left * left
    return ((square * square + 4 * square).squareRoot() - square) / 2
  }
}
