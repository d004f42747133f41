import InteractionLog
import Testing

/// RFC 4180 and what files in the world add to it.
struct DelimitedTextTests {
  static let header = "interaction_id,customer_id,started_at,channel,note\n"

  private func channels(_ text: String, blockSize: Int = 1 << 20) throws -> [String?] {
    let reading = try read(text, blockSize: blockSize)
    #expect(reading.rejected.isEmpty)
    let column = try #require(reading.table.text("channel"))
    return (0..<reading.table.count).map { column[$0] }
  }

  private func row(_ id: Int, _ channel: String) -> String {
    "\(id),c,2026-01-05T09:00:0\(id)Z,\(channel),x\n"
  }

  @Test(arguments: [
    ("chat", "chat"), ("\"chat\"", "chat"), ("\"a,b\"", "a,b"), ("\"a\"\"b\"", "a\"b"),
    ("\"\"\"\"", "\""), ("\"line\nline\"", "line\nline"), ("\"line\r\nline\"", "line\r\nline"),
    ("5\" tv", "5\" tv"), ("a b", "a b"), ("é€😀", "é€😀"), ("\" x\"", " x"),
  ])
  func fields(written: String, expected: String) throws {
    #expect(try channels(Self.header + row(1, written) + row(2, written)) == [expected, expected])
  }

  @Test func blankAndQuotedBlankAreMissing() throws {
    #expect(
      try channels(Self.header + row(1, "") + row(2, "\"\"") + row(3, "  ")) == [nil, nil, nil])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func lineEnds(_ end: String) throws {
    let text = (Self.header + row(1, "a") + row(2, "b")).split(separator: "\n").joined(
      separator: end)
    #expect(try channels(text) == ["a", "b"])
    #expect(try channels(text + end) == ["a", "b"])
    #expect(try channels(text + end + end) == ["a", "b"])
  }

  @Test func byteOrderMarkAndEmptyLines() throws {
    #expect(
      try channels("\u{FEFF}" + Self.header + "\n" + row(1, "a") + "\n\n" + row(2, "b")) == [
        "a", "b",
      ])
  }

  @Test(arguments: [";", "\\t", "|"])
  func delimiters(_ delimiter: String) throws {
    let byte = delimiter == "\\t" ? "\t" : delimiter
    let text = (Self.header + row(1, "a") + row(2, "b")).split(separator: ",").joined(
      separator: byte)
    let reading = try read(
      text, study: study("source: {delimiter: \"\(delimiter == "\\t" ? "\\\\t" : delimiter)\"}"))
    #expect(reading.table.text("channel")?.values == ["a", "b"])
  }

  /// Wherever a block ends, the same is read.
  @Test func everyBlockSize() throws {
    let text =
      "\u{FEFF}" + Self.header.replacing("\n", with: "\r\n") + row(1, "\"a,\"\"b\"\"\r\nc\"")
      + row(2, "é€😀").replacing("\n", with: "\r\n") + "\r\n" + row(3, "\"\"") + row(4, "x\"y")
      + "5,c,2026-01-05T09:00:05Z,short\n6,\"c\"x,2026-01-05T09:00:06Z,a,b\n7,c,,\"q\",\"last\""
    let whole = try read(text)
    #expect(whole.table.count == 4)
    #expect(whole.rejected.count == 3)
    for blockSize in 1...64 {
      let reading = try read(text, blockSize: blockSize)
      #expect(reading.table.interactionID == whole.table.interactionID)
      #expect(reading.table.text("channel") == whole.table.text("channel"))
      #expect(reading.table.startedAt == whole.table.startedAt)
      #expect(reading.rejected.map(\.line) == whole.rejected.map(\.line))
      #expect(reading.rejected.map(\.reason) == whole.rejected.map(\.reason))
      #expect(reading.rejected.map(\.value) == whole.rejected.map(\.value))
    }
  }

  @Test func recordsOverSeveralLinesCountByTheirFirst() throws {
    let text = Self.header + row(1, "\"a\n\nb\"") + "2,c,never,a,b\n" + "3,c,never,\"x\ny\",b\n"
    #expect(try read(text).rejected.map(\.line) == [5, 6])
  }
}
