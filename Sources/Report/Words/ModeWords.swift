import Attribution

/// What failure modes and the parts of the split are called on screen.
enum ModeWords {
  /// A name from a study or a check as a phrase: `integration_timeout` → "Integration timeout".
  static func title(_ name: String) -> String {
    let words = name.split(separator: "_", omittingEmptySubsequences: true).joined(separator: " ")
    guard let first = words.first else { return name }
    return String(first).uppercased() + words.dropFirst()
  }

  /// What a built-in mode means, for somebody who does not know the log; nil for a study's own.
  static func meaning(_ mode: String) -> String? { meanings[mode] }

  private static let meanings = [
    "misclassified_intent": "the topic was recognised wrongly",
    "integration_timeout": "a connected system did not answer in time",
    "integration_error": "a connected system answered with an error",
    "action_failed": "what the customer asked for was started and not completed",
    "near_threshold_automation": "automated although the classifier was barely sure enough",
    "unneeded_escalation": "sent to staff although the classifier was right and nearly sure enough",
    "slow_execution": "a connected system answered late",
    "wrong_information": "a quality review found that staff gave wrong information",
    "procedure_missed": "a quality review found that staff left out a step of the procedure",
  ]

  static func verdict(_ verdict: AttributionReport.Verdict) -> String {
    switch verdict {
    case .pass: "Passes"
    case .warn: "Caution"
    case .fail: "Fails"
    case .notApplicable: "Not applicable"
    }
  }
}

/// The four parts of the split, in the order in which they are shown.
enum SplitPart: CaseIterable {
  case systemDirect, systemThroughStaff, staffOwn, baseline

  var title: String {
    switch self {
    case .systemDirect: "System, direct"
    case .systemThroughStaff: "System, through staff"
    case .staffOwn: "Staff, own"
    case .baseline: "Baseline"
    }
  }

  var meaning: String {
    switch self {
    case .systemDirect: "a failure of the system brought the customer back"
    case .systemThroughStaff:
      "a failure of the system made staff err, and that brought the customer back"
    case .staffOwn: "staff erred by themselves"
    case .baseline: "earlier contacts brought the customer back without a failure that is declared"
    }
  }

  func part(of split: AttributionReport.Split) -> AttributionReport.Part {
    switch self {
    case .systemDirect: split.systemDirect
    case .systemThroughStaff: split.systemThroughStaff
    case .staffOwn: split.staffOwn
    case .baseline: split.baseline
    }
  }

  func interval(in group: AttributionReport.PartIntervals?) -> [Double]? {
    switch self {
    case .systemDirect: group?.systemDirect
    case .systemThroughStaff: group?.systemThroughStaff
    case .staffOwn: group?.staffOwn
    case .baseline: group?.baseline
    }
  }

  func value(in week: AttributionReport.WeekOfRepeats) -> Double? {
    switch self {
    case .systemDirect: week.systemDirect
    case .systemThroughStaff: week.systemThroughStaff
    case .staffOwn: week.staffOwn
    case .baseline: week.baseline
    }
  }

  func value(in topic: AttributionReport.TopicOfRepeats) -> Double? {
    switch self {
    case .systemDirect: topic.systemDirect
    case .systemThroughStaff: topic.systemThroughStaff
    case .staffOwn: topic.staffOwn
    case .baseline: topic.baseline
    }
  }
}
