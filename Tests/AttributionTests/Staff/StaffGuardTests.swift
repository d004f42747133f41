import Attribution
import Foundation
import SyntheticWorld
import Testing

@Suite struct StaffGuardTests {
  /// Equal skill, unequal work: a ranking points at people, the guard at nobody. With
  /// `WHEREFORE_EVIDENCE` more worlds; the long form is `wherefore validate --regime unequal-exposure`.
  @Test func doesNotBlameForTheQueue() throws {
    let full = ProcessInfo.processInfo.environment["WHEREFORE_EVIDENCE"] != nil
    var named = 0
    var ranked = 0
    let seeds: ClosedRange<UInt64> = full ? 1...60 : 1...2
    for seed in seeds {
      let outcome = try StaffWorld(
        interactions: full ? 30_000 : 14_000, seed: seed, regime: .unequalExposure
      ).outcome()
      let comparison = try #require(outcome.report.staffComparison)
      #expect(comparison.compared >= 5)
      if comparison.named > 0 { named += 1 }
      ranked += comparison.rankedByRawRate
      #expect(outcome.report.staff.count == comparison.named)
    }
    // One-sided binomial bound of 5 % at three standard errors.
    let n = Double(seeds.count)
    #expect(Double(named) <= 0.05 * n + 3 * (0.05 * 0.95 * n).squareRoot())
    #expect(ranked > 0)
  }

  @Test func findsTheOneWhoIsWorse() throws {
    let outcome = try StaffWorld(interactions: 24_000, seed: 3, regime: .worseMember).outcome()
    #expect(outcome.report.staff.map(\.staffID) == ["S14"])
    let result = try #require(outcome.report.staff.first)
    #expect(result.q <= 0.05 && result.contacts >= 100 && result.expected >= 5)
    let shrunk = try #require(result.shrunkRatio.estimate)
    let raw = try #require(result.ratio.estimate)
    #expect(shrunk > 1 && shrunk < raw)
    let interval = try #require(result.shrunkRatio.ci95)
    #expect(interval[0] > 1)
    #expect(outcome.report.staffComparison?.funnel.count { $0.named } == 1)
    // The figures of a named member are sums over the member's contacts.
    let work = outcome.ledger.staffWork.contacts
    #expect(work.count == result.contacts)
    #expect(abs(work.reduce(0) { $0 + $1.expected } - result.expected) < 1e-9 * result.expected)
    #expect(abs(work.reduce(0) { $0 + $1.observed } - result.observed) < 1e-9 * result.observed)
  }

  /// How often one worse member is found, by how much worse: only where `WHEREFORE_EVIDENCE` is set.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["WHEREFORE_EVIDENCE"] != nil,
      "a long proof: set WHEREFORE_EVIDENCE"),
    arguments: [1.5, 2, 2.5])
  func power(factor: Double) throws {
    var (found, wrong, ranked) = (0, 0, 0)
    let worlds: ClosedRange<UInt64> = 1...12
    for seed in worlds {
      let outcome = try StaffWorld(interactions: 30_000, seed: seed, regime: .worseMember) {
        $0.staffWork.worse?.repeatFactor = factor
      }.outcome()
      if outcome.report.staff.contains(where: { $0.staffID == "S14" }) { found += 1 }
      wrong += outcome.report.staff.count { $0.staffID != "S14" }
      ranked += outcome.report.staffComparison?.rankedByRawRate ?? 0
    }
    print(
      "factor \(factor): found in \(found) of \(worlds.count) worlds, \(wrong) others named; a raw "
        + "ranking points at \(ranked)")
    #expect(Double(wrong) <= 0.05 * Double(found + wrong) + 2)
    if factor >= 2.5 { #expect(found * 2 > worlds.count) }
  }

  @Test func saysWhyNobodyIsCompared() throws {
    let outcome = try StaffWorld(interactions: 3_000, seed: 4).outcome()
    let comparison = try #require(outcome.report.staffComparison)
    #expect(comparison.compared == 0 && comparison.members > 0)
    #expect(comparison.note?.contains("100 contacts") == true)
    #expect(outcome.report.staff.isEmpty && outcome.staff.members.isEmpty)
  }
}
