import CLAPACK

#if canImport(Glibc)
  import Glibc
#endif

/// The LU factors of a general square matrix A with row exchanges (LAPACK dgetrf).
public struct LUFactor: Sendable {
  private let factors: Matrix
  private let pivots: [Int32]

  /// Order of the matrix.
  public var order: Int { factors.rows }

  /// Factors `matrix`.
  ///
  /// - Throws: `.singular` with the position of the first zero pivot, `.notFinite` where an entry
  ///   is NaN or infinite.
  public init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "LU of \(matrix.rows) by \(matrix.columns)")
    BLASThreads.useOne()
    let n = Int32(matrix.rows)
    var factors = matrix
    var pivots = [Int32](repeating: 0, count: matrix.rows)
    let info = factors.storage.withUnsafeMutableBufferPointer { a in
      pivots.withUnsafeMutableBufferPointer { pivots in
        LAPACKE_dgetrf_work(
          LAPACK_COL_MAJOR, n, n, a.baseAddress, max(1, n), pivots.baseAddress)
      }
    }
    trapOnIllegalArgument(info, "dgetrf")
    for i in 0..<matrix.rows where !factors[i, i].isFinite { throw .notFinite(position: i + 1) }
    if info > 0 { throw .singular(pivot: Int(info)) }
    self.factors = factors
    self.pivots = pivots
  }

  /// The solution x of A·x = b.
  public func solve(_ b: [Double]) -> [Double] {
    solve(Matrix(rows: b.count, columns: 1, storage: b), Option.noTranspose).storage
  }

  /// The solutions X of A·X = B.
  public func solve(_ b: Matrix) -> Matrix { solve(b, Option.noTranspose) }

  /// The solution x of Aᵀ·x = b.
  public func solveTransposed(_ b: [Double]) -> [Double] {
    solve(Matrix(rows: b.count, columns: 1, storage: b), Option.transpose).storage
  }

  /// The solutions X of Aᵀ·X = B.
  public func solveTransposed(_ b: Matrix) -> Matrix { solve(b, Option.transpose) }

  /// A⁻¹.
  public func inverse() -> Matrix { solve(.identity(order)) }

  /// log |det A|.
  public var logAbsoluteDeterminant: Double {
    var sum = 0.0
    for i in 0..<order { sum += log(abs(factors[i, i])) }
    return sum
  }

  private func solve(_ b: Matrix, _ transposition: CChar) -> Matrix {
    precondition(b.rows == order, "\(b.rows) rows for order \(order)")
    var x = b
    let n = Int32(order)
    let info = x.storage.withUnsafeMutableBufferPointer {
      LAPACKE_dgetrs_work(
        LAPACK_COL_MAJOR, transposition, n, Int32(b.columns), factors.storage, max(1, n), pivots,
        $0.baseAddress, max(1, n))
    }
    trapOnIllegalArgument(info, "dgetrs")
    return x
  }
}
