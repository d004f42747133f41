import RealModule
import Statistics
import Testing

@Suite struct LogisticRegressionTests {
  let design = IndicatorDesign(columnCount: 2, rows: [[0], [0, 1]])

  @Test func twoByTwoTableGivesLogOdds() throws {
    let fit = try LogisticRegression(design: design)
      .fit(successes: [10, 30], trials: [50, 60], tolerance: 1e-20)
    #expect(fit.converged)
    #expect(relativeDifference(fit.coefficients, [Double.log(0.25), Double.log(4)]) < 1e-9)
    // Woolf: the variance of a log odds ratio is the sum of the reciprocal counts.
    let variance = try fit.covariance()[1, 1]
    #expect(abs(variance - (1.0 / 10 + 1.0 / 40 + 1.0 / 30 + 1.0 / 30)) < 1e-9)
    #expect(fit.separatedColumns == [])
  }

  @Test func separationIsFiniteAndNamed() throws {
    let fit = try LogisticRegression(design: design).fit(successes: [10, 0], trials: [50, 20])
    #expect(fit.converged)
    #expect(fit.separatedColumns == [1])
    #expect(fit.coefficients[1] < -1 && fit.coefficients[1] > -10)
    #expect(abs(fit.probabilities[0] - 0.2) < 0.02)
    #expect(try fit.covariance()[1, 1].squareRoot() < 2.5)
  }

  /// Neither flag separates alone; with both effects free the cells are fitted at 0 and 1.
  @Test func separationByCombinationIsFiniteAndNamed() throws {
    let rows = [[0], [0, 1], [0, 2], [0, 1, 2]]
    let fit = try LogisticRegression(design: indicatorDesign(rows, columns: 3))
      .fit(successes: [0, 8, 0, 9], trials: [40, 30, 40, 9])
    #expect(fit.converged)
    #expect(!fit.separatedColumns.isEmpty)
    #expect(fit.coefficients.allSatisfy { abs($0) < 30 })
    #expect(try fit.covariance().storage.allSatisfy(\.isFinite))
  }

  @Test func constantResponseIsFinite() throws {
    let fit = try LogisticRegression(design: design).fit(successes: [0, 0], trials: [500, 400])
    #expect(fit.probabilities.allSatisfy { $0 < 1e-4 && $0 > 0 })
  }

  @Test func emptyAndRepeatedColumnsDoNotBreakIt() throws {
    let rows = [[0], [0, 1, 3], [0, 2]]
    let fit = try LogisticRegression(design: indicatorDesign(rows, columns: 4))
      .fit(successes: [10, 30, 0], trials: [50, 60, 0])
    #expect(fit.converged)
    #expect(fit.coefficients[2] == 0)
    #expect(abs(fit.coefficients[1] - fit.coefficients[3]) < 1e-5)
    #expect(relativeDifference(Array(fit.probabilities[..<2]), [0.2, 0.5]) < 1e-8)
    #expect(fit.separatedColumns == [])
  }

  @Test func fractionalCellsEqualScaledWeights() throws {
    let known = try Goldens.load().logistic
    let regression = LogisticRegression(design: indicatorDesign(known.rows))
    let whole = try regression.fit(successes: known.successes, trials: known.trials)
    let half = try regression.fit(
      successes: known.successes.map { $0 / 2 }, trials: known.trials.map { $0 / 2 })
    #expect(relativeDifference(half.coefficients, whole.coefficients) < 1e-9)
    let (a, b) = (try whole.covariance(), try half.covariance())
    #expect(relativeDifference(b.storage, a.storage.map { $0 * 2 }) < 1e-9)
  }

  @Test func faultsAreNamed() {
    #expect(throws: RegressionError.successesAboveTrials(row: 1, successes: 3, trials: 2)) {
      try LogisticRegression(design: design).fit(successes: [0, 3], trials: [1, 2])
    }
    #expect(
      RegressionError.successesAboveTrials(row: 1, successes: 3, trials: 2).description
        == "Row 1 has 3.0 successes in 2.0 trials, expected at most as many: "
        + "check which of the two columns counts everything.")
  }

  /// The series' remainder is below 1e-9 up to its limit; beyond it the exponential is exact.
  @Test func logisticSeriesFollowsTheLogistic() {
    for start in stride(from: -40.0, through: 40, by: 0.5) {
      let series = LogisticSeries(predictor: start, risk: logistic(start))
      for size in [0, 0.01, 0.1, 0.25, 0.26, 2, 50] {
        let near = SIMD8(size, -size, 0, 0, 0, 0, 0, 0)
        // The second lane is the same whatever its neighbours are.
        let far = SIMD8(3, -size, 30, 0, -1, 0.2, 0, 0)
        let (first, second) = (series.moved(by: near), series.moved(by: far))
        let tolerance = size <= 0.25 ? 1e-9 : 1e-14
        #expect(abs(first[0] - logistic(start + size)) < tolerance)
        #expect(abs(first[1] - logistic(start - size)) < tolerance)
        #expect(abs(second[2] - logistic(start + 30)) < 1e-14)
        #expect(first[1] == second[1])
      }
    }
  }

  @Test func logisticKeepsItsTails() {
    #expect(logistic(-800) == 0)
    #expect(logistic(800) == 1)
    #expect(abs(logistic(-30) / Double.exp(-30) - 1) < 1e-12)
    #expect(abs(logit(logistic(1.25)) - 1.25) < 1e-15)
  }
}
