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
    // A weak prior on the shapes keeps them finite where the data are Poisson.
    for component in components { sum -= 0.02 * pow(log(component.shape), 2) }
    return grid.mode == .table ? sum : sum - counts.customers * table.logSeen
  }

  /// One update of the prior: a damped Newton step on the mixture's coordinates, one multiplicative
  /// step on the interval weights. Both raise the objective.
  package func updated(_ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double])
    -> RatePrior
  {
    var largest = 1
    for (index, n) in counts.histogram.enumerated() where n > 1e-9 {
      largest = max(largest, index % counts.stride)
    }
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
    if grid.mode == .estimated {
      let weights = result.intervalPosterior(
        counts, grid: grid, masses: masses, largest: largest)
      // One customer's worth of weight on the whole log keeps sparse logs from inventing intervals.
      let whole = grid.intervals.indices.first {
        grid.intervals[$0].lower == 0 && grid.borders[grid.intervals[$0].upper] == grid.borders.last
      }
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
    spread(counts, grid: grid, masses: masses, largest: largest) { _, _ in 1 }
  }

  /// Expected background rate summed over the customers of each interval, those never seen included.
  package func intervalRates(_ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double])
    -> [Double]
  {
    var largest = 1
    for (index, n) in counts.histogram.enumerated() where n > 1e-9 {
      largest = max(largest, index % counts.stride)
    }
    return spread(counts, grid: grid, masses: masses, largest: largest) {
      expectedRate($1, mass: masses[$0])
    }
  }

  /// Σ over customers of the posterior probability of each interval times a value of (interval, r).
  private func spread(
    _ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double], largest: Int,
    _ value: (Int, Int) -> Double
  ) -> [Double] {
    let single = masses.map { mass -> [Double] in
      (0...largest).map { r in logWeight(r, mass: mass) }
    }
    let weight = grid.intervals.indices.map {
      grid.mode == .estimated ? intervalWeights[$0] : 1.0
    }
    let values = masses.indices.map { k in (0...largest).map { value(k, $0) } }
    var result = [Double](repeating: 0, count: masses.count)
    for customerClass in 0..<grid.classCount {
      let allowed = grid.intervals.indices.filter { grid.allows(interval: $0, in: customerClass) }
      for r in 0...largest {
        var n = counts.histogram[customerClass * counts.stride + r]
        if r == 0 { n += Double(grid.silent[customerClass] ?? 0) }
        guard n > 0 else { continue }
        let peak = allowed.reduce(-Double.infinity) { max($0, single[$1][r]) }
        var total = 0.0
        for k in allowed { total += weight[k] * exp(single[k][r] - peak) }
        guard total > 0 else { continue }
        for k in allowed {
          result[k] += n * weight[k] * exp(single[k][r] - peak) / total * values[k][r]
        }
      }
    }
    if grid.mode != .table {
      var silent = 0.0
      for k in masses.indices { silent += weight[k] * exp(single[k][0]) }
      let unseen = counts.customers / max(1 - silent, 1e-6)
      for k in masses.indices { result[k] += unseen * weight[k] * exp(single[k][0]) * values[k][0] }
    }
    return result
  }

  private func logWeight(_ r: Int, mass: Double) -> Double {
    var total = -Double.infinity
    for component in components where component.weight > 0 {
      var value =
        log(component.weight)
        + component.shape * (log(component.rate) - log(component.rate + mass))
      for s in 0..<r { value += log(component.shape + Double(s)) - log(component.rate + mass) }
      total = logSum(total, value)
    }
    return total
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
