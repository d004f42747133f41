import LinearAlgebra

// What must hold before anything is fitted, and the words for where it does not.
extension CrossFittedWeighting {
  /// Figures beyond this are refused: sums of many of them are no numbers.
  static let largestMagnitude = 1e290

  /// Who was treated.
  func checked(_ data: Data) throws(EffectError) -> [Bool] {
    let n = data.outcome.count
    try requireCount("The treatment", data.treatment.count, n)
    try requireCount("The adjustment", data.covariates.rows, n)
    if let clusters = data.clusters { try requireCount("The clustering", clusters.count, n) }
    precondition(data.names.count == data.covariates.columns, "\(data.names.count) names")
    try requireFinite("The outcome", data.outcome[...])
    for c in data.names.indices { try requireFinite(data.names[c], data.covariates.column(c)) }
    for (row, value) in data.treatment.enumerated() where value != 0 && value != 1 {
      throw .treatmentNotBinary(row: row, value: value)
    }
    if outcomeModel == .logistic, let row = data.outcome.firstIndex(where: { $0 < 0 || $0 > 1 }) {
      throw .outcomeNotProbability(row: row, value: data.outcome[row])
    }
    let treated = data.treatment.map { $0 == 1 }
    guard treated.contains(true) else { throw .emptyArm(treated: true) }
    guard treated.contains(false) else { throw .emptyArm(treated: false) }
    guard data.outcome.contains(where: { $0 != data.outcome[0] }) else {
      throw .constantOutcome(value: data.outcome[0])
    }
    return treated
  }

  func requireCount(
    _ argument: String, _ count: Int, _ expected: Int
  ) throws(EffectError) {
    if count != expected {
      throw .lengthMismatch(argument: argument, count: count, expected: expected)
    }
  }

  private func requireFinite(
    _ column: String, _ values: ArraySlice<Double>
  ) throws(EffectError) {
    for (row, value) in values.enumerated() where !(abs(value) <= Self.largestMagnitude) {
      guard value.isFinite else { throw .notFinite(column: column, row: row, value: value) }
      throw .tooLarge(column: column, row: row, value: value)
    }
  }

  /// No column parts the treated from the untreated.
  func requireUndecided(
    _ names: [String], _ columns: [StandardColumn], _ treated: [Bool], _ threads: Int
  ) throws(EffectError) {
    let decides = parallelMap(count: columns.count, threads: threads) { c in
      columns[c].parts(treated)
    }
    if let c = decides.firstIndex(of: true) { throw .treatmentDecided(column: names[c]) }
  }

  /// The models that are fitted: of the propensity (both arms) and of each arm's outcome.
  private var models: [Bool?] { estimand == .ate ? [nil, false, true] : [nil, false] }

  /// Two rows of each arm outside every fold, a mean and something to be off it by; and more rows
  /// than columns where a model is fitted.
  func requireArms(_ rows: FoldedRows, _ products: FoldedProducts) throws(EffectError) {
    func outside(_ fold: Int, _ treated: Bool) -> Int {
      var count = 0
      for other in 0..<rows.folds where other != fold {
        count += rows.groupCounts[2 * other + (treated ? 1 : 0)]
      }
      return count
    }
    for treated in [false, true] {
      for fold in 0..<rows.folds {
        let count = outside(fold, treated)
        if count < 2 { throw .tooFewInArm(treated: treated, fold: fold, count: count, needed: 2) }
      }
    }
    var rank: Int?
    for model in models {
      for fold in 0..<rows.folds {
        let count =
          model.map { outside(fold, $0) } ?? (outside(fold, false) + outside(fold, true))
        guard count <= rows.width else { continue }
        let needed = rank ?? products.rank()
        rank = needed
        if count <= needed {
          throw .tooManyColumns(treated: model, fold: fold, count: count, columns: needed)
        }
      }
    }
  }

  /// The rows outside each fold determine what is predicted inside it.
  func requireSupport(
    _ data: Data, _ rows: FoldedRows, _ products: FoldedProducts, _ treated: [Bool],
    _ plan: FoldPlan, _ columns: [StandardColumn]
  ) throws(EffectError) {
    let support = FoldedSupport(rows: rows, products: products)
    guard let gap = try support.firstGap(models) else { return }
    let outside = treated.indices.filter {
      Int(plan.folds[$0]) != gap.fold && (gap.treated ?? treated[$0]) == treated[$0]
    }
    let place = EffectError.Place(row: gap.row, fold: gap.fold, treated: gap.treated)
    for factor in data.factors {
      let level = factor.level(of: gap.row, in: data.covariates)
      if !outside.contains(where: { factor.level(of: $0, in: data.covariates) == level }) {
        throw .unseenLevel(column: factor.column, level: factor.levels[level], place)
      }
    }
    let kept = columns.indices.filter { columns[$0].deviation > 0 }
    let shares = gap.undetermined.dropFirst().map { abs($0) }
    let largest = shares.max() ?? 0
    let named = kept.indices.filter { shares[$0] >= largest / 2 }.map { kept[$0] }
    for c in named {
      let values = columns[c].values
      let first = values[values.startIndex + outside[0]]
      if outside.allSatisfy({ values[values.startIndex + $0] == first }) {
        throw .unvaryingColumn(column: data.names[c], value: first, place)
      }
    }
    throw .undetermined(columns: named.map { data.names[$0] }, place)
  }
}

extension StandardColumn {
  /// Whether all values of one arm are beyond all of the other.
  fileprivate func parts(_ treated: [Bool]) -> Bool {
    var (low, high) = ([Double.infinity, .infinity], [-Double.infinity, -.infinity])
    for (isTreated, value) in zip(treated, values) {
      let arm = isTreated ? 1 : 0
      low[arm] = min(low[arm], value)
      high[arm] = max(high[arm], value)
    }
    return high[0] < low[1] || high[1] < low[0]
  }
}
