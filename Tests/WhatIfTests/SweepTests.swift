import InteractionLog
import Testing
import WhatIf

/// Two ways to the same figures.
@Suite struct SweepTests {
  private func setting(_ table: InteractionTable) throws -> WhatIfSetting {
    try WhatIfSetting(
      try DecisionLog(table: table, by: "topic"), table: table,
      options: .init(windowDays: 15, costs: .init(perInteraction: 1, perStaffMinute: 0.5)))
  }

  private func world() -> InteractionTable {
    var world = ThresholdWorld()
    world.customers = 500
    world.history = [(0, 0.7), (70, 0.55)]
    world.explored = 0.1
    world.overrides = [0.05, 0.1, 0]
    return world.table(seed: 5)
  }

  @Test func aPointOfTheSweepIsThePolicyOfItsThreshold() throws {
    let setting = try setting(world())
    let thresholds = [0.3, 0.55, 0.62, 0.7, 0.9]
    let sweep = ThresholdSweep(
      setting, grid: ThresholdGrid(thresholds), byGroup: true, threads: 2)
    let curve = CurveBuilder(setting, sweep: sweep).curve(0)
    for (point, threshold) in zip(curve.points, thresholds) {
      let policy = try RoutingPolicy(
        PolicyDeclaration(name: "p", automateFrom: threshold), setting.log)
      let result = PolicyValuation(setting, policy).result(threads: 2)
      #expect(abs(result.whole.automatedShare - point.automatedShare) < 1e-9)
      for (a, b) in zip(result.whole.outcomes, point.outcomes) {
        #expect(a.outcome == b.outcome)
        let (x, y) = (a.doublyRobust.estimate ?? -1, b.doublyRobust.estimate ?? -1)
        #expect(abs(x - y) < 1e-9 * max(1, abs(x)))
        let (s, t) = (a.change.se ?? -1, b.change.se ?? -1)
        #expect(abs(s - t) < 1e-6 * max(1, abs(s)), "\(a.outcome) at \(threshold)")
        let (v, w) = (a.inversePropensity.se ?? -1, b.inversePropensity.se ?? -1)
        #expect(abs(v - w) < 1e-6 * max(1, abs(v)))
      }
      // Topics part the first contacts.
      let total = result.byTopic.reduce(0) { $0 + $1.firstContacts }
      #expect(total == result.whole.firstContacts)
      #expect(result.byWeek.reduce(0) { $0 + $1.firstContacts } == total)
    }
  }

  @Test func threadsDoNotMatter() throws {
    let setting = try setting(world())
    let grid = ThresholdGrid([0.4, 0.5, 0.6, 0.7, 0.8])
    let one = CurveBuilder(
      setting, sweep: ThresholdSweep(setting, grid: grid, byGroup: true, threads: 1)
    ).curves()
    let four = CurveBuilder(
      setting, sweep: ThresholdSweep(setting, grid: grid, byGroup: true, threads: 4)
    ).curves()
    #expect(one.all == four.all)
    #expect(one.groups == four.groups)
    #expect(one.groups.count == 3)
    #expect(one.groups.reduce(0) { $0 + $1.firstContacts } == one.all.firstContacts)
  }

  @Test func todaysThresholdChangesNothing() throws {
    let setting = try setting(world())
    let sweep = ThresholdSweep(
      setting, grid: ThresholdGrid([0.55]), byGroup: false, threads: 1)
    let point = try #require(CurveBuilder(setting, sweep: sweep).curve(0).points.first)
    for value in point.outcomes {
      #expect(abs(value.change.estimate ?? 1) < 1e-12, "\(value.outcome)")
    }
    #expect(point.support.identification == ["as_logged"])
  }

  @Test func aJumpAtTheThresholdIsWhatAutomatingDoes() throws {
    var world = ThresholdWorld()
    world.customers = 8_000
    let setting = try setting(world.table(seed: 2))
    let local = try #require(LocalEffect.all(setting, byGroup: false, threads: 2).first)
    // One episode's next contact, and what follows it in turn: about 1 / (1 − chance) as many.
    let jump =
      world.response(ai: true, score: 0.7, topic: 1)
      - world.response(ai: false, score: 0.7, topic: 1)
    let effect = try #require(local.effectOfAutomating)
    #expect(local.threshold == 0.7 && local.automation?.estimate == 1)
    #expect(effect.ci95[0] < 1.6 * jump && effect.ci95[1] > 1.0 * jump, "\(effect), \(jump)")
  }
}
