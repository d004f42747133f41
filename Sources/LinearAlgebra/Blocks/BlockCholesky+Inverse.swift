import CLAPACK

/// The entries of the inverse at the places of the matrix, without the rest of it.
extension BlockCholesky {
  /// Writes the inverse of the factored matrix into a layout like its own.
  ///
  /// The remainder's inverse is LAPACK's (dpotri); nodes follow from the last to the first, each
  /// from its factor's columns and the inverse among the rows that they touch (Takahashi, Fagan &
  /// Chin 1973; Erisman & Tinney 1975, Commun. ACM 18). Complexity as `factor()`.
  ///
  /// - Parameters:
  ///   - inversePanels: as `panels`, with both triangles of each node's own block; rows that are
  ///     dropped are left as they are.
  ///   - inverseDense: as `dense`, lower triangle, with the leading dimension of the remainder.
  ///   - dropping: rows at the end of the remainder that the matrix is taken to end before.
  package func writeInverse(
    _ inversePanels: UnsafeMutablePointer<Double>, _ inverseDense: UnsafeMutablePointer<Double>,
    dropping: Int = 0
  ) {
    invertRemainder(inverseDense, layout.remainder - dropping)
    var end = layout.count
    while end > 0 {
      // Nodes of one stretch do not touch each other: no parent is among them.
      var start = end
      var columns = 0
      while start > 0, end - start < gatheredColumns {
        let node = start - 1
        if layout.parents[node] >= 0, layout.parents[node] < end { break }
        if columns + layout.widths[node] > gatheredColumns { break }
        columns += layout.widths[node]
        start = node
      }
      writeInverse(of: start..<end, inversePanels, inverseDense, dropping)
      end = start
    }
  }

  private func invertRemainder(_ inverse: UnsafeMutablePointer<Double>, _ order: Int) {
    guard order > 0 else { return }
    let leading = layout.remainder
    for c in 0..<order {
      (inverse + c * leading + c).update(from: dense + c * leading + c, count: order - c)
    }
    let info = LAPACKE_dpotri_work(
      LAPACK_COL_MAJOR, Option.lower, Int32(order), inverse, Int32(leading))
    trapOnIllegalArgument(info, "dpotri")
    // The factor's diagonal was found positive, so dpotri cannot meet a zero there.
  }

  private func writeInverse(
    of nodes: Range<Int>, _ inversePanels: UnsafeMutablePointer<Double>,
    _ inverseDense: UnsafeMutablePointer<Double>, _ dropping: Int
  ) {
    let order = layout.remainder - dropping
    multiplyFullTails(of: nodes, inverseDense, dropping)
    var full = 0
    for node in nodes {
      let (width, height) = (layout.widths[node], layout.heights[node])
      let ancestorRows = layout.ancestorRows[node]
      let tail = tailCount(node, dropping)
      let rows = ancestorRows + tail
      let scaled = column
      scaleColumns(of: node, rows: rows, into: scaled)
      let target = inversePanels + layout.panelStarts[node]
      for k in 0..<width { (target + k * height + width).update(repeating: 0, count: rows) }
      if layout.isFull(tail: tail, of: order) {
        for k in 0..<width {
          let from = product + (full + k) * order
          let into = target + k * height + width + ancestorRows
          withTail(node) { tails in for i in 0..<tail { into[i] = from[Int(tails[i])] } }
        }
        full += width
      } else {
        addRemainderProduct(node, tail, scaled, rows, inverseDense, target)
      }
      addAncestorProduct(node, tail, scaled, rows, inversePanels, target)
      finish(node, rows, scaled, target)
    }
  }

  private func tailCount(_ node: Int, _ dropping: Int) -> Int {
    layout.heights[node] - layout.widths[node] - layout.ancestorRows[node] - dropping
  }

  @inline(__always)
  private func withTail(_ node: Int, _ body: (UnsafePointer<Int32>) -> Void) {
    layout.tails.withUnsafeBufferPointer { tails in
      guard let base = tails.baseAddress else { return }
      body(base + layout.tailStarts[node])
    }
  }

  /// Y = (rows below the own block) · L_jj⁻¹.
  private func scaleColumns(of node: Int, rows: Int, into scaled: UnsafeMutablePointer<Double>) {
    let panel = panels + layout.panelStarts[node]
    let (width, height) = (layout.widths[node], layout.heights[node])
    if width == 1 {
      let root = panel[0]
      for r in 0..<rows { scaled[r] = panel[1 + r] / root }
      return
    }
    guard rows > 0 else { return }
    for k in 0..<width {
      (scaled + k * rows).update(from: panel + k * height + width, count: rows)
    }
    cblas_dtrsm(
      CblasColMajor, CblasRight, CblasLower, CblasNoTrans, CblasNonUnit, Int32(rows),
      Int32(width), 1, panel, Int32(height), scaled, Int32(rows))
  }

  /// The remainder's inverse times the full tails of these nodes, as columns of `product`.
  private func multiplyFullTails(
    of nodes: Range<Int>, _ inverseDense: UnsafeMutablePointer<Double>, _ dropping: Int
  ) {
    let order = layout.remainder - dropping
    var full = 0
    for node in nodes {
      let tail = tailCount(node, dropping)
      guard tail > 0, layout.isFull(tail: tail, of: order) else { continue }
      let rows = layout.ancestorRows[node] + tail
      scaleColumns(of: node, rows: rows, into: column)
      for k in 0..<layout.widths[node] {
        let into = gathered + (full + k) * order
        into.update(repeating: 0, count: order)
        let from = column + k * rows + layout.ancestorRows[node]
        withTail(node) { tails in for i in 0..<tail { into[Int(tails[i])] = from[i] } }
      }
      full += layout.widths[node]
    }
    guard full > 0 else { return }
    cblas_dsymm(
      CblasColMajor, CblasLeft, CblasLower, Int32(order), Int32(full), 1, inverseDense,
      Int32(layout.remainder), gathered, Int32(order), 0, product, Int32(order))
  }

  /// Adds Z·Y where Z is the remainder's inverse among the tail's rows.
  private func addRemainderProduct(
    _ node: Int, _ tail: Int, _ scaled: UnsafePointer<Double>, _ rows: Int,
    _ inverseDense: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    let (width, height) = (layout.widths[node], layout.heights[node])
    let ancestorRows = layout.ancestorRows[node]
    withTail(node) { tails in
      for k in 0..<width {
        let y = scaled + k * rows + ancestorRows
        let into = target + k * height + width + ancestorRows
        for c in 0..<tail {
          let entries = inverseDense + Int(tails[c]) * layout.remainder
          let factor = y[c]
          var sum = entries[Int(tails[c])] * factor
          for i in c + 1..<max(tail, c + 1) {
            let entry = entries[Int(tails[i])]
            into[i] += entry * factor
            sum += entry * y[i]
          }
          into[c] += sum
        }
      }
    }
  }

  /// Adds Z·Y where Z are the inverse's entries in the ancestors' panels.
  private func addAncestorProduct(
    _ node: Int, _ tail: Int, _ scaled: UnsafePointer<Double>, _ rows: Int,
    _ inversePanels: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    var ancestor = layout.parents[node]
    guard ancestor >= 0 else { return }
    let (width, height) = (layout.widths[node], layout.heights[node])
    let tailRow = layout.ancestorRows[node]
    var first = 0
    var child = node
    for i in 0..<tail { places[i] = Int32(i) }
    while ancestor >= 0 {
      let from = layout.tailStarts[child]
      for i in 0..<tail { places[i] = layout.parentPlaces[from + Int(places[i])] }
      let source = inversePanels + layout.panelStarts[ancestor]
      let (sourceWidth, sourceHeight) = (layout.widths[ancestor], layout.heights[ancestor])
      let sourceTail = sourceWidth + layout.ancestorRows[ancestor]
      for k in 0..<width {
        let y = scaled + k * rows
        let into = target + k * height + width
        for c in 0..<sourceWidth {
          let entries = source + c * sourceHeight
          let factor = y[first + c]
          var sum = 0.0
          // The own block is whole, so each of its entries is met once from either side.
          for r in 0..<sourceWidth { sum += entries[r] * y[first + r] }
          for r in sourceWidth..<sourceTail {
            into[first + r] += entries[r] * factor
            sum += entries[r] * y[first + r]
          }
          for i in 0..<tail {
            let entry = entries[sourceTail + Int(places[i])]
            into[tailRow + i] += entry * factor
            sum += entry * y[tailRow + i]
          }
          into[first + c] += sum
        }
      }
      first += sourceWidth
      child = ancestor
      ancestor = layout.parents[ancestor]
    }
  }

  /// Turns Z·Y into the inverse's rows −Z·Y and the own block L⁻ᵀL⁻¹ + Yᵀ·Z·Y.
  private func finish(
    _ node: Int, _ rows: Int, _ scaled: UnsafePointer<Double>,
    _ target: UnsafeMutablePointer<Double>
  ) {
    let panel = panels + layout.panelStarts[node]
    let (width, height) = (layout.widths[node], layout.heights[node])
    for c in 0..<width {
      for r in c..<width { target[c * height + r] = panel[c * height + r] }
    }
    if width == 1 {
      target[0] = 1 / (panel[0] * panel[0])
    } else {
      let info = LAPACKE_dpotri_work(
        LAPACK_COL_MAJOR, Option.lower, Int32(width), target, Int32(height))
      trapOnIllegalArgument(info, "dpotri")
    }
    for c in 0..<width {
      let values = target + c * height + width
      for r in c..<width {
        var sum = 0.0
        let y = scaled + r * rows
        for i in 0..<rows { sum += y[i] * values[i] }
        target[c * height + r] += sum
        target[r * height + c] = target[c * height + r]
      }
    }
    for c in 0..<width {
      let values = target + c * height + width
      for i in 0..<rows { values[i] = -values[i] }
    }
  }
}
