import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A curve that never falls, by pooling adjacent violators (Barlow et al. 1972), relative to its
/// beginning, with pointwise 95 % bands from draws around it that are made monotone likewise.
package struct MonotoneCurve: Sendable {
  /// log response by bin; the first is 0.
  package let values: [Double]
  package let low: [Double]
  package let high: [Double]

  private static let draws = 400

  package init(values: [Double], covariance: CovarianceFactor, weight: [Double], seed: UInt64) {
    let curve = Self.pooled(values, weight: weight)
    self.values = curve.map { $0 - curve[0] }
    var stream = RandomStream(seed: seed)
    var drawn = [[Double]](repeating: [], count: values.count)
    for _ in 0..<Self.draws {
      let noise = [0] + covariance.draw(&stream)
      let moved = Self.pooled(values.indices.map { values[$0] + noise[$0] }, weight: weight)
      for b in moved.indices { drawn[b].append(moved[b] - moved[0]) }
    }
    let sorted = drawn.map { $0.sorted() }
    let place = self.values
    low = sorted.indices.map { min(sorted[$0][Self.draws / 40], place[$0]) }
    high = sorted.indices.map { max(sorted[$0][Self.draws - 1 - Self.draws / 40], place[$0]) }
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
