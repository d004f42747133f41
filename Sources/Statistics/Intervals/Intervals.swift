import RealModule

/// An interval for a proportion (Wilson 1927, J. Am. Stat. Assoc. 22, 209 - 212).
///
/// Unlike the normal interval it stays inside 0...1 and has its coverage near the ends.
public enum WilsonInterval {
  /// The 95 % interval of a proportion; 0...1 without trials.
  ///
  /// Successes and trials may be fractional (weights); successes are between 0 and trials.
  public static func ci95(
    successes: Double, trials: Double
  ) -> (lower: Double, upper: Double) {
    interval(successes: successes, trials: trials, z: NormalDistribution.quantile975)
  }

  /// The interval of ±z standard errors of the score.
  public static func interval(
    successes: Double, trials: Double, z: Double
  ) -> (lower: Double, upper: Double) {
    precondition(
      successes >= 0 && successes <= trials, "\(successes) successes in \(trials) trials")
    guard trials > 0 else { return (0, 1) }
    let failures = trials - successes
    let square = z * z
    let width = z * (successes * failures / trials + square / 4).squareRoot()
    let total = trials + square
    // The ends are exactly 0 and 1 without successes or failures; rounding must not miss them.
    return (
      successes == 0 ? 0 : max(0, (successes + square / 2 - width) / total),
      failures == 0 ? 1 : min(1, (successes + square / 2 + width) / total)
    )
  }
}

/// Intervals of a mean.
public enum MeanInterval {
  /// estimate ± 1.96 standard errors.
  public static func normal95(
    _ estimate: Double, standardError: Double
  ) -> (lower: Double, upper: Double) {
    let half = NormalDistribution.quantile975 * standardError
    return (estimate - half, estimate + half)
  }

  /// The 95 % t interval of the mean of n values from their sum and sum of squared deviations;
  /// nil below two values.
  public static func student95(
    mean: Double, sumOfSquaredDeviations: Double, count: Double
  ) -> (lower: Double, upper: Double)? {
    guard count >= 2 else { return nil }
    let error = (sumOfSquaredDeviations / (count - 1) / count).squareRoot()
    let half = StudentDistribution.quantile(0.975, degreesOfFreedom: count - 1) * error
    return (mean - half, mean + half)
  }

  /// The 95 % t interval of the mean of `values`; nil below two values.
  public static func student95(_ values: [Double]) -> (lower: Double, upper: Double)? {
    guard values.count >= 2 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return student95(mean: mean, sumOfSquaredDeviations: squares, count: Double(values.count))
  }
}

/// Quantiles of a sample.
public enum SampleQuantile {
  /// The nearest-rank quantile: the smallest value with at least a share p of the sample at or
  /// below it. Always a value that occurs. Nil for an empty sample.
  ///
  /// - Parameter sorted: ascending, without NaN.
  public static func nearestRank<Value>(_ p: Double, ofSorted sorted: [Value]) -> Value? {
    precondition(p >= 0 && p <= 1, "the quantile of \(p)")
    guard !sorted.isEmpty else { return nil }
    // 0.95 · 20 is 19.000000000000004 in some orders of rounding; it means 19.
    let rank = (p * Double(sorted.count) * (1 - 4 * .ulpOfOne)).rounded(.up)
    return sorted[min(max(Int(rank), 1), sorted.count) - 1]
  }
}
