import LinearAlgebra
import Statistics

/// A covariance with its Cholesky factor: whitening and draws.
package struct CovarianceFactor: Sendable {
  package let matrix: Matrix
  private let factor: CholeskyFactor

  package init(_ matrix: Matrix) throws {
    self.matrix = matrix
    factor = try CholeskyFactor(matrix)
  }

  /// L⁻¹ x, whose covariance is the identity where x has this one.
  package func whitened(_ x: [Double]) -> [Double] { factor.solveLower(x) }

  /// A draw around 0.
  package func draw(_ stream: inout RandomStream) -> [Double] {
    let n = matrix.rows
    let z = (0..<n).map { _ in stream.normal() }
    return (0..<n).map { i in
      var sum = 0.0
      for k in 0...i { sum += factor.lower[i, k] * z[k] }
      return sum
    }
  }
}
