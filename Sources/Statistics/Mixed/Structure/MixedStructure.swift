import LinearAlgebra

/// Everything of a mixed model that stays while it is fitted.
struct MixedStructure: Sendable {
  let plan: TermPlan
  let scales: ColumnScales
  let cells: RowCells
  let rows: MixedRows
  let layout: CrossProductLayout
  let places: RunPlaces
  let threads: Int

  /// - Parameter joiningRows: whether equal rows become one, as a likelihood of sums allows.
  /// - Throws: `MixedModelError` for columns and levels that cannot be fitted.
  init(_ data: MixedModelData, joiningRows: Bool, threads: Int) throws(MixedModelError) {
    scales = try ColumnScales(data)
    try FixedRank.require(data, scales)
    plan = try TermPlan(data.terms)
    cells = joiningRows ? RowCells(data, plan) : RowCells(rows: data.count)
    rows = MixedRows(data, plan, scales, cells)
    layout = try CrossProductLayout(plan, rows, fixedCount: data.fixedEffects.columns)
    places = RunPlaces(layout, rows)
    self.threads = threads
  }

  /// Workspaces for the equations of this model.
  func system() -> MixedSystem {
    MixedSystem(CrossProducts(layout, rows, places, threads: threads))
  }

  /// θ with identities, where the search starts.
  var startingTheta: [Double] {
    var theta: [Double] = []
    forEachParameter { _, r, c in theta.append(r == c ? 1 : 0) }
    return theta
  }

  /// Terms in the order of elimination, each lower triangle by columns.
  func forEachParameter(_ body: (_ term: Int, _ row: Int, _ column: Int) -> Void) {
    for t in 0..<layout.termCount {
      for c in 0..<layout.columns[t].width {
        for r in c..<layout.columns[t].width { body(t, r, c) }
      }
    }
  }

  /// θ with every factor's diagonal at zero or above: a column's sign is free.
  func normalized(_ theta: [Double]) -> [Double] {
    var result = theta
    var sign = 1.0
    var next = 0
    forEachParameter { _, r, c in
      if r == c { sign = theta[next] < 0 ? -1 : 1 }
      result[next] = sign * theta[next]
      next += 1
    }
    return result
  }

  /// Places in θ of the factors' diagonals.
  var diagonalParameters: [Int] {
    var (places, next) = ([Int](), 0)
    forEachParameter { _, r, c in
      if r == c { places.append(next) }
      next += 1
    }
    return places
  }

  /// Below this a diagonal entry of a relative factor counts as zero (as in lme4).
  static let singularTolerance = 1e-4

  /// Puts diagonal entries that are all but zero to zero, where the criterion does not rise.
  ///
  /// - Parameter point: normalized θ, and what else the criterion takes.
  func settled(
    _ point: [Double], _ value: Double,
    _ criterion: ([Double]) throws(MixedModelError) -> Double
  ) throws(MixedModelError) -> [Double] {
    var settled = point
    for place in diagonalParameters where settled[place] < 1e-2 && settled[place] != 0 {
      var trial = settled
      trial[place] = 0
      if try criterion(trial) <= value + 1e-10 * max(abs(value), 1) { settled = trial }
    }
    return settled
  }

  /// A point beside a singular one where the criterion is lower; nil where there is none.
  ///
  /// Zero is stationary by symmetry, so that a search can rest there although it is no minimum.
  func escape(
    _ point: [Double], _ value: Double,
    _ criterion: ([Double]) throws(MixedModelError) -> Double
  ) throws(MixedModelError) -> [Double]? {
    for place in diagonalParameters where abs(point[place]) < 1e-2 {
      var trial = point
      trial[place] = 0.05
      if try criterion(trial) < value - 1e-9 * max(abs(value), 1) { return trial }
    }
    return nil
  }

  /// The linear predictor of every input row.
  func linearPredictorOfInput(_ coefficients: [Double]) -> [Double] {
    let predictor = Scratch<Double>(count: rows.count, repeating: 0)
    for block in rows.blocks.indices {
      rows.writeLinearPredictor(of: block, coefficients, layout, places, into: predictor)
    }
    var byCell = [Double](repeating: 0, count: rows.count)
    for i in 0..<rows.count { byCell[Int(rows.order[i])] = predictor.base[i] }
    return cells.cells.map { byCell[Int($0)] }
  }
}

extension MixedRows {
  /// Writes offset + f·c for the rows of one block, c being the coefficients of the run's levels.
  func writeLinearPredictor(
    of block: Int, _ coefficients: [Double], _ layout: CrossProductLayout, _ places: RunPlaces,
    into predictor: Scratch<Double>
  ) {
    let (f, k) = (featureCount, covariateCount)
    let local = Scratch<Double>(count: f, repeating: 0)
    coefficients.withUnsafeBufferPointer { coefficients in
      layout.columns.withUnsafeBufferPointer { columns in
        let fixed = columns[termCount]
        for c in 0..<fixed.width { local.base[k + c] = coefficients[fixed.start + c] }
        for run in blocks[block] {
          local.base.update(repeating: 0, count: k)
          for t in 0..<termCount {
            let start = Int(places.coefficients.base[run * termCount + t])
            for c in 0..<columns[t].width {
              local.base[covariateFeatures[columns[t].feature + c]] += coefficients[start + c]
            }
          }
          for i in Int(runStarts.base[run])..<Int(runStarts.base[run + 1]) {
            let feature = features.base + i * f
            var sum = offset.base[i]
            for a in 0..<f { sum += feature[a] * local.base[a] }
            predictor.base[i] = sum
          }
        }
      }
    }
  }
}
