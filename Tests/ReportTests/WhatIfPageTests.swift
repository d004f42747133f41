import Attribution
import Foundation
import Report
import Testing
import WhatIf

/// A what-if as its charts and its page show it.
@Suite struct WhatIfPageTests {
  private static func estimate(_ value: Double, _ half: Double) -> String {
    """
    {"estimate": \(value), "se": \(half / 2), "ci95": [\(value - half), \(value + half)], "n": 900,
     "effective_n": 400}
    """
  }

  private static let none = #"{"n": 0, "note": "some first contacts are outside support"}"#

  private static func point(_ threshold: Double, change: Double?) -> String {
    let outcome =
      if let change {
        """
        {"outcome": "repeats", "doubly_robust": \(estimate(0.6 + change, 0.02)),
         "inverse_propensity": \(estimate(0.61 + change, 0.03)),
         "direct_method": {"estimate": 0.6, "n": 900}, "change": \(estimate(change, 0.01))}
        """
      } else {
        """
        {"outcome": "repeats", "doubly_robust": \(none), "inverse_propensity": \(none),
         "direct_method": {"estimate": 0.6, "n": 900}, "change": \(none),
         "bounds": {"lower": 0.5, "upper": 0.8, "ci95": [0.48, 0.83]},
         "change_bounds": {"lower": -0.1, "upper": 0.2, "ci95": [-0.12, 0.23]}}
        """
      }
    return """
      {"threshold": \(threshold), "automated_share": 0.6, "outcomes": [\(outcome)],
       "support": {"verdict": "\(change == nil ? "bounded" : "supported")", "outside_share": 0,
         "effective_n": 400, "effective_share": 0.4, "later_as_logged_share": 0,
         "unseen_sequence_share": 0,
         "identification": ["exploration"]},
       "exploration": \(change == nil
         ? #"{"half_width": 0.01, "plans": [{"rate": 0.05, "days": 157.2}]}"# : "null")}
      """
  }

  private static func contents(by: String = "refund") throws -> WhatIfContents {
    let points = [
      point(0.5, change: nil), point(0.6, change: nil), point(0.7, change: 0),
      point(0.8, change: -0.05),
    ].joined(separator: ",")
    let curve = """
      "first_contacts": 900, "customers": 800, "thresholds_today": [0.7], "points": [\(points)]
      """
    let json = """
      {"schema_version": "1", "period": {"from": "2026-01-05T00:00:00Z", "to": "2026-04-04T00:00:00Z"},
       "window_days": 15, "score": {"column": "s", "minimum": 0.2, "maximum": 0.99, "decisions": 1500},
       "units": {"estimand": "e", "first_contacts": 900, "customers": 800, "left_out":
         {"near_start": 1, "near_end": 2, "without_decision": 3, "between_episodes": 4}},
       "routing": {"in_force": [{"threshold": 0.7, "decisions": 1500}], "changes": 0,
         "override_share": 0.1}, "ceiling": 1.5, "assumptions": ["one <assumption>"],
       "absent": [{"outcome": "cost", "reason": "no costs are declared"}], "by": "topic",
       "curve": {\(curve)}, "groups": [{"value": "\(by)", \(curve)}],
       "discontinuities": [{"threshold": 0.7, "estimand": "e", "first_contacts_below": 300,
         "first_contacts_above": 600,
         "repeats": {"estimate": 0.09, "se": 0.02, "ci95": [0.05, 0.13]}}],
       "policies": []}
      """
    let changes = """
      {"changes": [{"name": "integration_timeout@payments times 0.5", "failures": 91,
         "repeats_avoided": {"estimate": 80.2, "ci95": [60, 99]}, "cost_avoided": {"note": "none"}}],
       "pairs": []}
      """
    let decoder = JSONDecoder()
    return WhatIfContents(
      thresholds: try decoder.decode(WhatIfReport.self, from: Data(json.utf8)), score: nil,
      scoreNote: "nobody reviewed intents",
      changes: try decoder.decode(InterventionReport.self, from: Data(changes.utf8)),
      currency: nil, attribution: "../run/report.html")
  }

  @Test func thePageAnswersFirstAndShowsWhatItRestsOn() throws {
    let contents = try Self.contents()
    let charts = WhatIfCharts.all(contents)
    let html = WhatIfPage.html(contents, charts: charts, bundle: "draw()")
    let words = [
      "<h1>Repeats: 5.0 fewer per 100 first contacts than today at 0.80 (4.0 to 6.0)</h1>",
      "2 of 4", "0.70 to 0.80: estimates.", "explored traffic", "0.50 to 0.60: bounds only.",
      "<data value=\"158\">158</data>", "Repeats avoided", "80 (60 to 99) repeats",
      "automating a contact adds 9.0 repeats per 100", "one &lt;assumption&gt;",
      "Cost: no costs are declared.", "href=\"../run/report.html\"", "nobody reviewed intents",
    ]
    for word in words { #expect(html.contains(word), "\(word)") }
    for chart in charts where chart.name != "whatif-calibration" {
      #expect(html.contains("data-chart=\"\(chart.name)\""), "\(chart.name) has no place")
    }
  }

  @Test func boundsAreDrawnAsBounds() throws {
    let charts = WhatIfCharts.all(try Self.contents())
    #expect(
      charts.map(\.name) == [
        "whatif-repeats", "whatif-repeats-change", "whatif-group-001", "whatif-discontinuities",
        "whatif-changes",
      ])
    guard case .array(let rows)? = charts[0].specification["data"]?["values"] else {
      Issue.record("no data")
      return
    }
    #expect(
      rows.map { $0["kind"] } == [
        "bounds", "bounds", "estimate, 95% band",
        "estimate, 95% band",
      ])
    // No estimate where there is none, and areas do not run from bounds into estimates.
    #expect(rows.map { $0["value"] == .null } == [true, true, false, false])
    #expect(rows[0]["segment"] == rows[1]["segment"] && rows[1]["segment"] != rows[2]["segment"])
    #expect(rows[0]["low"] == .number(48) && rows[0]["high"] == .number(83))
  }

  @Test func whatTheDataSayIsEscaped() throws {
    let contents = try Self.contents(by: "<script>alert(1)</script>")
    let html = WhatIfPage.html(contents, charts: WhatIfCharts.all(contents), bundle: "draw()")
    #expect(!html.contains("<script>alert"))
    #expect(!html.lowercased().contains("<script>alert"))
  }

  @Test func aPolicysRemarkIsSaidOnce() throws {
    var contents = try Self.contents()
    let part =
      #"{"value": "all", "first_contacts": 900, "automated_share": 0.5, "support": {"verdict": "#
      + #""bounded", "outside_share": 0.2, "effective_n": 9, "effective_share": 0.1, "#
      + #""later_as_logged_share": 0, "unseen_sequence_share": 0, "identification": []}, "outcomes": [OUTCOME, OUTCOME]}"#
    let outcome =
      #"{"outcome": "repeats", "doubly_robust": NONE, "inverse_propensity": NONE, "#
      + #""direct_method": NONE, "change": NONE}"#
    let policy = """
      {"name": "banded", "whole": \(part), "by_topic": [], "by_week": [], "fallback_contacts": 0,
       "queue": [], "queue_today": [], "note": "nobody was asked"}
      """.replacingOccurrences(of: "OUTCOME", with: outcome)
      .replacingOccurrences(of: "NONE", with: Self.none)
    contents.thresholds?.policies = [
      try JSONDecoder().decode(PolicyResult.self, from: Data(policy.utf8))
    ]
    let html = WhatIfPage.html(contents, charts: WhatIfCharts.all(contents), bundle: nil)
    #expect(html.components(separatedBy: "nobody was asked").count == 2)
  }

  @Test func withoutTheBundleThePageHasItsTables() throws {
    let contents = try Self.contents()
    let html = WhatIfPage.html(contents, charts: WhatIfCharts.all(contents), bundle: nil)
    #expect(html.contains("written without its charts"))
    #expect(!html.contains("data-chart"))
    #expect(html.contains("Repeats at each threshold as a table"))
  }
}
