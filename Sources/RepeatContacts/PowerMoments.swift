#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `∫ λ^r exp(−λ mass) dF_q(λ)` of every gamma component q of a prior over every interval's background
/// mass, for r = 0...maximum. Each r is scaled by the greatest of its values, so that none overflows.
package struct PowerMoments {
  let components: [RatePrior.Component]
  let masses: [Double]
  let maximum: Int
  /// Logarithm of what the values at r are scaled by.
  let peak: [Double]
  /// `(r * masses.count + interval) * components.count + component`.
  let value: [Double]

  package init(prior: RatePrior, masses: [Double], maximum: Int) {
    components = prior.components
    self.masses = masses
    self.maximum = maximum
    let count = components.count
    let width = masses.count * count
    var start = [Double](repeating: -.infinity, count: width)
    var step = [Double](repeating: 0, count: width)
    for (q, component) in components.enumerated() where component.weight > 0 {
      for (k, mass) in masses.enumerated() {
        step[k * count + q] = -log(component.rate + mass)
        start[k * count + q] =
          log(component.weight) + component.shape * (log(component.rate) + step[k * count + q])
      }
    }
    var rising = [Double](repeating: 0, count: count)
    var peaks: [Double] = []
    var values = [Double](repeating: 0, count: (maximum + 1) * width)
    for r in 0...maximum {
      var peak = -Double.infinity
      for place in 0..<width {
        peak = max(peak, start[place] + rising[place % count] + Double(r) * step[place])
      }
      for place in 0..<width {
        values[r * width + place] = exp(
          start[place] + rising[place % count] + Double(r) * step[place] - peak)
      }
      for q in 0..<count { rising[q] += log(components[q].shape + Double(r)) }
      peaks.append(peak)
    }
    peak = peaks
    value = values
  }

  /// Values of the intervals at r, components summed, times each interval's weight.
  @inline(__always)
  func fill(_ result: inout [Double], r: Int, weights: [Double]?) {
    let count = components.count
    var place = r * masses.count * count
    for k in masses.indices {
      var sum = value[place]
      if count == 2 { sum += value[place + 1] }
      place += count
      result[k] = weights.map { $0[k] * sum } ?? sum
    }
  }
}
