import Statistics

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
  /// One update of the prior: a damped Newton step on the mixture's coordinates, then multiplicative
  /// steps on the interval weights. Both raise the objective.
  package func updated(_ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double]) throws
    -> RatePrior
  {
    let largest = counts.largest
    func posterior(_ prior: RatePrior) -> PriorPosterior {
      PriorPosterior(
        prior, moments: PowerMoments(prior: prior, masses: masses, maximum: largest),
        counts: counts, grid: grid)
    }
    let x = coordinates
    let centre = posterior(self)
    let step = try newtonStep(at: x, gradient: centre.gradient) {
      posterior(moved(to: $0)).gradient
    }
    var result = self
    var scale = 1.0
    for _ in 0..<8 {
      let candidate = moved(to: zip(x, step).map { $0 + scale * $1 })
      if posterior(candidate).objective >= centre.objective {
        result = candidate
        break
      }
      scale /= 2
    }
    guard grid.mode == .estimated else { return result }
    let whole = grid.intervals.indices.first {
      grid.intervals[$0].lower == 0 && grid.borders[grid.intervals[$0].upper] == grid.borders.last
    }
    let moments = PowerMoments(prior: result, masses: masses, maximum: largest)
    for _ in 0..<20 {
      let weights = PriorPosterior(result, moments: moments, counts: counts, grid: grid).customers
      // One customer's worth of weight on the whole log keeps sparse logs from inventing intervals.
      let total = weights.reduce(0, +) + 1
      result.intervalWeights = weights.indices.map {
        max((weights[$0] + ($0 == whole ? 1 : 0)) / total, 1e-9)
      }
    }
    return result
  }

  /// Newton's step; second derivatives by differences of the gradient.
  private func newtonStep(
    at x: [Double], gradient: [Double], _ gradientAt: ([Double]) -> [Double]
  ) throws -> [Double] {
    let h = 1e-4
    let n = x.count
    var hessian = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      var moved = x
      moved[i] += h
      let slope = gradientAt(moved)
      for j in 0..<n {
        let second = (slope[j] - gradient[j]) / h
        hessian[i * n + j] += second / 2
        hessian[j * n + i] += second / 2
      }
    }
    return try DampedNewton().step(gradient: gradient, hessian: hessian)
  }

  /// Expected background rate summed over the customers of each interval, those never seen included.
  package func intervalRates(_ counts: BackgroundCounts, grid: ActivityGrid, masses: [Double])
    -> [Double]
  {
    let moments = PowerMoments(prior: self, masses: masses, maximum: counts.largest)
    return PriorPosterior(self, moments: moments, counts: counts, grid: grid).rates
  }
}
