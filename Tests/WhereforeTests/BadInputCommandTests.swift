import Foundation
import Testing

/// `analyze` on what it cannot use: the exit status, and words that name what was wrong.
@Suite struct BadInputCommandTests {
  struct BadLog: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    var says: String
    var status: Int32 = 65

    init(_ name: String, _ text: String, says: String) {
      testDescription = name
      bytes = Array(text.utf8)
      self.says = says
    }

    init(_ name: String, bytes: [UInt8], says: String) {
      testDescription = name
      self.bytes = bytes
      self.says = says
    }
  }

  private static let header = "interaction_id,customer_id,started_at,intent_actual\n"

  private static let rows = (0..<20).map {
    "i\($0),ann,2026-01-\($0 < 9 ? "0" : "")\($0 + 1)T09:00:00Z,billing\n"
  }

  static let logs = [
    BadLog("empty", "", says: "empty"),
    BadLog("header only", header, says: "header"),
    BadLog(
      "binary", bytes: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 3, 0], says: "NUL byte"),
    BadLog(
      "missing column", "interaction_id,started_at\ni1,2026-01-05T09:00:00Z\n", says: "customer_id"),
    BadLog(
      "too many rejected",
      header + rows.prefix(18).joined() + "i18,ann,yesterday,billing\ni19,ann,tomorrow,billing\n",
      says: "started_at"),
    BadLog("too short", header + rows.joined(), says: "twice the window"),
  ]

  private func analyze(_ log: String, in folder: URL, _ further: String...) throws
    -> Program.Outcome
  {
    let out = folder.appending(path: "run").path
    let outcome = try Program.run(["analyze", log, "--out", out, "--threads", "1"] + further)
    #expect(!FileManager.default.fileExists(atPath: out), "nothing may be left of a failed run")
    #expect(outcome.output.isEmpty)
    return outcome
  }

  @Test(arguments: logs)
  func aLogThatCannotBeUsed(_ bad: BadLog) throws {
    try withTemporaryFolder { folder in
      let log = folder.appending(path: "log.csv")
      try Data(bad.bytes).write(to: log)
      let outcome = try analyze(log.path, in: folder)
      #expect(outcome.status == bad.status, "\(outcome.errors)")
      #expect(outcome.errors.contains(bad.says), "\(outcome.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["log.csv"])
    }
  }

  @Test func whatIsNotThereIs66() throws {
    try withTemporaryFolder { folder in
      let missing = try analyze(folder.appending(path: "absent.csv").path, in: folder)
      #expect(missing.status == 66 && missing.errors.contains("absent.csv"))
      let directory = try analyze(folder.path, in: folder)
      #expect(directory.status == 66 && directory.errors.contains(folder.lastPathComponent))
      let log = folder.appending(path: "log.csv")
      try Data((Self.header + Self.rows.joined()).utf8).write(to: log)
      let study = try analyze(log.path, in: folder, "--study", "/no/such/study.yaml")
      #expect(study.status == 66 && study.errors.contains("study.yaml"))
    }
  }

  @Test func anUnknownStudyKeyNamesTheNearest() throws {
    try withTemporaryFolder { folder in
      let log = folder.appending(path: "log.csv")
      try Data((Self.header + Self.rows.joined()).utf8).write(to: log)
      let study = folder.appending(path: "study.yaml")
      try Data("study: test\ncontxt: [channel]\n".utf8).write(to: study)
      let outcome = try analyze(log.path, in: folder, "--study", study.path)
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("contxt") && outcome.errors.contains("context"))
    }
  }

  @Test(arguments: [
    ["analyze"], ["analyze", "log.csv"], ["analyze", "log.csv", "--out", "run", "--threads", "0"],
    ["analyze", "log.csv", "--out", "run", "--intervals", "bootstrap"],
    ["analyze", "log.csv", "--out", "run", "--max-rejected", "200"],
    ["explain", "i1"], ["validate", "--regime", "nonsense"],
  ])
  func wrongUsageIs2(arguments: [String]) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.output.isEmpty && outcome.errors.contains("Usage: wherefore"))
  }
}
