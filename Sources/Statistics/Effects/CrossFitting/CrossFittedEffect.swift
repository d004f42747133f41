import RealModule

/// An effect by augmented inverse probability weighting with cross-fitted models.
public struct CrossFittedEffect: Sendable, Equatable {
  public let estimand: AugmentedInverseProbability.Estimand
  /// Mean outcome with treatment less mean outcome without, in the estimand's population.
  public let estimate: Double
  public let standardError: Double
  public let treatedMean: Double
  public let untreatedMean: Double
  /// The ratio of the two means; nil where one is not positive, or too close to 0 for an interval.
  public let ratio: TreatmentEffect.Ratio?
  /// How strong an unmeasured confounder would have to be to explain the effect away; nil where
  /// outcomes are 0 or 1 and there is no ratio.
  public let eValue: EValue?
  public let rows: Int
  public let treatedRows: Int
  /// Clusters behind the standard error; nil for independent rows.
  public let clusters: Int?
  public let overlap: OverlapTable
  public let balance: [CovariateBalance]
  /// Each row's influence on the estimate, in the order given; the error is their mean.
  public let influence: [Double]
  /// Each row's propensity from the model fitted without it, in the order given.
  public let propensities: [Double]
  public let folds: FoldPlan

  public var ci95: (lower: Double, upper: Double) {
    MeanInterval.normal95(estimate, standardError: standardError)
  }

  /// Two-sided, from the normal distribution; nil where the error is zero.
  public var pValue: Double? {
    standardError > 0 ? NormalDistribution.twoSided(estimate / standardError) : nil
  }
}

/// How far the two arms cover the same covariates.
public struct OverlapTable: Sendable, Equatable {
  public let treated: ArmOverlap
  public let untreated: ArmOverlap
  /// Rows whose propensity was moved to the bound before it weighted anything.
  public let bounded: Int
  public let bound: Double

  public struct ArmOverlap: Sendable, Equatable {
    public let count: Int
    /// Nearest-rank quantiles of the propensity at `OverlapTable.levels`.
    public let quantiles: [Double]
    /// Shares whose propensity is below 0.01, below 0.05, above 0.95 and above 0.99.
    public let below1: Double
    public let below5: Double
    public let above95: Double
    public let above99: Double
    /// How many evenly weighted rows the weighted ones are worth: (Σw)² / Σw² (Kish 1965).
    public let effectiveCount: Double
  }

  /// From the smallest to the largest propensity.
  public static let levels = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
}

/// How alike the arms are in one covariate.
public struct CovariateBalance: Sendable, Equatable {
  public let covariate: String
  public let treatedMean: Double
  public let untreatedMean: Double
  /// (treated − untreated) / √((s²₁ + s²₀)/2), as observed; nil where neither arm varies.
  public let raw: Double?
  /// The same with the weighted means over the observed spread (Austin & Stuart 2015, Stat. Med.
  /// 34, 3661 - 3679).
  public let weighted: Double?
}
