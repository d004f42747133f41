import LinearAlgebra
import Statistics

/// How far scores are from the share that is right.
public struct CalibrationError: Codable, Sendable, Equatable {
  /// Mean absolute difference over the bins of the curve: too large by chance alone.
  public var plugIn: Double
  /// The same over the most bins of equal counts in which the share that is right rises with the
  /// score (ECE_sweep of Roelofs, Cain, Shlens & Mozer 2022, AISTATS).
  public var sweep: Double
  public var sweepBins: Int
  /// Mean squared difference less what chance adds (Kumar, Liang & Ma 2019, NeurIPS, section 4.2),
  /// with the variance of each bin by customers. Below 0 where scores are nearer than chance would
  /// leave them.
  public var squared: Double
  public var squaredCi95: [Double]
  /// The root of `squared`, 0 below 0; and of the interval's ends.
  public var rootMeanSquare: Double
  public var rootMeanSquareCi95: [Double]

  enum CodingKeys: String, CodingKey {
    case sweep, squared
    case plugIn = "plug_in"
    case sweepBins = "sweep_bins"
    case squaredCi95 = "squared_ci95"
    case rootMeanSquare = "root_mean_square"
    case rootMeanSquareCi95 = "root_mean_square_ci95"
  }

  package init(_ data: ReviewedScores, _ bins: EqualMassBins) {
    let shares = bins.counts.map { $0 / Double(data.count) }
    let gaps = zip(bins.meanRight, bins.meanScores).map { $0 - $1 }
    let covariance = bins.covarianceOfRight
    plugIn = zip(shares, gaps).reduce(0) { $0 + $1.0 * abs($1.1) }
    let (sweep, sweepBins) = Self.sweep(data)
    self.sweep = sweep
    self.sweepBins = sweepBins
    var squared = 0.0
    for bin in shares.indices {
      squared += shares[bin] * (gaps[bin] * gaps[bin] - covariance[bin, bin])
    }
    self.squared = squared
    // Var Σ p d² = 4 w'Cw + 2 tr (PC)² for normal d, w = p d.
    let weights = zip(shares, gaps).map { $0 * $1 }
    var variance = 4 * max(0, covariance.quadraticForm(weights))
    for a in shares.indices {
      for b in shares.indices {
        variance += 2 * shares[a] * shares[b] * covariance[a, b] * covariance[a, b]
      }
    }
    let ends = MeanInterval.normal95(squared, standardError: variance.squareRoot())
    squaredCi95 = [ends.lower, ends.upper]
    rootMeanSquare = max(squared, 0).squareRoot()
    rootMeanSquareCi95 = squaredCi95.map { max($0, 0).squareRoot() }
  }

  /// More bins are not tried: where all are right, nothing would ever fall.
  private static let mostSweepBins = 1_000

  /// The error over ever more bins until the share that is right falls from one to the next.
  private static func sweep(_ data: ReviewedScores) -> (error: Double, bins: Int) {
    let order = data.order
    // Sums of what comes before each place.
    var scores = [0.0]
    var right = [0.0]
    for index in order {
      scores.append(scores[scores.count - 1] + data.scores[index])
      right.append(right[right.count - 1] + data.right[index])
    }
    func bins(_ count: Int) -> (error: Double, rises: Bool) {
      var start = 0
      var last = -1.0
      var error = 0.0
      for bin in 1...count {
        var end = max(bin * order.count / count, start)
        while end > 0, end < order.count,
          data.scores[order[end]] == data.scores[order[end - 1]]
        {
          end += 1
        }
        guard end > start else { continue }
        let share = (right[end] - right[start]) / Double(end - start)
        if share < last { return (error, false) }
        last = share
        error += abs(right[end] - right[start] - scores[end] + scores[start])
        start = end
      }
      return (error / Double(order.count), true)
    }
    var best = (error: bins(1).error, bins: 1)
    var count = 2
    while count <= min(order.count, mostSweepBins) {
      let next = bins(count)
      guard next.rises else { break }
      best = (next.error, count)
      count += 1
    }
    return best
  }
}
