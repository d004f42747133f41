#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How customers' background rates (contacts per day) and active intervals are distributed.
///
/// Rates are a mixture of gamma distributions; a customer's number of background contacts r given an
/// interval of background mass B is then negative binomial, and everything that a fit needs of the
/// prior is the table of log weights `log ∫ λ^r exp(−λB) dF(λ, interval)` by class and r. With it the
/// background rate is integrated out exactly, without quadrature nodes: the integrand is a polynomial
/// in λ against a gamma density.
package struct RatePrior: Sendable, Equatable {
  package struct Component: Sendable, Equatable {
    package var weight: Double
    package var shape: Double
    package var mean: Double
    var rate: Double { shape / mean }
  }

  /// Curvature of the weak penalty on the logs of shapes, and of the concentration of topic mixes:
  /// keeps them finite where the data are Poisson or customers have no mix of their own.
  package static let logPenalty = 0.04

  package var components: [Component]
  /// Probability of each interval of the grid; with a customer table unused.
  package var intervalWeights: [Double]

  /// Log weights by class and number of background contacts, for one grid and one intensity.
  package struct Table: Sendable {
    package var logWeight: [Double]
    package var stride: Int
    /// log P(at least one contact); 0 where the customer base is known.
    package var logSeen: Double
  }

  /// `log ∫ λ^r exp(−λ mass) dF(λ)` for r = 0...maximum.
  func intervalLogWeights(mass: Double, maximum: Int) -> [Double] {
    var total = [Double](repeating: -.infinity, count: maximum + 1)
    for component in components where component.weight > 0 {
      let rate = component.rate
      let logStep = -log(rate + mass)
      var value = log(component.weight) + component.shape * (log(rate) + logStep)
      for r in 0...maximum {
        if r > 0 { value += log(component.shape + Double(r - 1)) + logStep }
        total[r] = components.count == 1 ? value : logSum(total[r], value)
      }
    }
    return total
  }

  /// - Parameters:
  ///   - masses: background mass of each interval of the grid for a customer of rate 1.
  ///   - maximum: greatest number of background contacts tabulated.
  package func table(grid: ActivityGrid, masses: [Double], maximum: Int) -> Table {
    let stride = maximum + 1
    let byInterval = masses.map { intervalLogWeights(mass: $0, maximum: maximum) }
    var logWeight = [Double](repeating: -.infinity, count: grid.classCount * stride)
    var values = [Double](repeating: 0, count: masses.count)
    for r in 0..<stride {
      let peak = scaledValues(byInterval, r, grid, into: &values)
      let totals = grid.classTotals(values)
      for customerClass in totals.indices where totals[customerClass] > 0 {
        logWeight[customerClass * stride + r] = peak + log(totals[customerClass])
      }
    }
    var logSeen = 0.0
    if grid.mode != .table {
      let peak = scaledValues(byInterval, 0, grid, into: &values)
      logSeen = log(max(1 - exp(peak) * values.reduce(0, +), 1e-12))
    }
    return Table(logWeight: logWeight, stride: stride, logSeen: logSeen)
  }

  /// Fills `values` with each interval's weight at r, scaled by the exponential of the result.
  func scaledValues(
    _ byInterval: [[Double]], _ r: Int, _ grid: ActivityGrid, into values: inout [Double]
  ) -> Double {
    var peak = -Double.infinity
    for k in byInterval.indices { peak = max(peak, byInterval[k][r]) }
    for k in byInterval.indices {
      let weight = grid.mode == .estimated ? intervalWeights[k] : 1
      values[k] = weight * exp(byInterval[k][r] - peak)
    }
    return peak
  }

  /// Expected rate of a customer with r = 0...maximum background contacts in an interval.
  func expectedRates(mass: Double, maximum: Int) -> [Double] {
    var logs = components.map { component in
      log(max(component.weight, 1e-300))
        + component.shape * (log(component.rate) - log(component.rate + mass))
    }
    return (0...maximum).map { r in
      let peak = logs.max() ?? 0
      var weight = 0.0
      var sum = 0.0
      for (q, component) in components.enumerated() {
        let w = exp(logs[q] - peak)
        weight += w
        sum += w * (component.shape + Double(r)) / (component.rate + mass)
        logs[q] += log(component.shape + Double(r)) - log(component.rate + mass)
      }
      return sum / weight
    }
  }

  /// Mean rate over customers, per day.
  package var meanRate: Double { components.reduce(0) { $0 + $1.weight * $1.mean } }

  /// Unconstrained coordinates of the mixture: log mean and log shape each, logit of the second's
  /// weight.
  package var coordinates: [Double] {
    var x: [Double] = []
    for component in components { x += [log(component.mean), log(component.shape)] }
    if components.count == 2 {
      let w = min(max(components[1].weight, 1e-6), 1 - 1e-6)
      x.append(log(w / (1 - w)))
    }
    return x
  }

  package func moved(to x: [Double]) -> RatePrior {
    var copy = self
    for q in components.indices {
      copy.components[q].mean = exp(min(max(x[2 * q], -16), 6))
      copy.components[q].shape = exp(min(max(x[2 * q + 1], -4), 6))
    }
    if components.count == 2 {
      let w = 1 / (1 + exp(-min(max(x[4], -8), 8)))
      copy.components[0].weight = 1 - w
      copy.components[1].weight = w
    }
    return copy
  }
}

@inline(__always) func logSum(_ a: Double, _ b: Double) -> Double {
  if a == -.infinity { return b }
  if b == -.infinity { return a }
  return a > b ? a + log1p(exp(b - a)) : b + log1p(exp(a - b))
}
