import LinearAlgebra
import Statistics
import Testing

@Suite struct EffectErrorTests {
  private func data(
    _ treatment: [Double], _ outcome: [Double]? = nil, covariate: [Double]? = nil,
    clusters: [Int32]? = nil
  ) -> CrossFittedWeighting.Data {
    let n = treatment.count
    let x = covariate ?? (0..<n).map { Double($0 * 7 % 5) }
    return CrossFittedWeighting.Data(
      covariates: EffectGoldens.matrix([x]), names: ["x"], treatment: treatment,
      outcome: outcome ?? (0..<n).map { Double($0 * 3 % 7) }, clusters: clusters)
  }

  private let half = (0..<40).map { Double($0 % 2) }

  @Test func badInputIsNamed() {
    let weighting = CrossFittedWeighting()
    func fails(_ error: EffectError, _ data: CrossFittedWeighting.Data) {
      #expect(throws: error) { try weighting.estimate(data) }
    }
    var three = half
    three[4] = 2
    fails(.treatmentNotBinary(row: 4, value: 2), data(three))
    fails(.emptyArm(treated: true), data([Double](repeating: 0, count: 40)))
    fails(.emptyArm(treated: false), data([Double](repeating: 1, count: 40)))
    fails(.constantOutcome(value: 3), data(half, [Double](repeating: 3, count: 40)))
    fails(
      .lengthMismatch(argument: "The adjustment", count: 3, expected: 40),
      data(half, covariate: [1, 2, 3]))
    var infinite = half
    infinite[7] = .infinity
    fails(.notFinite(column: "x", row: 7, value: .infinity), data(half, covariate: infinite))
    fails(.notFinite(column: "The outcome", row: 7, value: .infinity), data(half, infinite))
    fails(.oneCluster, data(half, clusters: [Int32](repeating: 0, count: 40)))
    fails(
      .foldsOutOfRange(folds: 5, limit: 4, clustered: true),
      data(half, clusters: (0..<40).map { Int32($0 % 4) }))
    #expect(throws: EffectError.foldsOutOfRange(folds: 50, limit: 20, clustered: false)) {
      try CrossFittedWeighting(folds: 50).estimate(data(half))
    }
    #expect(throws: EffectError.foldsOutOfRange(folds: 1, limit: 20, clustered: false)) {
      try CrossFittedWeighting(folds: 1).estimate(data(half))
    }
    #expect(throws: EffectError.outcomeNotProbability(row: 1, value: 3)) {
      try CrossFittedWeighting(outcomeModel: .logistic).estimate(data(half))
    }
  }

  /// A covariate that decides the treatment leaves nobody to compare with, and so do two together.
  @Test func noOverlapIsNamed() {
    let x = (0..<200).map { Double($0) }
    let treatment = x.map { $0 >= 100 ? 1.0 : 0 }
    #expect(throws: EffectError.treatmentDecided(column: "x")) {
      try CrossFittedWeighting().estimate(data(treatment, covariate: x))
    }
    let other = (0..<200).map { Double($0 * 61 % 200) }
    var both = data(zip(x, other).map { $0 + $1 >= 200 ? 1 : 0 })
    both.covariates = EffectGoldens.matrix([x, other])
    both.names = ["x", "other"]
    let problem = #expect(throws: EffectError.self) { try CrossFittedWeighting().estimate(both) }
    if case .noOverlap(let highest, let lowest) = problem {
      #expect(highest < lowest)
    } else {
      Issue.record("\(String(describing: problem))")
    }
  }

  @Test func wording() {
    #expect(
      EffectError.treatmentNotBinary(row: 4, value: 2).description
        == "The treatment of row 5 is 2.0, expected 0 or 1.")
    #expect(
      EffectError.foldsOutOfRange(folds: 50, limit: 20, clustered: false).description
        == "50 folds were asked for, expected 2 to 20, the number of rows of the smaller arm.")
    #expect(
      EffectError.oneCluster.description
        == "All rows are in one cluster, expected at least two: an error cannot be estimated from "
        + "one.")
    let place = EffectError.Place(row: 5, fold: 1, treated: false)
    #expect(
      EffectError.unseenLevel(column: "s", level: "rare", place).description
        == "The column \"s\" is \"rare\" in row 6, which is in fold 2, and in none of the untreated "
        + "rows outside this fold, so nothing says what its outcome is without treatment: group the "
        + "level with another, drop its rows, or use fewer folds.")
    #expect(
      EffectError.tooManyColumns(treated: nil, fold: 0, count: 48, columns: 60).description
        == "Outside fold 1 there are 48 rows to fit 60 columns to (the intercept and one indicator a "
        + "level counted), expected more rows than columns: adjust for fewer columns, group levels, "
        + "or use fewer folds.")
  }
}
