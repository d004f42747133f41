import InteractionLog
import Testing

/// Studies drafted for files that nobody has described.
@Suite struct StudyDraftTests {
  /// A help desk's own column names, semicolons, question marks and day-first times.
  private static func tickets(rows: Int) -> String {
    var text = "Ticket Number;Client Id;Opened At;Channel;Category;Resolved;Rating;Region\n"
    for k in 0..<rows {
      let day = 1 + k % 28
      let hour = k % 24
      text +=
        "T\(1000 + k);C\(k % 37);\(day)/3/2026 \(hour):0\(k % 10);\(k % 3 == 0 ? "phone" : "chat");"
        + "\(["billing", "login", "delivery"][k % 3]);\(k % 2 == 0 ? "yes" : "no");"
        + "\(k % 7 == 0 ? "?" : String(1 + k % 5));\(["north", "south"][k % 2])\n"
    }
    return text
  }

  @Test func aHelpDesksExportIsRead() throws {
    try withFile(Self.tickets(rows: 200).utf8, name: "tickets.csv") { path in
      let draft = try StudyDraft(log: path)
      #expect(draft.isReady, "\(draft.missing)")
      let study = try Study.parse(yaml: draft.yaml, file: "draft.yaml")
      #expect(study.source.delimiter == UInt8(ascii: ";"))
      #expect(study.source.missing == ["", "?"])
      #expect(study.source.timeFormat == "d/M/yyyy H:mm" && study.source.timeZone == "UTC")
      #expect(study.columns["interaction_id"] == "Ticket Number")
      #expect(study.columns["customer_id"] == "Client Id")
      #expect(study.columns["started_at"] == "Opened At")
      #expect(study.columns["intent_actual"] == "Category")
      #expect(study.columns["csat"] == "Rating" && study.columns["resolved"] == "Resolved")
      #expect(study.context == ["channel"])
      #expect(draft.notUnderstood.contains { $0.hasPrefix("Region: text, 2 values") })
      #expect(draft.yaml.contains("# CHECK: the times name no zone"))
      let reading = try LogReader(study: study).read(path: path)
      #expect(reading.table.count == 200 && reading.rejected.isEmpty)
      #expect(reading.table.customer.values.count == 37)
      #expect(reading.table.number("csat")?.storage.count { $0.isNaN } == 29)
    }
  }

  @Test func rowsOfOneInteractionAreEvents() throws {
    var text = "number,sys_mod_count,caller_id,opened_at,category,closed_at,state\n"
    for k in 0..<120 {
      for step in 0..<3 {
        text +=
          "INC\(k),\(step),P\(k % 20),2026-03-\(k % 20 + 10) 0\(k % 10):15,cat\(k % 4),"
          + "2026-04-0\(k % 9 + 1) 10:00,\(["new", "active", "closed"][step])\n"
      }
    }
    try withFile(text.utf8, name: "events.csv") { path in
      let draft = try StudyDraft(log: path)
      let study = try Study.parse(yaml: draft.yaml, file: "draft.yaml")
      #expect(study.source.layout == .events && study.source.interaction == "number")
      #expect(study.source.order == "sys_mod_count")
      #expect(study.columns["ended_at"] == "last(closed_at)")
      let reading = try LogReader(study: study).read(path: path)
      #expect(reading.table.count == 120 && reading.rejected.isEmpty)
    }
  }

  @Test func aColumnThatIsNotWhatItsNameSaysIsNotRead() throws {
    var text = "interaction_id,customer_id,started_at,resolved,intent_confidence\n"
    for k in 0..<60 {
      text +=
        "i\(k),c\(k % 9),2026-03-0\(k % 9 + 1)T10:00:00Z,\(k % 2 == 0 ? "Closed" : "Open"),\(k)\n"
    }
    try withFile(text.utf8, name: "log.csv") { path in
      let draft = try StudyDraft(log: path)
      let study = try Study.parse(yaml: draft.yaml, file: "draft.yaml")
      // Under their own names these would have every row rejected.
      #expect(study.columns["resolved"] == "" && study.columns["intent_confidence"] == "")
      #expect(draft.yaml.contains("not read: it holds Closed, Open, not true or false"))
      let reading = try LogReader(study: study).read(path: path)
      #expect(reading.table.count == 60 && reading.rejected.isEmpty)
    }
  }

  @Test func whatIsMissingIsSaid() throws {
    try withFile("a,b\n1,x\n1,x\n2,y\n".utf8, name: "log.csv") { path in
      let draft = try StudyDraft(log: path)
      #expect(!draft.isReady)
      #expect(draft.missing.contains { $0.hasPrefix("customer_id") })
      #expect(draft.missing.contains { $0.hasPrefix("started_at") })
      #expect(draft.yaml.contains("customer_id:"))
    }
    try withFile("a,b\n".utf8, name: "log.csv") { path in
      #expect(throws: LogError.self) { _ = try StudyDraft(log: path) }
    }
  }

  @Test(arguments: [
    (["2026-03-01T10:00:00Z", "2026-03-02T11:00:00+02:00"], nil as String?, true),
    (["2026-03-01 10:00:00", "2026-03-02 11:00:00"], nil, false),
    (["3/13/2026 1:05 PM", "3/14/2026 11:05 AM"], "M/d/yyyy h:mm a", false),
    (["13.3.2026 10:00:01", "14.3.2026 11:00:59"], "d.M.yyyy H:mm:ss", false),
    (["1767571200", "1767571260"], "epoch", true),
    (["1767571200123", "1767571260123"], "epoch_ms", true),
  ])
  func timesAreKnownByTheirLooks(values: [String], format: String?, zone: Bool) throws {
    var text = "id,customer_id,created\n"
    for k in 0..<40 { text += "i\(k),c\(k % 5),\(values[k % 2])\n" }
    try withFile(text.utf8, name: "log.csv") { path in
      let study = try Study.parse(yaml: try StudyDraft(log: path).yaml, file: "draft.yaml")
      #expect(study.source.timeFormat == format)
      #expect((study.source.timeZone == nil) == zone)
      #expect(try LogReader(study: study).read(path: path).table.count == 40)
    }
  }
}
