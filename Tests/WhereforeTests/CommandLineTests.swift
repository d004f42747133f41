import Foundation
import Testing
import Wherefore

@Suite struct CommandLineTests {
  @Test func versionIsPrintedAlone() throws {
    let outcome = try Program.run("--version")
    #expect(outcome.status == 0)
    #expect(outcome.output == WhereforeVersion.current + "\n")
    #expect(outcome.errors.isEmpty)
  }

  @Test func helpGoesToStandardOutputAndNamesTheExitStatuses() throws {
    let outcome = try Program.run("--help")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("2 wrong usage"))
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: [
    ["bogus"], ["--bogus"], ["link"], ["link", "x.csv"],
    ["link", "x.csv", "--out", "o", "--rule", "nearest"],
    ["link", "x.csv", "--out", "o", "--window-days", "0"],
    ["link", "x.csv", "--out", "o", "--window-days", "nan"],
    ["link", "x.csv", "--out", "o", "--max-rejected", "101"],
  ])
  func wrongUsageIsTwoAndSaysHow(arguments: [String]) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("Usage: wherefore"))
  }

  @Test func aMissingLogIs66() throws {
    let outcome = try Program.run("link", "/no/such/log.csv", "--out", "/no/such/links.csv")
    #expect(outcome.status == 66)
    #expect(outcome.errors.hasPrefix("wherefore: /no/such/log.csv"))
  }

  @Test func doctorSpeaksToPeopleAndMachines() throws {
    let words = try Program.run("doctor")
    #expect(words.status == 0)
    #expect(words.output.hasPrefix("wherefore \(WhereforeVersion.current)\n"))
    let json = try Program.run("doctor", "--json")
    let doctor = try JSONDecoder().decode(Doctor.self, from: Data(json.output.utf8))
    #expect(doctor.isHealthy)
  }
}

@Suite struct LinkCommandTests {
  /// One customer calls thrice about billing, another twice about different things.
  private static let log = """
    interaction_id,customer_id,started_at,intent_actual
    i1,ann,2026-01-05T09:00:00Z,billing
    i2,ann,2026-01-06T09:00:00Z,billing
    i3,ann,2026-01-08T09:00:00Z,billing
    i4,bob,2026-01-05T09:00:00Z,login
    i5,bob,2026-01-06T09:00:00Z,billing

    """

  private static let header = "prior_id,later_id,customer_id,hours,same_topic,probability\n"

  /// Links the log with further arguments and gives what was written and said.
  private func link(_ arguments: String...) throws -> (csv: String, outcome: Program.Outcome) {
    try withTemporaryFolder { folder in
      let log = folder.appending(path: "log.csv")
      let out = folder.appending(path: "links.csv")
      try Data(Self.log.utf8).write(to: log)
      let outcome = try Program.run(["link", log.path, "--out", out.path] + arguments)
      try #require(outcome.status == 0, "\(outcome.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names.sorted() == ["links.csv", "log.csv"])
      return (try String(contentsOf: out, encoding: .utf8), outcome)
    }
  }

  @Test func lastTouchLinksTheNearestPrior() throws {
    let (csv, outcome) = try link("--rule", "last-touch")
    #expect(csv == Self.header + "i1,i2,ann,24,true,1\ni2,i3,ann,48,true,1\n")
    #expect(outcome.output.contains("2 links by last-touch, same customer and topic within 7 days"))
    #expect(outcome.errors.isEmpty)
  }

  @Test func linearSharesAndReadsTheWindow() throws {
    let (csv, _) = try link("--rule", "linear", "--window-days", "3", "--any-topic")
    #expect(
      csv == Self.header
        + "i1,i2,ann,24,true,1\ni1,i3,ann,72,true,0.5\ni2,i3,ann,48,true,0.5\n"
        + "i4,i5,bob,24,false,1\n")
  }

  @Test func machinesReadTheSummary() throws {
    let (_, outcome) = try link("--rule", "first-touch", "--json")
    let summary = try JSONDecoder().decode(
      RuleLinking.Summary.self, from: Data(outcome.output.utf8))
    #expect(summary.rule == "first-touch")
    #expect(summary.windowDays == 7 && summary.sameTopic)
    #expect(summary.interactions == 5 && summary.links == 2 && summary.followed == 2)
    // The log ends before any window does, so that no rate is known.
    #expect(summary.known == 0 && summary.rate == nil)
  }
}
