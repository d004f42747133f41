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
  private func intervalLogWeights(mass: Double, maximum: Int) -> [Double] {
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
    var used = Set(grid.customerClass)
    for key in grid.silent.keys { used.insert(Int32(key)) }
    for customerClass in used.sorted().map({ Int($0) }) {
      let allowed = grid.intervals.indices.filter { grid.allows(interval: $0, in: customerClass) }
      for r in 0..<stride {
        var peak = -Double.infinity
        for k in allowed { peak = max(peak, byInterval[k][r] + logPrior(k, grid)) }
        guard peak > -.infinity else { continue }
        if allowed.count == 1 {
          logWeight[customerClass * stride + r] = peak
          continue
        }
        var sum = 0.0
        for k in allowed { sum += exp(byInterval[k][r] + logPrior(k, grid) - peak) }
        logWeight[customerClass * stride + r] = peak + log(sum)
      }
    }
    var logSeen = 0.0
    if grid.mode != .table {
      var silent = 0.0
      for k in grid.intervals.indices { silent += exp(byInterval[k][0] + logPrior(k, grid)) }
      logSeen = log(max(1 - silent, 1e-12))
    }
    return Table(logWeight: logWeight, stride: stride, logSeen: logSeen)
  }

  @inline(__always) private func logPrior(_ interval: Int, _ grid: ActivityGrid) -> Double {
    grid.mode == .estimated ? log(max(intervalWeights[interval], 1e-300)) : 0
  }

  /// Expected rate of a customer with r background contacts in an interval of this mass.
  package func expectedRate(_ r: Int, mass: Double) -> Double {
    var weight = 0.0
    var sum = 0.0
    let logs = components.map { component -> Double in
      var value =
        log(max(component.weight, 1e-300))
        + component.shape * (log(component.rate) - log(component.rate + mass))
      for s in 0..<r { value += log(component.shape + Double(s)) - log(component.rate + mass) }
      return value
    }
    let peak = logs.max() ?? 0
    for (component, value) in zip(components, logs) {
      let w = exp(value - peak)
      weight += w
      sum += w * (component.shape + Double(r)) / (component.rate + mass)
    }
    return sum / weight
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
