import LinearAlgebra
import RealModule

extension ProfiledDeviance {
  /// Where the search starts: near the optimum, with the curvature there.
  ///
  /// One step of expectation and maximisation, then one Newton step in which the factors' diagonals
  /// move by ratios, so that none crosses zero.
  func start(
    at theta: [Double], diagonal: [Int]
  ) throws(MixedModelError) -> CovarianceStart {
    let first = try solve(theta)
    system.invert(withFixed: false)
    var start = CovarianceStart(
      system, effects: system.multiply(first.coefficients),
      variance: first.penalizedSquares / degreesOfFreedom)
    let there = try evaluate(start.theta)
    guard let inverse = inverseInformation(there.coefficients, there.penalizedSquares) else {
      return start
    }
    start.inverseHessian = inverse
    let step = (inverse * there.gradient).map { -$0 }
    var moved = start.theta
    for i in moved.indices { moved[i] += step[i] }
    for i in diagonal {
      let ratio = min(max(step[i] / start.theta[i], -1.5), 0.7)
      moved[i] = start.theta[i] * Double.exp(ratio)
    }
    let after = try solve(moved)
    guard after.value < there.value else { return start }
    start.theta = moved
    if let inverse = inverseInformation(after.coefficients, after.penalizedSquares) {
      start.inverseHessian = inverse
    }
    return start
  }

  /// The inverse of the average of the observed and the expected curvature of the criterion in θ;
  /// nil where it is not positive definite. The system stays factored at the θ of the solution.
  ///
  /// With H = I + ZΛΛᵀZᵀ, its derivatives H_i and the projection P that leaves residuals e = Py,
  ///
  ///     ν · [eᵀH_i P H_j e / r² − (eᵀH_i e)(eᵀH_j e) / r⁴]
  ///
  /// (Gilmour, Thompson & Cullis 1995, Biometrics 51, section 3, with σ² profiled out). H_i e is Z·a
  /// with a = ∂Λ_i·u + Λ·∂Λ_iᵀ·Zᵀe, so that an entry costs a triangular solve and no inverse.
  private func inverseInformation(_ coefficients: [Double], _ squares: Double) -> Matrix? {
    let residual = crossResidual(coefficients)
    let directions = directions(coefficients, residual)
    let products = directions.map { system.productsTimes($0) }
    let solved = products.map { product in
      var right = system.multiply(product, transposed: true)
      right.withUnsafeMutableBufferPointer { system.cholesky.solveLower($0.baseAddress!) }
      return right
    }
    let count = directions.count
    // eᵀH_i e = aᵀZᵀe.
    let slopes = directions.map { dot($0, residual) }
    var information = Matrix(rows: count, columns: count)
    for j in 0..<count {
      for i in 0..<count {
        let projected = dot(directions[i], products[j]) - dot(solved[i], solved[j])
        information[i, j] =
          degreesOfFreedom / squares * (projected - slopes[i] * slopes[j] / squares)
      }
    }
    do {
      return try CholeskyFactor(information).inverse()
    } catch {
      return nil
    }
  }

  /// ∂Λ_i·u + Λ·∂Λ_iᵀ·Zᵀe for each entry i of θ; zero for the fixed effects.
  private func directions(_ coefficients: [Double], _ residual: [Double]) -> [[Double]] {
    var directions: [[Double]] = []
    for t in 0..<system.layout.termCount {
      let columns = system.layout.columns[t]
      for c in 0..<columns.width {
        for r in c..<columns.width {
          var moved = [Double](repeating: 0, count: coefficients.count)
          for level in 0..<columns.levels {
            let start = columns.start + level * columns.width
            moved[start + c] = residual[start + r]
          }
          moved = system.multiply(moved)
          for level in 0..<columns.levels {
            let start = columns.start + level * columns.width
            moved[start + r] += coefficients[start + c]
          }
          directions.append(moved)
        }
      }
    }
    return directions
  }
}
