import FailureModes
import Foundation
import InteractionLog
import Testing

/// A table of canonical columns; `customer`, times and topic do not matter to modes.
private func table(_ columns: [(String, Column)]) -> InteractionTable {
  let count = columns.first?.1.count ?? 0
  var table = InteractionTable(
    interactionID: (0..<count).map { "i\($0)" },
    customer: TextColumn(codes: Array(repeating: 0, count: count), values: ["c"]),
    startedAt: (0..<count).map { Int64($0) * 1000 },
    topic: TextColumn(codes: Array(repeating: 0, count: count), values: ["t"]), columns: [:])
  for (name, column) in columns { table.columns[name] = column }
  return table
}

private func text(_ rows: [String?]) -> Column { .text(TextColumn(rows: rows)) }
private func number(_ rows: [Double?]) -> Column {
  .number(NumberColumn(storage: rows.map { $0 ?? .nan }))
}
private func flag(_ rows: [Int8]) -> Column { .flag(FlagColumn(storage: rows)) }

extension ModeTable {
  fileprivate func index(_ name: String) throws -> Int {
    try #require(modes.firstIndex { $0.name == name })
  }

  fileprivate func state(_ name: String) throws -> [Int8] { state[try index(name)].storage }

  fileprivate func applies(_ name: String) throws -> [Int8] { applies[try index(name)].storage }

  fileprivate func component(_ name: String) throws -> [String?] {
    let column = component[try index(name)]
    return column.codes.indices.map { column[$0] }
  }
}

struct BuiltinModeTests {
  @Test func misclassifiedIntent() throws {
    let modes = try ModeTable.build(
      study: .canonical,
      table: table([
        ("intent_predicted", text(["a", "a", "a", nil])),
        ("intent_actual", text(["b", "a", nil, "a"])),
      ]))
    #expect(try modes.state("misclassified_intent") == [1, 0, -1, -1])
    #expect(try modes.component("misclassified_intent") == ["nlu", nil, "nlu", "nlu"])
    #expect(modes.modes.map(\.name) == ["misclassified_intent"])
    #expect(modes.notes.isEmpty)
  }

  @Test func integration() throws {
    let modes = try ModeTable.build(
      study: .canonical,
      table: table([
        ("integration", text(["pay", "pay", nil, "crm", nil, "crm"])),
        ("integration_status", text(["timeout", "ok", nil, nil, "error", "ok"])),
        ("integration_latency_ms", number([9000, 2500, nil, nil, 100, 2501])),
      ]))
    #expect(try modes.state("integration_timeout") == [1, 0, 0, -1, 0, 0])
    #expect(try modes.component("integration_timeout") == ["pay", nil, nil, "crm", nil, nil])
    #expect(try modes.state("integration_error") == [0, 0, 0, -1, 1, 0])
    #expect(try modes.component("integration_error") == [nil, nil, nil, "crm", "(unknown)", nil])
    // A timeout is not slow, it is a timeout; 2,500 ms is the last that is in time.
    #expect(try modes.state("slow_execution") == [0, 0, 0, 0, 0, 1])
    #expect(try modes.component("slow_execution")[5] == "crm")
    var study = Study.canonical
    study.slowExecutionMilliseconds = 50
    let strict = try ModeTable.build(
      study: study, table: table([("integration_latency_ms", number([60, 50, nil]))]))
    #expect(try strict.state("slow_execution") == [1, 0, 0])
    #expect(try strict.component("slow_execution") == ["integration", nil, nil])
  }

  @Test func actions() throws {
    let modes = try ModeTable.build(
      study: .canonical,
      table: table([
        ("action", text(["refund", "refund", "refund", "refund", nil, "refund"])),
        ("action_status", text(["failed", "abandoned", "partial", "completed", nil, nil])),
      ]))
    #expect(try modes.state("action_failed") == [1, 1, 0, 0, 0, -1])
    #expect(try modes.component("action_failed")[0] == "refund")
  }

  @Test func thresholds() throws {
    let modes = try ModeTable.build(
      study: .canonical,
      table: table([
        ("handled_by", text(["ai", "ai", "ai", "ai", "staff", "staff", "staff", "staff", nil])),
        ("intent_confidence", number([0.57, 0.58, 0.5, nil, 0.43, 0.42, 0.43, 0.43, 0.51])),
        ("confidence_threshold", number([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])),
        ("intent_predicted", text(["a", "a", "a", "a", "a", "a", "a", "a", "a"])),
        ("intent_actual", text(["a", "a", "a", "a", "a", "a", nil, "b", "a"])),
      ]))
    #expect(try modes.state("near_threshold_automation") == [1, 0, 1, 0, 0, 0, 0, 0, -1])
    #expect(try modes.applies("near_threshold_automation") == [1, 1, 1, 1, 0, 0, 0, 0, 1])
    #expect(try modes.state("unneeded_escalation") == [0, 0, 0, 0, 1, 0, -1, 0, 0])
    #expect(try modes.applies("unneeded_escalation") == [0, 0, 0, 0, 1, 1, 1, 1, 1])
    #expect(try modes.component("unneeded_escalation")[4] == "routing")
  }

  @Test func absentColumnsLeaveModesOut() throws {
    let modes = try ModeTable.build(
      study: .canonical,
      table: table([("handled_by", text(["ai"])), ("intent_confidence", number([0.5]))]))
    #expect(modes.modes.isEmpty)
  }

  @Test func causesAndOrder() throws {
    let modes = try ModeTable.build(
      study: .canonical,
      table: table([
        ("intent_predicted", text(["a"])), ("intent_actual", text(["a"])),
        ("integration_status", text(["ok"])), ("action_status", text(["ok"])),
        ("staff_error", text(["x"])), ("handled_by", text(["staff"])),
      ]))
    #expect(
      modes.modes.map(\.name) == [
        "misclassified_intent", "integration_timeout", "integration_error", "action_failed", "x",
      ])
    #expect(modes.modes.map(\.causes) == [[3], [3], [3], [], []])
    #expect(modes.modes.map(\.side) == [.system, .system, .system, .system, .staff])
  }
}

struct StaffErrorTests {
  private let columns: [(String, Column)] = [
    ("handled_by", text(["staff", "staff", "staff", "staff", "ai", nil])),
    ("staff_error", text(["rude; wrong", "wrong", nil, nil, "wrong", nil])),
    ("team", text(["t1", nil, "t1", "t2", "t1", "t2"])),
  ]

  @Test func reviewed() throws {
    let modes = try ModeTable.build(
      study: .canonical, table: table(columns + [("qa_reviewed", flag([1, 0, 1, -1, 1, 1]))]))
    #expect(modes.modes.map(\.name) == ["rude", "wrong"])
    #expect(try modes.state("rude") == [1, -1, 0, -1, 0, 0])
    #expect(try modes.state("wrong") == [1, -1, 0, -1, 0, 0])
    #expect(try modes.applies("wrong") == [1, 1, 1, 1, 0, 1])
    #expect(try modes.component("wrong") == ["t1", "(unknown)", nil, "t2", nil, nil])
    #expect(modes.notes.isEmpty)
  }

  @Test func withoutReviewColumnBlankIsUnknown() throws {
    let modes = try ModeTable.build(study: .canonical, table: table(columns))
    #expect(try modes.state("rude") == [1, 0, -1, -1, 0, -1])
    #expect(modes.notes.count == 1)
    #expect(modes.notes[0].contains("blank staff_error is read as unknown"))
  }

  @Test func blankMeansNoneWhereTheStudySaysSo() throws {
    var study = Study.canonical
    study.blankStaffErrorMeansNone = true
    let modes = try ModeTable.build(study: study, table: table(columns))
    #expect(try modes.state("rude") == [1, 0, 0, 0, 0, 0])
    #expect(modes.notes[0].contains("blank staff_error is read as no error"))
  }

  @Test func rareErrorsArePooled() throws {
    var errors: [String?] = (0..<45).map { "e\($0 + 10)" }
    errors += (0..<40).map { "e\($0 + 10)" }
    let modes = try ModeTable.build(
      study: .canonical, table: table([("staff_error", text(errors))]))
    #expect(modes.modes.count == 41)
    #expect(modes.modes[40].name == "other_staff_error")
    #expect(try modes.state("other_staff_error").reduce(0) { $0 + ($1 == 1 ? 1 : 0) } == 5)
    #expect(modes.notes.contains { $0.contains("5 rarer staff errors (e50, e51, e52, e53, e54)") })
  }

  @Test func namesThatAreTaken() throws {
    let study = try Study.parse(
      yaml: """
        builtin_failure_modes: true
        failure_modes:
          - {name: wrong, side: staff, component: desk, when: 'staff_error == "wrong"'}
          - {name: rude, side: system, component: bot, when: 'channel == "x"'}
        """, file: "s")
    let modes = try ModeTable.build(
      study: study, table: table(columns + [("channel", text(["x", "y", nil, "x", "x", "y"]))]))
    #expect(modes.modes.map(\.name) == ["rude", "wrong", "staff_rude"])
    #expect(try modes.state("rude") == [1, 0, -1, 1, 1, 0])
    // Declared: unknown where the condition is, and only where staff took part.
    #expect(try modes.state("wrong") == [0, 1, -1, -1, 0, -1])
  }
}

struct DeclaredModeTests {
  private func build(_ modes: String, _ columns: [(String, Column)]) throws -> ModeTable {
    try ModeTable.build(
      study: Study.parse(yaml: "failure_modes:\n" + modes, file: "s"), table: table(columns))
  }

  private let x: [(String, Column)] = [
    ("x", number([1, 2, nil])), ("queue", text(["q2", nil, "q1"])),
    ("action_status", text(["failed", "ok", "ok"])),
  ]

  @Test func componentsAndUnknowns() throws {
    let modes = try build("  - {name: m, side: system, component: queue, when: x > 0}", x)
    #expect(try modes.state("m") == [1, 1, -1])
    #expect(try modes.component("m") == ["q2", "(unknown)", "q1"])
    #expect(modes.component[0].values == ["(unknown)", "q1", "q2"])
    #expect(modes.modes.count == 1)
  }

  @Test func orderFollowsCauses() throws {
    let modes = try build(
      """
        - {name: s, side: staff, component: c, when: x > 0}
        - {name: a, side: system, component: c, when: x > 0}
        - {name: b, side: system, component: c, when: x > 0, causes: [a, s]}
        - {name: c, side: system, component: c, when: x > 0, causes: [b]}
      """, x)
    #expect(modes.modes.map(\.name) == ["c", "b", "a", "s"])
    #expect(modes.modes.map(\.causes) == [[1], [2, 3], [], []])
  }

  @Test(arguments: [
    (
      """
        - {name: a, side: system, component: c, when: x > 0, causes: [b]}
        - {name: b, side: system, component: c, when: x > 0, causes: [d]}
        - {name: d, side: system, component: c, when: x > 0, causes: [a]}
      """,
      "failure modes cause each other in a circle: \"a\" causes \"b\" causes \"d\" causes \"a\""
    ),
    (
      "  - {name: a, side: system, component: c, when: x > 0, causes: [a]}",
      "in a circle: \"a\" causes \"a\"; take one of these causes out."
    ),
    (
      "  - {name: slow, side: system, component: c, when: x > 0, causes: [slwo]}",
      "failure mode \"slow\": causes names \"slwo\", but there is no such mode; nearest: \"slow\"."
    ),
    (
      """
        - {name: a, side: staff, component: c, when: x > 0, causes: [b]}
        - {name: b, side: system, component: c, when: x > 0}
      """, "failure mode \"a\" of staff is said to cause \"b\" of the system"
    ),
    (
      "  - {name: a, side: system, component: c, when: y > 0}",
      "failure mode \"a\": there is no column \"y\""
    ),
    (
      "  - {name: a, side: system, component: c, when: csat > 0}",
      "the log does not have the column \"csat\""
    ),
  ])
  func faults(modes: String, expected: String) {
    do {
      _ = try build(modes, x)
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".contains(expected), "\(error)")
    }
  }

  @Test func declaredModeReplacesBuiltinOfItsName() throws {
    let study = try Study.parse(
      yaml: """
        builtin_failure_modes: true
        failure_modes:
          - {name: action_failed, side: system, component: desk, when: 'action_status != "ok"'}
          - {name: near_threshold_automation, side: system, component: c, when: intent_confidence > 1}
          - {name: later, side: system, component: c, when: x > 1, causes: [action_failed, near_threshold_automation]}
        """, file: "s")
    let modes = try ModeTable.build(study: study, table: table(x))
    #expect(modes.modes.map(\.name) == ["later", "action_failed"])
    #expect(modes.modes[0].causes == [1])
    #expect(try modes.component("action_failed") == ["desk", nil, nil])
    #expect(
      modes.notes == [
        "The failure mode near_threshold_automation is left out: the log has no column intent_confidence."
      ])
  }
}

struct SpelledOutStudyTests {
  private func model(_ name: String) throws -> Study {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try Study.load(path: folder.appendingPathComponent("models/\(name)").path)
  }

  /// `models/contact-centre.yaml` says what is done without a study.
  @Test func contactCentreIsTheCanonicalStudy() throws {
    let handled: [String?] = ["ai", "staff", "ai", "staff", nil, "ai"]
    let all = table([
      ("channel", text(["chat", nil, "chat", "voice", "chat", "voice"])),
      ("intent_predicted", text(["a", "b", "a", "a", nil, "b"])),
      ("intent_actual", text(["a", "a", nil, "a", "b", "b"])),
      ("intent_confidence", number([0.55, 0.45, 0.9, 0.46, 0.5, nil])),
      ("confidence_threshold", number([0.5, 0.5, 0.5, 0.5, 0.5, 0.5])),
      ("handled_by", text(handled)),
      ("integration", text(["p", "p", nil, "q", "q", nil])),
      ("integration_status", text(["timeout", "error", nil, "ok", nil, "timeout"])),
      ("integration_latency_ms", number([9000, 10, nil, 2600, 4000, nil])),
      ("action", text(["r", "r", nil, "r", "s", nil])),
      ("action_status", text(["failed", "ok", nil, nil, "abandoned", "failed"])),
      ("staff_error", text([nil, "rude", nil, nil, nil, nil])),
      ("qa_reviewed", flag([0, 1, 0, 1, -1, 1])),
    ])
    let builtin = try ModeTable.build(study: .canonical, table: all)
    let spelled = try ModeTable.build(study: model("contact-centre.yaml"), table: all)
    #expect(builtin.modes.count == 8)
    #expect(builtin.modes == spelled.modes)
    #expect(builtin.state == spelled.state)
    #expect(builtin.component == spelled.component)
    #expect(builtin.applies == spelled.applies)
  }

  @Test func serviceNowStudyLoads() throws {
    let study = try model("servicenow-incidents.yaml")
    #expect(study.source.layout == .events)
    #expect(study.failureModes?.count == 7)
    #expect(!study.usesBuiltinFailureModes)
  }
}
