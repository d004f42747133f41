import Foundation
import Testing
import Wherefore

@Suite("wherefore refute")
struct RefuteCommandTests {
  @Test("Prints verdicts for a log, and the same as JSON")
  func refutes() throws {
    try withTemporaryFolder { folder in
      let world = folder.appending(path: "world").path
      let made = try Program.run("synth", "--out", world, "--interactions", "3000", "--seed", "4")
      #expect(made.status == 0)
      let log = "\(world)/interactions.csv"
      let out = folder.appending(path: "refuters.json").path
      let run = try Program.run(
        "refute", log, "--only", "permuted_rows,negative_control", "--out", out)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("Permuted rows"))
      #expect(run.output.contains("negative_control_topics"))
      for line in run.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
      let json = try Program.run(
        "refute", log, "--only", "negative_control,permuted_rows", "--json", "--threads", "1")
      #expect(json.status == 0)
      #expect(try String(contentsOf: URL(filePath: out), encoding: .utf8) == json.output)
      let summary = try JSONDecoder().decode(
        RefuteAnalysis.Summary.self, from: Data(json.output.utf8))
      #expect(summary.refuters.map(\.refuter) == ["permuted_rows", "negative_control"])
      #expect(summary.refuters[1].verdict == .notApplicable)
      #expect(summary.refuters[0].results.contains { $0.target == "integration_timeout" })
    }
  }

  @Test("Names that are none are told")
  func unknownName() throws {
    let run = try Program.run("refute", "log.csv", "--only", "permuted_rows,astrology")
    #expect(run.status == 2)
    #expect(run.errors.contains("\"astrology\" is none: permuted_rows, simulated_null"))
  }
}
