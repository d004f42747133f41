import CLAPACK

/// Products over rows that are stored one after the other, added into memory of the caller's.
///
/// For loops that meet their rows in pieces that fit the cache; nothing is allocated.
package enum RowProducts {
  /// Adds Σ x·xᵀ over `count` rows of `width` values to the lower triangle of `sums` (BLAS dsyrk).
  package static func addCrossProduct(
    _ rows: UnsafePointer<Double>, count: Int, width: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    guard count > 0, width > 0 else { return }
    BLASThreads.useOne()
    cblas_dsyrk(
      CblasColMajor, CblasLower, CblasNoTrans, Int32(width), Int32(count), 1, rows, Int32(width),
      1, sums, Int32(width))
  }

  /// Adds Σ s·x over `count` rows of `width` values, `stride` values apart (BLAS dgemv).
  package static func addWeightedSum(
    _ rows: UnsafePointer<Double>, count: Int, width: Int, stride: Int,
    weights: UnsafePointer<Double>, into sums: UnsafeMutablePointer<Double>
  ) {
    guard count > 0, width > 0 else { return }
    BLASThreads.useOne()
    cblas_dgemv(
      CblasColMajor, CblasNoTrans, Int32(width), Int32(count), 1, rows, Int32(stride), weights, 1,
      1, sums, 1)
  }
}
