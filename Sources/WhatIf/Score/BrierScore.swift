import Statistics

/// The mean squared difference between the score and whether the intent was right, and its parts.
///
/// `brier` = reliability − resolution + uncertainty + within-bin variance − within-bin covariance,
/// exactly: Murphy 1973 (J. Appl. Meteorology 12, 595 - 600), with the two terms within bins of
/// Stephenson, Coelho & Jolliffe 2008 (Weather and Forecasting 23, 752 - 757). The corrected parts are
/// without the bias of finite bins (Ferro & Fricker 2012, Q. J. R. Meteorol. Soc. 138, 1954 - 1960),
/// here with variances by customers; they add up to the same.
public struct BrierScore: Codable, Sendable, Equatable {
  public struct Parts: Codable, Sendable, Equatable {
    /// Mean squared distance of score and share right, over bins: 0 is best.
    public var reliability: Double
    /// Mean squared distance of the bins' shares from the common one: more is better.
    public var resolution: Double
    /// What a constant score would have: the share right times the share wrong.
    public var uncertainty: Double
  }

  public var brier: Double
  public var brierCi95: [Double]
  public var parts: Parts
  public var corrected: Parts
  public var withinBinVariance: Double
  public var withinBinCovariance: Double
  /// 1 − brier / uncertainty; nil where all were right or all wrong.
  public var skill: Double?

  enum CodingKeys: String, CodingKey {
    case brier, parts, corrected, skill
    case brierCi95 = "brier_ci95"
    case withinBinVariance = "within_bin_variance"
    case withinBinCovariance = "within_bin_covariance"
  }

  /// - Parameter all: one bin of all scores.
  package init(_ data: ReviewedScores, _ bins: EqualMassBins, all: EqualMassBins) {
    let n = Double(data.count)
    let common = all.meanRight[0]
    var squares: [Double] = []
    squares.reserveCapacity(data.count)
    var variance = 0.0
    var product = 0.0
    for row in data.scores.indices {
      let error = data.scores[row] - data.right[row]
      squares.append(error * error)
      let bin = Int(bins.binOfRow[row])
      let above = data.scores[row] - bins.meanScores[bin]
      variance += above * above
      product += above * (data.right[row] - bins.meanRight[bin])
    }
    let mean = squares.reduce(0, +) / n
    let error = all.covariance(of: squares, means: [mean], data)[0, 0].squareRoot()
    let ends = MeanInterval.normal95(mean, standardError: error)
    brier = mean
    brierCi95 = [max(0, ends.lower), min(1, ends.upper)]
    var reliability = 0.0
    var resolution = 0.0
    for bin in 0..<bins.count {
      let share = bins.counts[bin] / n
      let gap = bins.meanScores[bin] - bins.meanRight[bin]
      let above = bins.meanRight[bin] - common
      reliability += share * gap * gap
      resolution += share * above * above
    }
    parts = Parts(
      reliability: reliability, resolution: resolution, uncertainty: common * (1 - common))
    let ofBins = bins.covarianceOfRight
    let ofAll = all.covarianceOfRight[0, 0]
    let chance = (0..<bins.count).reduce(0) { $0 + bins.counts[$1] / n * ofBins[$1, $1] }
    corrected = Parts(
      reliability: reliability - chance, resolution: resolution - chance + ofAll,
      uncertainty: common * (1 - common) + ofAll)
    withinBinVariance = variance / n
    withinBinCovariance = 2 * product / n
    skill = common > 0 && common < 1 ? 1 - mean / (common * (1 - common)) : nil
  }
}
