import Foundation
import InteractionLog
import Testing

struct StudyFileTests {
  static let whole = """
    study: service-desk
    description: IT incidents of one company
    source:
      layout: events
      interaction: number
      order: sys_updated_at
      delimiter: ","
      missing: ["", "?"]
      time: {format: "d/M/yyyy HH:mm", zone: UTC}
    columns:
      customer_id: caller_id
      started_at: first(opened_at)
      channel: contact_type
      intent_predicted: first(category)
      intent_actual: last(category)
    derived:
      bounced: max(reassignment_count)
      awaited_user: any(incident_state == "Awaiting User Info")
    repeat: {window_days: 10, rule: {window_days: 5, same_topic: false}}
    calendar: {open: "Mon-Fri 07:00-19:00", closed_time_counts: 0.1}
    context: [channel, intent_actual]
    failure_modes:
      - {name: wrong_first_category, side: system, component: triage, when: intent_predicted != intent_actual}
      - {name: routing_ping_pong, side: system, component: routing, when: bounced >= 2, causes: [reopened]}
      - {name: reopened, side: staff, component: resolution, when: max(reopen_count) > 0}
    builtin_failure_modes: false
    slow_execution_ms: 4000
    blank_staff_error: none
    outcomes: []
    costs: {per_interaction: 4.20, per_staff_minute: 0.80, currency: EUR}
    policies: []
    personal: [customer_id]
    """

  @Test func everyKey() throws {
    let study = try study(Self.whole)
    #expect(study.name == "service-desk")
    #expect(
      study.source
        == Study.Source(
          layout: .events, interaction: "number", order: "sys_updated_at", missing: ["", "?"],
          timeFormat: "d/M/yyyy HH:mm", timeZone: "UTC"))
    #expect(
      Array(study.columns.keys) == [
        "customer_id", "started_at", "channel", "intent_predicted", "intent_actual",
      ])
    #expect(study.derived["bounced"] == "max(reassignment_count)")
    #expect(
      study.repeatWindow
        == Study.RepeatWindow(windowDays: 10, ruleWindowDays: 5, ruleSameTopic: false))
    #expect(study.calendar?.closedTimeCounts == 0.1)
    #expect(study.context == ["channel", "intent_actual"])
    #expect(
      study.failureModes?[1]
        == FailureModeDeclaration(
          name: "routing_ping_pong", side: .system, component: "routing", when: "bounced >= 2",
          causes: ["reopened"]))
    #expect(study.failureModes?[2].side == .staff)
    #expect(study.costs == Study.Costs(perInteraction: 4.2, perStaffMinute: 0.8, currency: "EUR"))
    #expect(study.personal == ["customer_id"])
    #expect(study.blankStaffErrorMeansNone)
    #expect(study.slowExecutionMilliseconds == 4000)
    #expect(!study.usesBuiltinFailureModes)
  }

  @Test func builtinModes() throws {
    #expect(Study.canonical.usesBuiltinFailureModes)
    #expect(try !study("failure_modes: []").usesBuiltinFailureModes)
    #expect(try study("{failure_modes: [], builtin_failure_modes: true}").usesBuiltinFailureModes)
    #expect(try !study("source: {layout: events, interaction: n}").usesBuiltinFailureModes)
  }

  @Test(arguments: [
    (
      "studdy: x",
      "study.yaml, line 1: unknown key \"studdy\" at the top of a study; did you mean \"study\"? Known keys: study, "
    ),
    (
      "study: x\nsource:\n  delimeter: \";\"",
      "study.yaml, line 3: unknown key \"delimeter\" in source; did you mean \"delimiter\"?"
    ),
    (
      "columns: {custommer_id: a}",
      "unknown key \"custommer_id\" in columns; did you mean \"customer_id\"?"
    ),
    (
      "failure_modes:\n  - {name: a, side: system, component: b, when: x > 1, cause: []}",
      "study.yaml, line 2: unknown key \"cause\" in failure_modes[0]; did you mean \"causes\"?"
    ),
    (
      "failure_modes: [{name: a, side: system, component: b}]",
      "failure_modes[0]: the key \"when\" is missing."
    ),
    (
      "failure_modes: [{name: a, side: us, component: b, when: x}]",
      "failure_modes[0].side: \"us\" cannot be used; expected system or staff."
    ),
    ("failure_modes: {a: b}", "failure_modes: \"{…}\" cannot be used; expected a list."),
    (
      "failure_modes: [{name: a, side: staff, component: b, when: x}, {name: a, side: staff, component: b, when: y}]",
      "\"a\" cannot be used; expected a name that no other failure mode has."
    ),
    (
      "source: {layout: evnts}",
      "source.layout: \"evnts\" cannot be used; expected interactions or events."
    ),
    ("source: {layout: events}", "source: the key \"interaction\" is missing."),
    ("source: {delimiter: ab}", "expected one ASCII character"),
    (
      "source: {time: {zone: Berlin}}",
      "source.time.zone: \"Berlin\" cannot be used; expected UTC, an offset such as +02:00 or an IANA name"
    ),
    (
      "source: {time: {format: hello}}",
      "source.time.format: \"hello\" cannot be used; expected a format"
    ),
    ("repeat: {window_days: 0}", "repeat.window_days: \"0\" cannot be used; expected days above 0"),
    ("repeat: {window_days: many}", "\"many\" cannot be used"),
    ("calendar: {closed_time_counts: 0.5}", "calendar: the key \"open\" is missing."),
    ("calendar: {open: \"Mon-Fri 07:30-19:00\"}", "expected days and whole hours"),
    (
      "calendar: {open: \"Mon 08:00-17:00\", closed_time_counts: 1.5}",
      "expected a number from 0 to 1"
    ),
    ("outcomes: {a: b}", "outcomes: \"{…}\" cannot be used; expected a list."),
    ("policies: x", "policies: \"x\" cannot be used; expected a list."),
    ("costs: {per_interaction: -1}", "expected a cost of 0 or more"),
    ("blank_staff_error: yes", "expected \"none\""),
    ("derived: {channel: x}", "derived.channel: \"channel\" cannot be used; expected a new name"),
    (
      "derived: {a: x >}",
      "study.yaml, derived.a: expected a column, a value or \"(\", found the end.\n  x >\n     ^"
    ),
    (
      "failure_modes: [{name: a, side: staff, component: b, when: x = 1}]",
      "study.yaml, failure_modes[0].when: expected \"==\""
    ),
    ("a: [1, 2", "study.yaml, line"),
    ("study: a\nstudy: b", "this is not valid YAML"),
    ("", "this is not valid YAML: it is empty"),
    ("- a", "cannot be used; expected keys with values."),
  ])
  func faults(yaml: String, expected: String) {
    let text = message { _ = try study(yaml) }
    #expect(text.contains(expected), "\(text)")
  }

  @Test func load() throws {
    try withFile("study: filed".utf8, name: "a.yaml") { path in
      let study = try Study.load(path: path)
      #expect(study.name == "filed")
    }
    let missing = #expect(throws: LogError.self) { try Study.load(path: "/nowhere.yaml") }
    #expect(missing?.exitCode == 66)
    try withFile([0x61, 0x3A, 0xFF], name: "a.yaml") { path in
      #expect(message { _ = try Study.load(path: path) }.contains("it is not UTF-8"))
    }
  }

  private func openHours(_ text: String) throws -> [Int] {
    let calendar = try study("calendar: {open: \"\(text)\", closed_time_counts: 0}").calendar
    let open = try #require(calendar).openHours
    #expect(open.count == 168)
    return open.indices.filter { open[$0] }
  }

  @Test func calendars() throws {
    #expect(try openHours("Mon 00:00-02:00") == [0, 1])
    #expect(try openHours("Tue 9-11, Sun 22:00-24:00") == [33, 34, 166, 167])
    #expect(try openHours("Sun 23:00-01:00") == [0, 167])
    #expect(try openHours("Sat-Mon 12:00-13:00") == [12, 132, 156])
    #expect(try openHours("Mon 08:00-09:00 13:00-14:00") == [8, 13])
    #expect(try openHours("Mon-Sun 00:00-24:00").count == 168)
    #expect(try openHours("Mon-Fri 07:00-19:00, Sat 09:00-13:00").count == 64)
  }
}

@Suite struct OutcomeDeclarationTests {
  private func outcomes(_ yaml: String) throws -> [OutcomeDeclaration] {
    try Study.parse(yaml: "outcomes:\n" + yaml, file: "s.yaml").outcomes
  }

  @Test func outcomesAreRead() throws {
    let read = try outcomes(
      """
        - {name: left, kind: churn, silence: true, money: 120}
        - {name: solved, kind: resolution, when: resolved == true, without: [reopened]}
        - {name: open, kind: resolution, when: resolved == false, good: false}
      """)
    #expect(
      read == [
        OutcomeDeclaration(name: "left", kind: .churn, when: nil, money: 120),
        OutcomeDeclaration(
          name: "solved", kind: .resolution, when: "resolved == true", without: ["reopened"]),
        OutcomeDeclaration(
          name: "open", kind: .resolution, when: "resolved == false", isGood: false),
      ])
    #expect(read[1].isGood && !read[0].isGood)
  }

  @Test(arguments: [
    ("- {kind: churn, silence: true}", "name"),
    ("- {name: a, silence: true}", "kind"),
    ("- {name: a, kind: churn}", "when"),
    ("- {name: a, kind: conversion, silence: true}", "silence"),
    ("- {name: a, kind: leaving, when: x}", "escalation, churn"),
    ("- {name: a, kind: churn, when: x == }", "outcomes[0].when"),
    ("- {name: a, kind: churn, when: x, mony: 3}", "money"),
    ("- {name: a, kind: churn, when: x}\n  - {name: a, kind: churn, when: x}", "no other outcome"),
  ])
  func whatDoesNotFitIsTold(_ yaml: String, _ expected: String) {
    #expect {
      _ = try outcomes("  " + yaml)
    } throws: {
      "\($0)".contains(expected)
    }
  }
}
