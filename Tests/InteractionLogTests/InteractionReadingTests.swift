import InteractionLog
import Synchronization
import Testing

struct InteractionReadingTests {
  static let log = """
    interaction_id,customer_id,started_at,channel,intent_predicted,intent_actual,intent_reviewed,csat,extra
    i3,bob,2026-01-07T09:00:00Z,chat,billing,refund,true,4,x
    i1,ann,2026-01-05T09:00:00Z,voice,billing,,false,,y
    i2,ann,2026-01-05T09:00:00Z,chat,billing,refund,false,5,
    i9,,2026-01-01T09:00:00Z,chat,,,,1,x
    i4,ann,2026-01-04T09:00:00Z,voice,outage,,,2,z
    i5,Zoe,2026-01-04T09:00:00Z,voice,,outage,,2,z
    """

  @Test func canonicalOrderAndTopic() throws {
    let table = try read(Self.log).table
    #expect(table.interactionID == ["i5", "i4", "i1", "i2", "i3", "i9"])
    #expect(
      table.customer == TextColumn(codes: [0, 1, 1, 1, 2, -1], values: ["Zoe", "ann", "bob"]))
    // i2's actual intent was not reviewed: the predicted one is the topic, and it is not known.
    #expect(
      (0..<6).map { table.topic[$0] } == [
        "outage", "outage", "billing", "billing", "refund", "(unknown)",
      ])
    let actual = try #require(table.text("intent_actual"))
    #expect((0..<6).map { actual[$0] } == ["outage", nil, nil, nil, "refund", nil])
    #expect(table.number("csat")?[2] == nil)
    #expect(table.columns["extra"] == nil)
    #expect(
      Array(table.columns.keys) == [
        "channel", "intent_predicted", "intent_actual", "intent_reviewed", "csat",
      ])
  }

  @Test func orderOfTheFileChangesNothing() throws {
    let lines = Self.log.split(separator: "\n")
    func rows(_ text: String) throws -> [[UInt8]] {
      var rows: [[UInt8]] = []
      try read(text).forEachCanonicalRow { rows.append($0) }
      return rows
    }
    let forward = try rows(Self.log)
    let backward = try rows(([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n"))
    #expect(forward == backward)
    let shown = String(decoding: forward[3], as: UTF8.self).replacing("\u{1F}", with: "|")
      .replacing("\u{1E}", with: "")
    #expect(
      shown
        == "interaction_id=i2|customer_id=ann|started_at=1767603600000|channel=chat|intent_predicted=billing|intent_reviewed=0|csat=5|"
    )
  }

  @Test func noIntentColumn() throws {
    let table = try read("interaction_id,customer_id,started_at\n1,a,2026-01-05T09:00:00Z\n").table
    #expect(table.topic == TextColumn(codes: [0], values: ["(none)"]))
    #expect(table.columns.isEmpty)
  }

  @Test func mappedExpressionsDerivedAndSourceColumns() throws {
    let study = try study(
      """
      columns:
        interaction_id: Ticket No
        customer_id: account
        started_at: opened
        handle_seconds: minutes * 60
        resolved: state == "closed"
        handled_by: '"staff"'
        channel: null
      derived:
        long: handle_seconds > 600
        minutes_left: 60 - minutes
      context: [region, long]
      failure_modes:
        - {name: urgent, side: system, component: queue, when: priority > 2 and long}
      """)
    let text = """
      Ticket No,account,opened,minutes,state,region,priority,channel,queue
      1,a,2026-01-05T09:00:00Z,5,closed,north,3,chat,q1
      2,a,2026-01-06T09:00:00Z,,open,,1,chat,q2
      3,a,2026-01-07T09:00:00Z,20,,south,4,chat,
      4,a,2026-01-08T09:00:00Z,-1,open,south,4,chat,
      5,a,2026-01-09T09:00:00Z,1,open,south,high,chat,
      """
    let reading = try read(text, study: study)
    let table = reading.table
    #expect(table.interactionID == ["1", "2", "3"])
    #expect(table.number("handle_seconds")?[0] == 300)
    #expect(table.flag("resolved")?.storage == [1, 0, -1])
    #expect(table.text("handled_by")?.values == ["staff"])
    #expect(table.flag("long")?.storage == [0, -1, 1])
    #expect(table.number("minutes_left")?[2] == 40)
    #expect(table.text("region") == TextColumn(codes: [0, -1, 1], values: ["north", "south"]))
    #expect(table.number("priority")?[1] == 1)
    #expect(table.text("queue")?.values == ["q1", "q2"])
    #expect(table.columns["channel"] == nil)
    #expect(reading.rejected.map(\.column) == ["handle_seconds", "priority"])
    #expect(reading.rejected.map(\.value) == ["-60", "high"])
  }

  @Test(arguments: [
    ("context: [regoin]", "context: there is no column \"regoin\"; nearest: \"region\"."),
    ("context: [csat]", "context: the log does not have the column \"csat\""),
    (
      "derived: {a: regin == \"x\"}",
      "derived.a: there is no column \"regin\"; nearest: \"region\"."
    ),
    (
      "derived: {a: first(region) == \"x\"}",
      "reduces events, but this log has one row per interaction"
    ),
    (
      "failure_modes: [{name: a, side: system, component: c, when: region > 2 and region == \"x\"}]",
      "failure mode \"a\": region is used"
    ),
    (
      "failure_modes: [{name: a, side: system, component: c, when: channel > 2}]",
      "failure mode \"a\": this compares text (channel) with a number (2)."
    ),
    (
      "failure_modes: [{name: a, side: system, component: c, when: csat > 2}]",
      "the log does not have the column \"csat\""
    ),
  ])
  func columnsAreCheckedBeforeRows(yaml: String, expected: String) throws {
    // The one row is bad: the study's fault must come first.
    let text = "interaction_id,customer_id,started_at,channel,region\n1,a,never,chat,x\n"
    let study = try study(yaml)
    let shown = message { _ = try read(text, study: study) }
    #expect(shown.contains(expected), "\(shown)")
  }

  @Test func progressEndsAtOne() throws {
    let heard = Mutex<[Double]>([])
    try withFile(Self.log.utf8) { path in
      _ = try LogReader(study: .canonical).read(path: path) { share in
        heard.withLock { $0.append(share) }
      }
    }
    #expect(heard.withLock { $0 } == [1])
  }

  @Test func jsonLines() throws {
    let text = """
      {"interaction_id": "1", "customer_id": "a\\u00e9\\n", "started_at": "2026-01-05T09:00:00Z", "csat": 4.5, "resolved": true, "staff_error": ["x", "y"], "more": {"a": [1, "}"]}}

      {"customer_id": null, "interaction_id": 2, "started_at": "2026-01-05T09:00:00Z", "channel": "chat \\ud83d\\ude00"}
      {"interaction_id": "3", "customer_id": "a"
      [1]
      {"interaction_id": "4", "customer_id": "a", "started_at": "2026-01-05T09:00:00Z", "csat": "high"}
      """
    for blockSize in [1, 7, 64, 1 << 20] {
      let reading = try read(text, name: "log.jsonl", blockSize: blockSize)
      let table = reading.table
      #expect(table.interactionID == ["1", "2"])
      #expect(table.customer == TextColumn(codes: [0, -1], values: ["aé\n"]))
      #expect(table.number("csat")?[0] == 4.5)
      #expect(table.flag("resolved")?.storage == [1, -1])
      #expect(table.text("staff_error")?[0] == "x;y")
      #expect(table.text("channel")?[1] == "chat 😀")
      #expect(reading.rejected.map(\.line) == [4, 5, 6])
      #expect(reading.rejected[0].reason == "expected one JSON object per line")
      #expect(reading.rejected[2].column == "csat")
    }
  }

  @Test func customers() throws {
    let text = """
      customer_id,active_from,active_to,segment,since,alias_of
      a,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,gold,,
      b,,,,2025-01-01T00:00:00Z,a
      c,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z,,,
      a,,,,,
      d,,,,,d
      e,soon,,,,
      """ + (0..<100).map { "\nx\($0),,,,," }.joined()
    try withFile(text.utf8, name: "customers.csv") { path in
      let table = try CustomerTable.read(path: path, study: .canonical)
      #expect(table.rows.count == 102)
      #expect(table.rows["a"]?.segment == "gold")
      #expect(table.rows["a"]?.activeTo == 1_769_904_000_000)
      #expect(table.rows["b"]?.activeFrom == 1_735_689_600_000)
      #expect(table.rows["b"]?.aliasOf == "a")
      #expect(table.rejected.map(\.line) == [4, 5, 6, 7])
      #expect(
        table.rejected.map(\.column) == ["active_to", "customer_id", "alias_of", "active_from"])
    }
    try withFile("customer\n1\n".utf8) { path in
      #expect(
        message { _ = try CustomerTable.read(path: path, study: .canonical) }
          .contains("has no column \"customer_id\", which is needed; nearest: \"customer\""))
    }
  }
}
