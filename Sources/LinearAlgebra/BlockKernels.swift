import CLAPACK

/// Products of blocks that lie in someone else's memory, for loops that work through large data a
/// cache's worth at a time. Columns of a block are `stride` apart; nothing is copied.
package enum BlockKernels {
  /// A block of `rows` × `columns` whose columns begin `stride` apart.
  package struct Block {
    package let base: UnsafePointer<Double>
    package let rows: Int
    package let columns: Int
    package let stride: Int

    package init(base: UnsafePointer<Double>, rows: Int, columns: Int, stride: Int) {
      precondition(stride >= rows, "columns of \(rows) rows \(stride) apart")
      self.base = base
      self.rows = rows
      self.columns = columns
      self.stride = stride
    }
  }

  /// Writes AᵀB over `result`, which has A's columns as rows and no gaps (BLAS dgemm).
  package static func transposedProduct(
    _ a: Block, _ b: Block, into result: UnsafeMutablePointer<Double>
  ) {
    precondition(a.rows == b.rows, "a product over \(a.rows) and \(b.rows)")
    guard a.columns > 0, b.columns > 0 else { return }
    BLASThreads.useOne()
    cblas_dgemm(
      CblasColMajor, CblasTrans, CblasNoTrans, Int32(a.columns), Int32(b.columns), Int32(a.rows),
      1, a.base, Int32(max(1, a.stride)), b.base, Int32(max(1, b.stride)), 0, result,
      Int32(a.columns))
  }

  /// Adds A·Aᵀ to the lower triangle of `result`, which is square and has no gaps (BLAS dsyrk).
  package static func addOuterProduct(_ a: Block, to result: UnsafeMutablePointer<Double>) {
    guard a.rows > 0, a.columns > 0 else { return }
    BLASThreads.useOne()
    cblas_dsyrk(
      CblasColMajor, CblasLower, CblasNoTrans, Int32(a.rows), Int32(a.columns), 1, a.base,
      Int32(a.stride), 1, result, Int32(a.rows))
  }
}
