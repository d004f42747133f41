import Attribution
import Foundation
import InteractionLog
import SyntheticWorld
import Testing
import Wherefore

@Suite("wherefore follow", .serialized)
struct FollowCommandTests {
  /// A small world with a release, its log before it and after it, and a run on the first.
  private static func with(_ body: (URL) throws -> Void) throws {
    let world = ReleasedWorld(
      mode: .integrationTimeout, component: "payments", keeps: 0, interactions: 8_000, seed: 81)
    try withTemporaryFolder { folder in
      func write(_ name: String, _ keep: (Int) -> Bool) throws -> String {
        let path = folder.appending(path: name).path
        let all = folder.appending(path: "all.csv").path
        try world.log.writeCSV(to: all)
        // The file is in order of time.
        let lines = try String(contentsOfFile: all, encoding: .utf8).split(separator: "\n")
        let rows = zip(world.log.timeOrder, lines.dropFirst()).filter { keep(Int($0.0)) }
        try Data(([lines[0]] + rows.map(\.1)).joined(separator: "\n").appending("\n").utf8)
          .write(to: URL(filePath: path))
        return path
      }
      let before = try write("before.csv") { world.log.table.startedAt[$0] < world.released }
      _ = try write("after.csv") { world.log.table.startedAt[$0] >= world.released }
      _ = try AnalysisRun(
        input: LogInput(log: before), out: folder.appending(path: "run").path, threads: 2
      ).run()
      try body(folder)
    }
  }

  @Test(
    "The log after the release alone gives what a log of all gives; errors say what to do"
  )
  func command() throws {
    try Self.with { folder in
      func follow(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(["follow"] + arguments + ["--in", folder.appending(path: "run").path])
      }
      let (all, after) = (
        folder.appending(path: "all.csv").path, folder.appending(path: "after.csv").path
      )
      let fix = "integration_timeout@payments"
      let whole = try follow(fix, "--released", "2026-03-21", all, "--json")
      #expect(whole.status == 0, "\(whole.errors)")
      let found = try JSONDecoder().decode(FollowUp.self, from: Data(whole.output.utf8))
      #expect(found.fix.component == "payments" && found.controlsAre == "other components")
      #expect(found.failures.cut.estimate == 1 && found.released == "2026-03-21T00:00:00Z")
      #expect(found.weekly.count == found.weeksBefore + found.weeksAfter)
      let parts = try follow(fix, "--released", "2026-03-21", after, "--json")
      #expect(parts.status == 0 && parts.output == whole.output)
      let rank = try follow(String(found.fix.rank), "--released", "2026-03-21", all)
      #expect(rank.status == 0 && rank.output.hasSuffix("Verdict: \(found.verdict.rawValue)\n"))
      #expect(rank.output.contains("Failures per 100 interactions"))

      #expect(found.note == nil)
      let seen = folder.appending(path: "seen").path
      _ = try AnalysisRun(input: LogInput(log: all), out: seen, threads: 2).run()
      let late = try Program.run(["follow", fix, "--released", "2026-03-21", all, "--in", seen])
      #expect(late.status == 0)
      #expect(
        late.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
          "its prediction has seen what it is compared with"), "\(late.output)")
      #expect(late.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(late.output)")

      let unknown = try follow("integration_timeout@payment", "--released", "2026-03-21", all)
      #expect(
        unknown.status == 65 && unknown.errors.contains("Nearest: integration_timeout@payments"))
      let outside = try follow(fix, "--released", "2027-03-21", all)
      #expect(outside.status == 65 && outside.errors.contains("is outside the log"))
      let short = try follow(fix, "--released", "2026-06-01", all)
      #expect(short.status == 65 && short.errors.contains("whole weeks after the release"))
      let date = try follow(fix, "--released", "soon", all)
      #expect(date.status == 2 && date.errors.contains("expected a date such as"))
      let share = try follow(fix, "--released", "2026-03-21", all, "--expect", "2")
      #expect(share.status == 2)
      try FileManager.default.removeItem(at: folder.appending(path: "before.csv"))
      let gone = try follow(fix, "--released", "2026-03-21", after)
      #expect(gone.status == 66 && gone.errors.contains("name it with --before"))
    }
  }
}
