import Testing
import WhatIf

/// Estimates against worlds whose response to the threshold is known.
@Suite struct CoverageTests {
  /// Shares of covered truths, and root mean square errors of the doubly robust and direct values;
  /// `beside` is the doubly robust value's where there is an inverse-propensity one.
  private func supported(
    _ world: ThresholdWorld, at thresholds: [Double], worlds: Int
  ) throws -> (
    covered: Double, robust: Double, beside: Double, weighted: Double, direct: Double
  ) {
    let truths = thresholds.map { world.truth($0) }
    var (covered, robust, weighted, direct, n) = (0, 0.0, 0.0, 0.0, 0)
    var (beside, both) = (0.0, 0)
    for seed in 1...worlds {
      let curve = try world.curve(seed: UInt64(seed), thresholds: thresholds)
      for (point, truth) in zip(curve.points, truths) {
        let value = try #require(point.outcomes.first { $0.outcome == .repeats })
        let estimate = try #require(value.doublyRobust.estimate)
        let interval = try #require(value.doublyRobust.ci95)
        if interval[0] <= truth && truth <= interval[1] { covered += 1 }
        robust += (estimate - truth) * (estimate - truth)
        if let other = value.inversePropensity.estimate {
          weighted += (other - truth) * (other - truth)
          beside += (estimate - truth) * (estimate - truth)
          both += 1
        } else {
          #expect(point.support.unseenSequenceShare > CurveBuilder.negligible)
        }
        let model = try #require(value.directMethod.estimate)
        direct += (model - truth) * (model - truth)
        n += 1
      }
    }
    let count = Double(n)
    return (
      Double(covered) / count, (robust / count).squareRoot(),
      (beside / Double(max(both, 1))).squareRoot(), (weighted / Double(max(both, 1))).squareRoot(),
      (direct / count).squareRoot()
    )
  }

  @Test func changedThresholdsAreValuedInsideSupport() throws {
    var world = ThresholdWorld()
    world.history = [(0, 0.7), (60, 0.5), (110, 0.6)]
    let found = try supported(world, at: [0.5, 0.55, 0.6, 0.65, 0.7], worlds: 30)
    #expect(found.covered > 0.89 && found.covered <= 1, "\(found)")
    #expect(found.robust < 0.035, "\(found)")
  }

  @Test func exploredTrafficIsValuedEverywhere() throws {
    var world = ThresholdWorld()
    world.explored = 0.1
    world.overrides = [0.02, 0.08, 0.2]
    let found = try supported(world, at: [0.3, 0.5, 0.7, 0.85], worlds: 30)
    #expect(found.covered > 0.88, "\(found)")
    #expect(found.beside <= 1.15 * found.weighted, "\(found)")
  }

  /// The outcome model is off by what it takes for granted (later contacts handled as logged), however
  /// much data there is; the doubly robust value is not.
  @Test func withEnoughDataTheOutcomeModelAloneIsFurtherOff() throws {
    var world = ThresholdWorld()
    world.customers = 12_000
    world.explored = 0.15
    let found = try supported(world, at: [0.3, 0.45], worlds: 6)
    #expect(found.robust < found.direct, "\(found)")
    #expect(found.covered > 0.7, "\(found)")
  }

  @Test func boundsCoverTheTruthOutsideSupport() throws {
    let world = ThresholdWorld()
    let thresholds = [0.4, 0.55, 0.8, 0.9]
    let truths = thresholds.map { world.truth($0) }
    var (covered, bounded) = (0, 0)
    for seed in 1...30 {
      let curve = try world.curve(seed: UInt64(seed), thresholds: thresholds)
      for (point, truth) in zip(curve.points, truths) {
        #expect(point.support.verdict == .bounded)
        let value = try #require(point.outcomes.first { $0.outcome == .repeats })
        #expect(value.doublyRobust.estimate == nil && value.doublyRobust.note != nil)
        guard let bounds = value.bounds else {
          #expect(value.note != nil)
          continue
        }
        bounded += 1
        if bounds.ci95[0] <= truth && truth <= bounds.ci95[1] { covered += 1 }
      }
    }
    #expect(bounded >= 60, "\(bounded) of 120 points had bounds")
    #expect(Double(covered) >= 0.95 * Double(bounded), "\(covered) of \(bounded)")
  }

  @Test func leastCostIsFoundWhereTheLogSupportsIt() throws {
    var world = ThresholdWorld()
    world.customers = 6_000
    world.explored = 0.15
    let grid = (6...18).map { Double($0) / 20 }
    // Each contact costs 2, a staff minute 1: staff's five minutes against AI's repeats.
    let table = world.table(seed: 3)
    let setting = try WhatIfSetting(
      try DecisionLog(table: table), table: table,
      options: .init(windowDays: 15, costs: .init(perInteraction: 4, perStaffMinute: 0.2)))
    let sweep = ThresholdSweep(
      setting, grid: ThresholdGrid(grid), byGroup: false, threads: 2)
    let curves = CurveBuilder(setting, sweep: sweep).curves()
    let choice = try #require(
      ThresholdChoice(setting, sweep: sweep, curves: curves, seed: 1, threads: 2))
    let report = choice.report(staffHours: nil, currency: nil)
    let found = try #require(report.choices.first?.threshold)
    func cost(_ threshold: Double) -> Double {
      let repeats = world.truth(threshold, episodes: 100_000)
      let staff = world.staffContacts(threshold, episodes: 100_000)
      return 4 * (1 + repeats) + 0.2 * 5 * staff
    }
    let best = grid.map(cost).min() ?? 0
    #expect(cost(found) <= 1.05 * best, "\(found): \(cost(found)) against \(best)")
    let interval = try #require(report.choices.first?.ci95)
    #expect(interval[0] <= found && found <= interval[1])
    #expect(!report.front.isEmpty)
    for point in report.front {
      for (value, interval) in [
        (point.repeatsChange, point.repeatsInterval),
        (point.staffMinutesChange, point.staffMinutesInterval),
      ] {
        // Percentiles of resampled customers, not centred on the estimate.
        let room = 0.25 * (interval[1] - interval[0]) + 1e-9
        #expect(interval[0] - room <= value && value <= interval[1] + room)
      }
    }
  }

  @Test func nothingIsSupportedWhereOneThresholdIsAllThereWas() throws {
    let table = ThresholdWorld().table(seed: 4)
    let setting = try WhatIfSetting(
      try DecisionLog(table: table), table: table,
      options: .init(windowDays: 15, costs: .init(perInteraction: 1, perStaffMinute: 1)))
    let sweep = ThresholdSweep(
      setting, grid: ThresholdGrid([0.5, 0.6, 0.7, 0.8]), byGroup: false, threads: 1)
    let curves = CurveBuilder(setting, sweep: sweep).curves()
    let choice = try #require(
      ThresholdChoice(setting, sweep: sweep, curves: curves, seed: 1, threads: 1))
    let report = choice.report(staffHours: nil, currency: nil)
    #expect(report.sentence == "No change is supported by the data.")
    #expect(report.choices.first?.threshold == 0.7)
    let point = try #require(curves.all.points.first)
    #expect((point.exploration?.plans.count ?? 0) == 4)
  }
}
