import LinearAlgebra
import RealModule

/// What a linear mixed model's covariance parameters are chosen by.
public enum LinearMixedCriterion: String, Sendable, Equatable {
  /// The likelihood.
  case maximumLikelihood
  /// The likelihood of contrasts that are free of the fixed effects.
  case restricted
}

/// −2 log-likelihood of a linear mixed model as a function of θ alone.
///
/// β and σ² are profiled out. With r²(θ) the least penalised residual sum of squares, n rows and p
/// fixed effects, maximum likelihood minimises
///
///     log |M| + n·(1 + log(2π r²/n)) − Σ log w
///
/// and restricted likelihood log |M| + log |R_X|² + (n − p)·(1 + log(2π r²/(n − p))) − Σ log w
/// (Bates, Mächler, Bolker & Walker 2015, J. Stat. Softw. 67(1), eq. 34 and 41). The cross products
/// are summed once; an evaluation costs a factorisation and an inverse at its places.
final class ProfiledDeviance {
  let system: MixedSystem
  let criterion: LinearMixedCriterion
  /// Σ w r² of the least squares residuals that stand for the response.
  private let squares: Double
  /// n or n − p.
  let degreesOfFreedom: Double
  /// What θ does not move: −Σ log w and the fixed columns' scales.
  private let constant: Double
  private let rightSide: [Double]
  /// Factorisations so far.
  private(set) var evaluations = 0

  /// The answer at one θ.
  struct Solution {
    var value: Double
    var gradient: [Double]
    /// u, then the fixed effects of the scaled columns.
    var coefficients: [Double]
    /// r².
    var penalizedSquares: Double
  }

  /// - Parameters:
  ///   - response: rows' residuals from a fit of the fixed effects alone.
  ///   - weights: case weights of rows; both in the input's order.
  init(
    _ structure: MixedStructure, _ criterion: LinearMixedCriterion, response: [Double],
    weights: [Double]?
  ) {
    let rows = structure.rows
    system = structure.system()
    self.criterion = criterion
    let weight = Scratch<Double>(count: rows.count, repeating: 1)
    let score = Scratch<Double>(count: rows.count, repeating: 0)
    var (squares, logWeights) = (0.0, 0.0)
    for i in 0..<rows.count {
      let row = Int(rows.order[i])
      let w = weights?[row] ?? 1
      weight.base[i] = w
      score.base[i] = w * response[row]
      squares += w * response[row] * response[row]
      if weights != nil { logWeights += Double.log(w) }
    }
    system.products.sum(weights: weight, scores: score)
    rightSide = system.products.right.array
    self.squares = squares
    var constant = -logWeights
    let p = structure.layout.fixedCount
    if criterion == .restricted {
      for scale in structure.scales.fixed { constant += 2 * Double.log(scale) }
    }
    self.constant = constant
    degreesOfFreedom = Double(rows.count - (criterion == .restricted ? p : 0))
  }

  /// Solves for u and β at θ; leaves `system` factored there.
  func solve(_ theta: [Double]) throws(MixedModelError) -> (
    value: Double, coefficients: [Double], penalizedSquares: Double
  ) {
    evaluations += 1
    system.set(theta: theta)
    try system.factor()
    var coefficients = system.multiply(rightSide, transposed: true)
    var explained = 0.0
    coefficients.withUnsafeMutableBufferPointer {
      system.cholesky.solveLower($0.baseAddress!)
      for value in $0 { explained += value * value }
      system.cholesky.solveUpper($0.baseAddress!)
    }
    let left = squares - explained
    // Squares below the rounding of their sum are no residual.
    guard left > 1e-14 * squares else { throw .perfectFit(residualSumOfSquares: max(left, 0)) }
    let p = system.layout.fixedCount
    var value = system.cholesky.logDeterminant(dropping: p) + constant
    if criterion == .restricted { value += system.cholesky.logDeterminant(ofLast: p) }
    value += degreesOfFreedom * (1 + Double.log(2 * Double.pi * left / degreesOfFreedom))
    return (value, coefficients, left)
  }

  /// The criterion with its exact gradient.
  ///
  /// ∂r²/∂Λ_rc = −2 Σ_levels (ZᵀWe)_r u_c by the envelope theorem, e being the residuals.
  func evaluate(_ theta: [Double]) throws(MixedModelError) -> Solution {
    let (value, coefficients, squares) = try solve(theta)
    let isRestricted = criterion == .restricted
    system.invert(withFixed: isRestricted)
    var gradient = system.logDeterminantGradient(withFixed: isRestricted)
    let residual = crossResidual(coefficients)
    let slope = -2 * degreesOfFreedom / squares
    var next = 0
    for t in 0..<system.layout.termCount {
      let columns = system.layout.columns[t]
      for c in 0..<columns.width {
        for r in c..<columns.width {
          var sum = 0.0
          for level in 0..<columns.levels {
            let start = columns.start + level * columns.width
            sum += residual[start + r] * coefficients[start + c]
          }
          gradient[next] += slope * sum
          next += 1
        }
      }
    }
    return Solution(
      value: value, gradient: gradient, coefficients: coefficients, penalizedSquares: squares)
  }

  func value(_ theta: [Double]) throws(MixedModelError) -> Double { try solve(theta).value }

  func valueAndGradient(
    _ theta: [Double]
  ) throws(MixedModelError) -> (value: Double, gradient: [Double]) {
    let solution = try evaluate(theta)
    return (solution.value, solution.gradient)
  }

  /// The columns' products with the weighted residuals: right side − A·(Λu, β).
  func crossResidual(_ coefficients: [Double]) -> [Double] {
    let fitted = system.productsTimes(system.multiply(coefficients))
    return zip(rightSide, fitted).map { $0 - $1 }
  }
}
