import LinearAlgebra

/// The equations of a mixed model's effects under relative factors Λ(θ).
///
/// With cross products A of the random terms' columns and X of the fixed effects,
///
///     M = ΛᵀAΛ + I,   [M  ·; XᵀZΛ  XᵀX] = L·Lᵀ
///
/// (Bates, Mächler, Bolker & Walker 2015, J. Stat. Softw. 67(1), eq. 17 - 21). The fixed effects
/// come last, so that one factor serves M alone and the whole.
final class MixedSystem {
  let layout: CrossProductLayout
  let products: CrossProducts
  let cholesky: BlockCholesky
  /// Λ, k × k column-major by term, then one identity for the fixed effects is understood.
  private(set) var factors: [Double]
  /// The inverse's entries at the places of the factor.
  private let inversePanels: Scratch<Double>
  private let inverseDense: Scratch<Double>

  init(_ products: CrossProducts) {
    self.products = products
    layout = products.layout
    cholesky = BlockCholesky(layout: layout.blocks)
    factors = [Double](repeating: 0, count: layout.factorCount)
    inversePanels = Scratch(count: layout.blocks.panelCount, repeating: 0)
    inverseDense = Scratch(
      count: layout.blocks.remainder * layout.blocks.remainder, repeating: 0)
  }

  /// Sets Λ from θ: the lower triangles by columns, term by term.
  func set(theta: [Double]) {
    var next = 0
    for t in 0..<layout.termCount {
      let (k, start) = (layout.columns[t].width, layout.columns[t].factorStart)
      for c in 0..<k {
        for r in c..<k {
          factors[start + c * k + r] = theta[next]
          next += 1
        }
      }
    }
  }

  /// Forms and factors the equations from the present cross products and Λ.
  func factor() throws(MixedModelError) {
    cholesky.dense.update(
      repeating: 0, count: layout.blocks.remainder * layout.blocks.remainder)
    factors.withUnsafeBufferPointer { factors in
      layout.forEachBlock { block in
        let from = (block.isInPanels ? products.panels : products.tail).base + block.start
        let into = (block.isInPanels ? cholesky.panels : cholesky.dense) + block.factorStart
        scale(
          block, from, block.stride, into, block.factorStride, factors, transposed: true)
        if block.isDiagonal, block.columnTerm < layout.termCount {
          for c in 0..<block.width { into[c * block.factorStride + c] += 1 }
        }
      }
    }
    do {
      try cholesky.factor()
    } catch {
      throw .system(error)
    }
  }

  /// Λ·x over the effects; the fixed effects are left as they are.
  func multiply(_ x: [Double], transposed: Bool = false) -> [Double] {
    var result = x
    for t in 0..<layout.termCount {
      let columns = layout.columns[t]
      let (k, lower) = (columns.width, columns.factorStart)
      for level in 0..<columns.levels {
        let start = columns.start + level * k
        for r in 0..<k {
          var sum = 0.0
          if transposed {
            for m in r..<k { sum += factors[lower + r * k + m] * x[start + m] }
          } else {
            for c in 0...r { sum += factors[lower + c * k + r] * x[start + c] }
          }
          result[start + r] = sum
        }
      }
    }
    return result
  }

  /// The u with Λ·u = x over the effects. Where a term's Λ is all but singular, `kept` stays.
  func divide(_ x: [Double], orKeep kept: [Double]) -> [Double] {
    var result = kept
    for t in 0..<layout.termCount {
      let columns = layout.columns[t]
      let (k, lower) = (columns.width, columns.factorStart)
      if (0..<k).contains(where: { abs(factors[lower + $0 * k + $0]) < 1e-3 }) { continue }
      for level in 0..<columns.levels {
        let start = columns.start + level * k
        for r in 0..<k {
          var sum = x[start + r]
          for c in 0..<r { sum -= factors[lower + c * k + r] * result[start + c] }
          result[start + r] = sum / factors[lower + r * k + r]
        }
      }
    }
    return result
  }

  /// The present cross products times x.
  func productsTimes(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: layout.order)
    result.withUnsafeMutableBufferPointer { y in
      x.withUnsafeBufferPointer { x in
        layout.forEachBlock { block in
          let from = (block.isInPanels ? products.panels : products.tail).base + block.start
          for c in 0..<block.width {
            let column = from + c * block.stride
            let factor = x[block.columnStart + c]
            var sum = 0.0
            for r in 0..<block.height {
              y[block.rowStart + r] += column[r] * factor
              sum += column[r] * x[block.rowStart + r]
            }
            if !block.isDiagonal { y[block.columnStart + c] += sum }
          }
        }
      }
    }
    return result
  }

  /// Finds the inverse's entries where the matrix has any, of M alone or of the whole.
  func invert(withFixed: Bool) {
    cholesky.writeInverse(
      inversePanels.base, inverseDense.base, dropping: withFixed ? 0 : layout.fixedCount)
  }

  /// ∂ log det / ∂θ of M, or of the whole, from the inverse found last for the same.
  ///
  /// d log det M = 2 tr(M⁻¹ΛᵀA dΛ), of which only the terms' diagonal blocks of M⁻¹ΛᵀA are needed.
  func logDeterminantGradient(withFixed: Bool) -> [Double] {
    var traces = [Double](repeating: 0, count: layout.factorCount)
    let terms = layout.termCount
    traces.withUnsafeMutableBufferPointer { traces in
      factors.withUnsafeBufferPointer { factors in
        layout.forEachBlock { block in
          if block.columnTerm == terms || (block.rowTerm == terms && !withFixed) { return }
          addTrace(block, factors, traces)
        }
      }
    }
    var gradient: [Double] = []
    for t in 0..<terms {
      let (k, start) = (layout.columns[t].width, layout.columns[t].factorStart)
      for c in 0..<k {
        for r in c..<k { gradient.append(2 * traces[start + r * k + c]) }
      }
    }
    return gradient
  }

  /// Writes Λ·M⁻¹·Λᵀ at the places of the cross products, from the inverse found last.
  func writeEffectCovariance(panels: Scratch<Double>, tail: Scratch<Double>) {
    factors.withUnsafeBufferPointer { factors in
      layout.forEachBlock { block in
        if block.rowTerm == layout.termCount { return }
        mirrorInverse(block)
        let from =
          (block.isInPanels ? inversePanels : inverseDense).base + block.factorStart
        let into = (block.isInPanels ? panels : tail).base + block.start
        scale(
          block, from, block.factorStride, into, block.stride, factors, transposed: false)
      }
    }
  }

  /// Completes an own block in the remainder, of which LAPACK leaves the lower triangle.
  @inline(__always)
  private func mirrorInverse(_ block: BlockPlace) {
    guard block.isDiagonal, !block.isInPanels, block.width > 1 else { return }
    let base = inverseDense.base + block.factorStart
    for c in 0..<block.width {
      for r in c + 1..<max(block.width, c + 1) {
        base[r * block.factorStride + c] = base[c * block.factorStride + r]
      }
    }
  }

  /// Λ_rowᵀ·B·Λ_column, or Λ_row·B·Λ_columnᵀ.
  @inline(__always)
  private func scale(
    _ block: BlockPlace, _ from: UnsafePointer<Double>, _ fromStride: Int,
    _ into: UnsafeMutablePointer<Double>, _ intoStride: Int,
    _ factors: UnsafeBufferPointer<Double>, transposed: Bool
  ) {
    let (isFixedColumn, isFixedRow) = (
      block.columnTerm == layout.termCount, block.rowTerm == layout.termCount
    )
    let columnFactor = factors.baseAddress! + layout.columns[block.columnTerm].factorStart
    let rowFactor = factors.baseAddress! + layout.columns[block.rowTerm].factorStart
    let (width, height) = (block.width, block.height)
    if width == 1, height == 1 {
      let scale = (isFixedColumn ? 1 : columnFactor[0]) * (isFixedRow ? 1 : rowFactor[0])
      into[0] = scale * from[0]
      return
    }
    for c in 0..<width {
      let column = into + c * intoStride
      for r in 0..<height { column[r] = 0 }
      for m in 0..<width {
        let entry =
          isFixedColumn
          ? (m == c ? 1 : 0)
          : transposed ? columnFactor[c * width + m] : columnFactor[m * width + c]
        if entry == 0 { continue }
        for r in 0..<height { column[r] += entry * from[m * fromStride + r] }
      }
      if isFixedRow { continue }
      // Each row needs only ones that are still to come, so it can be replaced in place.
      for step in 0..<height {
        let r = transposed ? step : height - 1 - step
        var sum = 0.0
        if transposed {
          for m in r..<height { sum += rowFactor[r * height + m] * column[m] }
        } else {
          for m in 0...r { sum += rowFactor[m * height + r] * column[m] }
        }
        column[r] = sum
      }
    }
  }

  /// Adds one block's share of the diagonal blocks of M⁻¹ΛᵀA.
  @inline(__always)
  private func addTrace(
    _ block: BlockPlace, _ factors: UnsafeBufferPointer<Double>,
    _ traces: UnsafeMutableBufferPointer<Double>
  ) {
    mirrorInverse(block)
    let inverse = (block.isInPanels ? inversePanels : inverseDense).base + block.factorStart
    let values = (block.isInPanels ? products.panels : products.tail).base + block.start
    let (width, height) = (block.width, block.height)
    let isFixedRow = block.rowTerm == layout.termCount
    let columnStart = layout.columns[block.columnTerm].factorStart
    let rowStart = layout.columns[block.rowTerm].factorStart
    func entry(_ start: Int, _ k: Int, _ r: Int, _ c: Int) -> Double { factors[start + c * k + r] }
    // Of the columns' term: inverseᵀ · Λ_rowᵀ · values.
    for j in 0..<width {
      for s in 0..<height {
        var scaled = 0.0
        if isFixedRow {
          scaled = values[j * block.stride + s]
        } else {
          for m in s..<height {
            scaled += entry(rowStart, height, m, s) * values[j * block.stride + m]
          }
        }
        for i in 0..<width {
          traces[columnStart + j * width + i] += inverse[i * block.factorStride + s] * scaled
        }
      }
    }
    if block.isDiagonal || isFixedRow { return }
    // Of the rows' term: inverse · Λ_columnᵀ · valuesᵀ.
    for j in 0..<height {
      for s in 0..<width {
        var scaled = 0.0
        for m in s..<width {
          scaled += entry(columnStart, width, m, s) * values[m * block.stride + j]
        }
        for i in 0..<height {
          traces[rowStart + j * height + i] += inverse[s * block.factorStride + i] * scaled
        }
      }
    }
  }
}
