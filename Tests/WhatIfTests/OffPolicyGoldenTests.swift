import Foundation
import InteractionLog
import Testing
import WhatIf

/// A log of single decisions, and what the Open Bandit Pipeline says of it;
/// `Goldens/make_off_policy_goldens.py` writes it.
private struct OffPolicyGoldens: Decodable {
  struct Log: Decodable {
    let topic: [Int32]
    let score: [Double]
    let threshold: [Double]
    let explored: [Int]
    let ai: [Int]
    /// Seconds to the contact's end, nil where unknown.
    let seconds: [Double?]
  }
  struct Policy: Decodable {
    let threshold: Double
    let outside: Int
    let ratios: [Double]
    let predicted: [Double]
    let values: [Double]
    let snipw: Double
    let dm: Double
    let dr: Double
  }
  let obp: String
  let log: Log
  let policies: [Policy]

  static func load() throws -> OffPolicyGoldens {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Goldens/off_policy.json")
    return try JSONDecoder().decode(OffPolicyGoldens.self, from: Data(contentsOf: file))
  }

  /// One contact of each customer in the middle of 60 days, and two of customer 0 at the log's ends that
  /// were no decisions.
  var table: InteractionTable {
    let n = log.score.count
    let day = 86_400_000.0
    let customers = [0, 0] + (1...n).map { Int32($0) }
    let days = [0, 60] + (0..<n).map { 16 + 28 * Double($0) / Double(n) }
    func padded(_ number: Int) -> String { String(String(10_000 + number).dropFirst()) }
    func column(_ ends: Double, _ values: [Double]) -> Column {
      .number(NumberColumn(storage: [ends, ends] + values))
    }
    var table = InteractionTable(
      interactionID: (0..<n + 2).map { "i" + padded($0) },
      customer: TextColumn(codes: customers, values: (0...n).map { "c" + padded($0) }),
      startedAt: days.map { Int64(($0 * day).rounded()) },
      topic: TextColumn(codes: [0, 0] + log.topic, values: ["a", "b"]), columns: [:])
    table.columns["intent_confidence"] = column(.nan, log.score)
    table.columns["confidence_threshold"] = column(.nan, log.threshold)
    table.columns["handle_seconds"] = column(.nan, log.seconds.map { $0 ?? .nan })
    table.columns["handled_by"] = .text(
      TextColumn(
        codes: [1, 1] + log.ai.map { $0 == 1 ? 0 : 1 }, values: ["ai", "staff"]))
    table.columns["explored"] = .flag(
      FlagColumn(storage: [0, 0] + log.explored.map { Int8($0) }))
    return table
  }
}

/// Off-policy values, propensities and outcome model against the Open Bandit Pipeline's own estimators
/// (`obp` 0.4.1, Saito, Aihara, Matsutani & Narita 2021) and closed forms in numpy.
@Suite struct OffPolicyGoldenTests {
  @Test(arguments: [0, 1])
  func singleDecisionsAreValuedAsTheOpenBanditPipelineDoes(policy: Int) throws {
    let goldens = try OffPolicyGoldens.load()
    let expected = goldens.policies[policy]
    let table = goldens.table
    let setting = try WhatIfSetting(
      try DecisionLog(table: table), table: table, options: .init(windowDays: 15))
    let traces = EpisodeTrace.all(setting, threshold: expected.threshold, outcome: .latency)
    func expectClose(_ ours: [Double], _ theirs: [Double], _ what: Comment) {
      #expect(ours.count == theirs.count, what)
      let worst = zip(ours, theirs).reduce(0) { max($0, abs($1.0 - $1.1) / max(1, abs($1.1))) }
      // Sums in another order.
      #expect(worst < 1e-11, what)
    }
    expectClose(traces.map { $0.ratios[0] }, expected.ratios, "ratios")
    expectClose(traces.map { $0.predicted[0] }, expected.predicted, "outcome model")
    expectClose(traces.map { $0.values[0] }, expected.values, "policy's outcome model")
    let sweep = ThresholdSweep(
      setting, grid: ThresholdGrid([expected.threshold]), byGroup: false, threads: 1)
    let point = CurveBuilder(setting, sweep: sweep).curve(0).points[0]
    let value = try #require(point.outcomes.first { $0.outcome == .latency })
    #expect(point.support.outsideShare == 0 && expected.outside == 0)
    let pairs = [
      (value.inversePropensity, expected.snipw), (value.directMethod, expected.dm),
      (value.doublyRobust, expected.dr),
    ]
    for (ours, theirs) in pairs {
      let estimate = try #require(ours.estimate)
      #expect(abs(estimate - theirs) < 1e-8, "\(estimate) is not \(theirs)")
      #expect(ours.n == Double(expected.ratios.count))
    }
  }
}
