import LinearAlgebra
import RealModule

/// Rows under the models that were fitted without them: propensity, mean outcome of each arm.
///
/// All arrays are in the gathered order of `rows`.
struct EffectScores {
  let rows: FoldedRows
  /// As fitted.
  let propensities: [Double]
  /// Held inside the bounds.
  let bounded: [Double]
  let bound: Double
  let untreatedMeans: [Double]
  /// Nil where the effect is that on the treated, whose own mean is observed.
  let treatedMeans: [Double]?
  let treated: [Bool]

  /// - Parameters: coefficients of each fold.
  init(
    _ rows: FoldedRows, propensity: [[Double]], untreated: [[Double]], treated: [[Double]]?,
    logistic: Bool, bound: Double
  ) {
    self.rows = rows
    self.bound = bound
    let predicted = EffectScores.predict(rows, propensity, logistic: true)
    propensities = predicted
    bounded = predicted.map { min(max($0, bound), 1 - bound) }
    untreatedMeans = EffectScores.predict(rows, untreated, logistic: logistic)
    treatedMeans = treated.map { EffectScores.predict(rows, $0, logistic: logistic) }
    var arms = [Bool](repeating: false, count: rows.outcomes.count)
    for block in rows.blocks where block.treated {
      for i in block.start..<block.start + block.count { arms[i] = true }
    }
    self.treated = arms
  }

  private static func predict(
    _ rows: FoldedRows, _ coefficients: [[Double]], logistic: Bool
  ) -> [Double] {
    let parts = rows.map(rows.tasks) { task -> [Double] in
      var values: [Double] = []
      let predictor = Scratch<Double>(count: FoldedRows.rowsPerBlock, repeating: 0)
      for block in rows.blocks[task] {
        BlockKernels.multiply(
          rows.values(of: block), rows: block.count, columns: rows.width,
          coefficients[block.fold], width: 1, into: predictor.base)
        for i in 0..<block.count {
          let eta = predictor.base[i]
          values.append(logistic ? 1 / (1 + Double.exp(-eta)) : eta)
        }
      }
      return values
    }
    return parts.flatMap { $0 }
  }

  /// Values of the gathered order at the rows they belong to.
  func inOriginalOrder(_ values: [Double]) -> [Double] {
    var result = values
    for (place, row) in rows.original.enumerated() { result[Int(row)] = values[place] }
    return result
  }

  /// At least one control must be as likely to be treated as some treated unit, and one propensity
  /// must be inside the bounds.
  func requireOverlap() throws(EffectError) {
    var (highest, lowest) = (-Double.infinity, Double.infinity)
    for i in treated.indices {
      if treated[i] {
        lowest = min(lowest, propensities[i])
      } else {
        highest = max(highest, propensities[i])
      }
    }
    if highest < lowest { throw .noOverlap(highestOfControls: highest, lowestOfTreated: lowest) }
    if !propensities.contains(where: { $0 >= bound && $0 <= 1 - bound }) {
      throw .allBounded(bound: bound)
    }
  }

  /// Mean outcomes with and without treatment, and each row's influence on them.
  struct Means {
    let treated: Double
    let untreated: Double
    let treatedInfluence: [Double]
    let untreatedInfluence: [Double]

    /// The influence on a combination of both.
    func influence(_ a: Double, _ b: Double) -> [Double] {
      treatedInfluence.indices.map { a * treatedInfluence[$0] + b * untreatedInfluence[$0] }
    }
  }

  func means(_ estimand: AugmentedInverseProbability.Estimand) -> Means {
    estimand == .ate ? everybody() : theTreated()
  }

  private func everybody() -> Means {
    let y = rows.outcomes
    let fitted = treatedMeans ?? untreatedMeans
    var (with, without) = (fitted, untreatedMeans)
    for i in y.indices {
      if treated[i] {
        with[i] += (y[i] - fitted[i]) / bounded[i]
      } else {
        without[i] += (y[i] - untreatedMeans[i]) / (1 - bounded[i])
      }
    }
    let n = Double(y.count)
    let (meanWith, meanWithout) = (with.reduce(0, +) / n, without.reduce(0, +) / n)
    return Means(
      treated: meanWith, untreated: meanWithout, treatedInfluence: with.map { $0 - meanWith },
      untreatedInfluence: without.map { $0 - meanWithout })
  }

  private func theTreated() -> Means {
    let y = rows.outcomes
    let n = Double(y.count)
    let share = Double(treated.count { $0 }) / n
    var (with, without) = (y, y)
    for i in y.indices {
      if treated[i] {
        without[i] = untreatedMeans[i] / share
      } else {
        with[i] = 0
        without[i] = bounded[i] / (1 - bounded[i]) * (y[i] - untreatedMeans[i]) / share
      }
    }
    for i in y.indices { with[i] /= share }
    let (meanWith, meanWithout) = (with.reduce(0, +) / n, without.reduce(0, +) / n)
    // A treated row also moves the share that both are divided by.
    for i in y.indices where treated[i] {
      with[i] -= meanWith / share
      without[i] -= meanWithout / share
    }
    return Means(
      treated: meanWith, untreated: meanWithout, treatedInfluence: with,
      untreatedInfluence: without)
  }

  /// The weight of a row in its arm's mean.
  private func weight(_ i: Int, _ estimand: AugmentedInverseProbability.Estimand) -> Double {
    switch (estimand, treated[i]) {
    case (.ate, true): 1 / bounded[i]
    case (.ate, false): 1 / (1 - bounded[i])
    case (.att, true): 1
    case (.att, false): bounded[i] / (1 - bounded[i])
    }
  }

  func overlap(_ estimand: AugmentedInverseProbability.Estimand) -> OverlapTable {
    let arms = parallelMap(count: 2, threads: rows.threads) { arm(treated: $0 == 0, estimand) }
    return OverlapTable(
      treated: arms[0], untreated: arms[1],
      bounded: propensities.count { $0 < bound || $0 > 1 - bound }, bound: bound)
  }

  private func arm(
    treated wanted: Bool, _ estimand: AugmentedInverseProbability.Estimand
  ) -> OverlapTable.ArmOverlap {
    var (sorted, sum, squares) = ([Double](), 0.0, 0.0)
    for i in treated.indices where treated[i] == wanted {
      let w = weight(i, estimand)
      sorted.append(propensities[i])
      sum += w
      squares += w * w
    }
    sorted.sort()
    let n = Double(sorted.count)
    return OverlapTable.ArmOverlap(
      count: sorted.count,
      quantiles: OverlapTable.levels.compactMap {
        SampleQuantile.nearestRank($0, ofSorted: sorted)
      },
      below1: Double(sorted.prefix { $0 < 0.01 }.count) / n,
      below5: Double(sorted.prefix { $0 < 0.05 }.count) / n,
      above95: Double(sorted.count { $0 > 0.95 }) / n,
      above99: Double(sorted.count { $0 > 0.99 }) / n, effectiveCount: sum * sum / squares)
  }

  func balance(
    _ estimand: AugmentedInverseProbability.Estimand, _ names: [String],
    _ columns: [StandardColumn]
  ) -> [CovariateBalance] {
    var weights = [Double](repeating: 0, count: treated.count)
    var arms = [Bool](repeating: false, count: treated.count)
    for (place, row) in rows.original.enumerated() {
      weights[Int(row)] = weight(place, estimand)
      arms[Int(row)] = treated[place]
    }
    return parallelMap(count: names.count, threads: rows.threads) { [arms, weights] c in
      ArmContrast(columns[c], treated: arms, weights: weights).balance(names[c])
    }
  }
}

/// Sums of one covariate by arm, from its overall mean and in its standard deviations.
private struct ArmContrast {
  private let overall: Double
  private let unit: Double
  private var treated = Sums()
  private var untreated = Sums()

  private struct Sums {
    var count = 0.0
    var sum = 0.0
    var squares = 0.0
    var weight = 0.0
    var weighted = 0.0

    var mean: Double { sum / count }
    var variance: Double { max(squares - sum * mean, 0) / max(count - 1, 1) }

    @inline(__always)
    mutating func add(_ x: Double, _ w: Double) {
      count += 1
      sum += x
      squares += x * x
      weight += w
      weighted += w * x
    }
  }

  init(_ column: StandardColumn, treated arms: [Bool], weights: [Double]) {
    overall = column.mean
    unit = column.deviation > 0 ? column.deviation : 1
    column.values.withUnsafeBufferPointer { values in
      for i in values.indices {
        let x = (values[i] - column.mean) / unit
        if arms[i] { treated.add(x, weights[i]) } else { untreated.add(x, weights[i]) }
      }
    }
  }

  func balance(_ name: String) -> CovariateBalance {
    let spread = ((treated.variance + untreated.variance) / 2).squareRoot()
    let weighted = treated.weighted / treated.weight - untreated.weighted / untreated.weight
    return CovariateBalance(
      covariate: name, treatedMean: overall + unit * treated.mean,
      untreatedMean: overall + unit * untreated.mean,
      raw: spread > 0 ? (treated.mean - untreated.mean) / spread : nil,
      weighted: spread > 0 ? weighted / spread : nil)
  }
}
