import Foundation
import InteractionLog
import Testing

/// Every kind of bad input says which line, column and value, and what was expected.
struct BadInputTests {
  static let header =
    "interaction_id,customer_id,started_at,ended_at,handled_by,intent_confidence,handle_seconds,"
    + "integration_status,action_status,resolved\n"
  static let good = "g,c,2026-01-05T09:00:00Z,,ai,0.5,10,ok,ok,true\n"

  private func rejected(_ row: String) throws -> RejectedRow {
    let reading = try read(Self.header + Self.good + row + "\n")
    #expect(reading.table.interactionID == ["g"])
    #expect(reading.rowsRead == 2)
    let only = try #require(reading.rejected.first)
    #expect(reading.rejected.count == 1)
    #expect(only.line == 3)
    return only
  }

  @Test(arguments: [
    ("b,c,2026-01-05T09:00:00Z,,ai,0.5,10,ok,ok", "", "9 fields, the header has 10"),
    ("b,c,2026-01-05T09:00:00Z,,ai,0.5,10,ok,ok,true,x", "", "11 fields, the header has 10"),
    (
      "b,\"c\"x,2026-01-05T09:00:00Z,,ai,0.5,10,ok,ok,true", "",
      "text after a closing quote; quotes inside a quoted field are doubled (\"\")"
    ),
    (
      "b,c,yesterday,,ai,0.5,10,ok,ok,true", "started_at",
      "expected an ISO 8601 time with its zone, like 2026-01-05T09:30:00Z"
    ),
    (
      "b,c,2026-02-30T09:00:00Z,,ai,0.5,10,ok,ok,true", "started_at",
      "expected an ISO 8601 time with its zone, like 2026-01-05T09:30:00Z"
    ),
    (
      "b,c,2026-01-05T09:00:00,,ai,0.5,10,ok,ok,true", "started_at",
      "expected a time with its zone, like 2026-01-05T09:30:00Z; or name the zone in the study "
        + "(source.time.zone)"
    ),
    ("b,c,,,ai,0.5,10,ok,ok,true", "started_at", "no value; every interaction needs a start"),
    (
      ",c,2026-01-05T09:00:00Z,,ai,0.5,10,ok,ok,true", "interaction_id",
      "no value; every row needs an interaction id"
    ),
    (
      "g,d,2026-01-05T09:00:00Z,,ai,0.5,10,ok,ok,true", "interaction_id",
      "duplicate interaction id; only the first row with it is used"
    ),
    ("b,c,2026-01-05T09:00:00Z,,ai,0.5,ten,ok,ok,true", "handle_seconds", "expected a number"),
    (
      "b,c,2026-01-05T09:00:00Z,,ai,\"0,5\",10,ok,ok,true", "intent_confidence",
      "expected a number with a decimal point, without separators"
    ),
    ("b,c,2026-01-05T09:00:00Z,,ai,nan,10,ok,ok,true", "intent_confidence", "expected a number"),
    (
      "b,c,2026-01-05T09:00:00Z,,ai,1.01,10,ok,ok,true", "intent_confidence",
      "expected a number from 0 to 1"
    ),
    (
      "b,c,2026-01-05T09:00:00Z,,ai,0.5,-1,ok,ok,true", "handle_seconds",
      "expected a number of 0 or more"
    ),
    (
      "b,c,2026-01-05T09:00:00Z,,robot,0.5,10,ok,ok,true", "handled_by",
      "expected one of ai, staff or blank"
    ),
    (
      "b,c,2026-01-05T09:00:00Z,,ai,0.5,10,late,ok,true", "integration_status",
      "expected one of ok, timeout, error or blank"
    ),
    (
      "b,c,2026-01-05T09:00:00Z,,ai,0.5,10,ok,done,true", "action_status",
      "expected one of ok, completed, partial, failed, abandoned or blank"
    ),
    (
      "b,c,2026-01-05T09:00:00Z,,ai,0.5,10,ok,ok,maybe", "resolved",
      "expected true or false (or yes/no, 1/0, blank)"
    ),
    (
      "b,c,2026-01-05T09:00:00Z,2026-01-05T08:59:59Z,ai,0.5,10,ok,ok,true", "ended_at",
      "the interaction ends before it starts"
    ),
  ])
  func rows(row: String, column: String, reason: String) throws {
    let rejected = try rejected(row)
    #expect(rejected.column == column)
    #expect(rejected.reason == reason)
  }

  @Test func shownValueIsTheFileValue() throws {
    #expect(try rejected("b,c,2026-01-05T09:00:00Z,,robot,0.5,10,ok,ok,true").value == "robot")
    let long = String(repeating: "x", count: 200)
    let shown = try rejected("b,c,2026-01-05T09:00:00Z,,\(long),0.5,10,ok,ok,true").value
    #expect(shown == String(repeating: "x", count: 79) + "…")
  }

  @Test func invalidUTF8() throws {
    let bytes =
      Array((Self.header + Self.good).utf8) + Array("b,".utf8) + [0xFF, 0xFE]
      + Array(",2026-01-05T09:00:00Z,,ai,0.5,10,ok,ok,true\n".utf8)
    let reading = try withFile(bytes) {
      try LogReader(study: .canonical, maximumRejectedShare: 0.9).read(path: $0)
    }
    #expect(reading.rejected.map(\.column) == ["customer_id"])
    #expect(reading.rejected.map(\.reason) == ["not valid UTF-8; save the file as UTF-8"])
    #expect(reading.rejected.map(\.value) == ["\u{FFFD}\u{FFFD}"])
  }

  /// The first valid row keeps an id, even after an invalid one with it.
  @Test func duplicatesOfRejectedRowsAreNotDuplicates() throws {
    let text =
      Self.header + "g,c,2026-01-05T09:00:00Z,2026-01-05T08:00:00Z,ai,0.5,10,ok,ok,true\n"
      + Self.good
    let reading = try read(text)
    #expect(reading.table.count == 1)
    #expect(reading.rejected.map(\.line) == [2])
  }

  @Test func spellingsThatAreFine() throws {
    let text =
      Self.header
      + "1,c,2026-01-05T09:00:00Z,, AI ,1,1e1,OK,Completed,YES\n2,c,2026-01-05T09:00:00+02:00,,Staff,0,.5,timeout,,0\n"
    let reading = try read(text)
    #expect(reading.rejected.isEmpty)
    #expect(reading.table.text("handled_by")?.values == ["ai", "staff"])
    #expect(reading.table.flag("resolved")?.storage == [0, 1])
  }
}

/// Files that cannot be used at all.
struct BadFileTests {
  private func failure(
    _ bytes: some Sequence<UInt8>, name: String = "log.csv", study: Study = .canonical
  ) -> LogError? {
    do {
      _ = try withFile(bytes, name: name) { try LogReader(study: study).read(path: $0) }
      return nil
    } catch {
      return error as? LogError
    }
  }

  @Test func missingAndDirectory() {
    let reader = LogReader(study: .canonical)
    let missing = #expect(throws: LogError.notFound(path: "/nowhere/log.csv")) {
      try reader.read(path: "/nowhere/log.csv")
    }
    #expect(missing?.exitCode == 66)
    #expect(missing.map { "\($0)" } == "/nowhere/log.csv: there is no such file.")
    let directory = #expect(throws: LogError.directory(path: "/tmp")) {
      try reader.read(path: "/tmp")
    }
    #expect(directory?.exitCode == 66)
  }

  @Test func noPermission() throws {
    try withFile("x".utf8) { path in
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      // The superuser may read everything.
      if getuid() == 0 { return }
      #expect(throws: LogError.permissionDenied(path: path)) {
        try LogReader(study: .canonical).read(path: path)
      }
    }
    let error = LogError.permissionDenied(path: "log.csv")
    #expect(error.exitCode == 66)
    #expect(
      "\(error)" == "log.csv: no permission to read this file; make it readable for this user.")
  }

  @Test func emptyAndHeaderOnly() throws {
    let empty = try #require(failure([]))
    #expect("\(empty)".contains("is empty; expected a header line"))
    #expect(empty.exitCode == 65)
    #expect("\(try #require(failure("\n\n".utf8)))".contains("is empty"))
    let header = try #require(failure("interaction_id,customer_id,started_at\n".utf8))
    #expect("\(header)".contains("has a header and no rows"))
  }

  @Test func binaries() throws {
    func content(_ bytes: [UInt8]) -> BinaryContent? {
      if case .binary(_, let content)? = failure(bytes) { content } else { nil }
    }
    #expect(content(Array("PAR1xxxxxx".utf8)) == .parquet)
    #expect(content([0x1F, 0x8B, 8, 0, 0, 0]) == .gzip)
    #expect(content([0x50, 0x4B, 3, 4, 0, 0]) == .zip)
    #expect(content([0xFF, 0xFE, 0x69, 0, 0x6E, 0]) == .utf16)
    #expect(content(Array("interaction_id\n".utf8) + [0]) == .nul(offset: 15))
    let error = LogError.binary(path: "a", content: .gzip)
    #expect(
      "\(error)" == "a is not a text file: it is compressed with gzip; unpack it first (gunzip).")
  }

  @Test func missingColumns() throws {
    let error = try #require(failure("id,customerid,start,channel\n1,2,3,4\n".utf8))
    let text = "\(error)"
    #expect(
      text.contains("has no column \"customer_id\", which is needed; nearest: \"customerid\"."))
    #expect(text.contains("has no column \"interaction_id\", which is needed"))
    #expect(text.contains("has no column \"started_at\""))
    #expect(text.contains("The file's columns: id, customerid, start, channel."))
    #expect(text.contains("map a log's columns in a study (--study)"))
    let wrongDelimiter = try #require(
      failure("interaction_id;customer_id;started_at\n1;2;3\n".utf8))
    #expect("\(wrongDelimiter)".contains("is \";\" the delimiter? Set source.delimiter."))
  }

  @Test func mappedColumnThatIsNotThere() throws {
    let study = try study("columns: {customer_id: accuont}")
    let error = try #require(
      failure("interaction_id,account,started_at\n1,2,3\n".utf8, study: study))
    #expect(
      "\(error)".contains(
        "has no column \"accuont\", which the study maps to customer_id; nearest: \"account\"."))
  }

  @Test func duplicateHeaders() throws {
    let error = try #require(failure("interaction_id,customer_id,started_at,x,x\n".utf8))
    #expect("\(error)".contains("the header has the column \"x\" more than once (columns 4, 5)"))
  }

  @Test func unclosedQuote() throws {
    let error = try #require(
      failure("interaction_id,customer_id,started_at\n1,\"c,2026\n2,c,d\n".utf8))
    guard case .unclosedQuote(_, let line) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(line == 2)
  }

  @Test func tooManyRejectedRows() throws {
    var text = "interaction_id,customer_id,started_at,intent_confidence\n"
    for row in 0..<100 {
      text +=
        "\(row),c,\(row % 10 == 3 ? "soon" : "2026-01-05T09:00:00Z"),\(row == 5 ? "2" : "0.5")\n"
    }
    let error = try #require(failure(text.utf8))
    guard case .tooManyRejected(_, let rejected, let rows, _, let commonest) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(rejected == 11)
    #expect(rows == 100)
    #expect(commonest.map(\.count) == [10, 1])
    #expect("\(error)".contains("11 of 100 rows cannot be used (11 %, at most 5 % may be)."))
    #expect("\(error)".contains("10 × line 5, started_at \"soon\": expected an ISO 8601 time"))
    #expect(try read(text, maximumRejectedShare: 0.11).rejected.count == 11)
  }

  @Test func headerThatIsNoUTF8() throws {
    guard case .headerNotUTF8? = failure([0x61, 0xE9, 0x2C, 0x62, 0x0A]) else {
      Issue.record("expected headerNotUTF8")
      return
    }
  }
}
