import CLAPACK

/// The QR factors of a tall matrix with column exchanges, A·P = Q·R (LAPACK dgeqp3).
///
/// Exchanges bring the columns with most left to say to the front, so the diagonal of R falls and
/// shows the rank: columns behind it depend linearly on the others.
public struct PivotedQR: Sendable {
  private let factors: Matrix
  private let reflectors: [Double]
  /// The column of A that stands at each position of R.
  public let permutation: [Int]
  /// Columns that are linearly independent by the tolerance.
  public let rank: Int

  /// The answer of a least squares problem.
  public struct LeastSquares: Sendable, Equatable {
    /// One a column; zero for a dropped column.
    public let coefficients: [Double]
    public let residualSumOfSquares: Double
    /// Columns left out because others determine them, ascending.
    public let droppedColumns: [Int]
  }

  /// Factors `matrix`, which has at least as many rows as columns.
  ///
  /// - Parameter tolerance: a column counts while its |R(k,k)| is above this share of |R(0,0)|;
  ///   by default the rounding error of the shape, max(rows, columns) · ε. Scale columns to one
  ///   length before where their units differ.
  /// - Throws: `.notFinite` where an entry is NaN or infinite.
  public init(_ matrix: Matrix, tolerance: Double? = nil) throws(LinearAlgebraError) {
    precondition(
      matrix.rows >= matrix.columns, "QR of \(matrix.rows) rows by \(matrix.columns) columns")
    BLASThreads.useOne()
    let (m, n) = (matrix.rows, matrix.columns)
    // A NaN would make LAPACK's choice of pivots undefined.
    for (i, value) in matrix.storage.enumerated() where !value.isFinite {
      throw .notFinite(position: i / max(1, m) + 1)
    }
    var factors = matrix
    var order = [Int32](repeating: 0, count: n)
    var reflectors = [Double](repeating: 0, count: n)
    let info = factors.storage.withUnsafeMutableBufferPointer { a in
      withWorkspace { work, length in
        LAPACKE_dgeqp3_work(
          LAPACK_COL_MAJOR, Int32(m), Int32(n), a.baseAddress, Int32(max(1, m)), &order,
          &reflectors, work, length)
      }
    }
    trapOnIllegalArgument(info, "dgeqp3")
    let limit = (tolerance ?? Double(max(m, n)) * .ulpOfOne) * (n > 0 ? abs(factors[0, 0]) : 0)
    rank = (0..<n).first { abs(factors[$0, $0]) <= limit } ?? n
    permutation = order.map { Int($0) - 1 }
    self.factors = factors
    self.reflectors = reflectors
  }

  /// The coefficients that bring A·x closest to `b`, with dependent columns left out.
  public func leastSquares(_ b: [Double]) -> LeastSquares {
    precondition(b.count == factors.rows, "\(b.count) values for \(factors.rows) rows")
    var rotated = b
    let (m, n) = (Int32(factors.rows), Int32(factors.columns))
    let info = rotated.withUnsafeMutableBufferPointer { c in
      withWorkspace { work, length in
        LAPACKE_dormqr_work(
          LAPACK_COL_MAJOR, Option.left, Option.transpose, m, 1, n, factors.storage, max(1, m),
          reflectors, c.baseAddress, max(1, m), work, length)
      }
    }
    trapOnIllegalArgument(info, "dormqr")
    var leading = rotated
    leading.withUnsafeMutableBufferPointer {
      cblas_dtrsv(
        CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, Int32(rank), factors.storage,
        max(1, m), $0.baseAddress, 1)
    }
    var coefficients = [Double](repeating: 0, count: factors.columns)
    for k in 0..<rank { coefficients[permutation[k]] = leading[k] }
    var residual = 0.0
    for value in rotated[rank...] { residual += value * value }
    return LeastSquares(
      coefficients: coefficients, residualSumOfSquares: residual,
      droppedColumns: permutation[rank...].sorted())
  }

  /// (AᵀA)⁻¹ over the independent columns, in A's column order, zero for a dropped column.
  public func crossProductInverse() -> Matrix {
    var triangle = Matrix(rows: rank, columns: rank)
    for c in 0..<rank {
      for r in 0...c { triangle[r, c] = factors[r, c] }
    }
    let n = Int32(rank)
    let info = triangle.storage.withUnsafeMutableBufferPointer {
      LAPACKE_dpotri_work(LAPACK_COL_MAJOR, Option.upper, n, $0.baseAddress, max(1, n))
    }
    trapOnIllegalArgument(info, "dpotri")
    var inverse = Matrix(rows: factors.columns, columns: factors.columns)
    for c in 0..<rank {
      for r in 0...c {
        inverse[permutation[r], permutation[c]] = triangle[r, c]
        inverse[permutation[c], permutation[r]] = triangle[r, c]
      }
    }
    return inverse
  }
}

/// Asks a LAPACK routine for the workspace it wants, then runs it with that.
func withWorkspace(_ routine: (UnsafeMutablePointer<Double>, Int32) -> Int32) -> Int32 {
  var wanted = 0.0
  let info = routine(&wanted, -1)
  guard info == 0 else { return info }
  var work = [Double](repeating: 0, count: max(1, Int(wanted)))
  return work.withUnsafeMutableBufferPointer { routine($0.baseAddress!, Int32($0.count)) }
}
