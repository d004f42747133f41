import InteractionLog

/// The metrics of `attribution.json` from the interactions of a log: overall, by ISO week (in the
/// study's zone), by handler, and by both.
///
/// - `intent_resolution_rate`: share of interactions whose intent was resolved (`resolutions`).
/// - `action_success_rate`: share of `ok` or `completed` among interactions with an action status.
/// - `end_to_end_latency_ms`: nearest-rank quantiles of `latencies`.
/// - `repeat_contact_rate`: share of interactions that the customary rule sees followed by a repeat.
/// - `csat`: mean score.
///
/// Rates carry Wilson's 95 % interval, the mean a normal one. Unknown values are left out of `n`.
/// An interaction without a handler counts overall and by week only.
package enum MetricsCalculator {
  /// - Parameter followedByRule: for each row of the table, whether a repeat by the customary rule
  ///   follows within the log; nil where the customer is unknown or the window runs past its end.
  /// - Complexity: O(n log n) for the quantiles, one pass for the rest.
  package static func metrics(
    table: InteractionTable, followedByRule: [Bool?], zone: ZoneOffsets = .utc
  ) -> AttributionReport.Metrics {
    precondition(followedByRule.count == table.count, "one entry a row of the table")
    let groups = MetricGroups(table: table, zone: zone)
    return AttributionReport.Metrics(
      intentResolutionRate: rate(resolutions(table), groups),
      actionSuccessRate: rate(actionSuccesses(table), groups),
      endToEndLatencyMs: quantiles(latencies(table), groups),
      repeatContactRate: rate(followedByRule, groups),
      csat: mean(table.number("csat"), rows: table.count, groups))
  }

  /// Whether each interaction resolved its intent: the flag `resolved` where it is known; elsewhere
  /// the predicted intent is the actual one and the action neither failed nor was abandoned. Nil
  /// where neither is known.
  package static func resolutions(_ table: InteractionTable) -> [Bool?] {
    let flag = table.flag("resolved")
    let agree = intentAgreement(table)
    let status = table.text("action_status")
    return (0..<table.count).map { row in
      switch flag?[row] ?? .unknown {
      case .yes: return true
      case .no: return false
      case .unknown:
        guard let agree = agree[row] else { return nil }
        return agree && status?[row] != "failed" && status?[row] != "abandoned"
      }
    }
  }

  /// Whether the predicted intent is the actual one; nil where either is missing.
  private static func intentAgreement(_ table: InteractionTable) -> [Bool?] {
    guard let predicted = table.text("intent_predicted"), let actual = table.text("intent_actual")
    else { return [Bool?](repeating: nil, count: table.count) }
    // Texts are compared once a distinct value, then by code.
    var code: [String: Int32] = [:]
    for (index, value) in actual.values.enumerated() { code[value] = Int32(index) }
    let actualCode = predicted.values.map { code[$0] ?? -2 }
    return (0..<table.count).map { row in
      let predictedCode = predicted.codes[row]
      guard predictedCode >= 0, actual.codes[row] >= 0 else { return nil }
      return actualCode[Int(predictedCode)] == actual.codes[row]
    }
  }

  /// Whether each interaction's action succeeded; nil where it has no action status.
  package static func actionSuccesses(_ table: InteractionTable) -> [Bool?] {
    guard let status = table.text("action_status") else {
      return [Bool?](repeating: nil, count: table.count)
    }
    let succeeded = status.values.map { $0 == "ok" || $0 == "completed" }
    return status.codes.map { $0 < 0 ? nil : succeeded[Int($0)] }
  }

  /// End-to-end milliseconds of each interaction: `ended_at` − `started_at` where there is an end
  /// (and it is not before the start), else the handling time, else the integration's latency; NaN
  /// where there is none of them.
  package static func latencies(_ table: InteractionTable) -> [Double] {
    let ended = table.time("ended_at")
    let handled = table.number("handle_seconds")
    let integration = table.number("integration_latency_ms")
    return (0..<table.count).map { row in
      if let end = ended?[row], end >= table.startedAt[row] {
        return Double(end - table.startedAt[row])
      }
      if let seconds = handled?[row] { return seconds * 1_000 }
      return integration?[row] ?? .nan
    }
  }
}
