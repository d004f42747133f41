import RealModule
import Statistics
import Testing

@Suite struct EffectTests {
  /// VanderWeele & Ding 2017: 3.9 (1.8 to 8.7) gives 7.26 and 3.0.
  @Test func publishedEValue() throws {
    let value = try #require(EValue(ratio: 3.9, interval: (1.8, 8.7)))
    #expect(abs(value.estimate - 7.26) < 5e-3)
    #expect(abs((value.limit ?? 0) - 3) < 1e-12)
    // A protective ratio has the E-value of its inverse.
    #expect(EValue(ratio: 0.5, interval: (0.2, 0.8))?.estimate == EValue.ofRatio(2))
    #expect(EValue(ratio: 1.2, interval: (0.9, 1.6))?.limit == 1)
    #expect(EValue(ratio: 1)?.estimate == 1)
  }

  /// One covariate cell: the effect is the difference of means, its error Neyman's.
  @Test(arguments: [AugmentedInverseProbability.Estimand.ate, .att])
  func oneCellIsTheDifferenceOfMeans(estimand: AugmentedInverseProbability.Estimand) throws {
    let outcomes: (treated: [Double], control: [Double]) = ([3, 5, 4, 6], [1, 2, 2, 3, 1, 3])
    var (treated, control) = (ArmMoments(cells: 1), ArmMoments(cells: 1))
    for y in outcomes.treated { treated.add(y, cell: 0) }
    for y in outcomes.control { control.add(y, cell: 0) }
    let effect = try AugmentedInverseProbability(
      design: IndicatorDesign(columnCount: 1, rows: [[0]]), outcomeModel: .linear,
      estimand: estimand
    ).estimate(treated: treated, control: control)
    #expect(abs(effect.estimate - 2.5) < 1e-8)
    // Σ(y − ȳ)²/n² per arm: 5/16 and 4/36.
    #expect(abs(effect.standardError - (5.0 / 16 + 4.0 / 36).squareRoot()) < 1e-8)
    #expect(abs((effect.ratio?.estimate ?? 0) - 2.25) < 1e-8)
    #expect(abs(effect.overlap.minimumPropensity - 0.4) < 1e-8)
    #expect(effect.overlap.shareOutside == 0)
    #expect(abs(effect.overlap.effectiveControls - 6) < 1e-9)
  }

  /// Influences summed unit by unit give the error that the cells give, and have mean zero.
  @Test func influencesAgreeWithTheStandardError() throws {
    let known = try Goldens.load().aipw
    let design = indicatorDesign(known.rows)
    var (treated, control) = (
      ArmMoments(cells: design.rowCount), ArmMoments(cells: design.rowCount)
    )
    for (row, cell) in known.cell.enumerated() {
      if known.treated[row] == 1 {
        treated.add(known.outcome[row], cell: cell)
      } else {
        control.add(known.outcome[row], cell: cell)
      }
    }
    let effect = try AugmentedInverseProbability(
      design: design, outcomeModel: .poisson(.log), estimand: .att
    ).estimate(treated: treated, control: control)
    var (sum, squares) = (0.0, 0.0)
    for (row, cell) in known.cell.enumerated() {
      let phi = effect.influence.value(
        cell: cell, treated: known.treated[row] == 1, outcome: known.outcome[row])
      sum += phi
      squares += phi * phi
    }
    let units = Double(known.cell.count)
    #expect(abs(sum / units) < 1e-8)
    #expect(abs(squares.squareRoot() / units / effect.standardError - 1) < 1e-10)
  }

  /// 200 confounded samples: the naive difference is far off, the doubly robust one is not, and its
  /// interval covers.
  @Test func simulationIsUnbiasedAndCovers() throws {
    let design = indicatorDesign([[0], [0, 1], [0, 2], [0, 1, 2]], columns: 3)
    let (effect, samples) = (0.3, 200)
    var random = TestRandom(state: 20)
    var (bias, naiveBias, covered) = (0.0, 0.0, 0)
    for _ in 0..<samples {
      var (treated, control) = (ArmMoments(cells: 4), ArmMoments(cells: 4))
      for _ in 0..<600 {
        let cell = Int(4 * random.uniform())
        let (a, b) = (Double(cell & 1), Double(cell >> 1))
        let mean = Double.exp(-1 + 0.8 * a + 0.6 * b)
        if random.uniform() < logistic(-1 + 1.2 * a + 0.8 * b) {
          treated.add(random.poisson(mean + effect), cell: cell)
        } else {
          control.add(random.poisson(mean), cell: cell)
        }
      }
      let answer = try AugmentedInverseProbability(
        design: design, outcomeModel: .linear, estimand: .ate
      ).estimate(treated: treated, control: control)
      bias += (answer.estimate - effect) / Double(samples)
      naiveBias +=
        (treated.sums.reduce(0, +) / treated.counts.reduce(0, +)
          - control.sums.reduce(0, +) / control.counts.reduce(0, +) - effect) / Double(samples)
      if answer.ci95.lower <= effect && effect <= answer.ci95.upper { covered += 1 }
    }
    #expect(abs(bias) < naiveBias / 10)
    // 95 % of 200 within three binomial standard errors.
    #expect(covered >= 181 && covered <= 199)
  }

  @Test func emptyArmIsNamed() {
    var treated = ArmMoments(cells: 1)
    treated.add(1, cell: 0)
    #expect(throws: RegressionError.noData(argument: "counts of the control")) {
      try AugmentedInverseProbability(
        design: IndicatorDesign(columnCount: 1, rows: [[0]]), outcomeModel: .linear,
        estimand: .ate
      ).estimate(treated: treated, control: ArmMoments(cells: 1))
    }
  }
}

@Suite struct IntervalTests {
  @Test func wilsonAtTheEdges() {
    #expect(WilsonInterval.ci95(successes: 0, trials: 0) == (0, 1))
    #expect(WilsonInterval.ci95(successes: 0, trials: 20).lower == 0)
    #expect(WilsonInterval.ci95(successes: 20, trials: 20).upper == 1)
  }

  /// Values 1 … 5: mean 3, variance 2.5, t(0.975, 4) = 2.7764451051977987.
  @Test func meanIntervals() {
    let interval = MeanInterval.student95([1, 2, 3, 4, 5])
    let half = 2.7764451051977987 * 0.5.squareRoot()
    #expect(abs((interval?.lower ?? 0) - (3 - half)) < 1e-12)
    #expect(abs((interval?.upper ?? 0) - (3 + half)) < 1e-12)
    #expect(MeanInterval.student95([4]) == nil)
    #expect(abs(MeanInterval.normal95(1, standardError: 2).upper - 4.91992796908) < 1e-10)
  }

  @Test func nearestRankIsAValueOfTheSample() {
    let sorted = (1...20).map(Double.init)
    #expect(SampleQuantile.nearestRank(0.5, ofSorted: sorted) == 10)
    #expect(SampleQuantile.nearestRank(0.95, ofSorted: sorted) == 19)
    #expect(SampleQuantile.nearestRank(0.951, ofSorted: sorted) == 20)
    #expect(SampleQuantile.nearestRank(0, ofSorted: sorted) == 1)
    #expect(SampleQuantile.nearestRank(1, ofSorted: sorted) == 20)
    #expect(SampleQuantile.nearestRank(0.5, ofSorted: [Double]()) == nil)
  }
}
