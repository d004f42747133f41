import Attribution
import Foundation
import InteractionLog
import Statistics
import Testing
import Wherefore

@Suite("From a generated log to a report", .serialized)
struct EndToEndTests {
  private static let world = World(regime: .logLinear, interactions: 5_000, seed: 101)
  private static let log = world.generate(includeTotals: false)

  @Test("Rows in another order, more threads and a second run change no byte")
  func deterministic() throws {
    let csv = try GeneratedRun.csv(Self.log)
    let first = try GeneratedRun.analyze(csv, threads: 1)
    let again = try GeneratedRun.analyze(csv, threads: 1)
    let other = try GeneratedRun.analyze(
      GeneratedRun.shuffled(csv, seed: 102), threads: 2)
    for name in first.files.keys.sorted() {
      #expect(first.files[name] == again.files[name], "\(name): second run")
      #expect(first.files[name] == other.files[name], "\(name): shuffled rows, two threads")
    }
    #expect((first.files["attribution.json"]?.count ?? 0) > 10_000)
  }

  @Test("The ledger, the split, the weeks and the topics add up to the total")
  func sums() throws {
    let run = try GeneratedRun.analyze(try GeneratedRun.csv(Self.log), threads: 2) { out in
      try explanations(in: out)
    }
    let report = run.report
    let total = try #require(report.repeats.caused.estimate)
    #expect(total > 100)
    var sums = [Double](repeating: 0, count: 5)
    for row in try run.rows(of: "interactions.csv") {
      let numbers = row[4..<9].map { Double($0) ?? .nan }
      for k in 0..<5 { sums[k] += numbers[k] }
      #expect(abs(numbers[0] - numbers[1...].reduce(0, +)) < 1e-9)
    }
    let split = [
      report.split.systemDirect, report.split.systemThroughStaff, report.split.staffOwn,
      report.split.baseline,
    ].map { $0.estimate ?? .nan }
    // 1e-9 of the total: the contract's own bound.
    #expect(abs(split.reduce(0, +) - total) < 1e-9 * total)
    #expect(abs(sums[0] - total) < 1e-9 * total)
    for k in 0..<4 { #expect(abs(sums[k + 1] - split[k]) < 1e-9 * total) }
    let modes = report.modes.filter { $0.component == nil }.reduce(0) {
      $0 + ($1.caused.estimate ?? 0)
    }
    #expect(abs(modes + split[3] - total) < 1e-9 * total)
    for mode in report.modes where mode.component == nil {
      let parts = report.modes.filter { $0.mode == mode.mode && $0.component != nil }
      guard !parts.isEmpty else { continue }
      let sum = parts.reduce(0) { $0 + ($1.caused.estimate ?? .nan) }
      #expect(abs(sum - (mode.caused.estimate ?? .nan)) < 1e-9 * total, "\(mode.mode)")
    }
    // No contact is brought with a probability above 1.
    var brought: [String: Double] = [:]
    for row in try run.rows(of: "links.csv") {
      brought[row[1], default: 0] += Double(row[5]) ?? .nan
    }
    #expect(brought.values.allSatisfy { (0...1 + 1e-9).contains($0) })
  }

  /// `explain` of the interaction that links.csv names first, in the library and as a command.
  private func explanations(in out: String) throws {
    let table = Self.log.table
    let id = table.interactionID[table.count / 2]
    let explanation = try Explanation(interaction: id, directory: out)
    #expect(explanation.customer == table.customer[table.count / 2])
    #expect(explanation.startedAt == Timestamp.text(table.startedAt[table.count / 2]))
    let throughStaff = try #require(explanation.systemThroughStaff)
    let own = try #require(explanation.staffOwn)
    let direct = try #require(explanation.systemDirect)
    let parts = direct + throughStaff + own + explanation.baseline
    #expect(abs(parts - explanation.expectedRepeats) < 1e-9)
    let words = try Program.run("explain", id, "--in", out)
    #expect(words.status == 0 && words.output == explanation.text + "\n")
    #expect(words.output.contains("that the customer came anyway"))
    let json = try Program.run("explain", id, "--in", out, "--json")
    let decoded = try JSONDecoder().decode(Explanation.self, from: Data(json.output.utf8))
    #expect(decoded.brought == explanation.brought && decoded.broughtBy == explanation.broughtBy)
    let unknown = try Program.run("explain", "nobody", "--in", out)
    #expect(unknown.status == 65 && unknown.errors.contains("no interaction 'nobody'"))
    // A file that ends in the middle of a row is damaged, not shorter.
    let links = URL(filePath: "\(out)/links.csv")
    let whole = try Data(contentsOf: links)
    try whole.dropLast(40).write(to: links)
    let cut = try Program.run("explain", id, "--in", out)
    #expect(cut.status == 65 && cut.errors.contains("links.csv"), "\(cut.output)")
    try whole.write(to: links)
    let noRun = try Program.run("explain", id, "--in", "/no/such/run")
    #expect(noRun.status == 66)
  }

  @Test(
    "Reading the generated CSV gives the generator's table",
    arguments: [Regime.logLinear, .qaSample])
  func reading(regime: Regime) throws {
    let log = World(regime: regime, interactions: 3_000, seed: 103).generate(includeTotals: false)
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "log.csv").path
      try log.writeCSV(to: path)
      let reading = try LogReader(study: .canonical, maximumRejectedShare: 0).read(path: path)
      #expect(reading.rejected.isEmpty && reading.rowsRead == log.table.count)
      let (found, made) = (reading.table, log.table)
      #expect(found.interactionID == made.interactionID && found.startedAt == made.startedAt)
      #expect(found.customer == made.customer && found.topic == made.topic)
      #expect(Set(made.columns.keys).isSubset(of: Set(found.columns.keys)))
      for (name, column) in made.columns {
        switch column {
        case .text(let text): #expect(found.text(name) == text, "\(name)")
        case .time(let time): #expect(found.time(name) == time, "\(name)")
        case .flag(let flag): #expect(found.flag(name) == flag, "\(name)")
        case .number(let number):
          let read = try #require(found.number(name), "\(name)")
          // By bits: a missing number is a NaN, which equals nothing.
          #expect(
            read.storage.map { $0.isNaN ? nil : $0 } == number.storage.map { $0.isNaN ? nil : $0 },
            "\(name)")
        }
      }
    }
  }

  @Test("Interactions dealt out at random to the customers bring next to nothing")
  func permuted() throws {
    let log = Self.log
    let report = try GeneratedRun.analyze(try GeneratedRun.csv(log), threads: 2).report
    let check = try #require(report.checks.first { $0.name == "permuted_rows" })
    let found = try #require(check.details?["caused_permuted"])
    let original = try #require(check.details?["caused"])
    #expect(abs(original - (report.repeats.caused.estimate ?? .nan)) < 0.02 * original)
    // A level of repeats cannot be negative, so that noise is all on one side: over seeds, logs of this
    // size give 0 to 40, against some 1,000 in the log as it is.
    #expect(original > 500)
    #expect(found < 0.1 * original)

    // And not by the check alone: the log itself, with customers dealt out anew, from the file on.
    var table = log.table
    var codes = table.customer.codes
    var stream = RandomStream(seed: 104)
    stream.shuffle(&codes)
    table.customer.codes = codes
    var dealt = log
    dealt.table = table
    let other = try GeneratedRun.analyze(try GeneratedRun.csv(dealt), threads: 2).report
    // Here every rate is free: over seeds 7 to 270 with standard errors of 6 to 270.
    #expect((other.repeats.caused.estimate ?? .nan) < 0.35 * original)
    #expect((other.repeats.caused.ci95?.first ?? .nan) < 0.05 * original)
    #expect((report.repeats.caused.ci95?.first ?? .nan) > 0.5 * original)
  }

  @Test("A log that records no failures is told so, not that nothing failed")
  func nothingRecorded() throws {
    let rows = try GeneratedRun.csv(Self.log).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let kept = try ["interaction_id", "customer_id", "started_at"].map { name in
      try #require(rows[0].firstIndex { $0 == name })
    }
    let bare = rows.map { row in kept.map { String(row[$0]) }.joined(separator: ",") }
    let run = try GeneratedRun.analyze(bare.joined(separator: "\n") + "\n", threads: 2)
    let report = run.report
    #expect(report.headline.systemCausedRepeats.estimate == nil)
    #expect(report.headline.sentence.hasPrefix("What the system caused cannot be told: "))
    #expect(report.split.systemDirect.estimate == nil && report.split.systemDirect.note != nil)
    #expect(report.weekly.allSatisfy { $0.systemDirect == nil && $0.staffOwn == nil })
    #expect(report.change.isEmpty)
    #expect((report.split.baseline.estimate ?? 0) > 500)
    let row = try run.rows(of: "interactions.csv")[1]
    #expect(row[5].isEmpty && row[6].isEmpty && row[7].isEmpty && row[4] == row[8])
  }
}
