import RealModule

/// The Poisson likelihood of one response and exposure under a power link.
struct PoissonModel: ScoringModel {
  let link: PowerLink
  let response: [Double]
  let exposure: [Double]
  let commonRate: Double
  let penalty: RidgePenalty

  /// 1 + γη, positive inside the link's range.
  func base(_ eta: Double) -> Double { 1 + link.exponent * eta }

  /// The base of the common rate: the unit in which nearness to the range's end is measured.
  var commonBase: Double { base(link.linearPredictor(commonRate)) }

  func logLikelihood(linearPredictor: [Double]) -> Double {
    var sum = 0.0
    for row in response.indices where exposure[row] > 0 {
      let mean = link.unboundedMean(linearPredictor[row])
      guard mean > 0, mean < PowerLink.maximumMean else { return -.infinity }
      sum -= exposure[row] * mean
      if response[row] > 0 { sum += response[row] * Double.log(mean) }
    }
    return sum
  }

  /// Σ y log E − log Γ(y + 1), the part of the log-likelihood that no coefficient moves.
  var constant: Double {
    var sum = 0.0
    for row in response.indices where response[row] > 0 {
      sum += response[row] * Double.log(exposure[row]) - Double.logGamma(response[row] + 1)
    }
    return sum
  }

  /// dℓ/dη = (y/μ − E) dμ/dη, and the expected information E (dμ/dη)²/μ.
  func scoreAndWeights(linearPredictor: [Double]) -> (score: [Double], weights: [Double]) {
    var score = [Double](repeating: 0, count: response.count)
    var weights = score
    for row in response.indices where exposure[row] > 0 {
      let mean = link.unboundedMean(linearPredictor[row])
      let slope = link.derivative(atMean: mean)
      score[row] = (response[row] / mean - exposure[row]) * slope
      weights[row] = exposure[row] * slope * slope / mean
    }
    return (score, weights)
  }

  /// −d²ℓ/dη² = γ y μ^(−2γ) + (1 − γ) E μ^(1−2γ), which is never negative for γ in 0...1.
  func curvature(linearPredictor: [Double]) -> [Double] {
    let exponent = link.exponent
    return response.indices.map { row in
      guard exposure[row] > 0 else { return 0 }
      let mean = link.unboundedMean(linearPredictor[row])
      let slope = link.derivative(atMean: mean)
      let share = exponent * response[row] / mean + (1 - exponent) * exposure[row]
      return slope * slope * share / mean
    }
  }

  /// Expected information per row for errors; under γ > 0 a mean below a thousandth of the common
  /// rate counts as that, as information grows without bound towards a mean of zero.
  func information(linearPredictor: [Double]) -> [Double] {
    response.indices.map { row in
      guard exposure[row] > 0 else { return 0 }
      let mean = link.mean(linearPredictor[row])
      let slope = link.derivative(atMean: mean)
      let least = link.exponent > 0 ? commonRate / 1000 : 0
      return exposure[row] * slope * slope / max(mean, least)
    }
  }

  /// Goes at most 99 % of the way to the end of the link's range.
  func longestStep(linearPredictor: [Double], direction: [Double]) -> Double {
    guard link.exponent != 0 else { return 1 }
    var longest = 1.0
    for row in direction.indices where exposure[row] > 0 {
      let fall = -link.exponent * direction[row]
      if fall > 0 { longest = min(longest, 0.99 * base(linearPredictor[row]) / fall) }
    }
    return longest
  }

  /// `coefficients`, or where they leave the link's range, the same drawn towards zero (where
  /// every mean is 1) until a tenth of the common base is between every row and its end.
  func movedInside(_ coefficients: [Double], _ design: IndicatorDesign) -> [Double] {
    guard link.exponent != 0 else { return coefficients }
    let eta = design.linearPredictor(coefficients)
    var lowest = 1.0
    for row in eta.indices where exposure[row] > 0 { lowest = min(lowest, base(eta[row])) }
    if lowest > 0 { return coefficients }
    let margin = 0.1 * min(commonBase, 1)
    let share = (1 - margin) / (1 - lowest)
    return coefficients.map { $0 * share }
  }
}
