import InteractionLog

/// The failure modes that the canonical columns give without a study.
enum BuiltinModes {
  /// How near to its threshold a confidence counts as a close call.
  static let margin = 0.08

  /// The built-in system modes whose columns the table has, in order of cause.
  static func system(
    study: Study, table: InteractionTable
  ) -> [FailureModeDeclaration] {
    let has = { (name: String) in table.columns[name] != nil }
    var modes: [FailureModeDeclaration] = []
    func add(_ name: String, component: String, when: String, causes: [String] = []) {
      modes.append(
        FailureModeDeclaration(
          name: name, side: .system, component: component, when: when, causes: causes))
    }
    if has("intent_predicted"), has("intent_actual") {
      add(
        "misclassified_intent", component: "nlu", when: "intent_predicted != intent_actual",
        causes: ["action_failed"])
    }
    let scored = has("handled_by") && has("intent_confidence") && has("confidence_threshold")
    if scored {
      add(
        "near_threshold_automation", component: "routing",
        when: """
          handled_by == "ai" and intent_confidence is not missing \
          and confidence_threshold is not missing and intent_confidence >= confidence_threshold \
          and round(intent_confidence - confidence_threshold, 6) < \(margin)
          """)
    }
    if scored, has("intent_predicted"), has("intent_actual") {
      add(
        "unneeded_escalation", component: "routing",
        when: """
          handled_by == "staff" and intent_confidence is not missing \
          and confidence_threshold is not missing and intent_confidence < confidence_threshold \
          and round(confidence_threshold - intent_confidence, 6) < \(margin) \
          and intent_predicted == intent_actual
          """)
    }
    if has("integration_status") {
      for (name, status) in [("integration_timeout", "timeout"), ("integration_error", "error")] {
        add(
          name, component: "integration",
          when: called("integration", "integration_status == \"\(status)\"", table),
          causes: ["action_failed"])
      }
    }
    if has("integration_latency_ms") {
      let limit = study.slowExecutionMilliseconds
      let inTime =
        has("integration_status")
        ? " and (integration_status is missing or integration_status != \"timeout\")" : ""
      add(
        "slow_execution", component: "integration",
        when: "integration_latency_ms is not missing and integration_latency_ms > \(limit)\(inTime)"
      )
    }
    if has("action_status") {
      add(
        "action_failed", component: "action",
        when: called("action", "action_status in [\"failed\", \"abandoned\"]", table))
    }
    return modes
  }

  /// A condition on `step`'s status that is false, not unknown, where no such step was taken.
  private static func called(
    _ step: String, _ condition: String, _ table: InteractionTable
  ) -> String {
    let taken =
      table.columns[step] == nil
      ? "\(step)_status is not missing"
      : "(\(step) is not missing or \(step)_status is not missing)"
    return "\(condition) and \(taken)"
  }

  /// Who must have handled an interaction for a built-in mode to be possible; nil: anyone.
  static func handler(of name: String) -> String? {
    switch name {
    case "near_threshold_automation": "ai"
    case "unneeded_escalation": "staff"
    default: nil
    }
  }
}
