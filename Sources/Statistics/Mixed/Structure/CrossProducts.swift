import LinearAlgebra

/// Cross products of all columns under one set of row weights, and of the columns with one vector.
///
/// The moving half of `CrossProductLayout`: allocated once, summed anew for each set of weights.
/// Blocks of rows are summed side by side, each panel by one block only and the tails in the
/// blocks' order, so that the sums have the same bits for any number of threads.
final class CrossProducts: @unchecked Sendable {
  // One thread owns it; inside `sum`, threads write disjoint parts.

  let layout: CrossProductLayout
  private let rows: MixedRows
  private let places: RunPlaces
  private let threads: Int
  /// Blocks of the chain terms' levels.
  let panels: Scratch<Double>
  /// Blocks of crossed terms and fixed effects.
  let tail: Scratch<Double>
  /// One value a coefficient: the columns' products with the vector.
  let right: Scratch<Double>
  /// Each block's tail, followed by its share of `right` from the remainder on.
  private let blockTails: Scratch<Double>
  private let blockTailCount: Int

  init(_ layout: CrossProductLayout, _ rows: MixedRows, _ places: RunPlaces, threads: Int) {
    self.layout = layout
    self.rows = rows
    self.places = places
    self.threads = threads
    panels = Scratch(count: layout.blocks.panelCount, repeating: 0)
    tail = Scratch(count: layout.tailCount, repeating: 0)
    right = Scratch(count: layout.order, repeating: 0)
    blockTailCount = layout.tailCount + layout.order - layout.remainderStart
    blockTails = Scratch(count: blockTailCount * rows.blocks.count, repeating: 0)
  }

  /// Sums w·f·fᵀ over all rows' features f, and s·f.
  ///
  /// - Parameters:
  ///   - weights: w, zero or above, one a row in `MixedRows`' order.
  ///   - scores: s, likewise.
  func sum(weights: Scratch<Double>, scores: Scratch<Double>) {
    panels.base.update(repeating: 0, count: panels.count)
    right.base.update(repeating: 0, count: layout.remainderStart)
    let arguments = Shared(weights: weights, scores: scores)
    _ = parallelMap(count: rows.blocks.count, threads: threads) { [self] block in
      sumBlock(block, arguments)
    }
    tail.base.update(repeating: 0, count: tail.count)
    addBlockRights()
    for block in rows.blocks.indices {
      let from = blockTails.base + block * blockTailCount
      for i in 0..<layout.tailCount { tail.base[i] += from[i] }
    }
    mirrorFixedBlock()
  }

  /// Sums s·f alone; the cross products stay.
  func sumRight(scores: Scratch<Double>) {
    right.base.update(repeating: 0, count: layout.remainderStart)
    let arguments = Shared(weights: scores, scores: scores)
    _ = parallelMap(count: rows.blocks.count, threads: threads) { [self] block in
      sumRightOfBlock(block, arguments)
    }
    addBlockRights()
  }

  private struct Shared: @unchecked Sendable {
    let weights: Scratch<Double>
    let scores: Scratch<Double>
  }

  private func addBlockRights() {
    let rest = right.base + layout.remainderStart
    let count = layout.order - layout.remainderStart
    rest.update(repeating: 0, count: count)
    for block in rows.blocks.indices {
      let from = blockTails.base + block * blockTailCount + layout.tailCount
      for i in 0..<count { rest[i] += from[i] }
    }
  }

  /// Rows add to the lower triangle of the fixed effects' block.
  private func mirrorFixedBlock() {
    let p = layout.fixedCount
    let block = tail.base + layout.fixedStart
    for c in 0..<p {
      for r in c + 1..<max(p, c + 1) { block[r * p + c] = block[c * p + r] }
    }
  }

  private func sumBlock(_ block: Int, _ shared: Shared) {
    let tails = blockTails.base + block * blockTailCount
    tails.update(repeating: 0, count: blockTailCount)
    let (f, k) = (rows.featureCount, rows.covariateCount)
    let products = Scratch<Double>(count: k * f, repeating: 0)
    let sums = Scratch<Double>(count: k, repeating: 0)
    for run in rows.blocks[block] {
      products.base.update(repeating: 0, count: k * f)
      sums.base.update(repeating: 0, count: k)
      for i in Int(rows.runStarts.base[run])..<Int(rows.runStarts.base[run + 1]) {
        let feature = rows.features.base + i * f
        let (weight, score) = (shared.weights.base[i], shared.scores.base[i])
        for a in 0..<k {
          let weighted = weight * feature[a]
          let into = products.base + a * f
          for b in a..<f { into[b] += weighted * feature[b] }
          sums.base[a] += score * feature[a]
        }
      }
      addProducts(of: run, products.base, tails)
      addRight(of: run, sums.base, tails + layout.tailCount)
    }
    sumFixed(block, shared, tails)
    sumFixedRight(block, shared, tails + layout.tailCount)
  }

  private func sumRightOfBlock(_ block: Int, _ shared: Shared) {
    let tails = blockTails.base + block * blockTailCount + layout.tailCount
    tails.update(repeating: 0, count: layout.order - layout.remainderStart)
    let (f, k) = (rows.featureCount, rows.covariateCount)
    let sums = Scratch<Double>(count: k, repeating: 0)
    for run in rows.blocks[block] {
      sums.base.update(repeating: 0, count: k)
      for i in Int(rows.runStarts.base[run])..<Int(rows.runStarts.base[run + 1]) {
        let feature = rows.features.base + i * f
        let score = shared.scores.base[i]
        for a in 0..<k { sums.base[a] += score * feature[a] }
      }
      addRight(of: run, sums.base, tails)
    }
    sumFixedRight(block, shared, tails)
  }

  private func rowRange(of block: Int) -> Range<Int> {
    let runs = rows.blocks[block]
    return Int(rows.runStarts.base[runs.lowerBound])..<Int(rows.runStarts.base[runs.upperBound])
  }

  /// Adds the fixed effects' own products, from rows scaled by the root of their weight.
  private func sumFixed(_ block: Int, _ shared: Shared, _ tails: UnsafeMutablePointer<Double>) {
    let (f, k, p) = (rows.featureCount, rows.covariateCount, layout.fixedCount)
    guard p > 0 else { return }
    // About half a first-level cache.
    let piece = max(16, 2048 / p)
    let scaled = Scratch<Double>(count: piece * p, repeating: 0)
    let range = rowRange(of: block)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: piece) {
      let count = min(piece, range.upperBound - first)
      for i in 0..<count {
        let root = shared.weights.base[first + i].squareRoot()
        let (from, into) = (rows.features.base + (first + i) * f + k, scaled.base + i * p)
        for a in 0..<p { into[a] = root * from[a] }
      }
      RowProducts.addCrossProduct(
        scaled.base, count: count, width: p, into: tails + layout.fixedStart)
    }
  }

  private func sumFixedRight(
    _ block: Int, _ shared: Shared, _ rest: UnsafeMutablePointer<Double>
  ) {
    let range = rowRange(of: block)
    RowProducts.addWeightedSum(
      rows.features.base + range.lowerBound * rows.featureCount + rows.covariateCount,
      count: range.count, width: layout.fixedCount, stride: rows.featureCount,
      weights: shared.scores.base + range.lowerBound,
      into: rest + (layout.fixed.start - layout.remainderStart))
  }

  /// Adds a run's outer product (its upper triangle, row-major) to the blocks of its levels; a
  /// term's own block is kept whole.
  @inline(__always)
  private func addProducts(
    of run: Int, _ products: UnsafePointer<Double>, _ tails: UnsafeMutablePointer<Double>
  ) {
    let (terms, chain, f) = (layout.termCount, layout.chainCount, rows.featureCount)
    let (k, p) = (rows.covariateCount, layout.fixedCount)
    let runBlocks = places.blocks.base + run * places.pairCount
    layout.columns.withUnsafeBufferPointer { columns in
      rows.covariateFeatures.withUnsafeBufferPointer { features in
        var place = 0
        for t in 0..<terms {
          let base = t < chain ? panels.base : tails
          for u in t..<terms {
            let into = base + Int(runBlocks[place])
            place += 1
            let height = columns[u].width
            let stride = t < chain ? Int(places.strides.base[run * chain + t]) : height
            for c in 0..<columns[t].width {
              let a = features[columns[t].feature + c]
              for r in 0..<height {
                let b = features[columns[u].feature + r]
                into[c * stride + r] += products[min(a, b) * f + max(a, b)]
              }
            }
          }
          let into = base + Int(runBlocks[place])
          place += 1
          let stride = t < chain ? Int(places.strides.base[run * chain + t]) : p
          for c in 0..<columns[t].width {
            let from = products + features[columns[t].feature + c] * f + k
            for r in 0..<p { into[c * stride + r] += from[r] }
          }
        }
      }
    }
  }

  /// Adds a run's sums of s times each covariate to its levels' coefficients.
  @inline(__always)
  private func addRight(
    of run: Int, _ sums: UnsafePointer<Double>, _ rest: UnsafeMutablePointer<Double>
  ) {
    let terms = layout.termCount
    layout.columns.withUnsafeBufferPointer { columns in
      rows.covariateFeatures.withUnsafeBufferPointer { features in
        for t in 0..<terms {
          let start = Int(places.coefficients.base[run * terms + t])
          let into =
            t < layout.chainCount ? right.base + start : rest + (start - layout.remainderStart)
          for c in 0..<columns[t].width { into[c] += sums[features[columns[t].feature + c]] }
        }
      }
    }
  }
}
