import CLAPACK

/// The eigenvalues and orthonormal eigenvectors of a symmetric matrix (LAPACK dsyevd).
public struct SymmetricEigen: Sendable {
  /// Ascending.
  public let values: [Double]
  /// Column k belongs to `values[k]`.
  public let vectors: Matrix

  /// Decomposes `matrix`, of which only the lower triangle is read.
  ///
  /// - Throws: `.notFinite` where an entry is NaN or infinite, `.eigenvaluesNotFound` where the
  ///   iteration fails.
  public init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "eigenvalues of \(matrix.rows) by \(matrix.columns)")
    BLASThreads.useOne()
    let n = matrix.rows
    for c in 0..<n {
      for r in c..<n where !matrix[r, c].isFinite { throw .notFinite(position: c + 1) }
    }
    var vectors = matrix
    var values = [Double](repeating: 0, count: n)
    // dsyevd's documented minimum for eigenvectors: 1 + 6n + 2n² doubles, 3 + 5n integers.
    var work = [Double](repeating: 0, count: 1 + 6 * n + 2 * n * n)
    var integerWork = [Int32](repeating: 0, count: 3 + 5 * n)
    let info = vectors.storage.withUnsafeMutableBufferPointer { a in
      LAPACKE_dsyevd_work(
        LAPACK_COL_MAJOR, Option.vectors, Option.lower, Int32(n), a.baseAddress, Int32(max(1, n)),
        &values, &work, Int32(work.count), &integerWork, Int32(integerWork.count))
    }
    trapOnIllegalArgument(info, "dsyevd")
    if info > 0 { throw .eigenvaluesNotFound(offDiagonals: Int(info)) }
    self.values = values
    self.vectors = vectors
  }
}
