import Statistics

/// A density of delays on (0, limit] days: a mixture, truncated.
package struct DelayDensity: Sendable {
  package enum Shape: Sendable {
    case lognormal(median: Double, logSD: Double)
    case exponential(mean: Double)
  }

  package struct Component: Sendable {
    package var weight: Double
    package var shape: Shape

    package init(weight: Double, shape: Shape) {
      self.weight = weight
      self.shape = shape
    }
  }

  package let limit: Double
  private let components: [Component]
  /// Each component's probability within the limit, before truncation.
  private let within: [Double]
  /// Share of each component in the truncated mixture.
  private let shares: [Double]

  /// The mixture with the given weights, which need not add up to 1, truncated as a whole.
  package init(_ components: [Component], limit: Double) {
    let within = components.map { DelayDensity.cdf($0.shape, limit) }
    let masses = zip(components, within).map { $0.weight * $1 }
    let sum = masses.reduce(0, +)
    precondition(sum > 0, "a delay density needs mass within its limit")
    self.limit = limit
    self.components = components
    self.within = within
    shares = masses.map { $0 / sum }
  }

  /// The probability of a delay of at most `days`.
  package func cdf(_ days: Double) -> Double {
    guard days > 0 else { return 0 }
    guard days < limit else { return 1 }
    var sum = 0.0
    for index in components.indices {
      sum += shares[index] * DelayDensity.cdf(components[index].shape, days) / within[index]
    }
    return min(sum, 1)
  }

  /// A delay in days from two uniforms: the component, and the quantile within it.
  package func sample(choice: Double, quantile: Double) -> Double {
    var index = 0
    var rest = choice
    while index < shares.count - 1 && rest >= shares[index] {
      rest -= shares[index]
      index += 1
    }
    let p = quantile * within[index]
    switch components[index].shape {
    case .lognormal(let median, let logSD):
      return min(median * exponential(logSD * RandomStream.normalQuantile(p)), limit)
    case .exponential(let mean):
      return min(-mean * logarithm(1 - p), limit)
    }
  }

  private static func cdf(_ shape: Shape, _ days: Double) -> Double {
    switch shape {
    case .lognormal(let median, let logSD): normalCDF(logarithm(days / median) / logSD)
    case .exponential(let mean): 1 - exponential(-days / mean)
    }
  }
}
