import RealModule

extension RandomStream {
  /// True with the given probability; one output, monotone in the probability.
  @inlinable public mutating func bernoulli(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// Uniform on 0..<bound without bias; seldom takes more than one output.
  ///
  /// Source: Lemire 2019, "Fast random integer generation in an interval", ACM TOMACS 29(1).
  @inlinable public mutating func int(below bound: Int) -> Int {
    precondition(bound > 0, "int(below:) needs a positive bound, not \(bound)")
    let width = UInt64(bound)
    var product = next().multipliedFullWidth(by: width)
    if product.low < width {
      let threshold = (0 &- width) % width
      while product.low < threshold {
        product = next().multipliedFullWidth(by: width)
      }
    }
    return Int(product.high)
  }

  /// An index drawn with probability proportional to its weight, by inversion of one uniform.
  ///
  /// Weights are not negative and their sum is positive. Linear in their count.
  public mutating func categorical(_ weights: [Double]) -> Int {
    let total = weights.reduce(0, +)
    precondition(total > 0 && total.isFinite, "weights must have a positive sum, not \(total)")
    var rest = uniform() * total
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      if rest < weight { return index }
      rest -= weight
      last = index
    }
    return last
  }

  /// Poisson with the given mean, which is not negative and finite.
  ///
  /// Below 10 by sequential inversion of one uniform; from 10 on by Hörmann's transformed rejection
  /// with squeeze (PTRS), which takes a varying number of outputs.
  /// Source: Hörmann 1993, "The transformed rejection method for generating Poisson random
  /// variables", Insurance: Mathematics and Economics 12(1).
  public mutating func poisson(mean: Double) -> Int {
    precondition(
      mean >= 0 && mean.isFinite, "poisson needs a finite mean of 0 or more, not \(mean)")
    if mean < 10 { return poissonByInversion(mean) }
    let logMean = Double.log(mean)
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let squeeze = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = uniform() - 0.5
      let v = openUniform()
      let us = 0.5 - u.magnitude
      let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
      if us >= 0.07 && v <= squeeze { return Int(k) }
      if k < 0 || (us < 0.013 && v > us) { continue }
      let accepted = Double.log(v * inverseAlpha / (a / (us * us) + b))
      if accepted <= k * logMean - mean - Double.logGamma(k + 1) { return Int(k) }
    }
  }

  private mutating func poissonByInversion(_ mean: Double) -> Int {
    var rest = uniform()
    var probability = Double.exp(-mean)
    var count = 0
    // The bound only ends the loop where rounding leaves a remainder beyond the last representable term.
    while rest >= probability && count < 1_000 {
      rest -= probability
      count += 1
      probability *= mean / Double(count)
    }
    return count
  }

  /// Puts the elements into uniformly random order (Fisher-Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, int(below: last + 1))
    }
  }
}
