import Attribution
import Foundation
import InteractionLog
import Testing

/// Two outcomes of kind churn: the first cannot be told, the second can.
@Suite struct ChurnPricingTests {
  @Test func fixesArePricedByTheChurnThatCanBeTold() throws {
    let decoder = JSONDecoder()
    let none =
      #"{"system_direct": {}, "system_through_staff": {}, "staff_own": {}, "baseline": {}}"#
    func outcome(_ name: String, _ expected: String, _ rest: String) -> String {
      """
      {"outcome": "\(name)", "kind": "churn", "good": false, "model": "hazard", "interactions": 9,
       "expected": \(expected), "split": \(none), "converged": true, \(rest)}
      """
    }
    let outcomes = [
      outcome("quiet", "{}", "\"modes\": [], \"left_out\": [], \"note\": \"too short\""),
      outcome(
        "left", "{\"estimate\": 40}",
        """
        "modes": [{"mode": "timeout", "side": "system", "component": "payments", "interactions": 5,
          "caused": {"estimate": 2}, "if_removed": {"estimate": 3, "ci95": [1, 5]}}],
        "left_out": [{"mode": "error", "reason": "comes after this outcome, as the study says"}]
        """),
    ]
    var report = Fixture.report()
    let nothing = AttributionReport.Estimate(estimate: nil, ci95: nil)
    report.fixes = ["timeout", "error"].enumerated().map { place, mode in
      AttributionReport.Fix(
        rank: place + 1, component: "payments", mode: mode, repeatsAvoided: nothing,
        costAvoided: nothing, currency: nil, rankInterval: nil, examples: [])
    }
    report.outcomes = try decoder.decode(
      [AttributionReport.OutcomeResult].self,
      from: Data("[\(outcomes.joined(separator: ","))]".utf8))
    var study = Study.canonical
    study.outcomes = [
      OutcomeDeclaration(name: "quiet", kind: .churn, when: nil, money: 500),
      OutcomeDeclaration(name: "left", kind: .churn, when: "gone == true", money: 20),
    ]
    report.priceChurn(study: study)
    #expect(report.fixes[0].churnCostAvoided?.estimate == 60)
    #expect(report.fixes[0].churnCostAvoided?.ci95 == [20, 100])
    #expect(
      report.fixes[1].churnCostAvoided?.note == "error comes after this outcome, as the study says")
  }
}
