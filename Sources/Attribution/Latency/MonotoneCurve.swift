import Statistics

/// A curve that never falls, by pooling adjacent violators (Barlow et al. 1972), relative to its
/// beginning, with pointwise 95 % bands.
///
/// A pooled curve leans upwards: of noise around a flat response it makes a rise, and so do draws around
/// it. The bands therefore come from the contrasts before pooling. Where the response never falls, the
/// mean of the bins that end at b less the mean of the first ones is at most the response at b, and the
/// mean of those that begin at b less the first one at least: which bins is fixed beforehand, so each
/// side is a normal bound at 97.5 %. Bands that are not monotone are widened until they are.
package struct MonotoneCurve: Sendable {
  /// log response by bin; the first is 0.
  package let values: [Double]
  package let low: [Double]
  package let high: [Double]

  /// Share of the bins whose mean stands for one end of a bound.
  private static let averaged = 6

  /// - Parameters:
  ///   - values: what the curve is pooled from.
  ///   - found: the contrasts that the bands come from; the values themselves unless these were drawn
  ///     towards something.
  package init(
    values: [Double], found: [Double]? = nil, covariance: CovarianceFactor, weight: [Double]
  ) {
    let curve = Self.pooled(values, weight: weight)
    let place = curve.map { $0 - curve[0] }
    self.values = place
    let count = values.count
    let reach = max(1, count / Self.averaged)
    /// Bound of the mean of some bins less that of others.
    func bound(_ bins: Range<Int>, _ less: Range<Int>, _ side: Double) -> Double {
      var combined = [Double](repeating: 0, count: count)
      for (range, sign) in [(bins, 1.0), (less, -1)] {
        let total = range.reduce(0) { $0 + max(weight[$1], 1e-12) }
        for b in range { combined[b] += sign * max(weight[b], 1e-12) / total }
      }
      let mean = zip(combined, found ?? values).reduce(0) { $0 + $1.0 * $1.1 }
      return mean
        + side * NormalDistribution.quantile975
        * covariance.standardError(of: Array(combined.dropFirst()))
    }
    var low = [Double](repeating: 0, count: count)
    var high = low
    for b in low.indices.dropFirst() {
      let first = min(reach, (b + 1) / 2)
      low[b] = max(bound(max(b + 1 - reach, first)..<(b + 1), 0..<first, -1), 0)
      high[b] = max(bound(b..<min(b + reach, count), 0..<1, 1), high[b - 1])
    }
    for b in low.indices.reversed().dropFirst() { low[b] = min(low[b], low[b + 1]) }
    self.low = low.indices.map { min(low[$0], place[$0]) }
    self.high = high.indices.map { max(high[$0], place[$0]) }
  }

  /// Weighted isotonic regression.
  package static func pooled(_ values: [Double], weight: [Double]) -> [Double] {
    var blocks: [(mean: Double, weight: Double, count: Int)] = []
    for (value, w) in zip(values, weight) {
      blocks.append((value, max(w, 1e-12), 1))
      while blocks.count > 1, blocks[blocks.count - 2].mean > blocks[blocks.count - 1].mean {
        let b = blocks.removeLast()
        let a = blocks.removeLast()
        let weight = a.weight + b.weight
        blocks.append(
          ((a.mean * a.weight + b.mean * b.weight) / weight, weight, a.count + b.count))
      }
    }
    return blocks.flatMap { [Double](repeating: $0.mean, count: $0.count) }
  }
}
