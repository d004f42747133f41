#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the customers' posteriors say of the prior, as one table: expected customers by class and
/// number of background contacts. The prior's whole update needs nothing else.
package struct BackgroundCounts: Sendable {
  /// `histogram[class * stride + r]`: expected customers.
  package var histogram: [Double]
  package var stride: Int
  /// Customers that the truncation (at least one contact) applies to.
  package var customers: Double

  package init(histogram: [Double], stride: Int, customers: Double) {
    self.histogram = histogram
    self.stride = stride
    self.customers = customers
  }

  /// The greatest number of background contacts that any customer plausibly has.
  var largest: Int {
    var result = 1
    for (index, n) in histogram.enumerated() where n > 1e-9 { result = max(result, index % stride) }
    return result
  }
}

extension RatePrior {
  /// The expected complete-data log-likelihood of the counts, truncation included.
  func objective(_ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double], largest: Int)
    -> Double
  {
    let table = self.table(grid: grid, masses: masses, maximum: largest)
    var sum = 0.0
    for customerClass in 0..<grid.classCount {
      for r in 0...largest {
        let n = counts.histogram[customerClass * counts.stride + r]
        if n > 0 { sum += n * table.logWeight[customerClass * table.stride + r] }
      }
      if let silent = grid.silent[customerClass] {
        sum += Double(silent) * table.logWeight[customerClass * table.stride]
      }
    }
    for component in components { sum -= RatePrior.logPenalty * pow(log(component.shape), 2) / 2 }
    return grid.mode == .table ? sum : sum - counts.customers * table.logSeen
  }

  /// One update of the prior: a damped Newton step on the mixture's coordinates, one multiplicative
  /// step on the interval weights. Both raise the objective.
  package func updated(_ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double])
    -> RatePrior
  {
    let largest = counts.largest
    var result = self
    let x = coordinates
    func value(_ point: [Double]) -> Double {
      moved(to: point).objective(counts, grid: grid, masses: masses, largest: largest)
    }
    let start = value(x)
    let step = newtonStep(value, at: x, value: start)
    var scale = 1.0
    for _ in 0..<8 {
      let candidate = zip(x, step).map { $0 + scale * $1 }
      if value(candidate) >= start {
        result = moved(to: candidate)
        break
      }
      scale /= 2
    }
    guard grid.mode == .estimated else { return result }
    let whole = grid.intervals.indices.first {
      grid.intervals[$0].lower == 0 && grid.borders[grid.intervals[$0].upper] == grid.borders.last
    }
    for _ in 0..<10 {
      let weights = result.intervalPosterior(counts, grid: grid, masses: masses, largest: largest)
      // One customer's worth of weight on the whole log keeps sparse logs from inventing intervals.
      let total = weights.reduce(0, +) + 1
      result.intervalWeights = weights.indices.map {
        max((weights[$0] + ($0 == whole ? 1 : 0)) / total, 1e-9)
      }
    }
    return result
  }

  /// Expected customers by interval, those never seen included.
  func intervalPosterior(
    _ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double], largest: Int
  ) -> [Double] {
    let ones = [Double](repeating: 1, count: largest + 1)
    return spread(
      counts, grid: grid, masses: masses, largest: largest, values: masses.map { _ in ones })
  }

  /// Expected background rate summed over the customers of each interval, those never seen included.
  package func intervalRates(_ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double])
    -> [Double]
  {
    let largest = counts.largest
    return spread(
      counts, grid: grid, masses: masses, largest: largest,
      values: masses.map { expectedRates(mass: $0, maximum: largest) })
  }

  /// Σ over customers of the posterior probability of each interval times `values[interval][r]`.
  private func spread(
    _ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double], largest: Int,
    values: [[Double]]
  ) -> [Double] {
    let byInterval = masses.map { intervalLogWeights(mass: $0, maximum: largest) }
    var weights = [Double](repeating: 0, count: masses.count)
    var ratios = [Double](repeating: 0, count: grid.classCount)
    var result = [Double](repeating: 0, count: masses.count)
    for r in 0...largest {
      let peak = scaledValues(byInterval, r, grid, into: &weights)
      let totals = grid.classTotals(weights)
      var any = false
      for customerClass in 0..<grid.classCount {
        var n = counts.histogram[customerClass * counts.stride + r]
        if r == 0 { n += Double(grid.silent[customerClass] ?? 0) }
        ratios[customerClass] = totals[customerClass] > 0 ? n / totals[customerClass] : 0
        any = any || n > 0
      }
      if any {
        let shares = grid.intervalTotals(ratios)
        for k in masses.indices { result[k] += weights[k] * shares[k] * values[k][r] }
      }
      if r == 0 && grid.mode != .table {
        let silent = exp(peak) * weights.reduce(0, +)
        let unseen = counts.customers / max(1 - silent, 1e-6)
        for k in masses.indices { result[k] += unseen * exp(peak) * weights[k] * values[k][0] }
      }
    }
    return result
  }

  /// Newton's step by central differences, on the side of ascent.
  private func newtonStep(_ f: ([Double]) -> Double, at x: [Double], value: Double) -> [Double] {
    let h = 1e-3
    let n = x.count
    var gradient = [Double](repeating: 0, count: n)
    var curvature = [Double](repeating: 0, count: n)
    for i in 0..<n {
      var up = x
      var down = x
      up[i] += h
      down[i] -= h
      let fu = f(up)
      let fd = f(down)
      gradient[i] = (fu - fd) / (2 * h)
      curvature[i] = (fu - 2 * value + fd) / (h * h)
    }
    // The mean and the shape of one component are nearly orthogonal, so the diagonal serves.
    return (0..<n).map { i in
      let scale = max(-curvature[i], abs(gradient[i]), 1e-6)
      return max(-1, min(1, gradient[i] / scale))
    }
  }
}
