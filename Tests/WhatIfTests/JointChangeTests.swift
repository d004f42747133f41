import InteractionLog
import Testing
import WhatIf

/// What single estimates and single curves cannot tell, and all of them together can.
@Suite struct JointChangeTests {
  private func answer(
    _ world: ThresholdWorld, seed: UInt64, grid: [Double], costs: Study.Costs
  ) throws -> (curve: ThresholdCurve, optimum: OptimumReport) {
    let table = world.table(seed: seed)
    let setting = try WhatIfSetting(
      try DecisionLog(table: table, by: "topic"), table: table,
      options: .init(windowDays: 15, costs: costs))
    let sweep = ThresholdSweep(setting, grid: ThresholdGrid(grid), byGroup: true, threads: 1)
    let curves = CurveBuilder(setting, sweep: sweep).curves()
    let choice = ThresholdChoice(setting, sweep: sweep, curves: curves, seed: 1, threads: 1)
    return (curves.all, try #require(choice).report(staffHours: nil, currency: nil))
  }

  @Test func aDearThresholdIsLeftByAllCurvesTogether() throws {
    var world = ThresholdWorld()
    world.explored = 0.2
    world.history = [(0, 0.9)]
    // Staff minutes cost all there is: the lowest threshold is the best.
    let found = try answer(
      world, seed: 3, grid: [0.6, 0.75, 0.9], costs: .init(perInteraction: 0, perStaffMinute: 1))
    let together = try #require(found.optimum.together)
    #expect(together.isSupported)
    let change = try #require(together.change.estimate)
    #expect(change < 0)
    for point in found.optimum.front {
      #expect(point.repeatsInterval[0] <= point.repeatsInterval[1])
      #expect(point.staffMinutesInterval[0] <= point.staffMinutesChange + 0.5)
    }
    #expect(found.optimum.choices.allSatisfy { $0.leastRegretChange != nil })
  }

  @Test func whereNothingIsBetterNothingIsSupported() throws {
    var world = ThresholdWorld()
    world.explored = 0.1
    // Repeats cost all there is, and AI brings as many as staff at 0.72: a change gains next to nothing.
    let supported = try (1...8).count { seed in
      let found = try answer(
        world, seed: UInt64(seed), grid: [0.65, 0.7, 0.75],
        costs: .init(perInteraction: 1, perStaffMinute: 0))
      return try #require(found.optimum.together).isSupported
    }
    // Each by a chance of 2.5 %.
    #expect(supported <= 1, "\(supported) of 8")
  }

  @Test func theCombinedValueLiesBetweenItsPartsAndInTheInterval() throws {
    var world = ThresholdWorld()
    world.explored = 0.2
    let found = try answer(
      world, seed: 5, grid: [0.5, 0.7, 0.85], costs: .init(perInteraction: 1, perStaffMinute: 0.5))
    for value in found.curve.points.flatMap(\.outcomes) {
      guard let robust = value.doublyRobust.estimate, let direct = value.directMethod.estimate,
        let combined = value.combined?.estimate, let interval = value.combined?.ci95
      else { continue }
      #expect(combined >= min(robust, direct) - 1e-12 && combined <= max(robust, direct) + 1e-12)
      #expect(interval == value.doublyRobust.ci95)
      #expect(combined >= interval[0] - 1e-12 && combined <= interval[1] + 1e-12)
    }
  }

  /// The further from the threshold in force, the more episodes need two rare decisions in a row.
  @Test func sequencesThatTheLogLacksAreCounted() throws {
    var world = ThresholdWorld()
    world.explored = 0.1
    let found = try answer(
      world, seed: 6, grid: [0.3, 0.5, 0.65, 0.7],
      costs: .init(perInteraction: 1, perStaffMinute: 0.5))
    let shares = found.curve.points.map(\.support.unseenSequenceShare)
    #expect(shares == shares.sorted(by: >))
    #expect(shares[3] == 0)
    for point in found.curve.points {
      let weighted = point.outcomes.first { $0.outcome == .repeats }?.inversePropensity.estimate
      #expect((weighted == nil) == (point.support.unseenSequenceShare > CurveBuilder.negligible))
    }
  }
}
