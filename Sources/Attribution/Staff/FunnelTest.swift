import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Who lies above the funnel: one-sided tests of log ratios against 0, with the scatter that all
/// share allowed for, and the false discovery rate controlled.
///
/// The common scatter beyond chance is an additive variance, estimated from winsorised z values
/// (Spiegelhalter 2005, Stat. Med. 24, section 5), so that the few who really differ do not hide
/// behind the scatter that they make. q values are those of Benjamini & Hochberg (1995).
package struct FunnelTest: Sendable {
  /// Standard deviation of the log ratios that is not chance.
  package let overdispersion: Double
  /// One-sided p and q, in the order of the values; 1 for those that are not tested.
  package let p: [Double]
  package let q: [Double]

  /// Share of the values that is drawn in at each end.
  private static let winsorised = 0.1

  /// - Parameters:
  ///   - logRatios: observed to expected, logarithms.
  ///   - errors: their standard errors, positive.
  ///   - tested: who may be named at all; the others only help to tell the common scatter.
  package init(logRatios: [Double], errors: [Double], tested: [Bool]) {
    let z = zip(logRatios, errors).map { Self.statistic($0, error: $1) }
    let extra = Self.additiveVariance(z: z, errors: errors)
    overdispersion = extra.squareRoot()
    var p = [Double](repeating: 1, count: z.count)
    for i in z.indices where tested[i] {
      let error = (errors[i] * errors[i] + extra).squareRoot()
      p[i] = NormalDistribution.upperTail(Self.statistic(logRatios[i], error: error))
    }
    self.p = p
    q = Self.falseDiscovery(p, tested: tested)
  }

  /// z of a log ratio whose standard error was taken at the estimate.
  ///
  /// Counts have the variance of their expectation: on the scale of square roots the error is the
  /// same at the estimate and at 0, and 2(√O − √E) is 2(1 − e^(−y/2)) over the error of y. Wald's
  /// y over its error calls a large ratio of small counts far too sure.
  package static func statistic(_ y: Double, error: Double) -> Double {
    2 * (1 - exp(-y / 2)) / error
  }

  /// Spiegelhalter's moment estimate from winsorised z values; 0 with fewer than three.
  package static func additiveVariance(z: [Double], errors: [Double]) -> Double {
    let n = Double(z.count)
    guard z.count >= 3 else { return 0 }
    let sorted = z.sorted()
    let cut = Int(winsorised * n)
    let (low, high) = (sorted[cut], sorted[z.count - 1 - cut])
    let squares = z.reduce(0.0) {
      let drawn = min(max($1, low), high)
      return $0 + drawn * drawn
    }
    // What winsorising leaves of a standard normal's mean square.
    let c = NormalDistribution.quantile(1 - winsorised)
    let left =
      cut == 0
      ? 1
      : (1 - 2 * winsorised) - 2 * c * NormalDistribution.density(c) + 2 * winsorised * c * c
    let ratio = squares / (n * left)
    let w = errors.map { 1 / ($0 * $0) }
    let sum = w.reduce(0, +)
    let room = sum - w.reduce(0) { $0 + $1 * $1 } / sum
    guard ratio > 1, room > 0 else { return 0 }
    return n * (ratio - 1) / room
  }

  /// Smallest false discovery rate at which each test is a discovery (Benjamini & Hochberg 1995).
  package static func falseDiscovery(_ p: [Double], tested: [Bool]) -> [Double] {
    var q = [Double](repeating: 1, count: p.count)
    let order = p.indices.filter { tested[$0] }.sorted { p[$0] == p[$1] ? $0 < $1 : p[$0] < p[$1] }
    var least = 1.0
    for (rank, i) in order.enumerated().reversed() {
      least = min(least, p[i] * Double(order.count) / Double(rank + 1))
      q[i] = least
    }
    return q
  }
}
