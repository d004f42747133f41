import LinearAlgebra
import RealModule

/// Laplace's approximation to the marginal likelihood of a random-intercept logistic regression.
///
/// With b̂_g the mode of h_g(b) = Σ_{i∈g} ℓ_i(x_i β + σb) − b²/2 and w_g = Σ_{i∈g} n p (1 − p):
///
///     L(β, σ) = Σ_g h_g(b̂_g) − ½ log(1 + σ² w_g)
struct LaplaceLikelihood {
  let design: IndicatorDesign
  let groupCount: Int
  let groups: [Int32]
  let model: BinomialModel
  /// Rows by group: those of group g are `rows[groupStarts[g]..<groupStarts[g + 1]]`.
  private let groupStarts: [Int]
  private let rows: [Int]

  var penalty: RidgePenalty { model.penalty }
  var constant: Double { model.constant }

  init(
    design: IndicatorDesign, groups: [Int32], groupCount: Int, successes: [Double],
    trials: [Double], penalty: RidgePenalty
  ) {
    self.design = design
    self.groups = groups
    self.groupCount = groupCount
    model = BinomialModel(successes: successes, trials: trials, penalty: penalty)
    var starts = [Int](repeating: 0, count: groupCount + 1)
    for group in groups { starts[Int(group) + 1] += 1 }
    for g in 0..<groupCount { starts[g + 1] += starts[g] }
    var next = starts
    var ordered = [Int](repeating: 0, count: groups.count)
    for row in groups.indices {
      ordered[next[Int(groups[row])]] = row
      next[Int(groups[row])] += 1
    }
    groupStarts = starts
    rows = ordered
  }

  /// η = Xβ + σb of `point` = (β, σ).
  func linearPredictor(_ point: [Double], _ modes: [Double]) -> [Double] {
    let scale = point[design.columnCount]
    var eta = design.linearPredictor(Array(point[..<design.columnCount]))
    for row in eta.indices { eta[row] += scale * modes[Int(groups[row])] }
    return eta
  }

  struct Evaluation {
    /// Without penalty.
    var logLikelihood: Double
    /// Gradient of the log-likelihood in (β, σ), without penalty.
    var gradient: [Double]
    /// w_g.
    var groupWeights: [Double]
  }

  /// The penalised negative log-likelihood and its gradient, for a minimiser.
  func negative(
    at point: [Double], modes: inout [Double]
  ) -> (value: Double, gradient: [Double]) {
    let evaluation = evaluate(at: point, modes: &modes)
    let coefficients = Array(point[..<design.columnCount])
    var score = Array(evaluation.gradient[..<design.columnCount])
    penalty.subtractGradient(at: coefficients, from: &score)
    let gradient = score.map { -$0 } + [-evaluation.gradient[design.columnCount]]
    return (penalty.value(coefficients) - evaluation.logLikelihood, gradient)
  }

  /// The approximation and its exact gradient, the modes' own movement with (β, σ) included.
  ///
  /// - Parameter modes: where the search for each b̂_g starts, and its end.
  func evaluate(at point: [Double], modes: inout [Double]) -> Evaluation {
    let scale = point[design.columnCount]
    let fixed = design.linearPredictor(Array(point[..<design.columnCount]))
    var result = Evaluation(
      logLikelihood: 0, gradient: [], groupWeights: [Double](repeating: 0, count: groupCount))
    var rowSlope = [Double](repeating: 0, count: fixed.count)
    var scaleSlope = 0.0
    for g in 0..<groupCount {
      let members = groupStarts[g]..<groupStarts[g + 1]
      modes[g] = mode(of: members, fixed, scale, from: modes[g])
      let sums = sums(over: members, fixed, scale * modes[g])
      let (w, spread) = (sums.weight, 1 + scale * scale * sums.weight)
      result.groupWeights[g] = w
      result.logLikelihood +=
        sums.logLikelihood - modes[g] * modes[g] / 2 - Double.log(onePlus: spread - 1) / 2
      // −½ ∂/∂η log(1 + σ²w): each row moves w by n p(1−p)(1−2p).
      let pull = scale * scale / (2 * spread)
      let modePerScale = (sums.score - scale * w * modes[g]) / spread
      scaleSlope +=
        sums.score * modes[g] - scale * w / spread
        - pull * sums.third * (modes[g] + scale * modePerScale)
      for k in members {
        let row = rows[k]
        let (score, weight, third) = derivatives(row, fixed[row] + scale * modes[g])
        // dη/dβ = x + σ db̂/dβ, and db̂/dβ = −σ Σ W x / (1 + σ²w): the second part is the
        // same multiple of W for every row of the group.
        rowSlope[row] = score - pull * (third - scale * scale * sums.third / spread * weight)
      }
    }
    result.gradient = design.transposeTimes(rowSlope) + [scaleSlope]
    return result
  }

  /// XᵀWX − Σ_g (Xᵀ W 1_g)(…)ᵀ σ²/(1 + σ²w_g): the fixed effects' block with groups eliminated.
  func fixedInformation(at point: [Double], _ modes: [Double]) -> Matrix {
    let scale = point[design.columnCount]
    let eta = linearPredictor(point, modes)
    let weights = eta.indices.map { derivatives($0, eta[$0]).weight }
    var information = design.weightedCrossProduct(weights)
    var sums = [Double](repeating: 0, count: design.columnCount)
    for g in 0..<groupCount {
      var touched: [Int] = []
      var total = 0.0
      for k in groupStarts[g]..<groupStarts[g + 1] where weights[rows[k]] > 0 {
        total += weights[rows[k]]
        for column in design.columns(ofRow: rows[k]) {
          if sums[Int(column)] == 0 { touched.append(Int(column)) }
          sums[Int(column)] += weights[rows[k]]
        }
      }
      let factor = scale * scale / (1 + scale * scale * total)
      for c in touched {
        for r in touched { information[r, c] -= factor * sums[r] * sums[c] }
      }
      for c in touched { sums[c] = 0 }
    }
    return information
  }

  /// The mode b̂ of one group by Newton's method with step halving; h is concave, so it is the only
  /// one.
  private func mode(
    of members: Range<Int>, _ fixed: [Double], _ scale: Double, from start: Double
  ) -> Double {
    var b = start
    var here = sums(over: members, fixed, scale * b)
    var value = here.logLikelihood - b * b / 2
    for _ in 0..<100 {
      let step = (scale * here.score - b) / (1 + scale * scale * here.weight)
      if abs(step) <= 1e-13 * (1 + abs(b)) { return b + step }
      var fraction = 1.0
      while fraction > 1e-10 {
        let trial = b + fraction * step
        let there = sums(over: members, fixed, scale * trial)
        let moved = there.logLikelihood - trial * trial / 2
        if moved >= value - 1e-14 * (abs(value) + 1) {
          (b, here, value) = (trial, there, moved)
          break
        }
        fraction /= 2
      }
      if fraction <= 1e-10 { return b }
    }
    return b
  }

  private struct Sums {
    var logLikelihood = 0.0
    var score = 0.0
    var weight = 0.0
    var third = 0.0
  }

  private func sums(over members: Range<Int>, _ fixed: [Double], _ shift: Double) -> Sums {
    var sums = Sums()
    for k in members where model.trials[rows[k]] > 0 {
      let row = rows[k]
      let eta = fixed[row] + shift
      sums.logLikelihood += BinomialModel.logLikelihood(
        model.successes[row], model.trials[row], eta)
      let (score, weight, third) = derivatives(row, eta)
      sums.score += score
      sums.weight += weight
      sums.third += third
    }
    return sums
  }

  /// dℓ/dη, −d²ℓ/dη² and its derivative n p(1−p)(1−2p).
  @inline(__always)
  private func derivatives(
    _ row: Int, _ eta: Double
  ) -> (score: Double, weight: Double, third: Double) {
    let trials = model.trials[row]
    let success = logistic(eta)
    let failure = logistic(-eta)
    let score = model.successes[row] * failure - (trials - model.successes[row]) * success
    let weight = trials * success * failure
    return (score, weight, weight * (failure - success))
  }
}
