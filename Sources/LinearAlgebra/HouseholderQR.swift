import CLAPACK

/// The QR factors of a tall matrix without column exchanges, A = Q·R (LAPACK dgeqrf).
///
/// Householder reflections are backward stable: R is exact for a matrix within rounding of A, where
/// a Cholesky factor of AᵀA would have lost half the digits.
public struct HouseholderQR: Sendable {
  private let factors: Matrix
  private let reflectors: [Double]

  public var rows: Int { factors.rows }
  public var columns: Int { factors.columns }

  /// Factors `matrix`, which has at least as many rows as columns and only finite entries.
  public init(_ matrix: Matrix) {
    precondition(
      matrix.rows >= matrix.columns, "QR of \(matrix.rows) rows by \(matrix.columns) columns")
    BLASThreads.useOne()
    let (m, n) = (Int32(matrix.rows), Int32(matrix.columns))
    var factors = matrix
    var reflectors = [Double](repeating: 0, count: matrix.columns)
    let info = factors.storage.withUnsafeMutableBufferPointer { a in
      withWorkspace { work, length in
        LAPACKE_dgeqrf_work(
          LAPACK_COL_MAJOR, m, n, a.baseAddress, max(1, m), &reflectors, work, length)
      }
    }
    trapOnIllegalArgument(info, "dgeqrf")
    self.factors = factors
    self.reflectors = reflectors
  }

  /// R, columns × columns with zeros below its diagonal.
  public var triangle: Matrix {
    var result = Matrix(rows: columns, columns: columns)
    for c in 0..<columns {
      for r in 0...c { result[r, c] = factors[r, c] }
    }
    return result
  }

  /// Qᵀ·b, all its rows: the first `columns` of them lie in the range of A.
  public func rotate(_ b: [Double]) -> [Double] { apply(b, Option.transpose) }

  /// Q·b, the inverse of `rotate`.
  public func rotateBack(_ b: [Double]) -> [Double] { apply(b, Option.noTranspose) }

  private func apply(_ b: [Double], _ transposition: CChar) -> [Double] {
    precondition(b.count == rows, "\(b.count) values for \(rows) rows")
    var rotated = b
    let (m, n) = (Int32(rows), Int32(columns))
    guard n > 0 else { return rotated }
    let info = rotated.withUnsafeMutableBufferPointer { c in
      withWorkspace { work, length in
        LAPACKE_dormqr_work(
          LAPACK_COL_MAJOR, Option.left, transposition, m, 1, n, factors.storage, max(1, m),
          reflectors, c.baseAddress, max(1, m), work, length)
      }
    }
    trapOnIllegalArgument(info, "dormqr")
    return rotated
  }
}

/// An upper triangle R that has no zero on its diagonal.
public struct UpperTriangle: Sendable {
  public let matrix: Matrix

  /// - Throws: `.singular` with the position of the first zero on the diagonal.
  public init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "a triangle of \(matrix.rows) by \(matrix.columns)")
    for i in 0..<matrix.rows where matrix[i, i] == 0 { throw .singular(pivot: i + 1) }
    self.matrix = matrix
  }

  /// The solution x of R·x = b, or of Rᵀ·x = b (BLAS dtrsv).
  public func solve(_ b: [Double], transposed: Bool = false) -> [Double] {
    precondition(b.count == matrix.rows, "\(b.count) values for order \(matrix.rows)")
    var x = b
    BLASThreads.useOne()
    x.withUnsafeMutableBufferPointer {
      cblas_dtrsv(
        CblasColMajor, CblasUpper, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit,
        Int32(matrix.rows), matrix.storage, Int32(max(1, matrix.rows)), $0.baseAddress, 1)
    }
    return x
  }

  /// X·R⁻¹ for a matrix X with R's columns (BLAS dtrsm).
  public func divide(_ x: Matrix) -> Matrix {
    precondition(x.columns == matrix.rows, "\(x.columns) columns for order \(matrix.rows)")
    var result = x
    guard x.rows > 0, x.columns > 0 else { return result }
    BLASThreads.useOne()
    result.storage.withUnsafeMutableBufferPointer {
      cblas_dtrsm(
        CblasColMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, Int32(x.rows),
        Int32(x.columns), 1, matrix.storage, Int32(matrix.rows), $0.baseAddress, Int32(x.rows))
    }
    return result
  }

  /// R⁻¹.
  public func inverse() -> Matrix { divide(.identity(matrix.rows)) }
}
