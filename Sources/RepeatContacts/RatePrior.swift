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

    package init(weight: Double, shape: Double, mean: Double) {
      self.weight = weight
      self.shape = shape
      self.mean = mean
    }

    var rate: Double { shape / mean }
  }

  /// Curvature of the weak penalty on the logs of shapes, and of the concentration of topic mixes:
  /// keeps them finite where the data are Poisson or customers have no mix of their own.
  package static let logPenalty = 0.04

  package var components: [Component]
  /// Probability of each interval of the grid; with a customer table unused.
  package var intervalWeights: [Double]

  package init(components: [Component], intervalWeights: [Double]) {
    self.components = components
    self.intervalWeights = intervalWeights
  }

  /// Log weights by class and number of background contacts, for one grid and one intensity.
  package struct Table: Sendable {
    package var logWeight: [Double]
    package var stride: Int
    /// log P(at least one contact); 0 where the customer base is known.
    package var logSeen: Double
  }

  /// - Parameters:
  ///   - masses: background mass of each interval of the grid for a customer of rate 1.
  ///   - maximum: greatest number of background contacts tabulated; classes are tabulated as far as
  ///     their customers have contacts, beyond that their log weights are −∞.
  package func table(grid: ActivityGrid, masses: [Double], maximum: Int) -> Table {
    let stride = maximum + 1
    let moments = PowerMoments(prior: self, masses: masses, maximum: maximum)
    let weights = grid.mode == .estimated ? intervalWeights : nil
    var logWeight = [Double](repeating: -.infinity, count: grid.classCount * stride)
    var values = [Double](repeating: 0, count: masses.count)
    var totals = [Double](repeating: 0, count: grid.classCount)
    var logSeen = 0.0
    for r in 0..<stride {
      moments.fill(&values, r: r, weights: weights)
      grid.classTotals(values, into: &totals)
      for customerClass in totals.indices
      where grid.mostContacts[customerClass] >= r && totals[customerClass] > 0 {
        logWeight[customerClass * stride + r] = moments.peak[r] + log(totals[customerClass])
      }
      if r == 0 && grid.mode != .table {
        logSeen = log(max(1 - exp(moments.peak[0]) * values.reduce(0, +), 1e-12))
      }
    }
    return Table(logWeight: logWeight, stride: stride, logSeen: logSeen)
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
