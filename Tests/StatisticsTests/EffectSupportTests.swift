import LinearAlgebra
import Statistics
import Testing

/// What the rows outside a fold do not say is refused, not answered with 0.
@Suite struct EffectSupportTests {
  /// 400 rows of outcomes at 1000; the first lacks its outcome, so that rows of the table and rows
  /// used differ.
  private func table(_ level: (Int) -> String) throws -> DataTable {
    var table = DataTable(rowCount: 400)
    var outcomes = (0..<400).map { (i: Int) -> Double in 1_000 + Double(i * 37 % 19) / 19 }
    outcomes[0] = .nan
    try table.append("y", outcomes)
    try table.append("t", (0..<400).map { (i: Int) -> Double in Double(i / 2 % 2) })
    try table.append("s", (0..<400).map { (i: Int) -> String? in level(i) })
    return table
  }

  private func estimate(
    _ table: DataTable, _ estimand: AugmentedInverseProbability.Estimand = .ate
  ) throws -> CrossFittedEffect {
    try EffectRequest(
      outcome: "y", treatment: "t", adjust: ["s"],
      weighting: CrossFittedWeighting(estimand: estimand)
    ).estimate(table, threads: 2).effect
  }

  /// One row has a level of its own, once as the first level in order, which has no indicator.
  @Test(arguments: ["rare", "A"])
  func aLevelOfOneRowIsNamed(rare: String) throws {
    let problem = #expect(throws: EffectError.self) {
      try estimate(try table { $0 == 5 ? rare : $0 % 2 == 0 ? "a" : "b" })
    }
    guard case .unseenLevel("s", rare, let place) = problem else {
      Issue.record("\(String(describing: problem))")
      return
    }
    #expect(place.row == 5 && place.treated == nil && (0..<5).contains(place.fold))
  }

  /// A level that only the treated have has no outcome without treatment.
  @Test func aLevelOfOneArmIsNamed() throws {
    let data = try table { $0 / 2 % 2 == 1 && $0 % 40 < 4 ? "treated" : $0 % 2 == 0 ? "a" : "b" }
    for estimand in [AugmentedInverseProbability.Estimand.ate, .att] {
      let problem = #expect(throws: EffectError.self) { try estimate(data, estimand) }
      guard case .unseenLevel("s", "treated", let place) = problem else {
        Issue.record("\(String(describing: problem))")
        return
      }
      #expect(place.treated == false)
    }
    // The effect on the treated does not ask what treatment does to a level of the untreated.
    let other = try table { $0 / 2 % 2 == 0 && $0 % 40 < 5 ? "spared" : $0 % 2 == 0 ? "a" : "b" }
    #expect(abs(try estimate(other, .att).estimate) < 0.2)
    #expect(throws: EffectError.self) { try estimate(other) }
  }

  /// Levels that are rare but seen on both sides of every fold are answered.
  @Test func seenLevelsAreAnswered() throws {
    let effect = try estimate(try table { $0 % 20 < 4 ? "rare" : $0 % 2 == 0 ? "a" : "b" })
    #expect(abs(effect.estimate) < 0.2 && effect.untreatedMean > 999)
  }

  private func data(_ columns: [[Double]]) -> CrossFittedWeighting.Data {
    let n = columns[0].count
    return CrossFittedWeighting.Data(
      covariates: EffectGoldens.matrix(columns), names: columns.indices.map { "c\($0)" },
      treatment: (0..<n).map { Double($0 / 2 % 2) },
      outcome: (0..<n).map { Double($0 * 37 % 19) })
  }

  @Test func columnsThatVaryInOneFoldAreNamed() throws {
    let x = (0..<200).map { Double($0 * 61 % 101) }
    let spike = (0..<200).map { $0 == 8 ? 3.0 : 1 }
    let varies = #expect(throws: EffectError.self) {
      try CrossFittedWeighting().estimate(data([x, spike]))
    }
    if case .unvaryingColumn(let column, let value, let place) = varies {
      #expect(column == "c1" && value == 1 && place.row == 8)
    } else {
      Issue.record("\(String(describing: varies))")
    }
    // The same column but for one row: outside that row's fold nobody can tell them apart.
    var copy = x
    copy[8] += 50
    let together = #expect(throws: EffectError.self) {
      try CrossFittedWeighting().estimate(data([x, copy]))
    }
    if case .undetermined(let columns, let place) = together {
      #expect(columns == ["c0", "c1"] && place.row == 8)
    } else {
      Issue.record("\(String(describing: together))")
    }
  }

  /// More columns than rows of an arm; columns that others determine do not count.
  @Test func moreColumnsThanRowsIsNamed() throws {
    var random = RandomStream(seed: 5)
    let columns = (0..<40).map { _ in (0..<60).map { _ in random.uniform() } }
    #expect(
      throws: EffectError.tooManyColumns(treated: false, fold: 0, count: 24, columns: 41)
    ) { try CrossFittedWeighting().estimate(data(columns)) }
    let multiples = (1...40).map { factor in columns[0].map { Double(factor) * $0 } }
    let one = try CrossFittedWeighting().estimate(data([columns[0]]))
    let many = try CrossFittedWeighting().estimate(data(multiples))
    #expect(abs(one.estimate - many.estimate) < 1e-7)
  }
}

/// Figures at the ends of what a double holds.
@Suite struct EffectMagnitudeTests {
  /// Units of outcome and covariates do not matter, however large or small.
  @Test(arguments: [1e200, 1e-200, 1e285, 1e-300])
  func unitsDoNotMatter(unit: Double) throws {
    var random = RandomStream(seed: 6)
    let plain = Confounding.data(rows: 600, &random)
    var scaled = plain
    scaled.outcome = plain.outcome.map { unit * $0 }
    scaled.covariates = unit * plain.covariates
    for clusters in [nil, (0..<600).map { Int32($0 / 3) }] {
      var (one, other) = (plain, scaled)
      (one.clusters, other.clusters) = (clusters, clusters)
      let here = try CrossFittedWeighting().estimate(one)
      let there = try CrossFittedWeighting().estimate(other)
      #expect(relativeDifference(there.estimate, unit * here.estimate) < 1e-9)
      #expect(relativeDifference(there.standardError, unit * here.standardError) < 1e-9)
      let (first, second) = (try #require(here.eValue), try #require(there.eValue))
      #expect(relativeDifference(first.estimate, second.estimate) < 1e-9)
      let raw = try #require(there.balance[0].raw)
      #expect(relativeDifference(raw, try #require(here.balance[0].raw)) < 1e-9)
    }
  }

  @Test func whatIsTooLargeIsNamed() throws {
    var random = RandomStream(seed: 6)
    var data = Confounding.data(rows: 100, &random)
    data.outcome[7] = -1e300
    #expect(throws: EffectError.tooLarge(column: "The outcome", row: 7, value: -1e300)) {
      try CrossFittedWeighting().estimate(data)
    }
  }

  /// Outcomes of an arm that are all 0 have mean 0 under both models, so no ratio and no E-value.
  @Test(arguments: [CrossFittedWeighting.OutcomeModel.linear, .logistic])
  func anArmWithoutEvents(model: CrossFittedWeighting.OutcomeModel) throws {
    var random = RandomStream(seed: 7)
    var data = Confounding.data(rows: 400, &random)
    data.outcome = data.treatment.map { $0 == 1 && random.bernoulli(0.3) ? 1 : 0 }
    let effect = try CrossFittedWeighting(outcomeModel: model).estimate(data)
    #expect(effect.untreatedMean == 0 && effect.treatedMean > 0.1)
    #expect(effect.ratio == nil && effect.eValue == nil)
    data.outcome = data.outcome.map { 1 - $0 }
    let other = try CrossFittedWeighting(outcomeModel: model).estimate(data)
    #expect(abs(other.untreatedMean - 1) < 1e-9 && other.ratio != nil)
    #expect(abs(other.estimate + effect.estimate) < 1e-6)
  }

  /// A mean of 1e-5 with an error of 0.02: the interval of a ratio would end at infinity.
  @Test func aMeanNextTo0HasNoRatio() throws {
    let treatment = (0..<4_000).map { Double($0 % 2) }
    let outcome = (0..<4_000).map { (i: Int) -> Double in
      let second = Double(i / 2 % 2)
      return i % 2 == 1 ? 2 + second : 1e-5 + 1 - 2 * second
    }
    let effect = try CrossFittedWeighting().estimate(
      .init(
        covariates: Matrix(rows: 4_000, columns: 0), names: [], treatment: treatment,
        outcome: outcome),
      plan: FoldPlan(folds: (0..<4_000).map { Int32($0 / 4 % 5) }, count: 5))
    #expect(effect.untreatedMean > 0 && effect.untreatedMean < 2e-5)
    #expect(effect.ratio == nil && effect.eValue != nil)
  }

  @Test func eValuesAtTheEnds() throws {
    #expect(EValue(ratio: 0) == nil && EValue(ratio: .nan) == nil && EValue(ratio: -1) == nil)
    #expect(EValue(ratio: .infinity) == nil && EValue(ratio: 2, interval: (3, 4)) == nil)
    #expect(EValue(standardisedDifference: .nan, standardError: 1) == nil)
    #expect(EValue(standardisedDifference: 1_000, standardError: 1) == nil)
    // Where e^(0.91 d) itself is no normal number.
    let low = try #require(EValue(standardisedDifference: -770, standardError: 0.1))
    #expect(low == EValue(standardisedDifference: 770, standardError: 0.1))
    #expect(low.estimate > 1e300 && (low.limit ?? 0) > 1e300)
    #expect(relativeDifference(EValue.ofRatio(1e200), 2e200) < 1e-15)
  }
}
