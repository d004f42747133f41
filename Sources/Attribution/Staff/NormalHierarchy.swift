#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Values with known errors that scatter around a common mean: empirical Bayes.
///
///     y_i ~ N(θ_i, v_i),   θ_i ~ N(μ, τ²)
///
/// The restricted likelihood of τ (Paule & Mandel's equation is its moment form) is averaged over a
/// grid under a flat prior on τ, so that intervals of the shrunk values do not take an estimate of
/// τ for the truth; with τ estimated at 0 they would otherwise have no width at all (Morris 1983,
/// J. Am. Stat. Assoc. 78; DuMouchel 1994).
package struct NormalHierarchy: Sendable {
  /// τ, its mean and 2.5 and 97.5 % points.
  package let spread: Double
  package let spreadCI95: [Double]
  /// θ_i: mean and standard deviation given all values.
  package let shrunk: [Double]
  package let deviation: [Double]

  private static let points = 400

  /// - Parameters:
  ///   - values: at least two.
  ///   - variances: positive, one a value.
  package init(values: [Double], variances: [Double]) {
    precondition(values.count >= 2 && values.count == variances.count)
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let scatter = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let top = 3 * (scatter + (variances.min() ?? 1)).squareRoot()
    let taus = (0...Self.points).map { top * Double($0) / Double(Self.points) }
    let logs = taus.map { Self.restricted(values, variances, tau: $0).logLikelihood }
    let peak = logs.max() ?? 0
    let weights = logs.map { exp($0 - peak) }
    let total = weights.reduce(0, +)
    spread = zip(taus, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    var below = 0.0
    var (low, high) = (0.0, top)
    for (tau, weight) in zip(taus, weights) {
      if below < 0.025 * total { low = tau }
      below += weight
      if below <= 0.975 * total { high = tau }
    }
    spreadCI95 = [low, high]
    var first = [Double](repeating: 0, count: values.count)
    var second = first
    for (tau, weight) in zip(taus, weights) where weight > 1e-12 {
      let (_, centre, precision) = Self.restricted(values, variances, tau: tau)
      for i in values.indices {
        let kept = tau * tau / (variances[i] + tau * tau)
        let value = centre + kept * (values[i] - centre)
        let variance = variances[i] * kept + (1 - kept) * (1 - kept) / precision
        first[i] += weight / total * value
        second[i] += weight / total * (variance + value * value)
      }
    }
    shrunk = first
    deviation = zip(first, second).map { max($1 - $0 * $0, 0).squareRoot() }
  }

  /// The restricted log-likelihood at τ, the mean that goes with it, and the mean's precision.
  package static func restricted(_ values: [Double], _ variances: [Double], tau: Double) -> (
    logLikelihood: Double, mean: Double, precision: Double
  ) {
    let weights = variances.map { 1 / ($0 + tau * tau) }
    let precision = weights.reduce(0, +)
    let mean = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / precision
    var log2 = 0.0
    for (w, y) in zip(weights, values) { log2 += log(w) - w * (y - mean) * (y - mean) }
    return ((log2 - log(precision)) / 2, mean, precision)
  }
}
