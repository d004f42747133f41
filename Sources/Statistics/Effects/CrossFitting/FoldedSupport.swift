import LinearAlgebra

/// Whether the rows outside each fold determine what is predicted inside it.
///
/// The ridge factors any cross product A, so a model answers even in directions that no row outside
/// the fold has: there the answer is η = 0 and not the data's. Of a row x it is the part
/// H x, H = λ (A + λ I)⁻¹, that the ridge decides: next to nothing where A determines a direction,
/// all of it where A says nothing. Directions that no row has at all (columns that others determine)
/// do no harm, as x is zero there.
struct FoldedSupport: Sendable {
  let rows: FoldedRows
  let products: FoldedProducts

  /// A row that the models outside its fold cannot predict.
  struct Gap: Sendable {
    let fold: Int
    /// The arm whose model it is; nil for both, the propensity's.
    let treated: Bool?
    /// In the order given.
    let row: Int
    /// H x, one a gathered column.
    let undetermined: [Double]
  }

  /// The length of H x, in standard deviations of the columns, from which a row counts as not
  /// determined. A level that is not seen outside the fold has 1 or more; of a row like those outside
  /// no more than 5e-6 √p is left to the ridge, and rounding makes 1e-6 p of that.
  static let tolerance = 1e-2

  /// The first of the models and folds that has one.
  func firstGap(_ models: [Bool?]) throws(EffectError) -> Gap? {
    let folds = rows.folds
    let found = parallelMap(count: models.count * folds, threads: rows.threads) { i in
      Result { () throws(EffectError) in
        try gap(fold: i % folds, treated: models[i / folds])
      }
    }
    for result in found {
      if let gap = try result.get() { return gap }
    }
    return nil
  }

  private func gap(fold: Int, treated: Bool?) throws(EffectError) -> Gap? {
    let outside = products.outside(fold, treated: treated)
    let count = max(outside.cross[0], 1)
    let inverse = try ridgeFactor(outside.cross, rows.width, perRow: count).inverse()
    let left = FoldedRows.relativeRidge * count * inverse
    // Σ |H x|² over the rows of the fold is the trace of H XᵀX H.
    let product = left * products.inside(fold)
    var sum = 0.0
    for i in left.storage.indices { sum += product.storage[i] * left.storage[i] }
    guard sum > FoldedSupport.tolerance * FoldedSupport.tolerance else { return nil }
    return furthest(fold, treated, left)
  }

  /// The row of a fold with most left to the ridge, where that is too much.
  private func furthest(_ fold: Int, _ treated: Bool?, _ left: Matrix) -> Gap? {
    let width = rows.width
    let parts = Scratch<Double>(count: FoldedRows.rowsPerBlock * width, repeating: 0)
    var (longest, gap) = (FoldedSupport.tolerance * FoldedSupport.tolerance, Gap?.none)
    for block in rows.blocks where block.fold == fold {
      BlockKernels.multiply(
        rows.values(of: block), rows: block.count, columns: width, left.storage, width: width,
        into: parts.base)
      for i in 0..<block.count {
        let part = (0..<width).map { parts.base[$0 * block.count + i] }
        let length = dot(part, part)
        guard length > longest else { continue }
        longest = length
        gap = Gap(
          fold: fold, treated: treated, row: Int(rows.original[block.start + i]),
          undetermined: part)
      }
    }
    return gap
  }
}
