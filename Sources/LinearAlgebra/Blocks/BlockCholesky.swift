import CLAPACK

/// The Cholesky factor of a matrix of a `BlockLayout`, computed in place again and again.
///
/// The caller writes the lower triangle of the matrix into `panels` and `dense`, then calls
/// `factor()`. Nodes are eliminated in order; what they leave goes to their ancestors' panels and
/// to the dense remainder, whose factor is LAPACK's (dpotrf). Tails that fill most of the
/// remainder are gathered into columns for dsyrk, others are scattered.
///
/// It is a workspace of one thread, sized once. Complexity of `factor()`: Σ width·height² over the
/// nodes plus remainder³/3.
package final class BlockCholesky {
  package let layout: BlockLayout
  /// All panels, at the layout's starts.
  package let panels: UnsafeMutablePointer<Double>
  /// The remainder, column-major, lower triangle.
  package let dense: UnsafeMutablePointer<Double>
  /// Columns gathered for a product, and its result.
  let gathered: UnsafeMutablePointer<Double>
  let product: UnsafeMutablePointer<Double>
  /// One node's columns, and its places in an ancestor's tail.
  let column: UnsafeMutablePointer<Double>
  let places: UnsafeMutablePointer<Int32>
  let gatheredColumns: Int
  private var pending = 0

  package init(layout: BlockLayout) {
    self.layout = layout
    let widest = max(layout.widths.max() ?? 1, 1)
    let highest = max(layout.heights.max() ?? 1, 1)
    let order = layout.remainder
    gatheredColumns = max(64, widest)
    func allocate(_ count: Int) -> UnsafeMutablePointer<Double> {
      let memory = UnsafeMutablePointer<Double>.allocate(capacity: max(count, 1))
      memory.initialize(repeating: 0, count: max(count, 1))
      return memory
    }
    panels = allocate(layout.panelCount)
    dense = allocate(order * order)
    gathered = allocate(order * gatheredColumns)
    product = allocate(max(order, highest) * gatheredColumns)
    column = allocate(highest * gatheredColumns)
    places = .allocate(capacity: highest)
    BLASThreads.useOne()
  }

  deinit {
    for memory in [panels, dense, gathered, product, column] { memory.deallocate() }
    places.deallocate()
  }

  /// Replaces the matrix by its factor.
  ///
  /// - Throws: `.notPositiveDefinite` with the coefficient (1-based) whose pivot is not positive,
  ///   `.notFinite` where an entry was NaN or infinite.
  package func factor() throws(LinearAlgebraError) {
    pending = 0
    for node in 0..<layout.count {
      try factorColumns(of: node)
      updateAncestors(of: node)
      updateRemainder(of: node)
    }
    flush()
    let first = layout.coefficientStarts[layout.count]
    try factorBlock(dense, order: layout.remainder, leading: layout.remainder, first: first)
  }

  /// log det of the matrix without the last `dropping` rows of the remainder, which every node's
  /// tail must have where rows are dropped.
  package func logDeterminant(dropping: Int = 0) -> Double {
    var sum = 0.0
    for node in 0..<layout.count {
      let panel = panels + layout.panelStarts[node]
      for c in 0..<layout.widths[node] { sum += logOf(panel[c * layout.heights[node] + c]) }
    }
    for c in 0..<layout.remainder - dropping { sum += logOf(dense[c * layout.remainder + c]) }
    return 2 * sum
  }

  /// log det of the last `count` rows of the remainder, given all before.
  package func logDeterminant(ofLast count: Int) -> Double {
    var sum = 0.0
    for c in layout.remainder - count..<layout.remainder {
      sum += logOf(dense[c * layout.remainder + c])
    }
    return 2 * sum
  }

  /// L_jj and the rows below it, from the panel that all children have updated.
  private func factorColumns(of node: Int) throws(LinearAlgebraError) {
    let panel = panels + layout.panelStarts[node]
    let (width, height) = (layout.widths[node], layout.heights[node])
    if width == 1 {
      let pivot = panel[0]
      guard pivot.isFinite else { throw .notFinite(position: layout.coefficientStarts[node] + 1) }
      guard pivot > 0 else {
        throw .notPositiveDefinite(leadingMinor: layout.coefficientStarts[node] + 1)
      }
      let root = pivot.squareRoot()
      panel[0] = root
      for r in 1..<max(height, 1) { panel[r] /= root }
      return
    }
    try factorBlock(panel, order: width, leading: height, first: layout.coefficientStarts[node])
    if height > width {
      cblas_dtrsm(
        CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, Int32(height - width),
        Int32(width), 1, panel, Int32(height), panel + width, Int32(height))
    }
  }

  private func factorBlock(
    _ block: UnsafeMutablePointer<Double>, order: Int, leading: Int, first: Int
  ) throws(LinearAlgebraError) {
    guard order > 0 else { return }
    let info = LAPACKE_dpotrf_work(
      LAPACK_COL_MAJOR, Option.lower, Int32(order), block, Int32(leading))
    trapOnIllegalArgument(info, "dpotrf")
    if info > 0 { throw .notPositiveDefinite(leadingMinor: first + Int(info)) }
    // OpenBLAS compares a pivot with zero, and a NaN passes that test.
    for i in 0..<order where !block[i * leading + i].isFinite {
      throw .notFinite(position: first + i + 1)
    }
  }

  /// Takes what a node explains from the panels of its ancestors.
  private func updateAncestors(of node: Int) {
    var ancestor = layout.parents[node]
    guard ancestor >= 0 else { return }
    let panel = panels + layout.panelStarts[node]
    let (width, height) = (layout.widths[node], layout.heights[node])
    let tailRow = width + layout.ancestorRows[node]
    let tail = height - tailRow
    var first = width
    var child = node
    for i in 0..<tail { places[i] = Int32(i) }
    while ancestor >= 0 {
      let from = layout.tailStarts[child]
      for i in 0..<tail { places[i] = layout.parentPlaces[from + Int(places[i])] }
      let target = panels + layout.panelStarts[ancestor]
      let targetHeight = layout.heights[ancestor]
      let targetTail = layout.widths[ancestor] + layout.ancestorRows[ancestor]
      for c in 0..<layout.widths[ancestor] {
        let into = target + c * targetHeight
        for k in 0..<width {
          let values = panel + k * height
          let factor = values[first + c]
          for r in c..<targetTail { into[r] -= values[first + r] * factor }
          for i in 0..<tail { into[targetTail + Int(places[i])] -= values[tailRow + i] * factor }
        }
      }
      first += layout.widths[ancestor]
      child = ancestor
      ancestor = layout.parents[ancestor]
    }
  }

  /// Takes what a node explains from the remainder.
  private func updateRemainder(of node: Int) {
    let (width, height) = (layout.widths[node], layout.heights[node])
    let tailRow = width + layout.ancestorRows[node]
    let tail = height - tailRow
    guard tail > 0 else { return }
    let order = layout.remainder
    let panel = panels + layout.panelStarts[node]
    layout.tails.withUnsafeBufferPointer { tails in
      let rows = tails.baseAddress! + layout.tailStarts[node]
      if layout.isFull(tail: tail, of: order) {
        if pending + width > gatheredColumns { flush() }
        for k in 0..<width {
          let into = gathered + (pending + k) * order
          into.update(repeating: 0, count: order)
          for i in 0..<tail { into[Int(rows[i])] = panel[k * height + tailRow + i] }
        }
        pending += width
        return
      }
      for k in 0..<width {
        let values = panel + k * height + tailRow
        for c in 0..<tail {
          let factor = values[c]
          if factor == 0 { continue }
          let into = dense + Int(rows[c]) * order
          for i in c..<tail { into[Int(rows[i])] -= values[i] * factor }
        }
      }
    }
  }

  /// Subtracts the product of the gathered columns with themselves from the remainder.
  private func flush() {
    guard pending > 0 else { return }
    let order = Int32(layout.remainder)
    cblas_dsyrk(
      CblasColMajor, CblasLower, CblasNoTrans, order, Int32(pending), -1, gathered, order, 1,
      dense, order)
    pending = 0
  }
}
