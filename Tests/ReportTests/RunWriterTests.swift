import Attribution
import Report
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder of a test's own, removed with the value.
private final class Scratch {
  let path: String
  init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "wherefore-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func entries(_ name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + name).sorted()
  }
  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }
  func write(_ text: String, to name: String) throws {
    try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
  }
}

private func write(
  to directory: String, report: AttributionReport = Fixture.report(), bundle: String? = nil
) throws {
  try RunWriter(directory: directory).write(
    report: report, table: FixtureRun.table(), ledger: FixtureRun.ledger(),
    links: FixtureRun.links(), rejected: FixtureRun.rejected(), run: FixtureRun.record(),
    vegaBundle: bundle)
}

@Suite struct RunWriterTests {
  @Test func writesAllOfARun() throws {
    let scratch = try Scratch()
    try scratch.write("window.vegaEmbed = 0;", to: "bundle.js")
    try write(to: scratch.path + "/run/", bundle: scratch.path + "/bundle.js")
    #expect(try scratch.entries() == ["bundle.js", "run"])
    #expect(
      try scratch.entries("run") == [
        "attribution.json", "charts", "contacts.csv", "interactions.csv", "joint_removals.csv",
        "ledger.json",
        "links.csv", "modes.csv", "rejected.csv", "report.html", "run.json",
      ])
    #expect(
      try scratch.entries("run/charts") == [
        "delay.vl.json", "metric-action-success.vl.json", "metric-intent-resolution.vl.json",
        "metric-latency.vl.json", "metric-repeat-contact.vl.json", "modes.vl.json",
        "split.vl.json", "weekly.vl.json",
      ])
    #expect(try scratch.text("run/report.html").contains("window.vegaEmbed = 0;"))
    #expect(try scratch.text("run/run.json").contains("\"blas_kernel\": \"Haswell\""))
    let report = try RunReader.report(in: scratch.path + "/run")
    #expect(report.split.staffOwn.estimate == 171.3)
  }

  @Test func writesTheTablesOfTheContract() throws {
    let scratch = try Scratch()
    try write(to: scratch.path + "/run")
    #expect(
      try scratch.text("run/interactions.csv") == """
        interaction_id,customer_id,started_at,modes,expected_repeats,system_direct,\
        system_through_staff,staff_own,baseline,exposure
        a,k1,2026-01-05T09:30:00Z,integration_timeout;wrong_information?,0.75,0.5,0,0.125,0.125,1
        "b, with ""quotes""\",k1,2026-01-05T10:00:00.250Z,,0.1,0,0,0,0.1,0.3333333333333333
        c,,1969-12-31T23:59:59Z,,0,0,0,0,0,0

        """)
    #expect(
      try scratch.text("run/links.csv") == """
        prior_id,later_id,customer_id,hours,same_topic,probability
        a,"b, with ""quotes""\",k1,0.500069444,true,0.75

        """)
    #expect(
      try scratch.text("run/contacts.csv") == """
        interaction_id,week,topic,channel,handled_by,team,staff_id,handle_seconds,intent_resolved,\
        action_succeeded,latency_ms,csat,repeated_by_rule,rule_window_covered,cost
        a,2026-W02,billing,,,,,,true,,1250,,true,true,4.2
        "b, with ""quotes""\",2026-W02,billing,,,,,,,false,,,false,false,
        c,1970-W01,,,,,,,false,,0.5,,,false,0.5

        """)
    #expect(
      try scratch.text("run/modes.csv") == """
        interaction_id,mode,component,known,probability,caused,switched_off,removed_share
        a,integration_timeout,"pay,ments",true,1,0.5,0.5,0.75
        a,wrong_information,,false,0.25,0.125,,0.1

        """)
    #expect(
      try scratch.text("run/rejected.csv") == """
        file,line,column,value,reason
        log.csv,12,started_at,"yesterday
        noon",expected a time as 2026-01-05T09:30:00Z

        """)
  }

  @Test func replacesAnEarlierRunAndAnEmptyFolder() throws {
    let scratch = try Scratch()
    let run = scratch.path + "/run"
    try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: false)
    try write(to: run)
    var later = Fixture.report()
    later.interactions = 7
    try write(to: run, report: later)
    #expect(try RunReader.report(in: run).interactions == 7)
    #expect(try scratch.entries() == ["run"])
  }

  @Test func leavesOtherFoldersAlone() throws {
    let scratch = try Scratch()
    try scratch.write("mine", to: "notes.txt")
    let expected = ReportError.targetNotARun(directory: scratch.path, foreign: ["notes.txt"])
    #expect(throws: expected) { try write(to: scratch.path) }
    #expect(throws: expected) { try RunWriter(directory: scratch.path).checkDirectory() }
    #expect(try scratch.text("notes.txt") == "mine")
    #expect(expected.exitCode == 65)
    #expect(
      expected.description == "cannot replace \(scratch.path): it holds notes.txt, which no run "
        + "wrote and which would be lost; move it away or name another folder with --out")
    // A run that a person put notes into is kept too.
    let run = scratch.path + "/run"
    try write(to: run)
    try scratch.write("mine", to: "run/notes.txt")
    #expect(throws: ReportError.targetNotARun(directory: run, foreign: ["notes.txt"])) {
      try write(to: run)
    }
  }

  @Test func saysWhatIsWrongWithThePlace() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "file")
    let missing = scratch.path + "/none/run"
    #expect(
      throws: ReportError.parentMissing(directory: missing, parent: scratch.path + "/none")
    ) { try write(to: missing) }
    #expect(throws: ReportError.targetIsFile(directory: scratch.path + "/file")) {
      try write(to: scratch.path + "/file")
    }
    #expect(throws: ReportError.cannotReadBundle(path: "/none.js")) {
      try write(to: scratch.path + "/run", bundle: "/none.js")
    }
    #expect(try scratch.entries() == ["file"])
  }

  @Test func keepsTheEarlierRunWhenTheNewOneFails() throws {
    let scratch = try Scratch()
    let run = scratch.path + "/run"
    try write(to: run)
    var broken = Fixture.report()
    broken.interactions = 7
    broken.split.baseline.estimate = .nan
    #expect(throws: ReportError.notFinite(path: "split.baseline.estimate", value: "nan")) {
      try write(to: run, report: broken)
    }
    #expect(try RunReader.report(in: run).interactions == 20_412)
    #expect(try scratch.entries() == ["run"])
  }

  @Test func writesTheSameBytesEveryTime() throws {
    let scratch = try Scratch()
    try write(to: scratch.path + "/one")
    try write(to: scratch.path + "/two")
    for name in try scratch.entries("one") where name != "charts" {
      #expect(try scratch.text("one/\(name)") == scratch.text("two/\(name)"), "\(name)")
    }
  }

  @Test func saysWhyARunCannotBeRead() throws {
    let scratch = try Scratch()
    #expect(throws: ReportError.runMissing(directory: scratch.path + "/none")) {
      try RunReader.report(in: scratch.path + "/none")
    }
    let path = scratch.path + "/attribution.json"
    #expect(throws: ReportError.runFileMissing(path: path)) {
      try RunReader.report(in: scratch.path)
    }
    try scratch.write("{\"schema_version\": \"1\"}", to: "attribution.json")
    #expect(throws: ReportError.runUnreadable(path: path, reason: "period is missing")) {
      try RunReader.report(in: scratch.path)
    }
    try scratch.write("{", to: "attribution.json")
    #expect(throws: ReportError.runUnreadable(path: path, reason: "it is not valid JSON")) {
      try RunReader.report(in: scratch.path)
    }
  }
}
