import CLAPACK

extension Matrix {
  /// The product A·B, with either factor transposed first where asked (BLAS dgemm).
  public static func product(
    _ a: Matrix, _ b: Matrix, transposingFirst: Bool = false, transposingSecond: Bool = false
  ) -> Matrix {
    let m = transposingFirst ? a.columns : a.rows
    let k = transposingFirst ? a.rows : a.columns
    let n = transposingSecond ? b.rows : b.columns
    let inner = transposingSecond ? b.columns : b.rows
    precondition(k == inner, "a product over \(k) and \(inner)")
    var result = Matrix(rows: m, columns: n)
    guard m > 0, n > 0, k > 0 else { return result }
    BLASThreads.useOne()
    result.storage.withUnsafeMutableBufferPointer { c in
      cblas_dgemm(
        CblasColMajor, transposingFirst ? CblasTrans : CblasNoTrans,
        transposingSecond ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a.storage,
        Int32(a.rows), b.storage, Int32(b.rows), 0, c.baseAddress, Int32(m))
    }
    return result
  }

  /// The product A·B.
  public static func * (a: Matrix, b: Matrix) -> Matrix { product(a, b) }

  /// The product A·x.
  public static func * (a: Matrix, x: [Double]) -> [Double] { a.times(x, transposed: false) }

  /// The product Aᵀ·x, without building the transpose.
  public func transposeTimes(_ x: [Double]) -> [Double] { times(x, transposed: true) }

  /// The cross product AᵀA, both triangles filled (BLAS dsyrk).
  public func crossProduct() -> Matrix {
    var result = Matrix(rows: columns, columns: columns)
    guard rows > 0, columns > 0 else { return result }
    BLASThreads.useOne()
    result.storage.withUnsafeMutableBufferPointer { c in
      cblas_dsyrk(
        CblasColMajor, CblasLower, CblasTrans, Int32(columns), Int32(rows), 1, storage,
        Int32(rows), 0, c.baseAddress, Int32(columns))
    }
    result.mirrorLowerTriangle()
    return result
  }

  /// The weighted cross product Aᵀ·diag(w)·A, with one weight of any sign per row.
  public func crossProduct(weights: [Double]) -> Matrix {
    precondition(weights.count == rows, "\(weights.count) weights for \(rows) rows")
    var weighted = self
    for c in 0..<columns {
      for r in 0..<rows { weighted.storage[c * rows + r] *= weights[r] }
    }
    return Matrix.product(self, weighted, transposingFirst: true)
  }

  /// The quadratic form xᵀ·A·x.
  public func quadraticForm(_ x: [Double]) -> Double { dot(x, self * x) }

  private func times(_ x: [Double], transposed: Bool) -> [Double] {
    let (expected, produced) = transposed ? (rows, columns) : (columns, rows)
    precondition(x.count == expected, "\(x.count) values for \(rows) by \(columns)")
    var y = [Double](repeating: 0, count: produced)
    guard rows > 0, columns > 0 else { return y }
    BLASThreads.useOne()
    y.withUnsafeMutableBufferPointer { y in
      cblas_dgemv(
        CblasColMajor, transposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), 1,
        storage, Int32(rows), x, 1, 0, y.baseAddress, 1)
    }
    return y
  }
}

/// The sum of products of two vectors of one length.
public func dot(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "a product of \(x.count) with \(y.count) values")
  var sum = 0.0
  for i in x.indices { sum += x[i] * y[i] }
  return sum
}
