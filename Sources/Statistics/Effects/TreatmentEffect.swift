import RealModule

/// An estimated effect of a treatment.
public struct TreatmentEffect: Sendable, Equatable {
  public let estimand: AugmentedInverseProbability.Estimand
  /// Mean outcome with treatment less mean outcome without, in the estimand's population.
  public let estimate: Double
  public let standardError: Double
  public let treatedMean: Double
  public let untreatedMean: Double
  /// The ratio of the two means; nil where one is not positive, or too close to 0 for an interval.
  public let ratio: Ratio?
  /// Each unit's influence on the estimate, for other groupings of its error.
  public let influence: CellInfluence
  public let overlap: Overlap
  public let treatedCount: Double
  public let controlCount: Double
  /// Whether the propensity and outcome regressions converged; where not, do not use the effect.
  public let modelsConverged: Bool
  /// Covariates that (nearly) decide the treatment.
  public let separatedColumns: [Int]

  public var ci95: (lower: Double, upper: Double) {
    MeanInterval.normal95(estimate, standardError: standardError)
  }

  /// A ratio of means.
  public struct Ratio: Sendable, Equatable {
    public let estimate: Double
    public let standardErrorOfLog: Double

    /// Nil where the ratio or a limit of its interval is 0 or infinite as a number.
    init?(estimate: Double, standardErrorOfLog: Double) {
      self.estimate = estimate
      self.standardErrorOfLog = standardErrorOfLog
      let (lower, upper) = ci95
      guard lower >= .leastNormalMagnitude, upper.isFinite, (1 / lower).isFinite else { return nil }
    }

    public var ci95: (lower: Double, upper: Double) {
      let factor = Double.exp(NormalDistribution.quantile975 * standardErrorOfLog)
      return (estimate / factor, estimate * factor)
    }

    /// Nil where it is too large for a number.
    public var eValue: EValue? { EValue(ratio: estimate, interval: ci95) }
  }

  /// How far the two arms cover the same covariates.
  public struct Overlap: Sendable, Equatable {
    public let minimumPropensity: Double
    public let maximumPropensity: Double
    /// Share of units whose propensity is below 0.02 or above 0.98.
    public let shareOutside: Double
    /// How many evenly weighted controls the weighted controls are worth.
    public let effectiveControls: Double
  }
}
