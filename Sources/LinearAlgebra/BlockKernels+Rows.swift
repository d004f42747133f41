import CLAPACK

/// Products over a block of rows without gaps, added to what is there: for passes over many rows that
/// are split into blocks.
extension BlockKernels {
  /// Adds AᵀA to the lower triangle of `sum` (BLAS dsyrk).
  ///
  /// - Parameters:
  ///   - a: rows × columns.
  ///   - sum: columns × columns.
  package static func addCrossProduct(
    _ a: UnsafePointer<Double>, rows: Int, columns: Int, to sum: UnsafeMutablePointer<Double>
  ) {
    BLASThreads.useOne()
    cblas_dsyrk(
      CblasColMajor, CblasLower, CblasTrans, Int32(columns), Int32(rows), 1, a, Int32(rows), 1,
      sum, Int32(columns))
  }

  /// Writes A·B over `product` (BLAS dgemm).
  ///
  /// - Parameters:
  ///   - a: rows × columns.
  ///   - b: columns × width.
  ///   - product: rows × width.
  package static func multiply(
    _ a: UnsafePointer<Double>, rows: Int, columns: Int, _ b: UnsafePointer<Double>, width: Int,
    into product: UnsafeMutablePointer<Double>
  ) {
    BLASThreads.useOne()
    if width == 1 {
      cblas_dgemv(
        CblasColMajor, CblasNoTrans, Int32(rows), Int32(columns), 1, a, Int32(rows), b, 1, 0,
        product, 1)
    } else {
      cblas_dgemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(width), Int32(columns), 1, a,
        Int32(rows), b, Int32(columns), 0, product, Int32(rows))
    }
  }

  /// Adds AᵀB to `sum` (BLAS dgemm).
  ///
  /// - Parameters:
  ///   - a: rows × columns.
  ///   - b: rows × width.
  ///   - sum: columns × width.
  package static func addTransposeProduct(
    _ a: UnsafePointer<Double>, rows: Int, columns: Int, _ b: UnsafePointer<Double>, width: Int,
    to sum: UnsafeMutablePointer<Double>
  ) {
    BLASThreads.useOne()
    if width == 1 {
      cblas_dgemv(
        CblasColMajor, CblasTrans, Int32(rows), Int32(columns), 1, a, Int32(rows), b, 1, 1, sum, 1)
    } else {
      cblas_dgemm(
        CblasColMajor, CblasTrans, CblasNoTrans, Int32(columns), Int32(width), Int32(rows), 1, a,
        Int32(rows), b, Int32(rows), 1, sum, Int32(columns))
    }
  }
}
