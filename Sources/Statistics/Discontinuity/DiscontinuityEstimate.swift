import RealModule

/// A jump at a cutoff, by local polynomials.
public struct DiscontinuityEstimate: Sendable, Equatable {
  /// The local polynomial of the chosen degree; its interval ignores the estimate's bias.
  public let conventional: Inference
  /// The estimate less its bias with an error that counts the bias's own: the interval to report.
  public let robust: Inference
  public let bandwidths: DiscontinuityBandwidths
  /// Mean outcome at the cutoff from the left and from the right.
  public let levels: (left: Double, right: Double)
  public let observations: (left: Int, right: Int)
  /// Observations with a weight in the estimate.
  public let inside: (left: Int, right: Int)
  /// Distinct values of the running variable.
  public let distinct: (left: Int, right: Int)
  public let kernel: LocalKernel
  public let degree: Int
  public let variance: DiscontinuityVariance
  /// How the bandwidths came about; nil where they were given.
  public let rule: BandwidthRule?

  /// An estimate with its error.
  public struct Inference: Sendable, Equatable {
    public let estimate: Double
    public let standardError: Double

    public var ci95: (lower: Double, upper: Double) {
      MeanInterval.normal95(estimate, standardError: standardError)
    }

    /// Two-sided, from the normal distribution; nil where the error is zero.
    public var pValue: Double? {
      standardError > 0 ? NormalDistribution.twoSided(estimate / standardError) : nil
    }
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.conventional == b.conventional && a.robust == b.robust && a.bandwidths == b.bandwidths
      && a.levels == b.levels && a.observations == b.observations && a.inside == b.inside
      && a.distinct == b.distinct && a.kernel == b.kernel && a.degree == b.degree
      && a.variance == b.variance && a.rule == b.rule
  }
}

/// Half-widths of the windows, in units of the running variable.
public struct DiscontinuityBandwidths: Sendable, Equatable {
  /// Of the estimate.
  public let left: Double
  public let right: Double
  /// Of the fit that estimates its bias.
  public let biasLeft: Double
  public let biasRight: Double

  public init(left: Double, right: Double, biasLeft: Double, biasRight: Double) {
    self.left = left
    self.right = right
    self.biasLeft = biasLeft
    self.biasRight = biasRight
  }

  func scaled(by factor: Double) -> DiscontinuityBandwidths {
    DiscontinuityBandwidths(
      left: left * factor, right: right * factor, biasLeft: biasLeft * factor,
      biasRight: biasRight * factor)
  }
}

/// Which mean squared error the bandwidths minimise.
public enum BandwidthRule: String, Sendable, Equatable {
  /// That of the jump, with one bandwidth for both sides (`mserd`).
  case common = "mserd"
  /// That of each side's level, with a bandwidth for each (`msetwo`).
  case bySide = "msetwo"
}
