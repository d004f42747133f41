import LinearAlgebra
import Statistics

/// How often intents are right by score, in bins of about equal counts.
public struct ReliabilityCurve: Codable, Sendable, Equatable {
  public struct Point: Codable, Sendable, Equatable {
    /// Lowest and highest score of the bin.
    public var from: Double
    public var to: Double
    public var n: Int
    public var customers: Int
    public var meanScore: Double
    /// Share of the intents that were right.
    public var right: Double
    /// Of this point alone.
    public var ci95: [Double]
    /// Holds the whole curve with 95 %.
    public var band95: [Double]

    enum CodingKeys: String, CodingKey {
      case from, to, n, customers, right, ci95, band95
      case meanScore = "mean_score"
    }
  }

  public var points: [Point]
  /// Standard errors to each side in the band, above the 1.96 of one point.
  public var bandWidth: Double
  /// Points at which the mean score lies outside the band.
  public var pointsOff: Int

  enum CodingKeys: String, CodingKey {
    case points
    case bandWidth = "band_width"
    case pointsOff = "points_off"
  }

  /// Wilson's intervals, with as many trials as give the variance by customers.
  ///
  /// - Throws: `LinearAlgebraError` where the covariance is not finite.
  package init(_ bins: EqualMassBins) throws(LinearAlgebraError) {
    let covariance = bins.covarianceOfRight
    let width =
      bins.count == 1
      ? NormalDistribution.quantile975
      : max(
        try MaximumOfNormals(covariance: covariance).quantile(0.95),
        NormalDistribution.quantile975)
    points = (0..<bins.count).map { bin in
      let right = bins.meanRight[bin]
      let variance = covariance[bin, bin]
      // Where all are right or all wrong a customer is one trial.
      let trials = variance > 0 ? right * (1 - right) / variance : bins.customers[bin]
      func interval(_ z: Double) -> [Double] {
        let ends = WilsonInterval.interval(successes: right * trials, trials: trials, z: z)
        return [ends.lower, ends.upper]
      }
      return Point(
        from: bins.lowest[bin], to: bins.highest[bin], n: Int(bins.counts[bin]),
        customers: Int(bins.customers[bin]), meanScore: bins.meanScores[bin], right: right,
        ci95: interval(NormalDistribution.quantile975), band95: interval(width))
    }
    bandWidth = width
    pointsOff = points.count { $0.meanScore < $0.band95[0] || $0.meanScore > $0.band95[1] }
  }
}
