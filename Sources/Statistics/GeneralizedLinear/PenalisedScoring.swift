import LinearAlgebra
import RealModule

/// Fisher scoring with step halving on deviance/2 plus a penalty.
struct PenalisedScoring {
  let likelihood: LikelihoodPass
  let penalty: Penalty
  /// Λ of the penalty βᵀΛβ/2.
  let ridge: Matrix?
  let columnNames: [String]
  let maximumIterations: Int
  let tolerance: Double

  /// Where a fit ended.
  struct End {
    let coefficients: [Double]
    /// XᵀWX + Λ there.
    let information: Matrix
    let deviance: Double
    /// The last step.
    let direction: [Double]
    let decrement: Double
    let iterations: Int
    let halvings: Int
  }

  private struct State {
    var coefficients: [Double]
    /// Deviance/2 plus the penalty.
    var objective: Double
    var deviance: Double
    var score: [Double]
    var information: Matrix
  }

  private static let maximumHalvings = 40

  /// Iterates to the tolerance.
  ///
  /// - Throws: `.notConverged`, `.noDescent`, `.noStart`, `.information`.
  ///
  /// - Parameters:
  ///   - start: coefficients to start from, where they are known.
  ///   - first: the likelihood's start, where it has been evaluated.
  func run(
    from start: [Double]?, first: LikelihoodPass.Value? = nil
  ) throws(GeneralizedLinearError) -> End {
    var state = try firstState(start, first)
    var halvings = 0
    var decrement = Double.infinity
    let termRounding = self.termRounding
    let least = leastDecrement
    for iteration in 1...max(1, maximumIterations) {
      let direction = try solve(state.information, state.score)
      decrement = dot(state.score, direction)
      let rounding = 1e-13 * (abs(state.objective) + 1) + termRounding
      var fraction = 1.0
      var taken = 0
      while true {
        var trial = state.coefficients
        for j in trial.indices { trial[j] += fraction * direction[j] }
        let moved = try self.state(trial)
        if moved.objective <= state.objective - 1e-4 * fraction * decrement + rounding {
          state = moved
          break
        }
        guard taken < Self.maximumHalvings else {
          throw .noDescent(
            iterations: iteration, decrement: decrement, deviance: state.deviance)
        }
        fraction /= 2
        taken += 1
      }
      halvings += taken
      if decrement <= max(tolerance * scale(state), least) {
        return End(
          coefficients: state.coefficients, information: state.information,
          deviance: state.deviance, direction: direction, decrement: decrement,
          iterations: iteration, halvings: halvings)
      }
    }
    let largest = state.coefficients.indices.max {
      abs(state.coefficients[$0]) < abs(state.coefficients[$1])
    }
    throw .notConverged(
      iterations: maximumIterations, decrement: decrement, tolerance: tolerance * scale(state),
      deviance: state.deviance,
      largest: largest.map { (columnNames[$0], state.coefficients[$0]) } ?? ("none", 0))
  }

  /// The rounding of a deviance whose terms, of the size of counts and trials, cancel each other.
  private var termRounding: Double {
    let observations = likelihood.observations
    if likelihood.family == .gaussian { return 0 }
    var sum = 0.0
    for row in observations.weights.indices {
      sum += observations.weights[row] * max(observations.response[row], 1)
    }
    return 1e-15 * sum
  }

  /// The decrement of a step that moves each mean by no more than the rounding of its response:
  /// where a fit is all but exact, nothing smaller can be asked for.
  private var leastDecrement: Double {
    guard likelihood.family.hasFreeDispersion else { return 0 }
    let observations = likelihood.observations
    var squares = 0.0
    for row in observations.weights.indices {
      // Families other than the gaussian see residuals relative to the mean.
      let size = likelihood.family == .gaussian ? observations.response[row] : 1
      squares += observations.weights[row] * size * size
    }
    return 1e-30 * squares
  }

  /// The dispersion, of which a decrement is a multiple.
  private func scale(_ state: State) -> Double {
    guard likelihood.family.hasFreeDispersion else { return 1 }
    let observations = likelihood.observations
    let weight = observations.weights.reduce(0, +)
    return max(state.deviance / weight, .leastNormalMagnitude)
  }

  /// One weighted least squares fit around the responses, or around their common mean where that
  /// leaves the family's range.
  private func firstState(
    _ start: [Double]?, _ known: LikelihoodPass.Value?
  ) throws(GeneralizedLinearError) -> State {
    if let start {
      let given = try state(start)
      if given.objective.isFinite { return given }
    }
    let first = known ?? likelihood.evaluateStart()
    var information = first.information
    if let ridge { information = information + ridge }
    let around = try state(solve(information, first.score))
    if around.objective.isFinite { return around }
    let observations = likelihood.observations
    let mean =
      dot(observations.weights, observations.response) / observations.weights.reduce(0, +)
    guard let intercept = columnNames.firstIndex(of: "(Intercept)") else {
      throw .noStart(family: likelihood.family.name, link: likelihood.link.rawValue)
    }
    var common = [Double](repeating: 0, count: columnNames.count)
    common[intercept] = likelihood.link.linearPredictor(mean)
    let flat = try state(common)
    guard flat.objective.isFinite else {
      throw .noStart(family: likelihood.family.name, link: likelihood.link.rawValue)
    }
    return flat
  }

  private func state(_ coefficients: [Double]) throws(GeneralizedLinearError) -> State {
    let value = likelihood.evaluate(coefficients)
    var state = State(
      coefficients: coefficients, objective: value.deviance / 2, deviance: value.deviance,
      score: value.score, information: value.information)
    guard value.deviance.isFinite else {
      state.objective = .infinity
      return state
    }
    if let ridge {
      let gradient = ridge * coefficients
      for j in gradient.indices { state.score[j] -= gradient[j] }
      state.information = state.information + ridge
      state.objective += dot(gradient, coefficients) / 2
    }
    if penalty == .firth { try addFirth(&state) }
    return state
  }

  /// Adds Jeffreys's prior to a state: half the log determinant of the information, with the score
  /// Σ hᵢ (μ''/2μ') xᵢ of leverages h (Firth 1993, Biometrika 80, 27 - 38, section 3).
  private func addFirth(_ state: inout State) throws(GeneralizedLinearError) {
    let factor: CholeskyFactor
    do {
      factor = try CholeskyFactor(state.information)
    } catch .notPositiveDefinite {
      // At the edge of the parameters nothing is known any more.
      state.objective = .infinity
      return
    } catch {
      throw .information(error)
    }
    let (_, weights) = likelihood.scoresAndWeights(state.coefficients)
    let forms = likelihood.design.quadraticForms(
      factor.inverse(), threads: likelihood.threads)
    let means = likelihood.means(state.coefficients)
    let isBinomial = likelihood.family.isBinomial
    let added = weights.indices.map { place in
      let curvature =
        isBinomial ? (means[place].complement - means[place].value) / 2 : 0.5
      return weights[place] * forms[place] * curvature
    }
    let score = likelihood.design.transposeTimes(added, threads: likelihood.threads)
    for j in score.indices { state.score[j] += score[j] }
    state.objective -= factor.logDeterminant / 2
  }

  private func solve(
    _ information: Matrix, _ score: [Double]
  ) throws(GeneralizedLinearError) -> [Double] {
    do {
      return try uphillDirection(information, score)
    } catch .information(let error) {
      throw .information(error)
    } catch {
      // The direction's only fault is its matrix.
      throw .information(.singular(pivot: 1))
    }
  }
}
