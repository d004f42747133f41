import CLAPACK

#if canImport(Glibc)
  import Glibc
#endif

/// The Cholesky factor L of a symmetric positive definite matrix A = L·Lᵀ (LAPACK dpotrf).
public struct CholeskyFactor: Sendable {
  /// L, with zeros above its diagonal.
  public let lower: Matrix

  /// Order of the matrix.
  public var order: Int { lower.rows }

  /// Factors `matrix`, of which only the lower triangle is read.
  ///
  /// - Throws: `.notPositiveDefinite` with the order of the first minor that fails, `.notFinite`
  ///   where an entry is NaN or infinite.
  public init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "Cholesky of \(matrix.rows) by \(matrix.columns)")
    BLASThreads.useOne()
    let n = matrix.rows
    var factor = matrix
    let info = factor.storage.withUnsafeMutableBufferPointer {
      LAPACKE_dpotrf_work(
        LAPACK_COL_MAJOR, Option.lower, Int32(n), $0.baseAddress, Int32(max(1, n)))
    }
    trapOnIllegalArgument(info, "dpotrf")
    if info > 0 { throw .notPositiveDefinite(leadingMinor: Int(info)) }
    // OpenBLAS compares a pivot with zero, and a NaN passes that test.
    for i in 0..<n where !factor[i, i].isFinite { throw .notFinite(position: i + 1) }
    for c in 1..<max(n, 1) {
      for r in 0..<c { factor[r, c] = 0 }
    }
    lower = factor
  }

  /// Takes a factor that is known already: lower triangular with a positive diagonal.
  package init(lower: Matrix) {
    precondition(lower.isSquare, "a factor of \(lower.rows) by \(lower.columns)")
    BLASThreads.useOne()
    self.lower = lower
  }

  /// The solution x of A·x = b.
  public func solve(_ b: [Double]) -> [Double] {
    solve(Matrix(rows: b.count, columns: 1, storage: b)).storage
  }

  /// The solutions X of A·X = B, column by column.
  public func solve(_ b: Matrix) -> Matrix {
    precondition(b.rows == order, "\(b.rows) rows for order \(order)")
    var x = b
    let n = Int32(order)
    let info = x.storage.withUnsafeMutableBufferPointer {
      LAPACKE_dpotrs_work(
        LAPACK_COL_MAJOR, Option.lower, n, Int32(b.columns), lower.storage, max(1, n),
        $0.baseAddress, max(1, n))
    }
    trapOnIllegalArgument(info, "dpotrs")
    return x
  }

  /// The solution y of L·y = b, whose squared length is bᵀ·A⁻¹·b.
  public func solveLower(_ b: [Double]) -> [Double] {
    precondition(b.count == order, "\(b.count) values for order \(order)")
    var y = b
    y.withUnsafeMutableBufferPointer {
      cblas_dtrsv(
        CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, Int32(order), lower.storage,
        Int32(max(1, order)), $0.baseAddress, 1)
    }
    return y
  }

  /// A⁻¹, both triangles filled.
  public func inverse() -> Matrix {
    var inverse = lower
    let n = Int32(order)
    let info = inverse.storage.withUnsafeMutableBufferPointer {
      LAPACKE_dpotri_work(LAPACK_COL_MAJOR, Option.lower, n, $0.baseAddress, max(1, n))
    }
    trapOnIllegalArgument(info, "dpotri")
    // The factor's diagonal was found positive, so dpotri cannot meet a zero there.
    inverse.mirrorLowerTriangle()
    return inverse
  }

  /// log det A.
  public var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<order { sum += log(lower[i, i]) }
    return 2 * sum
  }
}
