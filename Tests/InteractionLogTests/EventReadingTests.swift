import InteractionLog
import Testing

struct EventReadingTests {
  static let yaml = """
    source: {layout: events, interaction: number, order: step, missing: ["", "?"]}
    columns:
      customer_id: caller
      started_at: opened
      intent_predicted: first(category)
      intent_actual: last(category)
      ended_at: max(at)
      handled_by: last(handler)
    derived:
      bounced: max(moves)
      fewest: min(moves)
      waited: any(state == "Waiting")
      moved: changed(group)
      events: count()
      opened_state: state
    failure_modes:
      - {name: reopened, side: system, component: desk, when: max(reopened) > 0}
      - {name: vague, side: system, component: desk, when: bounced > 1 and first(state) == "New"}
    context: [group]
    """
  static let log = """
    number,step,caller,opened,at,category,state,group,moves,reopened,handler,code
    n2,1,bob,2026-01-06T09:00:00Z,2026-01-06T09:00:00Z,net,New,g1,0,0,ai,c2
    n1,2,ann,2026-01-05T09:00:00Z,2026-01-05T12:00:00Z,disk,Waiting,?,2,0,staff,c1
    n1,1,ann,2026-01-05T09:00:00Z,2026-01-05T09:00:00Z,net,New,g1,0,?,ai,c1
    n1,10,ann,2026-01-05T09:00:00Z,2026-01-05T11:00:00Z,disk,Done,g1,1,1,staff,c1
    n2,2,bob,2026-01-06T09:00:00Z,2026-01-06T10:00:00Z,?,?,g2,?,0,?,c2
    """

  @Test func aggregates() throws {
    let reading = try read(Self.log, study: study(Self.yaml))
    let table = reading.table
    #expect(reading.rowsRead == 5)
    #expect(reading.rejected.isEmpty)
    #expect(table.interactionID == ["n1", "n2"])
    #expect(table.customer.values == ["ann", "bob"])
    #expect(table.text("intent_predicted")?.values == ["net"])
    #expect((0..<2).map { table.text("intent_actual")?[$0] } == ["disk", nil])
    #expect((0..<2).map { table.topic[$0] } == ["disk", "net"])
    #expect(table.time("ended_at")?.milliseconds == [1_767_614_400_000, 1_767_693_600_000])
    #expect((0..<2).map { table.text("handled_by")?[$0] } == ["staff", nil])
    #expect(table.number("bounced")?.storage == [2, 0])
    #expect(table.number("fewest")?.storage == [0, 0])
    // n2: not waiting in one event, unknown in the other.
    #expect(table.flag("waited")?.storage == [1, -1])
    // n1 knows one group only: what is missing is no change.
    #expect(table.flag("moved")?.storage == [0, 1])
    #expect(table.number("events")?.storage == [3, 2])
    #expect((0..<2).map { table.text("opened_state")?[$0] } == ["New", "New"])
    #expect(table.number("max(reopened)")?.storage == [1, 0])
    #expect(table.text("group")?.values == ["g1"])
    #expect(table.text("first(state)")?.values == ["New"])
    #expect(
      try table.evaluate(condition: "max( reopened )>0", place: "", study: .canonical).storage == [
        1, 0,
      ])
  }

  @Test func constantColumns() throws {
    let reading = try read(Self.log, study: study(Self.yaml))
    #expect(reading.constantWithinInteraction == ["code"])
    let single = Self.log.split(separator: "\n").prefix(3).joined(separator: "\n")
    #expect(try read(single, study: study(Self.yaml)).constantWithinInteraction == [])
  }

  /// An event that was rejected has numbered its interaction all the same.
  @Test func constantColumnsBesideRejectedEvents() throws {
    let lines = Self.log.split(separator: "\n").map(String.init)
    let bad = "n0,1,eve,2026-01-06T09:00:00Z,never,net,New,g1,0,0,ai,c9"
    let text = ([lines[0], bad] + lines.dropFirst()).joined(separator: "\n")
    let reading = try read(text, study: study(Self.yaml))
    #expect(reading.rejected.count == 1)
    #expect(reading.constantWithinInteraction == ["code"])
  }

  @Test func orderOfTheFileChangesNothing() throws {
    let lines = Self.log.split(separator: "\n")
    func rows(_ text: String) throws -> [[UInt8]] {
      var rows: [[UInt8]] = []
      try read(text, study: study(Self.yaml)).forEachCanonicalRow { rows.append($0) }
      return rows
    }
    #expect(
      try rows(Self.log)
        == rows(([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n")))
  }

  @Test func withoutOrderTheFileOrders() throws {
    let yaml = Self.yaml.replacing("order: step, ", with: "")
    let table = try read(Self.log, study: study(yaml)).table
    #expect((0..<2).map { table.text("intent_predicted")?[$0] } == ["disk", "net"])
  }

  @Test func badEventsAloneAreRejected() throws {
    let text =
      Self.log
      + "\nn1,soon,ann,2026-01-05T09:00:00Z,,x,New,g,0,0,ai,c1\nn2,3,bob,,,x,New,g,0,0,robot,c2\n,4,bob,,,x,New,g,0,0,ai,c2\nn3,1,bob,,,x,New,g,0,0,ai,c2\n"
    let reading = try read(text, study: study(Self.yaml))
    #expect(reading.table.interactionID == ["n1", "n2"])
    #expect(reading.rejected.map(\.line) == [7, 8, 9, 10])
    #expect(reading.rejected.map(\.column) == ["step", "handler", "number", "opened"])
    #expect(reading.rejected[0].reason.hasPrefix("expected a number or an ISO 8601 time"))
  }

  @Test(arguments: [
    ("any(max(moves) > 1)", "an aggregate cannot stand inside another."),
    ("any(stat == \"New\")", "there is no column \"stat\"; nearest: \"state\", \"step\"."),
    ("any(bounced > 1)", "there is no column \"bounced\""),
    ("changed(group) > 1", "this compares true or false (changed(group)) with a number (1)."),
    ("count(state) > 1", "expected \")\": count() takes nothing, found \"state\"."),
  ])
  func faults(condition: String, expected: String) {
    let text = message {
      var study = try study(Self.yaml)
      study.failureModes = [
        FailureModeDeclaration(name: "m", side: .system, component: "c", when: condition)
      ]
      _ = try read(Self.log, study: study)
    }
    #expect(text.contains(expected), "\(text)")
  }
}
