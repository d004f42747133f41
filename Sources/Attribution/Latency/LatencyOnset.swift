import Statistics

/// Where latency begins to cost: the best of many shapes that are flat, then rise, then are flat.
///
/// A shape is 0 up to c, rises in a straight line to 1 at d ≥ c (a jump where they are one) and stays
/// there; its height is fitted to the binned contrast by generalised least squares, and only a cost
/// counts. Whether latency costs at all is told by the largest gain over all shapes against its own
/// distribution where latency does nothing (Hansen 1996, Econometrica 64), drawn; the interval of c
/// holds the c whose best shape loses less than 7.35, the 95 % limit for a jump (Hansen 2000,
/// Econometrica 68), which is wide for a kink.
package struct LatencyOnset: Sendable {
  package let onset: Double
  package let interval: [Double]
  /// log response at the end of the rise.
  package let height: Double
  /// Chance of a gain this large where latency does nothing.
  package let p: Double

  private static let draws = 1_999
  private static let limit = 7.35

  /// - Parameters:
  ///   - contrast: log response by bin, in the direction that costs.
  ///   - seed: of the draws.
  package init(_ contrast: BinnedContrast, seed: UInt64) {
    let bins = contrast.bins
    // A grid of places where it may begin, evenly in ranks and closer in the upper tail.
    let shares = (1...36).map { 0.025 * Double($0) } + [0.92, 0.935, 0.95, 0.96, 0.97, 0.98]
    var places: [Double] = []
    for share in shares {
      let place = bins.quantile(share)
      if place > (places.last ?? -.infinity) { places.append(place) }
    }
    let y = contrast.covariance.whitened(Array(contrast.values.dropFirst()))
    var shapes: [(begin: Int, unit: [Double], scale: Double)] = []
    for (k, begin) in places.enumerated() {
      let ends =
        [begin] + places[(k + 1)...].enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
        + [bins.range[1]]
      for end in ends where end >= begin {
        let mean = bins.samples.map { inside in
          inside.reduce(0) { $0 + Self.shape($1, begin, end) } / Double(inside.count)
        }
        let w = contrast.covariance.whitened(mean.dropFirst().map { $0 - mean[0] })
        let norm = w.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard norm > 1e-9 else { continue }
        shapes.append((k, w.map { $0 / norm }, norm))
      }
    }
    func gain(_ unit: [Double], _ y: [Double]) -> Double {
      var sum = 0.0
      for i in y.indices { sum += unit[i] * y[i] }
      return max(sum, 0)
    }
    var best = [Double](repeating: 0, count: places.count)
    var (top, topHeight, topPlace) = (0.0, 0.0, 0)
    for shape in shapes {
      let g = gain(shape.unit, y)
      best[shape.begin] = max(best[shape.begin], g * g)
      if g > top { (top, topHeight, topPlace) = (g, g / shape.scale, shape.begin) }
    }
    var stream = RandomStream(seed: seed)
    var above = 0
    for _ in 0..<Self.draws {
      let z = y.map { _ in stream.normal() }
      var largest = 0.0
      for shape in shapes { largest = max(largest, gain(shape.unit, z)) }
      if largest >= top { above += 1 }
    }
    p = Double(above + 1) / Double(Self.draws + 1)
    height = topHeight
    onset = places.isEmpty ? .nan : places[topPlace]
    // Between two places nothing was tried, so the interval reaches to the next on either side.
    let inside = places.indices.filter { best[$0] >= top * top - Self.limit }
    let (low, high) = (inside.first ?? topPlace, inside.last ?? topPlace)
    interval =
      places.isEmpty
      ? [.nan, .nan] : [places[max(low - 1, 0)], places[min(high + 1, places.count - 1)]]
  }

  private static func shape(_ x: Double, _ begin: Double, _ end: Double) -> Double {
    if x <= begin { return 0 }
    return x >= end ? 1 : (x - begin) / (end - begin)
  }
}
