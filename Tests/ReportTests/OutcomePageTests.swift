import Attribution
import Foundation
import Report
import Testing

@Suite struct OutcomePageTests {
  private static func report() throws -> AttributionReport {
    var report = Fixture.report()
    func part(_ value: Double) -> String {
      "{\"estimate\": \(value), \"ci95\": [\(value - 40), \(value + 40)], \"share\": 0.1}"
    }
    let outcomes = """
      [{"outcome": "resolved", "kind": "resolution", "good": true, "model": "logistic",
        "interactions": 20000, "events": 17650, "expected": {"estimate": 17650, "ci95": [17500, 17800]},
        "split": {"system_direct": \(part(-210)), "system_through_staff": \(part(-9)),
          "staff_own": \(part(-29)), "baseline": \(part(17898))},
        "modes": [{"mode": "integration_timeout", "side": "system", "interactions": 687,
          "caused": {"estimate": -73.4, "ci95": [-91, -55]},
          "if_removed": {"estimate": -80, "ci95": [-99, -61]}}],
        "left_out": [], "converged": true,
        "money": {"per_event": 4, "currency": "EUR", "system": {"estimate": -876, "ci95": [-1100, -650]}}},
       {"outcome": "left", "kind": "churn", "good": false, "model": "hazard_from_silence",
        "interactions": 20000, "expected": {"note": "too short"},
        "split": {"system_direct": {}, "system_through_staff": {}, "staff_own": {}, "baseline": {}},
        "modes": [], "left_out": [], "converged": false, "note": "the log is too short"}]
      """
    let doses = """
      [{"response": "repeats", "column": "integration_latency_ms", "unit": "ms", "interactions": 9000,
        "overall": {"interactions": 9000, "range": [80, 4000], "begins_at": 1900,
          "begins_at_ci95": [1500, 2400], "p": 0.0005,
          "points": [{"latency": 100, "ratio": 1, "ci95": [1, 1]},
            {"latency": 3000, "ratio": 1.8, "ci95": [1.4, 2.2]}]},
        "topics": [{"topic": "refund", "interactions": 900, "points": [], "note": "too few"}],
        "sentence": "Repeats begin to rise with latency from 1,900 ms (1,500 to 2,400)."}]
      """
    let decoder = JSONDecoder()
    report.outcomes = try decoder.decode(
      [AttributionReport.OutcomeResult].self, from: Data(outcomes.utf8))
    report.latencyDose = try decoder.decode(
      [AttributionReport.LatencyDose].self, from: Data(doses.utf8))
    return report
  }

  @Test func thePageShowsWhichFailureCostsInWhichOutcome() throws {
    let report = try Self.report()
    let charts = Charts.all(report)
    #expect(charts.contains { $0.name == "latency" })
    let html = Page.html(report, charts: charts, bundle: nil)
    #expect(html.contains("Which failure costs in which outcome"))
    #expect(html.contains("minus is lost"))
    #expect(html.contains(">\u{2212}73</data>"))
    #expect(html.contains("Left: the log is too short."))
    #expect(html.contains("at 4 EUR each"))
    #expect(html.contains("Repeats begin to rise with latency from 1,900 ms (1,500 to 2,400)."))
    #expect(html.contains("refund"))
  }

  @Test func aRunWithoutOutcomesHasNoSuchSection() {
    let html = Page.html(Fixture.report(), charts: Charts.all(Fixture.report()), bundle: nil)
    #expect(!html.contains("id=\"outcomes\""))
    #expect(!html.contains("id=\"latency\""))
  }
}
