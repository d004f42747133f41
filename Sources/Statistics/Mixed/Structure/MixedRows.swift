/// The rows of a mixed model in the order of its blocks.
///
/// They are sorted by the levels of the terms, the leading term first, and joined to runs that have
/// every level in common. A row's features are the distinct covariates of its terms, then its fixed
/// effects, so that a row's share of every block is a piece of one small outer product.
final class MixedRows: @unchecked Sendable {
  // Written by `init` only, so that threads may share it.

  /// Rows here: cells, or the input's own.
  let count: Int
  /// The input row or cell at each place.
  let order: [Int32]
  /// Values a row: distinct covariates, then fixed effects.
  let featureCount: Int
  /// The first of `featureCount` values that is a fixed effect.
  let covariateCount: Int
  /// The feature of each effect of the terms, in their order.
  let covariateFeatures: [Int]
  /// Row-major, scaled to unit size.
  let features: Scratch<Double>
  /// The offset of each row.
  let offset: Scratch<Double>
  /// Run r has the rows `runStarts[r]..<runStarts[r + 1]`.
  let runStarts: Scratch<Int32>
  let runCount: Int
  /// The level of each run, by term: `levels[run * terms + term]`.
  let levels: Scratch<Int32>
  let termCount: Int
  /// Runs of each fixed block of work; cut between levels of the last chain term, so that blocks
  /// touch no common panel.
  let blocks: [Range<Int>]

  init(_ data: MixedModelData, _ plan: TermPlan, _ scales: ColumnScales, _ cells: RowCells) {
    let sorted = Self.sort(cells.representatives, plan)
    let termCount = plan.terms.count
    let covariates = DistinctCovariates(data, plan, scales)
    count = sorted.count
    self.termCount = termCount
    covariateCount = covariates.columns.count
    covariateFeatures = covariates.features
    featureCount = covariateCount + data.fixedEffects.columns
    features = Self.features(data, covariates, scales, cells, sorted)
    offset = Scratch(count: count, repeating: 0)
    if let given = data.offset {
      for i in 0..<count { offset.base[i] = given[Int(cells.representatives[Int(sorted[i])])] }
    }
    var starts: [Int32] = []
    var levels: [Int32] = []
    var last = [Int32](repeating: -1, count: termCount)
    for i in 0..<count {
      let row = Int(cells.representatives[Int(sorted[i])])
      var isNew = i == 0
      for t in 0..<termCount where plan.codes[t][row] != last[t] { isNew = true }
      if isNew {
        for t in 0..<termCount { last[t] = plan.codes[t][row] }
        starts.append(Int32(i))
        levels += last
      }
    }
    runCount = starts.count
    starts.append(Int32(count))
    order = sorted
    runStarts = Self.scratch(starts)
    self.levels = Self.scratch(levels)
    blocks = Self.cut(starts, levels, termCount, last: plan.chainCount - 1)
  }

  private static func scratch(_ values: [Int32]) -> Scratch<Int32> {
    let scratch = Scratch<Int32>(count: values.count, repeating: 0)
    for (i, value) in values.enumerated() { scratch.base[i] = value }
    return scratch
  }

  /// Cells by the levels of the leading term, then of the others in their order, then as given.
  private static func sort(_ representatives: [Int32], _ plan: TermPlan) -> [Int32] {
    var order = (0..<Int32(representatives.count)).map { $0 }
    // Upper chain terms follow from the leading one.
    let keys = [0] + Array(plan.chainCount..<plan.terms.count)
    for t in keys.reversed() {
      var places = [Int](repeating: 0, count: plan.terms[t].levels + 1)
      let codes = plan.codes[t]
      for row in representatives { places[Int(codes[Int(row)]) + 1] += 1 }
      for level in 1..<places.count { places[level] += places[level - 1] }
      var sorted = order
      for cell in order {
        let level = Int(codes[Int(representatives[Int(cell)])])
        sorted[places[level]] = cell
        places[level] += 1
      }
      order = sorted
    }
    return order
  }

  private static func features(
    _ data: MixedModelData, _ covariates: DistinctCovariates, _ scales: ColumnScales,
    _ cells: RowCells, _ sorted: [Int32]
  ) -> Scratch<Double> {
    let width = covariates.columns.count + data.fixedEffects.columns
    let features = Scratch<Double>(count: sorted.count * width, repeating: 1)
    func fill(_ feature: Int, _ values: ArraySlice<Double>, _ scale: Double) {
      values.withUnsafeBufferPointer { values in
        for i in 0..<sorted.count {
          let row = Int(cells.representatives[Int(sorted[i])])
          features.base[i * width + feature] = values[row] / scale
        }
      }
    }
    for (feature, column) in covariates.columns.enumerated() {
      if let column { fill(feature, column.values, column.scale) }
    }
    for c in 0..<data.fixedEffects.columns {
      fill(covariates.columns.count + c, data.fixedEffects.column(c), scales.fixed[c])
    }
    return features
  }

  /// At most 16 stretches of about the same number of rows.
  private static func cut(
    _ starts: [Int32], _ levels: [Int32], _ termCount: Int, last term: Int
  ) -> [Range<Int>] {
    let runs = starts.count - 1
    let target = max(4096, (Int(starts[runs]) + 15) / 16)
    var blocks: [Range<Int>] = []
    var first = 0
    for run in 1..<max(runs, 1) {
      let isBoundary = levels[run * termCount + term] != levels[(run - 1) * termCount + term]
      if isBoundary, Int(starts[run] - starts[first]) >= target {
        blocks.append(first..<run)
        first = run
      }
    }
    if first < runs { blocks.append(first..<runs) }
    return blocks
  }
}

/// The covariates of all terms, each kept once; intercepts are one column of ones.
struct DistinctCovariates {
  /// Values and their scale; nil for ones.
  private(set) var columns: [(values: ArraySlice<Double>, scale: Double)?] = []
  /// The column of each effect, term by term.
  private(set) var features: [Int] = []

  init(_ data: MixedModelData, _ plan: TermPlan, _ scales: ColumnScales) {
    for term in plan.terms {
      let covariates = data.terms[term.input].covariates
      for c in 0..<term.width {
        let values = covariates?.column(c)
        let isOnes = values?.allSatisfy { $0 == 1 } ?? true
        let known = columns.firstIndex { column in
          guard let column, let values else { return column == nil && isOnes }
          return !isOnes && column.values.elementsEqual(values)
        }
        if let known {
          features.append(known)
          continue
        }
        features.append(columns.count)
        columns.append(
          values.flatMap { isOnes ? nil : ($0, scales.random[term.input][c]) })
      }
    }
  }
}
