import LinearAlgebra

/// A covariance with its Cholesky factor: whitening and errors of sums.
package struct CovarianceFactor: Sendable {
  package let matrix: Matrix
  private let factor: CholeskyFactor

  package init(_ matrix: Matrix) throws {
    self.matrix = matrix
    factor = try CholeskyFactor(matrix)
  }

  /// L⁻¹ x, whose covariance is the identity where x has this one.
  package func whitened(_ x: [Double]) -> [Double] { factor.solveLower(x) }

  /// Standard error of Σ weight × x.
  package func standardError(of weights: [Double]) -> Double {
    dot(weights, matrix * weights).squareRoot()
  }
}
