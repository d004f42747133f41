import LinearAlgebra
import RepeatContacts

/// A logistic or complementary log-log model of an outcome that was seen, on cells.
///
/// Rare outcomes and failures that always or never go with one are held finite by Firth's correction
/// (1993, Biometrika 80; for other links Kosmidis & Firth 2009, Biometrika 96), after which the
/// intercept is set so that expected and observed events agree (Puhr et al. 2017, Stat. Med. 36:
/// FLIC): the four parts add up to what was counted.
package struct BinaryOutcomeFit: Sendable {
  package let coefficients: [Double]
  let state: OutcomeEquations.State
  /// What an observed cell's row adds to the score, per unit of y − m and column.
  let scoreWeight: [Double]
  /// Minus the derivative of the summed score.
  let information: Matrix
  let iterations: Int
  package let converged: Bool
  /// What the fit leaves open, in events (Σ m(1 − m) over the rows), and how many parameters it took
  /// (the leverages' sum).
  package let openEvents: Double
  package let effectiveParameters: Double

  /// Where a failure decides the outcome, steps shrink by a constant share only.
  static let maximumIterations = 500
  static let tolerance = 1e-8

  /// - Parameters:
  ///   - events: of each observed cell.
  ///   - trials: rows of each observed cell.
  package init(_ equations: OutcomeEquations, events: [Double], trials: [Double]) throws {
    let happened = events.reduce(0, +)
    let count = trials.reduce(0, +)
    var coefficients = [Double](repeating: 0, count: equations.columnCount)
    coefficients[0] = equations.link.predictor(ofMean: (happened + 0.5) / (count + 1))
    var iteration = 0
    var step = Double.infinity
    while iteration < Self.maximumIterations && step > Self.tolerance {
      iteration += 1
      let state = equations.state(coefficients)
      let weights = Self.scoreWeights(equations, state)
      let information = Self.information(equations, state, trials: trials, weights: weights)
      var score = equations.gathered(
        events.indices.map { weights[$0] * (events[$0] - trials[$0] * state.mean[$0]) })
      let correction = try Self.correction(equations, state, trials: trials)
      for k in score.indices {
        score[k] += correction[k] - equations.ridge[k] * coefficients[k]
      }
      let change = try LUFactor(information).solve(score)
      let largest = change.map(abs).max() ?? 0
      guard largest.isFinite else { break }
      let damping = min(1, 2 / max(largest, 1e-300))
      for k in change.indices { coefficients[k] += damping * change[k] }
      step = damping * largest
    }
    converged = step <= Self.tolerance
    iterations = iteration
    Self.calibrate(&coefficients, equations, happened: happened, trials: trials)
    self.coefficients = coefficients
    state = equations.state(coefficients)
    scoreWeight = Self.scoreWeights(equations, state)
    information = Self.information(equations, state, trials: trials, weights: scoreWeight)
    let means = state.mean
    openEvents = trials.indices.reduce(0) { $0 + trials[$1] * means[$1] * (1 - means[$1]) }
    let (weights, leverage) = try Self.leverages(equations, state, trials: trials)
    effectiveParameters = zip(weights, leverage).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// dμ/dη ÷ μ(1 − μ) of the settled cells: 1 under the logistic link.
  private static func scoreWeights(
    _ equations: OutcomeEquations, _ state: OutcomeEquations.State
  ) -> [Double] {
    guard equations.link != .logistic else {
      return [Double](repeating: 1, count: equations.cells.observedCount)
    }
    return (0..<equations.cells.observedCount).map { o in
      let cell = equations.cells.settledCell(o)
      let mean = equations.link.mean(state.predictor[cell])
      return state.slope[cell] / max(mean * (1 - mean), 1e-13)
    }
  }

  private static func information(
    _ equations: OutcomeEquations, _ state: OutcomeEquations.State, trials: [Double],
    weights: [Double]
  ) -> Matrix {
    var result = equations.weighted(trials.indices.map { trials[$0] * weights[$0] }, state)
    for k in equations.ridge.indices { result[k, k] += equations.ridge[k] }
    return result
  }

  /// Fisher's weight of each observed cell and xᵀ I⁻¹ x, whose product is its leverage.
  private static func leverages(
    _ equations: OutcomeEquations, _ state: OutcomeEquations.State, trials: [Double]
  ) throws -> (weights: [Double], leverage: [Double]) {
    let weights = trials.indices.map { o in
      let cell = equations.cells.settledCell(o)
      let mean = equations.link.mean(state.predictor[cell])
      return trials[o] * state.slope[cell] * state.slope[cell] / max(mean * (1 - mean), 1e-13)
    }
    var information = equations.settledCrossProduct(weights)
    for k in equations.ridge.indices { information[k, k] += equations.ridge[k] }
    return (weights, equations.quadraticForms(try CholeskyFactor(information).inverse()))
  }

  /// Firth's adjustment of the score: ½ Σ h_o (d²μ/dη² ÷ dμ/dη) x_o, h the leverages.
  private static func correction(
    _ equations: OutcomeEquations, _ state: OutcomeEquations.State, trials: [Double]
  ) throws -> [Double] {
    let (weights, leverage) = try leverages(equations, state, trials: trials)
    return equations.gathered(
      weights.indices.map { o in
        0.5 * weights[o] * leverage[o]
          * equations.link.curvature(state.predictor[equations.cells.settledCell(o)])
      })
  }

  /// Moves the intercept until Σ trials × m is what happened.
  private static func calibrate(
    _ coefficients: inout [Double], _ equations: OutcomeEquations, happened: Double,
    trials: [Double]
  ) {
    for _ in 0..<50 {
      let state = equations.state(coefficients)
      var expected = 0.0
      var slope = 0.0
      for o in trials.indices where trials[o] > 0 {
        expected += trials[o] * state.mean[o]
        let cells = equations.cells
        for e in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
          slope += trials[o] * cells.mixtureWeight[e] * state.slope[Int(cells.mixtureCell[e])]
        }
      }
      let change = min(max((happened - expected) / max(slope, 1e-300), -1), 1)
      coefficients[0] += change
      if abs(change) < 1e-12 { return }
    }
  }
}
