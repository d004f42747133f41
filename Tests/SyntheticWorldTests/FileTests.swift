import InteractionLog
import SyntheticWorld
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Files of a generated log")
struct FileTests {
  @Test("interactions.csv, truth.json and customers.csv say what the table says")
  func files() throws {
    let log = World(regime: .partlyActive, interactions: 1_500, seed: 91).generate()
    try withFolder { folder in
      try log.write(toDirectory: folder)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
          == ["customers.csv", "interactions.csv", "truth.json"])
      let lines = try lines(of: folder + "/interactions.csv")
      #expect(lines.count == log.table.count + 1)
      let names = ["interaction_id", "customer_id", "started_at"] + Array(log.table.columns.keys)
      #expect(lines[0] == names)
      var different = 0
      for (line, row) in zip(lines.dropFirst(), log.timeOrder) {
        if line != cells(log.table, Int(row)) { different += 1 }
      }
      #expect(different == 0)
      let truth = try Data(contentsOf: URL(filePath: folder + "/truth.json"))
      #expect(try JSONDecoder().decode(Truth.self, from: truth) == log.truth)
      let customers = try self.lines(of: folder + "/customers.csv")
      #expect(customers[0] == ["customer_id", "active_from", "active_to"])
      #expect(customers.count == (log.customers?.rows.count ?? 0) + 1)
      let withLimits = try #require(customers.dropFirst().first { !$0[1].isEmpty })
      let known = try #require(log.customers?.rows[withLimits[0]])
      #expect(withLimits[1] == Timestamp.text(try #require(known.activeFrom)))
      #expect(withLimits[2] == Timestamp.text(try #require(known.activeTo)))
    }
  }

  @Test("Writing again replaces the files whole and gives the same bytes")
  func writeAgain() throws {
    let world = World(regime: .logLinear, interactions: 500, seed: 92)
    try withFolder { folder in
      let path = folder + "/log.csv"
      try world.generate().writeCSV(to: path)
      let first = try Data(contentsOf: URL(filePath: path))
      try Data("old".utf8).write(to: URL(filePath: path))
      try world.generate().writeCSV(to: path)
      #expect(try Data(contentsOf: URL(filePath: path)) == first)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["log.csv"])
    }
  }

  @Test("A folder that is not there is a clear error and leaves nothing behind")
  func missingFolder() throws {
    let log = World(regime: .logLinear, interactions: 50, seed: 93).generate()
    try withFolder { folder in
      let path = folder + "/absent/log.csv"
      #expect(
        throws: SyntheticWorldError.fileRefused(
          path: path + ".partial", operation: .create, code: 2)
      ) { try log.writeCSV(to: path) }
      let target = folder + "/taken"
      try FileManager.default.createDirectory(
        atPath: target, withIntermediateDirectories: false)
      #expect(throws: SyntheticWorldError.self) { try log.writeCSV(to: target) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
    }
    let error = SyntheticWorldError.fileRefused(path: "a/b.csv", operation: .create, code: 2)
    #expect(
      error.description
        == "cannot create the file a/b.csv: No such file or directory; give a folder that exists, is writable and has room"
    )
  }

  @Test(
    "Times are written as ISO-8601 in UTC",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1_767_571_200_000, "2026-01-05T00:00:00Z"),
      (951_782_399_000, "2000-02-28T23:59:59Z"), (951_868_799_000, "2000-02-29T23:59:59Z"),
      (951_868_800_000, "2000-03-01T00:00:00Z"), (-1_000, "1969-12-31T23:59:59Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00Z"),
    ] as [(Int64, String)])
  func times(milliseconds: Int64, text: String) {
    #expect(Timestamp.text(milliseconds) == text)
  }

  @Test(
    "Numbers are written with the fewest digits that read back",
    arguments: [
      (0, "0"), (7, "7"), (1_234_567, "1234567"), (0.7, "0.7"), (0.8107, "0.8107"),
      (0.05, "0.05"), (12.25, "12.25"), (0.0001, "0.0001"), (1.0 / 3, "0.3333333333333333"),
      (-2.5, "-2.5"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) {
    var bytes: [UInt8] = []
    CSVField.number(value, into: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
    #expect(Double(text) == value)
  }

  @Test("Every confidence of four decimals reads back exactly")
  func confidences() {
    var wrong = 0
    for step in 0...10_000 {
      let value = Double(step) / 10_000
      var bytes: [UInt8] = []
      CSVField.number(value, into: &bytes)
      if Double(String(decoding: bytes, as: UTF8.self)) != value { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("Texts are quoted where RFC 4180 asks for it")
  func quoting() {
    func quoted(_ text: String) -> String {
      String(decoding: CSVField.quoted(text), as: UTF8.self)
    }
    #expect(quoted("plain;text") == "plain;text")
    #expect(quoted("a,b") == "\"a,b\"")
    #expect(quoted("say \"no\"") == "\"say \"\"no\"\"\"")
    #expect(quoted("two\nlines") == "\"two\nlines\"")
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "synthetic-world-\(UUID().uuidString)").path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func lines(of path: String) throws -> [[String]] {
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    #expect(text.hasSuffix("\n"))
    return text.split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private func cells(_ table: InteractionTable, _ row: Int) -> [String] {
    var cells = [
      table.interactionID[row], table.customer[row] ?? "", Timestamp.text(table.startedAt[row]),
    ]
    for (_, column) in table.columns {
      switch column {
      case .text(let text): cells.append(text[row] ?? "")
      case .time(let time): cells.append(time[row].map(Timestamp.text) ?? "")
      case .flag(let flag): cells.append(flag[row] == .yes ? "true" : "false")
      case .number(let number):
        let value = number[row]
        cells.append(
          value.map { $0 == $0.rounded() ? String(Int($0)) : String($0) } ?? "")
      }
    }
    return cells
  }
}
