import CLAPACK

#if canImport(Glibc)
  import Glibc
#endif

@inline(__always) func logOf(_ value: Double) -> Double { log(value) }

/// Triangular solves with a factor that `factor()` has left.
///
/// With `dropping`, the last rows of the remainder are left out, as if the matrix ended there.
extension BlockCholesky {
  /// Replaces b by L⁻¹·b; b has a value a coefficient.
  package func solveLower(_ b: UnsafeMutablePointer<Double>, dropping: Int = 0) {
    let rest = b + layout.coefficientStarts[layout.count]
    for node in 0..<layout.count {
      let panel = panels + layout.panelStarts[node]
      let (width, height) = (layout.widths[node], layout.heights[node])
      let own = b + layout.coefficientStarts[node]
      if width == 1 {
        own[0] /= panel[0]
      } else {
        cblas_dtrsv(
          CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, Int32(width), panel,
          Int32(height), own, 1)
      }
      for k in 0..<width {
        let (values, factor) = (panel + k * height, own[k])
        var row = width
        forEachAncestor(of: node) { ancestor, start, width in
          for r in 0..<width { b[start + r] -= values[row + r] * factor }
          row += width
        }
        forEachTailRow(of: node, dropping) { i, r in rest[r] -= values[row + i] * factor }
      }
    }
    solveRemainder(rest, CblasNoTrans, dropping)
  }

  /// Replaces b by L⁻ᵀ·b.
  package func solveUpper(_ b: UnsafeMutablePointer<Double>, dropping: Int = 0) {
    let rest = b + layout.coefficientStarts[layout.count]
    solveRemainder(rest, CblasTrans, dropping)
    for node in stride(from: layout.count - 1, through: 0, by: -1) {
      let panel = panels + layout.panelStarts[node]
      let (width, height) = (layout.widths[node], layout.heights[node])
      let own = b + layout.coefficientStarts[node]
      for k in 0..<width {
        let values = panel + k * height
        var sum = 0.0
        var row = width
        forEachAncestor(of: node) { ancestor, start, width in
          for r in 0..<width { sum += values[row + r] * b[start + r] }
          row += width
        }
        forEachTailRow(of: node, dropping) { i, r in sum += values[row + i] * rest[r] }
        own[k] -= sum
      }
      if width == 1 {
        own[0] /= panel[0]
      } else {
        cblas_dtrsv(
          CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, Int32(width), panel,
          Int32(height), own, 1)
      }
    }
  }

  private func solveRemainder(
    _ rest: UnsafeMutablePointer<Double>, _ transposition: CBLAS_TRANSPOSE, _ dropping: Int
  ) {
    let order = layout.remainder - dropping
    guard order > 0 else { return }
    cblas_dtrsv(
      CblasColMajor, CblasLower, transposition, CblasNonUnit, Int32(order), dense,
      Int32(layout.remainder), rest, 1)
  }

  @inline(__always)
  private func forEachAncestor(of node: Int, _ body: (Int, Int, Int) -> Void) {
    var ancestor = layout.parents[node]
    while ancestor >= 0 {
      body(ancestor, layout.coefficientStarts[ancestor], layout.widths[ancestor])
      ancestor = layout.parents[ancestor]
    }
  }

  /// The tail's places and rows; the rows that are dropped are its last ones.
  @inline(__always)
  private func forEachTailRow(of node: Int, _ dropping: Int, _ body: (Int, Int) -> Void) {
    let limit = layout.remainder - dropping
    layout.tails.withUnsafeBufferPointer { tails in
      let start = layout.tailStarts[node]
      for k in start..<layout.tailStarts[node + 1] {
        let row = Int(tails[k])
        if row >= limit { break }
        body(k - start, row)
      }
    }
  }
}
