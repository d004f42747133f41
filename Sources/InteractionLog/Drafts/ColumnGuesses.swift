/// Which columns of a file are the canonical ones: by their names, where their values allow it.
struct ColumnGuesses {
  /// Canonical name → column.
  private(set) var taken: [String: String] = [:]
  /// Columns whose names say what they are, but not their values: canonical name, column, what is wrong.
  private(set) var unfit: [(name: String, column: String, reason: String)] = []
  /// What orders the rows of an interaction, where it has several.
  private(set) var order: String?
  /// Whether a row is one of several of its interaction.
  private(set) var isEvents = false
  /// How times are written, taken from the start.
  private(set) var times: TimeWriting?

  /// Other names by which canonical columns go, likeliest first; matched by words.
  private static let names: [(canonical: String, others: [String])] = [
    (
      "interaction_id",
      [
        "conversation_id", "contact_id", "ticket_id", "case_id", "call_id", "chat_id",
        "session_id", "incident_id", "case_number", "ticket_number", "ticket", "number",
        "incident", "id",
      ]
    ),
    (
      "customer_id",
      [
        "client_id", "user_id", "account_id", "caller_id", "member_id", "requester_id",
        "subscriber_id", "person_id", "customer", "client", "caller", "requester", "account",
        "user",
      ]
    ),
    (
      "started_at",
      [
        "start_time", "started", "start", "created_at", "opened_at", "created_on", "created",
        "opened", "contact_time", "event_time", "timestamp", "datetime", "date_time", "date",
        "time",
      ]
    ),
    (
      "ended_at",
      [
        "end_time", "ended", "end", "finished_at", "completed_at", "resolved_at", "closed_at",
        "closed",
      ]
    ),
    (
      "handle_seconds",
      [
        "handle_time_seconds", "handle_time", "handling_time", "aht", "duration_seconds",
        "talk_time", "duration",
      ]
    ),
    ("channel", ["contact_type", "contact_channel", "medium", "origin"]),
    (
      "intent_predicted",
      ["predicted_intent", "predicted_topic", "detected_intent", "bot_intent", "intent"]
    ),
    (
      "intent_actual",
      [
        "actual_intent", "true_intent", "final_intent", "contact_reason", "topic", "category",
        "reason", "issue_type", "subject",
      ]
    ),
    (
      "intent_confidence",
      ["confidence", "intent_score", "confidence_score", "probability", "score"]
    ),
    ("confidence_threshold", ["threshold"]),
    ("model_version", ["classifier_version", "model"]),
    ("explored", ["exploration", "randomised", "randomized"]),
    ("handled_by", ["handler", "handler_type", "agent_type", "handled"]),
    (
      "staff_id",
      [
        "agent_id", "employee_id", "operator_id", "assigned_to", "assignee", "agent", "operator",
        "employee",
      ]
    ),
    ("team", ["assignment_group", "agent_group", "queue", "department", "skill_group", "group"]),
    ("integration", ["integration_name", "backend", "service", "api"]),
    ("integration_status", ["api_status", "backend_status", "service_status"]),
    (
      "integration_latency_ms",
      ["latency_ms", "response_time_ms", "api_latency_ms", "latency", "response_ms"]
    ),
    ("action", ["action_name", "task"]),
    ("action_status", ["task_status", "action_result"]),
    ("staff_error", ["agent_error", "qa_error", "qa_finding", "error_type"]),
    ("qa_reviewed", ["reviewed", "qa_checked"]),
    ("intent_reviewed", ["intent_checked", "labelled", "labeled"]),
    ("reviewed_at", ["review_time", "qa_at"]),
    ("resolved", ["is_resolved", "solved", "resolution"]),
    ("csat", ["csat_score", "satisfaction", "rating"]),
    ("nps", ["nps_score"]),
  ]

  /// What orders events, likeliest first.
  private static let orders = [
    "event_order", "sequence", "seq", "step", "sys_mod_count", "version", "updated_at",
    "sys_updated_at", "modified_at", "event_time", "timestamp",
  ]

  init(_ sample: LogSample) {
    let candidates = Self.candidates(sample)
    var used: Set<String> = []
    identifier(candidates, sample, &used)
    // Times come next: whatever else is a time must be written as the start is.
    settle(candidates.filter { $0.name == "started_at" }, sample, &used)
    times = taken["started_at"].flatMap(sample.column)?.times
    settle(candidates.filter { $0.name != "started_at" }, sample, &used)
    if isEvents {
      order = Self.orders.first { name in
        sample.column(name).map {
          $0.known == sample.rows && ($0.isNumber || $0.times == times)
        } ?? false
      }
    }
  }

  private typealias Candidate = (score: Int, name: String, column: String)

  /// Columns by canonical name, the clearest names first.
  private static func candidates(_ sample: LogSample) -> [Candidate] {
    var found: [Candidate] = []
    for (place, entry) in names.enumerated() {
      for column in sample.columns {
        let words = Self.words(column.name)
        if words == Self.words(entry.canonical) {
          found.append((100_000 - place, entry.canonical, column.name))
        } else if let rank = entry.others.firstIndex(where: { Self.words($0) == words }) {
          found.append((50_000 - 1_000 * rank - place, entry.canonical, column.name))
        }
      }
    }
    return found.sorted { $0.score > $1.score }
  }

  /// `customerID`, `Customer Id` and `customer_id` are the same words.
  static func words(_ name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in name {
      let isUpper = character.isUppercase
      if !(character.isLetter || character.isNumber) || (isUpper && wasLower) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if character.isLetter || character.isNumber { word.append(character.lowercased()) }
      wasLower = character.isLowercase || character.isNumber
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// The id of the interaction: a column of that name, rows being events where its values recur.
  private mutating func identifier(
    _ candidates: [Candidate], _ sample: LogSample, _ used: inout Set<String>
  ) {
    let named = candidates.filter { $0.name == "interaction_id" }.compactMap {
      sample.column($0.column)
    }
    if let column = named.first(where: \.isUnique) ?? sample.columns.first(where: \.isUnique) {
      taken["interaction_id"] = column.name
      used.insert(column.name)
    } else if let column = named.first(where: {
      $0.known == sample.rows && Double($0.values.count) <= 0.8 * Double($0.known)
    }) {
      taken["interaction_id"] = column.name
      used.insert(column.name)
      isEvents = true
    }
  }

  /// Takes each candidate whose place and column are still free and whose values allow it.
  private mutating func settle(
    _ candidates: [Candidate], _ sample: LogSample, _ used: inout Set<String>
  ) {
    for candidate in candidates
    where taken[candidate.name] == nil && !used.contains(candidate.column) {
      guard let canonical = CanonicalColumn.named(candidate.name),
        let column = sample.column(candidate.column)
      else { continue }
      if let reason = misfit(canonical, column) {
        unfit.append((candidate.name, candidate.column, reason))
        continue
      }
      taken[candidate.name] = candidate.column
      used.insert(candidate.column)
    }
  }

  /// Why the values of a column cannot be what its name says; nil where they can.
  private func misfit(_ canonical: CanonicalColumn, _ column: ColumnProfile) -> String? {
    guard column.known > 0 else { return "has no values" }
    switch canonical.kind {
    case .text, .order:
      if canonical.name == "customer_id", column.isUnique {
        return "has every value once, so that nobody would come back"
      }
      return nil
    case .choice(let choices):
      if column.isRead(as: canonical.kind) { return nil }
      return "holds \(column.examples()), not \(choices.joined(separator: ", "))"
    case .number(let minimum, let maximum):
      if column.isRead(as: canonical.kind) { return nil }
      let bounds =
        minimum.isFinite && maximum.isFinite
        ? "numbers from \(Int(minimum)) to \(Int(maximum))"
        : minimum.isFinite ? "numbers of \(Int(minimum)) or more" : "numbers"
      return "holds \(column.examples()), not \(bounds)"
    case .flag:
      return column.isRead(as: canonical.kind)
        ? nil : "holds \(column.examples()), not true or false"
    case .time:
      guard let writing = column.times else {
        return "holds \(column.examples(2)), which are no times"
      }
      guard let times, writing.format != times.format else { return nil }
      return "writes times otherwise than the start: \(column.examples(2))"
    }
  }
}
