/// A study for a file that nobody has described yet: what its columns seem to be, as commented YAML.
public struct StudyDraft: Sendable {
  /// The study. It loads where `isReady`.
  public let yaml: String
  /// What must be filled in before a log can be read; empty where nothing must.
  public let missing: [String]
  /// Columns that the draft takes for nothing, with what they hold.
  public let notUnderstood: [String]
  /// What rests on a guess, in words.
  public let guesses: [String]
  public var isReady: Bool { missing.isEmpty }

  /// Looks at the first 20,000 rows of a CSV file (any delimiter) or of JSON Lines.
  ///
  /// - Throws: ``LogError`` where the file cannot be opened, is empty or is no text.
  public init(log path: String) throws(LogError) {
    let sample = try LogSample(path: path)
    var writer = DraftWriter(sample: sample, guesses: ColumnGuesses(sample))
    yaml = writer.write()
    missing = writer.missing
    notUnderstood = writer.notUnderstood
    guesses = writer.said
  }
}

/// Writes a draft, section by section.
private struct DraftWriter {
  let sample: LogSample
  let guesses: ColumnGuesses
  private(set) var missing: [String] = []
  private(set) var notUnderstood: [String] = []
  private(set) var said: [String] = []
  private var lines: [String] = []

  init(sample: LogSample, guesses: ColumnGuesses) {
    self.sample = sample
    self.guesses = guesses
  }

  mutating func write() -> String {
    let file = sample.path.split(separator: "/").last.map(String.init) ?? sample.path
    let name = file.split(separator: ".").first.map(String.init) ?? file
    add("# Drafted from \(file): its first \(sample.rows) rows were looked at.")
    add(
      "# Lines marked CHECK rest on a guess. What the keys mean: the README, \"Any other log: a study\"."
    )
    add("study: \(Self.quoted(name))")
    add("description: \"\"                 # one sentence about the data, shown in the report")
    add("")
    source()
    columns()
    rest()
    unused()
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func add(_ line: String) { lines.append(line) }

  /// A line with what must be checked about it behind it.
  private mutating func add(_ line: String, check: String) {
    add("\(line)\(String(repeating: " ", count: max(2, 34 - line.count)))# CHECK: \(check)")
    said.append(check)
  }

  // MARK: Sections

  private mutating func source() {
    add("source:")
    if guesses.isEvents, let id = guesses.taken["interaction_id"] {
      add(
        "  layout: events",
        check: "the values of \(id) recur, so a row is taken for one of several of an interaction")
      add("  interaction: \(Self.quoted(id))")
      if let order = guesses.order {
        add("  order: \(Self.quoted(order))", check: "what orders the rows of an interaction")
      } else {
        add("  # order:                       # a column that orders the rows of an interaction")
      }
    } else {
      add("  layout: interactions           # one row per interaction")
    }
    if !sample.isJSON {
      let mark = sample.delimiter == 0x09 ? "\\t" : String(UnicodeScalar(sample.delimiter))
      add("  delimiter: \"\(mark)\"")
    }
    let texts = ([""] + sample.missing).map { "\"\(Self.escaped($0))\"" }.joined(separator: ", ")
    if sample.missing.isEmpty {
      add("  missing: [\(texts)]                  # texts that mean \"no value\"")
    } else {
      add(
        "  missing: [\(texts)]",
        check: "texts that mean \"no value\": \(sample.missing.joined(separator: " "))")
    }
    time()
    add("")
  }

  private mutating func time() {
    guard let times = guesses.times else { return }
    var parts: [String] = []
    var checks: [String] = []
    if let format = times.format { parts.append("format: \"\(format)\"") }
    if case .pattern(_, _, let other?) = times {
      checks.append("the times would fit \(other) as well")
    }
    if !times.namesZone {
      parts.append("zone: UTC")
      checks.append("the times name no zone; put that of the clock, as Europe/Berlin")
    }
    guard !parts.isEmpty else { return }
    let line = "  time: {\(parts.joined(separator: ", "))}"
    if checks.isEmpty { add(line) } else { add(line, check: checks.joined(separator: "; ")) }
  }

  private mutating func columns() {
    var own: [String] = []
    var entries: [(line: String, check: String?)] = []
    for canonical in CanonicalColumn.all {
      let name = canonical.name
      guard let column = guesses.taken[name] else {
        if canonical.isRequired { required(name, &entries) }
        continue
      }
      if name == "interaction_id", guesses.isEvents { continue }
      let value = guesses.isEvents && Self.latest.contains(name) ? Self.last(column) : nil
      if value == nil, column == name {
        own.append(name)
      } else {
        entries.append((("  \(name): \(value ?? Self.quoted(column))"), nil))
        said.append("\(name) is \(column)")
      }
    }
    for entry in guesses.unfit where guesses.taken[entry.name] == nil {
      // Under its own name it would be read all the same, and its rows rejected.
      if entry.column == entry.name {
        entries.append(("  \(entry.name): null", "not read: it \(entry.reason)"))
      } else {
        entries.append(("  # \(entry.name): \(Self.quoted(entry.column))", "it \(entry.reason)"))
      }
    }
    guard !entries.isEmpty || !own.isEmpty else { return }
    if !own.isEmpty {
      add("# Taken under their own names: \(own.joined(separator: ", ")).")
    }
    if entries.isEmpty {
      add("# columns: {}                   # canonical name: column of the file, or an expression")
    } else {
      add("columns:                         # canonical name: column of the file, or an expression")
      for entry in entries {
        if let check = entry.check { add(entry.line, check: check) } else { add(entry.line) }
      }
    }
    add("")
  }

  /// A needed column that nothing in the file seems to be.
  private mutating func required(
    _ name: String, _ entries: inout [(line: String, check: String?)]
  ) {
    let meaning =
      switch name {
      case "interaction_id": "what names each interaction"
      case "customer_id": "what names the customer"
      default: "when the interaction began"
      }
    missing.append("\(name): \(meaning)")
    entries.append(("  \(name):", "needed, and no column seems to be it: \(meaning)"))
  }

  private mutating func rest() {
    add("repeat:")
    add(
      "  window_days: 15                # how long after an interaction a repeat can be its doing")
    add("  rule: {window_days: 7, same_topic: true}   # the customary count, shown beside")
    add("")
    let channel = guesses.taken["channel"] == nil ? [] : ["channel"]
    add(
      "context: [\(channel.joined(separator: ", "))]\(channel.isEmpty ? "       " : "")"
        + "                # adjusted for, never blamed; the topic always is")
    let further = sample.columns.filter { isContext($0) }.map(\.name)
    if !further.isEmpty {
      add(
        "#   could be adjusted for too, where known from the start: \(further.joined(separator: ", "))"
      )
    }
    add("")
    if guesses.isEvents {
      add("# What counts as a failure must be said for a log of events, for example:")
      add("# failure_modes:")
      add("#   - name: reopened")
      add("#     side: system               # or staff")
      add("#     component: resolution")
      add("#     when: max(reopen_count) > 0")
    } else {
      let built = builtIn()
      add(
        built.isEmpty
          ? "# None of the built-in failure modes finds its columns here: declare your own, for example"
          : "# Built-in failure modes that find their columns here: \(built.joined(separator: ", "))."
      )
      add("# Further ones:")
      add("# builtin_failure_modes: true")
      add("# failure_modes:")
      add("#   - {name: long_wait, side: system, component: queue, when: wait_seconds > 300}")
    }
    add("")
    add("# costs: {per_interaction: 4.50, per_staff_minute: 0.90, currency: EUR}")
    add("personal: [customer_id, staff_id]")
  }

  /// Built-in failure modes whose columns are there.
  private func builtIn() -> [String] {
    func has(_ names: String...) -> Bool { names.allSatisfy { guesses.taken[$0] != nil } }
    var found: [String] = []
    if has("intent_predicted", "intent_actual") { found.append("misclassified_intent") }
    if has("integration_status") { found += ["integration_timeout", "integration_error"] }
    if has("action_status") { found.append("action_failed") }
    if has("intent_confidence", "confidence_threshold", "handled_by") {
      found += ["near_threshold_automation", "unneeded_escalation"]
    }
    if has("integration_latency_ms") { found.append("slow_execution") }
    if has("staff_error") { found.append("each staff_error") }
    return found
  }

  private mutating func unused() {
    let used = Set(guesses.taken.values).union(guesses.unfit.map(\.column))
      .union([guesses.order].compactMap { $0 })
    let left = sample.columns.filter { !used.contains($0.name) && !$0.name.isEmpty }
    guard !left.isEmpty else { return }
    add("")
    add("# Columns that nothing above names; conditions and context may use them:")
    for column in left {
      let text = "\(column.name): \(describe(column))"
      notUnderstood.append(text)
      add("#   \(text)")
    }
  }

  // MARK: Words

  /// Known by the end of an interaction only: of its last event.
  private static let latest: Set = ["ended_at", "resolved", "csat", "nps", "handle_seconds"]

  private func isContext(_ column: ColumnProfile) -> Bool {
    (2...30).contains(column.values.count) && column.known * 2 > column.rows
      && column.times == nil && !guesses.taken.values.contains(column.name)
      && !guesses.unfit.contains { $0.column == column.name }
  }

  private func describe(_ column: ColumnProfile) -> String {
    guard column.known > 0 else { return "no values" }
    let kind: String
    if column.times != nil {
      kind = "times"
    } else if column.isNumber {
      kind = "numbers"
    } else {
      kind = "text"
    }
    let blank = 1 - Double(column.known) / Double(max(column.rows, 1))
    let missing = blank >= 0.005 ? ", \(Int((100 * blank).rounded()))% without" : ""
    let unreadable = column.unreadable > 0 ? ", \(column.unreadable) not UTF-8" : ""
    let count = column.values.count
    return "\(kind), \(count) \(count == 1 ? "value" : "values") (\(column.examples()))\(missing)"
      + unreadable
  }

  private static func last(_ column: String) -> String {
    isName(column) ? "last(\(column))" : "\"last(`\(escaped(column))`)\""
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == UInt8(ascii: "_")
    }
  }

  /// Words that YAML reads as something else.
  private static let reserved: Set = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]

  private static func quoted(_ text: String) -> String {
    isName(text) && !reserved.contains(text.lowercased()) ? text : "\"\(escaped(text))\""
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
