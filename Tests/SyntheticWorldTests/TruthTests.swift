import SyntheticWorld
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Truth of a generated log")
struct TruthTests {
  @Test("The parts of the split add up to the total", arguments: Regime.allCases)
  func partsAddUp(regime: Regime) {
    let truth = World(regime: regime, interactions: 20_000, seed: 3).generate().truth
    let expected = truth.expected
    let sum =
      expected.baseline + expected.systemDirect + expected.systemThroughStaff + expected.staffOwn
    #expect(abs(sum - expected.total) < 1e-9)
    #expect(expected.baseline > 0)
    #expect(expected.systemDirect >= 0)
    #expect(expected.systemThroughStaff >= 0)
    #expect(expected.staffOwn >= 0)
    for groups in [truth.expectedByTopic ?? [:], truth.expectedByWeek ?? [:]] {
      let total = groups.values.map(\.total).sorted().reduce(0, +)
      #expect(abs(total - expected.total) < 1e-6)
      let direct = groups.values.map(\.systemDirect).sorted().reduce(0, +)
      #expect(abs(direct - expected.systemDirect) < 1e-6)
    }
    for mode in InjectedMode.allCases.map(\.rawValue) {
      let parts = truth.modesDirectByComponent[mode]?.values.sorted().reduce(0, +)
      #expect(abs((parts ?? -1) - (truth.modesDirect[mode] ?? -2)) < 1e-9)
    }
  }

  @Test(
    "Realised repeats are the log's triggered contacts, near their expectation",
    // Where rows are not in yet, or customers leave before they come back, the truth has more.
    arguments: Regime.allCases.filter { ![.lateLog, .flaggedChurn, .silentChurn].contains($0) })
  func realisedNearExpected(regime: Regime) {
    let log = World(regime: regime, interactions: 60_000, seed: 4).generate(includeTotals: false)
    let realised = log.truth.realised
    let expected = log.truth.expected
    #expect(
      realised.baseline + realised.systemDirect + realised.systemThroughStaff + realised.staffOwn
        + realised.beforeLog == log.truth.triggered)
    #expect(log.truth.triggered == log.cause.count { $0 != -1 })
    #expect(realised.beforeLog == log.cause.count { $0 == -2 })
    #expect(log.truth.contacts == log.table.count)
    // Each part is a sum of conditionally Poisson counts: its sd is the root of its expectation
    // (through staff also varies with which errors are kept; 5 sd cover that). Fixed seeds.
    for (count, expectation) in [
      (realised.baseline, expected.baseline), (realised.systemDirect, expected.systemDirect),
      (realised.systemThroughStaff, expected.systemThroughStaff),
      (realised.staffOwn, expected.staffOwn),
    ] {
      #expect(abs(Double(count) - expectation) <= 5 * expectation.squareRoot())
    }
  }

  @Test("Without effects there is only baseline, although failures and induced errors happen")
  func noEffect() {
    let truth = World(regime: .noEffect, interactions: 20_000, seed: 5).generate().truth
    #expect(truth.expected.total == truth.expected.baseline)
    #expect(truth.modesDirect.values.allSatisfy { $0 == 0 })
    #expect(truth.modesTotal?.values.allSatisfy { $0 == 0 } == true)
    #expect(truth.allSystemTotal == 0)
    #expect((truth.modeContacts["wrong_information"] ?? 0) > 200)
  }

  @Test(
    "The split is of a size that can be estimated",
    arguments: [Regime.logLinear, .additive, .saturating, .heavyContactors])
  func sizes(regime: Regime) {
    let truth = World(regime: regime, interactions: 30_000, seed: 6).generate().truth
    let expected = truth.expected
    let system = (expected.systemDirect + expected.systemThroughStaff) / expected.total
    #expect(system > 0.25 && system < 0.40)
    let meanRepeats = expected.total / Double(truth.contacts)
    #expect(meanRepeats > 0.14 && meanRepeats < 0.24)
  }

  @Test(
    "Switching all off is more than any one, and induced failures make a total exceed the direct effect"
  )
  func totals() throws {
    let truth = World(regime: .logLinear, interactions: 60_000, seed: 7).generate().truth
    let totals = try #require(truth.modesTotal)
    let all = try #require(truth.allSystemTotal)
    for mode in InjectedMode.allCases where mode.flag.isSubset(of: .system) {
      #expect(totals[mode.rawValue]! <= all)
    }
    #expect(
      Double(totals["integration_timeout"]!) > 1.3 * truth.modesDirect["integration_timeout"]!)
    #expect(totals["near_threshold_automation"] == 0)
    #expect(truth.modesDirect["near_threshold_automation"] == 0)
    #expect(totals["unneeded_escalation"] == 0)
  }

  @Test("Totals are only counted when asked for, and counting them changes nothing else")
  func optionalTotals() {
    let world = World(regime: .quickRetries, interactions: 5_000, seed: 8)
    var with = world.generate(includeTotals: true).truth
    let without = world.generate(includeTotals: false).truth
    #expect(without.modesTotal == nil && without.allSystemTotal == nil)
    with.modesTotal = nil
    with.allSystemTotal = nil
    #expect(with == without)
  }

  @Test("truth.json has the contract's keys and reads back")
  func json() throws {
    let truth = World(regime: .outages, interactions: 2_000, seed: 9).generate().truth
    let json = try truth.json()
    #expect(try JSONDecoder().decode(Truth.self, from: Data(json)) == truth)
    let text = String(decoding: json, as: UTF8.self)
    for key in [
      "expected", "expected_by_topic", "expected_by_week", "total", "baseline", "system_direct",
      "system_through_staff", "staff_own",
      "modes_direct", "modes_total", "contacts", "triggered", "regime", "seed", "version", "period",
      "realised",
    ] {
      #expect(text.contains("\"\(key)\""), "\(key)")
    }
    #expect(truth.period.from == "2026-01-05T00:00:00Z")
    #expect(truth.period.to == "2026-04-05T00:00:00Z")
    #expect(text.hasSuffix("}\n"))
  }
}
