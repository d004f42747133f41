import LinearAlgebra
import RealModule

/// Newton's method inside the range of a power link with 0 < γ ≤ 1: a primal-dual interior point method
/// (Nocedal & Wright 2006, Numerical Optimization, section 19.3).
///
/// The likelihood can draw rows to a mean of zero and beyond, and Fisher scoring then crawls along
/// the edge. Here each row's base u = 1 + γη carries a barrier τE log u and a multiplier z with
/// z·u = τE at the optimum; τ is lowered to a hundred-billionth of the common base, which moves no
/// row inside and brings the others to the edge. All of it is concave.
struct InteriorPoint {
  let design: IndicatorDesign
  let model: PoissonModel

  /// Where a fit stands.
  struct State {
    var coefficients: [Double]
    var linearPredictor: [Double]
    /// z, one a row.
    var multipliers: [Double]
    /// What the last step reached, and under which barrier.
    var reached: (merit: Double, barrier: Double)?
  }

  /// τ at the end of a fit.
  var lastBarrier: Double { 1e-11 * min(model.commonBase, 1) }

  /// Lowers τ from stage to stage until the last one is solved to `tolerance`.
  func run(
    from start: [Double], maximumIterations: Int, tolerance: Double
  ) throws(RegressionError) -> (state: State, iterations: Int, ending: FitEnding) {
    var barrier = 1e-2 * min(model.commonBase, 1)
    let inside = model.movedInside(start, design)
    var state = State(
      coefficients: inside, linearPredictor: design.linearPredictor(inside), multipliers: [])
    state.multipliers = state.linearPredictor.indices.map {
      barrier * model.exposure[$0] / model.base(state.linearPredictor[$0])
    }
    let totalExposure = model.exposure.reduce(0, +)
    for iteration in 1...max(1, maximumIterations) {
      let outcome = try step(&state, barrier: barrier)
      let isLast = barrier <= lastBarrier
      // What a stage leaves unsolved need only be small beside what its barrier distorts.
      let enough = isLast ? tolerance : max(tolerance, 0.1 * barrier * totalExposure)
      if outcome.decrement / 2 <= enough {
        if isLast { return (state, iteration, .converged) }
        barrier = max(lastBarrier, min(barrier / 5, Double.pow(barrier, 1.5)))
      } else if outcome.fraction == 0 {
        return (state, iteration, .noAscent)
      }
    }
    return (state, maximumIterations, .maximumIterations)
  }

  /// One step from coefficients alone, for use inside an outer iteration. A row as near the edge
  /// as fits bring it gets the multiplier E that a row held there by its own exposure has.
  func step(from start: [Double]) throws(RegressionError) -> [Double] {
    let barrier = 1e3 * lastBarrier
    let inside = model.movedInside(start, design)
    var state = State(
      coefficients: inside, linearPredictor: design.linearPredictor(inside), multipliers: [])
    state.multipliers = state.linearPredictor.indices.map {
      let nearness = 100 * barrier / model.base(state.linearPredictor[$0])
      return model.exposure[$0] * min(1, nearness * nearness)
    }
    _ = try step(&state, barrier: barrier)
    return state.coefficients
  }

  /// Log-likelihood less penalty, with the barrier; −∞ outside the range.
  private func merit(
    _ coefficients: [Double], _ linearPredictor: [Double], _ barrier: Double
  ) -> Double {
    var sum = 0.0
    for row in linearPredictor.indices where model.exposure[row] > 0 {
      let base = model.base(linearPredictor[row])
      let mean = model.link.unboundedMean(linearPredictor[row])
      guard mean > 0, mean < PowerLink.maximumMean else { return -.infinity }
      // log μ is log u / γ.
      let logBase = Double.log(base)
      sum +=
        (model.response[row] / model.link.exponent + barrier * model.exposure[row]) * logBase
        - model.exposure[row] * mean
    }
    return sum - model.penalty.value(coefficients)
  }

  private func step(
    _ state: inout State, barrier: Double
  ) throws(RegressionError) -> FisherScoring.StepOutcome {
    let exponent = model.link.exponent
    var rowScore = [Double](repeating: 0, count: design.rowCount)
    var weights = rowScore
    for row in rowScore.indices where model.exposure[row] > 0 {
      let (score, curvature) = model.scoreAndCurvature(row, state.linearPredictor[row])
      let base = model.base(state.linearPredictor[row])
      rowScore[row] = score + exponent * barrier * model.exposure[row] / base
      weights[row] = curvature + exponent * exponent * state.multipliers[row] / base
    }
    var score = design.transposeTimes(rowScore)
    model.penalty.subtractGradient(at: state.coefficients, from: &score)
    var information = design.weightedCrossProduct(weights)
    information.addToDiagonal(model.penalty.strengths)
    let direction = try uphillDirection(information, score)
    let decrement = dot(score, direction)
    let change = design.linearPredictor(direction)
    let known = state.reached.flatMap { $0.barrier == barrier ? $0.merit : nil }
    let before = known ?? merit(state.coefficients, state.linearPredictor, barrier)
    let rounding = 1e-13 * (abs(before) + 1)
    var fraction = model.longestStep(linearPredictor: state.linearPredictor, direction: change)
    for _ in 0...FisherScoring.maximumHalvings {
      var trial = state.coefficients
      for j in trial.indices { trial[j] += fraction * direction[j] }
      let predictor = design.linearPredictor(trial)
      let after = merit(trial, predictor, barrier)
      let rise = after - before
      if rise >= 1e-4 * fraction * decrement - rounding {
        let multipliers = moved(state, change, barrier, to: predictor)
        state = State(
          coefficients: trial, linearPredictor: predictor, multipliers: multipliers,
          reached: (after, barrier))
        return FisherScoring.StepOutcome(fraction: fraction, rise: rise, decrement: decrement)
      }
      fraction /= 2
    }
    return FisherScoring.StepOutcome(fraction: 0, rise: 0, decrement: decrement)
  }

  /// The multipliers after their own Newton step, kept positive and within reason of τE/u.
  private func moved(
    _ state: State, _ change: [Double], _ barrier: Double, to predictor: [Double]
  ) -> [Double] {
    var steps = [Double](repeating: 0, count: change.count)
    var longest = 1.0
    for row in change.indices where model.exposure[row] > 0 {
      let base = model.base(state.linearPredictor[row])
      let multiplier = state.multipliers[row]
      steps[row] =
        barrier * model.exposure[row] / base - multiplier
        - multiplier / base * model.link.exponent * change[row]
      if steps[row] < 0 { longest = min(longest, 0.99 * multiplier / -steps[row]) }
    }
    return change.indices.map { row in
      guard model.exposure[row] > 0 else { return 0 }
      let central = barrier * model.exposure[row] / model.base(predictor[row])
      let multiplier = state.multipliers[row] + longest * steps[row]
      return min(max(multiplier, central / 1e10), central * 1e10)
    }
  }
}
