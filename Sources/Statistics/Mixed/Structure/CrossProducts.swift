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
  ///   - weights: w, one a row in `MixedRows`' order.
  ///   - scores: s, likewise.
  func sum(weights: Scratch<Double>, scores: Scratch<Double>) {
    panels.base.update(repeating: 0, count: panels.count)
    right.base.update(repeating: 0, count: layout.remainderStart)
    let arguments = Shared(weights: weights, scores: scores)
    _ = parallelMap(count: rows.blocks.count, threads: threads) { [self] block in
      sumBlock(block, arguments)
    }
    tail.base.update(repeating: 0, count: tail.count)
    addBlockRights(startingAnew: true)
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
    addBlockRights(startingAnew: true)
  }

  private struct Shared: @unchecked Sendable {
    let weights: Scratch<Double>
    let scores: Scratch<Double>
  }

  private func addBlockRights(startingAnew: Bool) {
    let rest = right.base + layout.remainderStart
    let count = layout.order - layout.remainderStart
    rest.update(repeating: 0, count: count)
    for block in rows.blocks.indices {
      let from = blockTails.base + block * blockTailCount + layout.tailCount
      for i in 0..<count { rest[i] += from[i] }
    }
  }

  /// Rows add to one triangle of the fixed effects' block.
  private func mirrorFixedBlock() {
    let p = layout.fixedCount
    let block = tail.base + layout.fixedStart
    for a in 0..<p {
      for b in 0..<a { block[b * p + a] = block[a * p + b] }
    }
  }

  private func sumBlock(_ block: Int, _ shared: Shared) {
    let tails = blockTails.base + block * blockTailCount
    tails.update(repeating: 0, count: blockTailCount)
    let (f, k) = (rows.featureCount, rows.covariateCount)
    let p = f - k
    let fixedBlock = tails + layout.fixedStart
    let products = Scratch<Double>(count: k * f, repeating: 0)
    let rightSums = Scratch<Double>(count: f, repeating: 0)
    for run in rows.blocks[block] {
      products.base.update(repeating: 0, count: k * f)
      rightSums.base.update(repeating: 0, count: f)
      for i in Int(rows.runStarts.base[run])..<Int(rows.runStarts.base[run + 1]) {
        let feature = rows.features.base + i * f
        let (weight, score) = (shared.weights.base[i], shared.scores.base[i])
        for a in 0..<k {
          let weighted = weight * feature[a]
          let into = products.base + a * f
          for b in a..<f { into[b] += weighted * feature[b] }
        }
        let fixed = feature + k
        for a in 0..<p {
          let weighted = weight * fixed[a]
          let into = fixedBlock + a * p
          for b in 0...a { into[b] += weighted * fixed[b] }
        }
        for a in 0..<f { rightSums.base[a] += score * feature[a] }
      }
      addProducts(of: run, products.base, tails)
      addRight(of: run, rightSums.base, tails + layout.tailCount)
    }
  }

  private func sumRightOfBlock(_ block: Int, _ shared: Shared) {
    let tails = blockTails.base + block * blockTailCount + layout.tailCount
    tails.update(repeating: 0, count: layout.order - layout.remainderStart)
    let f = rows.featureCount
    let sums = Scratch<Double>(count: f, repeating: 0)
    for run in rows.blocks[block] {
      sums.base.update(repeating: 0, count: f)
      for i in Int(rows.runStarts.base[run])..<Int(rows.runStarts.base[run + 1]) {
        let feature = rows.features.base + i * f
        let score = shared.scores.base[i]
        for a in 0..<f { sums.base[a] += score * feature[a] }
      }
      addRight(of: run, sums.base, tails)
    }
  }

  /// Adds a run's outer product (its upper triangle, row-major) to the blocks of its levels.
  @inline(__always)
  private func addProducts(
    of run: Int, _ products: UnsafePointer<Double>, _ tails: UnsafeMutablePointer<Double>
  ) {
    let (terms, chain, f) = (layout.termCount, layout.chainCount, rows.featureCount)
    let runBlocks = places.blocks.base + run * places.pairCount
    layout.columns.withUnsafeBufferPointer { columns in
      var place = 0
      for t in 0..<terms {
        let width = columns[t].width
        let base = t < chain ? panels.base : tails
        for u in t...terms {
          let into = base + Int(runBlocks[place])
          place += 1
          let height = columns[u].width
          let stride = t < chain ? Int(places.strides.base[run * chain + t]) : height
          for c in 0..<width {
            let from = products + (columns[t].feature + c) * f + columns[u].feature
            let column = into + c * stride
            for r in (u == t ? c : 0)..<height {
              column[r] += from[r]
              // A term's own block is kept whole.
              if u == t, r > c { into[r * stride + c] += from[r] }
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func addRight(
    of run: Int, _ sums: UnsafePointer<Double>, _ rest: UnsafeMutablePointer<Double>
  ) {
    let terms = layout.termCount
    layout.columns.withUnsafeBufferPointer { columns in
      for t in 0..<terms {
        let start = Int(places.coefficients.base[run * terms + t])
        let into =
          t < layout.chainCount ? right.base + start : rest + (start - layout.remainderStart)
        for c in 0..<columns[t].width { into[c] += sums[columns[t].feature + c] }
      }
      let fixed = columns[terms]
      let into = rest + (fixed.start - layout.remainderStart)
      for c in 0..<fixed.width { into[c] += sums[fixed.feature + c] }
    }
  }
}
