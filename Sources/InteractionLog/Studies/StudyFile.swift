import Yams

extension Study {
  /// Reads a study file.
  ///
  /// Throws ``LogError``: the file cannot be opened, is no YAML, has an unknown key or a value that
  /// cannot be used (``LogError/study(_:)``), or an expression that does not parse
  /// (``LogError/expression(_:)``). Whether the columns that it names exist is known only with a
  /// log at hand.
  public static func load(path: String) throws(LogError) -> Study {
    try loadWithBytes(path: path).study
  }

  /// The same with the bytes that the study was read from, for their hash.
  public static func loadWithBytes(
    path: String
  ) throws(LogError) -> (study: Study, bytes: [UInt8]) {
    let bytes = try FileBlocks(path: path).readAll()
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .study(
        StudyFault(file: path, line: 0, path: "", kind: .syntax(message: "it is not UTF-8")))
    }
    return (try parse(yaml: text, file: path), bytes)
  }

  /// Reads a study from YAML; `file` is its name in errors.
  public static func parse(yaml: String, file: String) throws(LogError) -> Study {
    let node: Node?
    do {
      node = try Yams.compose(yaml: yaml)
    } catch {
      throw .study(
        StudyFault(
          file: file, line: (error as? YamlError)?.line ?? 0, path: "",
          kind: .syntax(message: (error as? YamlError)?.problem ?? "\(error)")))
    }
    guard let node else {
      throw .study(
        StudyFault(file: file, line: 0, path: "", kind: .syntax(message: "it is empty")))
    }
    var reader = StudyReader(study: Study())
    try reader.read(StudyNode(node: node, file: file, path: ""))
    return reader.study
  }
}

extension YamlError {
  fileprivate var line: Int {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    default: 0
    }
  }

  fileprivate var problem: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
      .composer(_, let problem, _, _):
      problem
    case .duplicatedKeysInMapping(let duplicates, _):
      "the key \(duplicates.map { "\"\($0)\"" }.joined(separator: ", ")) is there twice"
    default: "\(self)"
    }
  }
}

/// Fills a study from YAML, key by key.
private struct StudyReader {
  var study: Study

  static let keys = [
    "study", "description", "source", "columns", "derived", "repeat", "calendar", "context",
    "failure_modes", "builtin_failure_modes", "slow_execution_ms", "blank_staff_error",
    "negative_control_topics", "outcomes", "costs", "policies", "changes", "personal", "identity",
    "exploration_rate", "capacity",
  ]

  mutating func read(_ root: StudyNode) throws(LogError) {
    for (key, value) in try root.entries(known: Self.keys) {
      switch key {
      case "study": study.name = try value.name()
      case "description": study.description = try value.string()
      case "source": try readSource(value)
      case "columns": try readColumns(value)
      case "derived": try readDerived(value)
      case "repeat": try readRepeat(value)
      case "calendar": study.calendar = try calendar(value)
      case "context": study.context = try value.strings()
      case "failure_modes": study.failureModes = try failureModes(value)
      case "builtin_failure_modes": study.builtinFailureModes = try value.bool()
      case "slow_execution_ms":
        study.slowExecutionMilliseconds = try value.number("milliseconds above 0") { $0 > 0 }
      case "blank_staff_error":
        guard try value.string() == "none" else {
          throw value.badValue("\"none\" (every interaction was looked at), or no such key")
        }
        study.blankStaffErrorMeansNone = true
      case "negative_control_topics": study.negativeControlTopics = try value.strings()
      case "outcomes": study.outcomes = try value.outcomes()
      case "costs": try readCosts(value)
      case "identity": study.identity = try Study.Identity.read(value)
      case "personal": study.personal = try value.strings()
      case "policies": study.policies = try value.policies()
      case "capacity": study.capacity = try value.staffCapacity()
      case "changes": study.changes = try value.strings()
      default:
        study.explorationRate = try value.number("a share above 0 and below 1") {
          $0 > 0 && $0 < 1
        }
      }
    }
    if study.source.layout == .events, study.source.interaction == nil {
      throw LogError.study(
        StudyFault(
          file: root.file, line: root.line, path: "source", kind: .missingKey(key: "interaction")))
    }
  }

  private mutating func readSource(_ node: StudyNode) throws(LogError) {
    let known = ["layout", "interaction", "order", "delimiter", "missing", "time"]
    for (key, value) in try node.entries(known: known) {
      switch key {
      case "layout":
        guard let layout = Study.Source.Layout(rawValue: try value.string()) else {
          throw value.badValue("interactions or events")
        }
        study.source.layout = layout
      case "interaction": study.source.interaction = try value.name()
      case "order": study.source.order = try value.name()
      case "delimiter":
        let text = try value.string()
        let written = text == "\\t" ? "\t" : text
        guard written.utf8.count == 1, let byte = written.utf8.first,
          byte == 0x09 || (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "\"")
        else { throw value.badValue("one ASCII character such as \",\", \";\", \"|\" or \"\\t\"") }
        study.source.delimiter = byte
      case "missing": study.source.missing = try value.strings()
      default: try readTime(value)
      }
    }
  }

  private mutating func readTime(_ node: StudyNode) throws(LogError) {
    for (key, value) in try node.entries(known: ["format", "zone"]) {
      let text = try value.name()
      if key == "format" {
        if text == "iso8601" { continue }
        guard TimePattern(text) != nil else {
          throw value.badValue(
            "a format such as \"d/M/yyyy HH:mm\" or \"yyyy-MM-dd'T'HH:mm:ssX\", \"iso8601\", "
              + "\"epoch\" or \"epoch_ms\"")
        }
        study.source.timeFormat = text
      } else {
        guard ZoneOffsets(name: text) != nil else {
          throw value.badValue(
            "UTC, an offset such as +02:00 or an IANA name such as Europe/Berlin")
        }
        study.source.timeZone = text
      }
    }
  }

  private mutating func readColumns(_ node: StudyNode) throws(LogError) {
    for (name, value) in try node.entries(known: CanonicalColumn.all.map(\.name)) {
      // A column set to null is not read although the file has one of that name.
      let text = value.isNull ? "" : try value.string()
      if text.utf8.contains(where: { "()\"=<>".utf8.contains($0) }) {
        _ = try Expression.parse(text, place: "\(value.file), columns.\(name)")
      }
      study.columns[name] = text
    }
  }

  private mutating func readDerived(_ node: StudyNode) throws(LogError) {
    for (name, value) in try node.entries(known: nil) {
      guard ExpressionLexer.isPlainName(name), CanonicalColumn.named(name) == nil, name != "topic"
      else {
        throw value.fault(
          .badValue(
            value: name,
            expected: "a new name of letters, digits and _ that is no canonical column"))
      }
      let text = try value.string()
      _ = try Expression.parse(text, place: "\(value.file), derived.\(name)")
      study.derived[name] = text
    }
  }

  private mutating func readRepeat(_ node: StudyNode) throws(LogError) {
    let days = "days above 0, at most 366"
    for (key, value) in try node.entries(known: ["window_days", "rule"]) {
      if key == "window_days" {
        study.repeatWindow.windowDays = try value.number(days) { $0 > 0 && $0 <= 366 }
        continue
      }
      for (key, value) in try value.entries(known: ["window_days", "same_topic"]) {
        if key == "window_days" {
          study.repeatWindow.ruleWindowDays = try value.number(days) { $0 > 0 && $0 <= 366 }
        } else {
          study.repeatWindow.ruleSameTopic = try value.bool()
        }
      }
    }
  }

  private func calendar(_ node: StudyNode) throws(LogError) -> Study.BusinessCalendar {
    var hours: [Bool]?
    var closed = 0.0
    for (key, value) in try node.entries(known: ["open", "closed_time_counts"]) {
      if key == "open" {
        guard let parsed = OpeningHours.parse(try value.string()) else {
          throw value.badValue(OpeningHours.expectation)
        }
        hours = parsed
      } else {
        closed = try value.number("a number from 0 to 1") { (0...1).contains($0) }
      }
    }
    guard let hours else { throw node.fault(.missingKey(key: "open")) }
    return Study.BusinessCalendar(openHours: hours, closedTimeCounts: closed)
  }

  private func failureModes(_ node: StudyNode) throws(LogError) -> [FailureModeDeclaration] {
    var modes: [FailureModeDeclaration] = []
    for element in try node.elements() {
      let mode = try failureMode(element)
      if modes.contains(where: { $0.name == mode.name }) {
        throw element.fault(
          .badValue(value: mode.name, expected: "a name that no other failure mode has"))
      }
      modes.append(mode)
    }
    return modes
  }

  private func failureMode(_ node: StudyNode) throws(LogError) -> FailureModeDeclaration {
    var mode = FailureModeDeclaration(name: "", side: .system, component: "", when: "")
    let keys = ["name", "side", "component", "when", "causes"]
    var seen: [String] = []
    for (key, value) in try node.entries(known: keys) {
      seen.append(key)
      switch key {
      case "name":
        mode.name = try value.name()
        if mode.name.utf8.contains(UInt8(ascii: ";")) {
          throw value.badValue("a name without \";\"")
        }
      case "side":
        guard let side = FailureModeDeclaration.Side(rawValue: try value.string()) else {
          throw value.badValue("system or staff")
        }
        mode.side = side
      case "component": mode.component = try value.name()
      case "when":
        mode.when = try value.string()
        _ = try Expression.parse(mode.when, place: "\(value.file), \(value.path)")
      default: mode.causes = try value.strings()
      }
    }
    for key in keys where key != "causes" && !seen.contains(key) {
      throw node.fault(.missingKey(key: key))
    }
    return mode
  }

  private mutating func readCosts(_ node: StudyNode) throws(LogError) {
    for (key, value) in try node.entries(
      known: ["per_interaction", "per_staff_minute", "per_churned_customer", "currency"])
    {
      switch key {
      case "per_interaction":
        study.costs.perInteraction = try value.number("a cost of 0 or more") { $0 >= 0 }
      case "per_staff_minute":
        study.costs.perStaffMinute = try value.number("a cost of 0 or more") { $0 >= 0 }
      case "per_churned_customer":
        study.costs.perChurnedCustomer = try value.number("a cost of 0 or more") { $0 >= 0 }
      default: study.costs.currency = try value.name()
      }
    }
  }
}
