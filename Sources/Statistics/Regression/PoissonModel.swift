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

  /// Under γ > 1 the likelihood of a row with (almost) no response rises without bound in its slope
  /// towards a mean of zero, and Fisher's weights with it, until no matrix holds them beside the others.
  /// Rows are kept this far from the end of the range; 0 under other γ.
  private var leastBase: Double { link.exponent > 1 ? 1e-8 * min(commonBase, 1) : 0 }

  /// Whether a row has arrived at the least base: it stays there as long as it is drawn below it.
  private func isHeld(_ eta: Double) -> Bool { base(eta) < 2 * leastBase }

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
      if score[row] < 0, isHeld(linearPredictor[row]) { score[row] = 0 }
    }
    return (score, weights)
  }

  /// dℓ/dη of a row with exposure, and −d²ℓ/dη² = γ y μ^(−2γ) + (1 − γ) E μ^(1−2γ), which is never
  /// negative for γ in 0...1.
  func scoreAndCurvature(_ row: Int, _ eta: Double) -> (score: Double, curvature: Double) {
    let exponent = link.exponent
    let mean = link.unboundedMean(eta)
    let slope = link.derivative(atMean: mean)
    let share = exponent * response[row] / mean + (1 - exponent) * exposure[row]
    return (
      (response[row] / mean - exposure[row]) * slope, slope * slope * share / mean
    )
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
      guard fall > 0 else { continue }
      let base = base(linearPredictor[row])
      // A row that is held moves by rounding only, and may.
      let room = isHeld(linearPredictor[row]) ? base / 2 : 0.99 * (base - leastBase)
      longest = min(longest, room / fall)
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
