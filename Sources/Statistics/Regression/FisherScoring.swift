import LinearAlgebra

/// How an iterative fit ended.
public enum FitEnding: String, Sendable, Equatable {
  /// The next step would raise the penalised log-likelihood by less than the tolerance.
  case converged
  /// The allowed iterations were used up.
  case maximumIterations
  /// No shortening of the step raised the penalised log-likelihood.
  case noAscent
}

/// A penalty λ_j (β_j − m_j)² / 2 per column: a normal prior of variance 1/λ_j around m_j.
public struct RidgePenalty: Sendable, Equatable {
  /// λ, one a column.
  public var strengths: [Double]
  /// m, one a column.
  public var centers: [Double]

  public init(strengths: [Double], centers: [Double]) {
    self.strengths = strengths
    self.centers = centers
  }

  /// Σ λ_j (β_j − m_j)² / 2.
  public func value(_ coefficients: [Double]) -> Double {
    var sum = 0.0
    for j in coefficients.indices {
      let distance = coefficients[j] - centers[j]
      sum += strengths[j] * distance * distance
    }
    return sum / 2
  }

  /// Subtracts the penalty's gradient λ_j (β_j − m_j) from a score.
  func subtractGradient(at coefficients: [Double], from score: inout [Double]) {
    for j in coefficients.indices {
      score[j] -= strengths[j] * (coefficients[j] - centers[j])
    }
  }
}

/// A likelihood as Fisher scoring sees it.
protocol ScoringModel {
  var penalty: RidgePenalty { get }
  /// The log-likelihood without penalty, up to a constant; −∞ outside the model's range.
  func logLikelihood(linearPredictor: [Double]) -> Double
  /// Per row, dℓ/dη and its expected negative derivative.
  func scoreAndWeights(linearPredictor: [Double]) -> (score: [Double], weights: [Double])
  /// The share of a step, at most 1, that stays inside the model's range.
  func longestStep(linearPredictor: [Double], direction: [Double]) -> Double
}

extension ScoringModel {
  func longestStep(linearPredictor: [Double], direction: [Double]) -> Double { 1 }
}

/// Fisher scoring with step halving on a penalised log-likelihood.
struct FisherScoring {
  let design: IndicatorDesign

  /// Where a fit stands.
  struct State {
    var coefficients: [Double]
    var linearPredictor: [Double]
    var penalisedLogLikelihood: Double
  }

  /// What one step did.
  struct StepOutcome {
    /// The share of the step that was taken; 0 for none.
    var fraction: Double
    /// The rise of the penalised log-likelihood that came of it.
    var rise: Double
    /// Twice the rise that the whole step promised.
    var decrement: Double
  }

  /// Halvings before a step counts as hopeless: 2⁻⁴⁰ of it is below rounding of β.
  static let maximumHalvings = 40

  func state(_ model: some ScoringModel, at coefficients: [Double]) -> State {
    let predictor = design.linearPredictor(coefficients)
    return State(
      coefficients: coefficients, linearPredictor: predictor,
      penalisedLogLikelihood: model.logLikelihood(linearPredictor: predictor)
        - model.penalty.value(coefficients))
  }

  /// Moves `state` by the scoring step (XᵀWX + Λ)⁻¹ s, halved until the penalised log-likelihood
  /// rises by a twentieth of what its slope promises (Armijo). The decrement sᵀ(XᵀWX + Λ)⁻¹ s is twice the rise that a full step promises.
  func step(
    _ model: some ScoringModel, _ state: inout State
  ) throws(RegressionError) -> StepOutcome {
    let (rowScore, weights) = model.scoreAndWeights(linearPredictor: state.linearPredictor)
    var score = design.transposeTimes(rowScore)
    model.penalty.subtractGradient(at: state.coefficients, from: &score)
    var information = design.weightedCrossProduct(weights)
    information.addToDiagonal(model.penalty.strengths)
    let direction = try uphillDirection(information, score)
    let decrement = dot(score, direction)
    // Sums of the size of ℓ carry this much rounding; a rise smaller than it cannot be seen.
    let rounding = 1e-13 * (abs(state.penalisedLogLikelihood) + 1)
    var fraction = model.longestStep(
      linearPredictor: state.linearPredictor, direction: design.linearPredictor(direction))
    for _ in 0...FisherScoring.maximumHalvings {
      var trial = state.coefficients
      for j in trial.indices { trial[j] += fraction * direction[j] }
      let moved = self.state(model, at: trial)
      let rise = moved.penalisedLogLikelihood - state.penalisedLogLikelihood
      if rise >= 0.05 * fraction * decrement - rounding {
        state = moved
        return StepOutcome(fraction: fraction, rise: rise, decrement: decrement)
      }
      fraction /= 2
    }
    return StepOutcome(fraction: 0, rise: 0, decrement: decrement)
  }

  /// Steps until the promised rise of the penalised log-likelihood is at most `tolerance`.
  func run(
    _ model: some ScoringModel, from start: [Double], maximumIterations: Int, tolerance: Double
  ) throws(RegressionError) -> (state: State, iterations: Int, ending: FitEnding) {
    var state = state(model, at: start)
    for iteration in 1...max(1, maximumIterations) {
      let outcome = try step(model, &state)
      if outcome.decrement / 2 <= tolerance { return (state, iteration, .converged) }
      if outcome.fraction == 0 { return (state, iteration, .noAscent) }
    }
    return (state, maximumIterations, .maximumIterations)
  }
}

/// The solution of a positive definite system. Where weights of very different size and columns
/// that repeat each other lose the definiteness to rounding, the diagonal is raised until it is
/// back: the direction is then still uphill, and the fit still ends where its score is zero.
func uphillDirection(
  _ information: Matrix, _ score: [Double]
) throws(RegressionError) -> [Double] {
  var share = 0.0
  while true {
    var raised = information
    raised.addToDiagonal(information.diagonal.map { share * $0 })
    do {
      return try CholeskyFactor(raised).solve(score)
    } catch {
      guard case .notPositiveDefinite = error, share < 1e-4 else { throw .information(error) }
      share = max(share * 100, 1e-14)
    }
  }
}

/// (information + Λ)⁻¹.
func penalisedInverse(
  _ information: Matrix, _ penalty: RidgePenalty
) throws(RegressionError) -> Matrix {
  var penalised = information
  penalised.addToDiagonal(penalty.strengths)
  do {
    return try CholeskyFactor(penalised).inverse()
  } catch {
    throw .information(error)
  }
}
