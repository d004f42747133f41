import Foundation
import InteractionLog
import SyntheticWorld
import Testing
import WhatIf

@Suite struct ScoreReportTests {
  private func table(_ regime: ThresholdRegime, seed: UInt64, _ size: Int = 10_000)
    -> InteractionTable
  {
    World(thresholds: regime, interactions: size, seed: seed).generate(includeTotals: false).table
  }

  /// More worlds where WHEREFORE_WORLDS says how many.
  private static let worlds =
    ProcessInfo.processInfo.environment["WHEREFORE_WORLDS"].flatMap { Int($0) } ?? 4

  @Test("A scale that shifts halfway is found; without a shift nothing is")
  func drift() throws {
    var found = 0
    var alarms = [0, 0, 0]
    for seed in 1...Self.worlds {
      let shifted = try ScoreAnalysis(table(.scoreShift, seed: UInt64(seed))).report().drift
      if shifted.warns { found += 1 }
      for (k, regime) in [ThresholdRegime.scoreVersions, .fixed, .changes].enumerated() {
        let drift = try ScoreAnalysis(table(regime, seed: UInt64(seed))).report().drift
        #expect(drift.areVersions == (regime == .scoreVersions))
        if drift.warns { alarms[k] += 1 }
      }
    }
    print("drift: found \(found) of \(Self.worlds), false alarms \(alarms)")
    #expect(Double(found) >= 0.95 * Double(Self.worlds))
    // Beyond what 5 % gives with a chance of one in a thousand.
    let limit = 0.05 * Double(Self.worlds) + 3.1 * (0.0475 * Double(Self.worlds)).squareRoot()
    for count in alarms { #expect(Double(count) <= limit) }
  }

  @Test("A threshold is restated as the score that means the same in the new version")
  func restated() throws {
    // Log odds there are 0.6 + 0.7 times those here.
    let truth = 1 / (1 + exp(-(0.6 + 0.7 * log(0.7 / 0.3))))
    var covered = 0
    var errors: [Double] = []
    for seed in 1...Self.worlds {
      let report = try ScoreAnalysis(table(.scoreShift, seed: UInt64(seed))).report()
      #expect(report.recalibrations.map(\.group) == ["v1", "v2"])
      let old = try #require(report.thresholds.first { $0.group == "v1" })
      #expect(old.threshold == 0.7)
      let there = try #require(old.inLastPart)
      let ci = try #require(old.inLastPartCi95)
      errors.append(there - truth)
      if ci[0] <= truth && truth <= ci[1] { covered += 1 }
      #expect(report.thresholds.first { $0.group == "v2" }?.inLastPart == nil)
    }
    print("restated: covered \(covered) of \(Self.worlds)")
    #expect(abs(errors.reduce(0, +) / Double(errors.count)) < 0.01)
    let most = Double(Self.worlds)
    #expect(Double(covered) >= 0.95 * most - 3.1 * (0.0475 * most).squareRoot())
  }

  @Test(
    "A report has its sections, all finite, the same twice; recalibration pays where scores lie")
  func whole() throws {
    let log = table(.fixed, seed: 7)
    let analysis = try ScoreAnalysis(log)
    let report = try analysis.report()
    #expect(report.scored == log.count)
    #expect(report.reviewed == log.count)
    #expect(report.sections.map(\.by).prefix(3) == ["all", "part", "part"])
    #expect(report.sections.filter { $0.by == "topic" }.count == World.topicNames.count)
    let parts = report.sections.filter { $0.by == "part" }
    #expect(parts.map(\.n).reduce(0, +) == report.reviewed)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // The encoder refuses numbers that are none.
    let json = try encoder.encode(report)
    #expect(try encoder.encode(ScoreAnalysis(log).report()) == json)
    #expect(try JSONDecoder().decode(ScoreReport.self, from: json) == report)
    let map = try #require(report.recalibrations.first)
    #expect(map.group == nil)
    // The world's score is not calibrated: 90 % are right, the mean score is 0.75.
    #expect(map.brierAfter < map.brierBefore)
    let values = map.blocks.map(\.value)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    #expect(report.thresholds.map(\.threshold) == [0.7])
    let lines = report.text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines.filter { $0.count > 100 })")
    #expect(report.text.contains("No sign that the score changed its scale"))
  }

  @Test("What was not looked at is left out, and drift by meaning says why it is not tested")
  func fewReviewed() throws {
    var log = table(.scoreShift, seed: 2)
    guard case .text(var actual)? = log.columns["intent_actual"] else {
      Issue.record("no intents")
      return
    }
    for row in actual.codes.indices where row % 50 != 0 { actual.codes[row] = -1 }
    log.columns["intent_actual"] = .text(actual)
    let report = try ScoreAnalysis(log).report()
    #expect(report.reviewed == (log.count + 49) / 50)
    let meaning = try #require(report.drift.tests.first { $0.name == "meaning" })
    #expect(meaning.p == nil)
    #expect(meaning.note?.contains("wrong intents") == true)
    // Where the scores lie is seen without any review.
    #expect(report.drift.warns)
  }

  @Test("Scores that say nothing are refused, each with what is wrong")
  func badScores() throws {
    var log = table(.fixed, seed: 1, 500)
    func refusal(_ change: (inout InteractionTable) -> Void) -> String? {
      var changed = log
      change(&changed)
      do {
        _ = try ScoreAnalysis(changed)
        return nil
      } catch {
        return error.description
      }
    }
    func numbers(_ value: (Int) -> Double) -> Column {
      .number(NumberColumn(storage: (0..<log.count).map(value)))
    }
    #expect(
      refusal { $0.columns["intent_confidence"] = nil }?.contains("confidence_threshold") == true)
    #expect(
      refusal { $0.columns["intent_confidence"] = numbers { _ in .nan } }?.contains("no value")
        == true)
    #expect(
      refusal { $0.columns["intent_confidence"] = numbers { _ in 0.5 } }?.contains("0.5") == true)
    let percent = refusal { $0.columns["intent_confidence"] = numbers { Double($0 % 100) } }
    #expect(percent?.contains("divide percentages by 100") == true)
    #expect(refusal { $0.columns["intent_actual"] = nil }?.contains("looked at") == true)
    log.columns["intent_confidence"] = numbers { $0 == 0 ? 0.1 : 0.9 }
    #expect(refusal { _ in } == nil)
    _ = try ScoreAnalysis(log).report()
  }

  @Test("Customers that nobody knows are one each; all right is a report without slopes")
  func degenerate() throws {
    var log = table(.fixed, seed: 1, 600)
    log.customer.codes = log.customer.codes.map { _ in -1 }
    #expect(try ScoreAnalysis(log).report().sections[0].customers == log.count)
    log.columns["intent_actual"] = log.columns["intent_predicted"]
    let report = try ScoreAnalysis(log).report()
    #expect(report.sections[0].right == 1)
    #expect(report.sections[0].brier?.skill == nil)
    #expect(report.drift.tests.contains { $0.name == "meaning" && $0.p == nil })
  }
}
