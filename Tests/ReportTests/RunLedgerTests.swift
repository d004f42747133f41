import Attribution
import Foundation
import Report
import Testing

/// A run read back into memory, whole and damaged.
@Suite struct RunLedgerTests {
  /// Writes the fixture's run; `body` sees its folder, which is removed afterwards.
  private func withRun(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "wherefore-ledger-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var report = Fixture.report()
    report.interactions = 3
    let path = folder.appending(path: "run").path
    try RunWriter(directory: path).write(
      report: report, table: FixtureRun.table(), ledger: FixtureRun.ledger(),
      links: FixtureRun.links(), rejected: [], run: FixtureRun.record(), vegaBundle: nil)
    try body(path)
  }

  @Test func readsBackWhatWasWritten() throws {
    try withRun { path in
      let ledger = try RunLedger(directory: path)
      let (table, made) = (FixtureRun.table(), FixtureRun.ledger())
      #expect((0..<3).map { ledger.rows.id[$0] } == table.interactionID)
      #expect(ledger.rows.startedAt == table.startedAt && ledger.rows.customer == [0, 0, -1])
      #expect(ledger.rows.customers.find("k1") == 0 && ledger.rows.customers.find("k") == nil)
      #expect(ledger.rows.neighbours(1) == 0..<2 && ledger.rows.neighbours(2) == 2..<3)
      #expect(ledger.rows.expectedRepeats == made.expectedRepeats)
      #expect(
        ledger.rows.systemDirect == made.systemDirect && ledger.rows.staffOwn == made.staffOwn)
      #expect(ledger.rows.exposure == made.exposure && ledger.rows.baseline == made.baseline)
      #expect(ledger.contacts.intentResolved == [1, -1, 0])
      #expect(ledger.contacts.week.values == ["1970-W01", "2026-W02"])
      #expect(ledger.contacts.week.codes == [1, 1, 0])
      #expect(ledger.contacts.latency[2] == 0.5 && ledger.contacts.latency[1].isNaN)
      #expect(ledger.modes.places == made.contributions.places)
      #expect(ledger.modes.entries(0) == 0..<2 && ledger.modes.entries(2).isEmpty)
      #expect(ledger.modes.removedShare == [0.75, 0.1] && ledger.modes.switchedOff[1].isNaN)
      #expect(ledger.links.pairs(before: 1) == 0..<1 && ledger.links.pairs(before: 0).isEmpty)
      let after = ledger.links.pairs(after: 0, in: ledger.rows)
      #expect(after.map(\.later) == [1] && ledger.links.probability == [0.75])
      #expect(ledger.links.pairs(after: 2, in: ledger.rows).isEmpty)
      #expect(ledger.declaration == made.declaration)
    }
  }

  @Test(arguments: [
    "interactions.csv", "links.csv", "contacts.csv", "modes.csv", "joint_removals.csv",
    "ledger.json", "attribution.json",
  ])
  func aMissingFileIs66(name: String) throws {
    try withRun { path in
      try FileManager.default.removeItem(atPath: "\(path)/\(name)")
      let error = #expect(throws: ReportError.self) { try RunLedger(directory: path) }
      #expect(error == .runFileMissing(path: "\(path)/\(name)") && error?.exitCode == 66)
    }
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    var file: String
    var from: String
    var to: String
    /// 0 where no line is named.
    var line: Int
    var says: String
    var testDescription: String { "\(file): \(says)" }
  }

  @Test(arguments: [
    Damage(
      file: "interactions.csv", from: ",0.75,0.5,", to: ",much,0.5,", line: 2,
      says: "expected_repeats is 'much', a number expected"),
    Damage(
      file: "interactions.csv", from: ",0.1,0,0,", to: ",0.1,,0,", line: 3,
      says: "a part of the split is blank, unlike in the rows before"),
    Damage(
      file: "interactions.csv", from: "2026-01-05T09:30:00Z", to: "noon", line: 2,
      says: "started_at is 'noon'"),
    Damage(
      file: "interactions.csv", from: "\na,k1,", to: "\na,k2,", line: 3,
      says: "the customer 'k1' is out of order"),
    Damage(
      file: "interactions.csv", from: ",0,0,0,0,0,0\n", to: ",0,0\n", line: 4,
      says: "it has 6 columns and 10 were expected"),
    Damage(
      file: "interactions.csv", from: "c,,1969-12-31T23:59:59Z,,0,0,0,0,0,0\n", to: "", line: 0,
      says: "it has 2 interactions and attribution.json counts 3"),
    Damage(
      file: "contacts.csv", from: "\nc,", to: "\nd,", line: 4,
      says: "interaction 'd' is not the one that interactions.csv has here"),
    Damage(
      file: "contacts.csv", from: ",true,,1250", to: ",perhaps,,1250", line: 2,
      says: "intent_resolved is 'perhaps', true or false expected"),
    Damage(
      file: "contacts.csv", from: "c,1970-W01,,,,,,,false,,0.5,,,false,0.5\n", to: "", line: 0,
      says: "it ends after 2 of 3 interactions"),
    Damage(
      file: "modes.csv", from: "a,wrong", to: "z,wrong", line: 3,
      says: "interaction 'z' is not in interactions.csv"),
    Damage(
      file: "modes.csv", from: "switched_off", to: "off", line: 0,
      says: "it has no column 'switched_off'"),
    Damage(
      file: "links.csv", from: "\na,", to: "\nq,", line: 2,
      says: "interaction 'q' is no earlier contact of the customer of 'b, with \"quotes\"'"),
    Damage(
      file: "links.csv", from: ",0.75\n", to: ",1.75\n", line: 2,
      says: "the probability is 1.75, 0 to 1 expected"),
    Damage(file: "ledger.json", from: "{", to: "", line: 0, says: "it is not valid JSON"),
    Damage(
      file: "links.csv", from: "\"b,", to: "\"\"b,", line: 2, says: "text follows a closing quote"),
  ])
  func whatIsDamagedIsNamed(_ damage: Damage) throws {
    try withRun { path in
      let file = "\(path)/\(damage.file)"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let range = try #require(text.range(of: damage.from))
      try text.replacingCharacters(in: range, with: damage.to)
        .write(toFile: file, atomically: false, encoding: .utf8)
      let error = try #require(throws: ReportError.self) { try RunLedger(directory: path) }
      #expect(error.exitCode == 65)
      #expect(error.description.contains(damage.says), "\(error.description)")
      #expect(error.description.contains(file))
      if damage.line > 0 {
        #expect(error.description.contains("line \(damage.line):"), "\(error.description)")
      }
    }
  }
}
