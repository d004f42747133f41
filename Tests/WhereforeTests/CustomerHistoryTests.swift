import Attribution
import Foundation
import InteractionLog
import Report
import SyntheticWorld
import Testing
import Wherefore

/// A customer's history, and figures in closed form, on a run made by hand.
@Suite struct CustomerHistoryTests {
  private static let hour: Int64 = 3_600_000
  private static let awkward = "o'Neill, \"Ann\"\n2"

  /// A report of some run, to stand beside tables made by hand.
  private static let report: AttributionReport? = {
    let log = World(regime: .logLinear, interactions: 3_000, seed: 212)
      .generate(includeTotals: false)
    return try? GeneratedRun.analyze(GeneratedRun.csv(log), threads: 2).report
  }()

  /// Ann has contacts a, b, c: a → b with 0.5, a → c with 0.2, b → c with 0.4. An earlier customer has
  /// one contact, and one contact is nobody's.
  private static let table = InteractionTable(
    interactionID: ["z", "a", "b", "c", "u"],
    customer: TextColumn(codes: [0, 1, 1, 1, -1], values: ["Zed", awkward]),
    startedAt: [0, 0, 2 * hour, 50 * hour, 60 * hour],
    topic: TextColumn(codes: [0, 0, 0, 1, -1], values: ["billing", "login"]),
    columns: [
      "channel": .text(TextColumn(codes: [0, 0, 0, 0, 0], values: ["app"])),
      "handled_by": .text(TextColumn(codes: [0, 0, 1, 0, 0], values: ["ai", "staff"])),
      "team": .text(TextColumn(codes: [-1, -1, 0, -1, -1], values: ["tier one"])),
      "staff_id": .text(TextColumn(codes: [-1, -1, 0, -1, -1], values: ["S7"])),
    ])

  private static func ledger() -> InteractionLedger {
    var contributions = ModeContributions()
    contributions.places = [
      .init(mode: "timeout", component: "payments"), .init(mode: "rude", component: nil),
    ]
    contributions.row = [1, 2]
    contributions.place = [0, 1]
    contributions.known = [true, false]
    contributions.probability = [1, 0.25]
    contributions.caused = [0.5, 0.125]
    contributions.switchedOff = [0.5, 0.125]
    contributions.removedShare = [0.8, 0]
    return InteractionLedger(
      expectedRepeats: [0.1, 0.7, 0.3, 0.1, 0], systemDirect: [0, 0.5, 0, 0, 0],
      systemThroughStaff: [0, 0, 0, 0, 0], staffOwn: [0, 0, 0.125, 0, 0],
      baseline: [0.1, 0.2, 0.175, 0.1, 0], exposure: [1, 1, 1, 0.5, 0],
      modes: ["", "timeout", "rude?", "", ""], contributions: contributions,
      facts: ContactFacts(
        week: [1, 1, 1, 1, 1], intentResolved: [true, false, nil, true, true],
        actionSucceeded: [nil, nil, nil, nil, nil], latency: [.nan, 10, 30, 20, .nan],
        repeatedByRule: [nil, nil, nil, nil, nil],
        ruleWindowCovered: [false, false, false, false, false], cost: [2, 2, 6, 2, 2]),
      declaration: LedgerDeclaration(perInteraction: 2, perStaffMinute: 1, currency: "EUR"))
  }

  private static let links = LinkTable(
    prior: [1, 1, 2], later: [2, 3, 3], hours: [2, 50, 48], sameTopic: [true, false, false],
    probability: [0.5, 0.2, 0.4])

  private func withRun(
    table: InteractionTable = table, ledger: InteractionLedger = ledger(),
    links: LinkTable = links, change: (inout AttributionReport) -> Void = { _ in },
    _ body: (String) throws -> Void
  ) throws {
    var report = try #require(Self.report)
    report.interactions = table.count
    change(&report)
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "run").path
      try RunWriter(directory: path).write(
        report: report, table: table, ledger: ledger, links: links, rejected: [],
        run: RunRecord(
          started: "2026-05-01T08:00:00Z", stages: [], totalSeconds: 1, peakMemoryBytes: nil,
          threads: 1, blasKernel: nil,
          host: .init(
            operatingSystem: "x", architecture: "x", processor: nil, cores: 1, memoryBytes: nil),
          paths: .init(log: "l", steps: nil, customers: nil, study: nil, out: "o")),
        vegaBundle: nil)
      try body(path)
    }
  }

  @Test("The timeline says what brought what, what failed and what each cost")
  func closedForm() throws {
    try withRun { path in
      let history = try LoadedRun(directory: path).history(customer: Self.awkward)
      #expect(history.contacts == 3 && history.leftOut == 0)
      #expect(history.timeline.map(\.interaction) == ["a", "b", "c"])
      #expect(history.timeline.map(\.hoursSincePrevious) == [nil, 2, 48])
      #expect(history.cost == 10 && history.currency == "EUR" && history.costNote == nil)
      #expect(abs(history.broughtByEarlier - 1.1) < 1e-12)
      #expect(abs(history.expectedRepeats - 1.1) < 1e-12)
      #expect(history.systemDirect == 0.5 && history.staffOwn == 0.125)
      let (a, b, c) = (history.timeline[0], history.timeline[1], history.timeline[2])
      #expect(a.broughtBy.isEmpty && a.cameAnyway == 1 && abs(a.brought - 0.7) < 1e-12)
      // b costs 6 and c 2: 0.5 × 6 + 0.2 × 2.
      #expect(a.cost == 2 && abs((a.costOfRepeats ?? .nan) - 3.4) < 1e-12)
      #expect(
        a.failures == [
          ModeOnContact(mode: "timeout", component: "payments", known: true, probability: 1)
        ])
      #expect(b.failures.map(\.known) == [false] && b.failures.map(\.probability) == [0.25])
      #expect(b.broughtBy.map(\.interaction) == ["a"] && b.broughtBy.map(\.hours) == [2])
      #expect(b.cameAnyway == 0.5 && b.team == "tier one" && b.staff == nil)
      #expect(c.broughtBy.map(\.interaction) == ["a", "b"])
      #expect(c.broughtBy.map(\.probability) == [0.2, 0.4])
      #expect(c.broughtBy.map(\.sameTopic) == [false, false])
      #expect(abs(c.cameAnyway - 0.4) < 1e-12 && c.brought == 0 && c.costOfRepeats == 0)
      let named = try LoadedRun(directory: path).history(customer: Self.awkward, showStaff: true)
      #expect(named.timeline[1].staff == "S7")

      let words = try Program.run("customer", Self.awkward, "--in", path)
      #expect(words.status == 0)
      #expect(words.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      #expect(words.output.contains("Brought by: 40.0 % b, 2 days before"))
      #expect(words.output.contains("Failed: timeout (payments)"))
      #expect(words.output.contains("Cost 2.00 EUR; the repeats that it brought cost 3.40 EUR"))
      #expect(!words.output.contains("S7"))
      let json = try Program.run("customer", Self.awkward, "--in", path, "--json")
      let decoded = try JSONDecoder().decode(CustomerHistory.self, from: Data(json.output.utf8))
      #expect(decoded.customer == Self.awkward && decoded.timeline.count == 3)
    }
  }

  @Test("Figures of a run made by hand, by hand")
  func figures() throws {
    func change(_ report: inout AttributionReport) {
      report.split.systemDirect.estimate = 0.5
      report.split.staffOwn.estimate = 0.125
      report.repeats.coincidental.estimate = 2 - 1.2
      report.metrics.endToEndLatencyMs.p50 = 20
      report.metrics.intentResolutionRate.overall.estimate = 0.75
      var mode = report.modes[0]
      (mode.mode, mode.component) = ("timeout", nil)
      mode.caused.estimate = 0.5
      mode.ifRemoved.estimate = 0.72
      report.modes = [mode]
    }
    try withRun(change: change) { path in
      let run = try LoadedRun(directory: path)
      // b is lost with 0.5 × 0.8, c with 0.4 × 0.4 + 0.2 × 0.8.
      let removed = try run.explain(figure: "modes.timeout.if_removed")
      #expect(removed.listed.map(\.interaction) == ["b", "c"])
      for (item, lost) in zip(removed.listed, [0.4, 0.32]) {
        #expect(abs((item.contribution ?? .nan) - lost) < 1e-12)
      }
      let direct = try run.explain(figure: "split.system_direct.estimate")
      #expect(direct.interactions == 1 && direct.listed.map(\.interaction) == ["a"])
      #expect(direct.pairs == 2 && abs(direct.pairProbability - 0.7) < 1e-12)
      #expect(direct.listed[0].pairs.map(\.interaction) == ["b", "c"])
      #expect(direct.listed[0].pairs.map(\.hours) == [2, 50])
      let late = try run.explain(
        figure: "split.staff_own", filter: InteractionFilter(team: "tier one"))
      #expect(late.selected == 0.125 && late.interactions == 1)
      let none = try run.explain(
        figure: "split.staff_own", filter: InteractionFilter(handler: "ai"))
      #expect(none.selected == 0 && none.interactions == 0 && none.listed.isEmpty)
      #expect(abs(try run.explain(figure: "repeats.coincidental").sum - 0.8) < 1e-12)
      let middle = try run.explain(figure: "metrics.end_to_end_latency_ms.p50")
      #expect(middle.listed.map(\.value) == [20, 30] && middle.listed[0].contribution == nil)
      let resolved = try run.explain(figure: "metrics.intent_resolution_rate.overall")
      #expect(resolved.countFor == 3 && resolved.countAgainst == 1)
      #expect(resolved.listed.first?.interaction == "a")
      #expect(throws: LedgerError.self) { try run.explain(figure: "split.baseline") }
    }
  }

  @Test("An unknown customer names the nearest, a blank one is nobody")
  func unknown() throws {
    try withRun { path in
      let run = try LoadedRun(directory: path)
      #expect(throws: LedgerError.unknownCustomer(id: "Zet", nearest: ["Zed"], directory: path)) {
        try run.history(customer: "Zet")
      }
      #expect(throws: LedgerError.self) { try run.history(customer: "") }
      let outcome = try Program.run("customer", "Zet", "--in", path)
      #expect(outcome.status == 65 && outcome.errors.contains("Did you mean 'Zed'?"))
    }
  }

  @Test("Of thousands of contacts the latest are shown, and the sums are over all")
  func manyContacts() throws {
    let count = 4_000
    let zeros = [Double](repeating: 0, count: count)
    let table = InteractionTable(
      interactionID: (0..<count).map { "i\(10_000 + $0)" },
      customer: TextColumn(codes: [Int32](repeating: 0, count: count), values: ["busy"]),
      startedAt: (0..<count).map { Int64($0) * Self.hour },
      topic: TextColumn(codes: [Int32](repeating: -1, count: count), values: []), columns: [:])
    let unknown = [Bool?](repeating: nil, count: count)
    let nans = [Double](repeating: .nan, count: count)
    let ledger = InteractionLedger(
      expectedRepeats: zeros.map { _ in 0.25 }, systemDirect: nil, systemThroughStaff: nil,
      staffOwn: nil, baseline: zeros.map { _ in 0.25 }, exposure: zeros,
      modes: [String](repeating: "", count: count),
      facts: ContactFacts(
        week: [Int32](repeating: 1, count: count), intentResolved: unknown,
        actionSucceeded: unknown, latency: nans, repeatedByRule: unknown,
        ruleWindowCovered: [Bool](repeating: false, count: count), cost: nans))
    let links = LinkTable(
      prior: (0..<Int32(count - 1)).map { $0 }, later: (1..<Int32(count)).map { $0 },
      hours: [Double](repeating: 1, count: count - 1),
      sameTopic: [Bool](repeating: true, count: count - 1),
      probability: [Double](repeating: 0.25, count: count - 1))
    try withRun(table: table, ledger: ledger, links: links) { path in
      let history = try LoadedRun(directory: path).history(customer: "busy", limit: 3)
      #expect(history.contacts == count && history.leftOut == count - 3)
      #expect(history.timeline.map(\.interaction) == ["i13997", "i13998", "i13999"])
      #expect(history.broughtByEarlier == 0.25 * Double(count - 1))
      #expect(history.expectedRepeats == 0.25 * Double(count) && history.systemDirect == nil)
      #expect(history.cost == nil && history.costNote == "the study names no costs")
      #expect(history.text.contains("--limit 4000 shows all"))
    }
  }
}
