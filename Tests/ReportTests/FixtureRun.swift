import Attribution
import InteractionLog
import RepeatContacts
import Report

/// A run of three interactions to go with the fixture.
enum FixtureRun {
  static func table() -> InteractionTable {
    InteractionTable(
      interactionID: ["a", "b, with \"quotes\"", "c"],
      customer: TextColumn(codes: [0, 0, -1], values: ["k1"]),
      // 2026-01-05T09:30:00Z, 250 ms past 10:00, and the last second of 1969.
      startedAt: [1_767_605_400_000, 1_767_607_200_250, -1_000],
      topic: TextColumn(codes: [0, 0, -1], values: ["billing"]), columns: [:])
  }

  static func ledger() -> InteractionLedger {
    InteractionLedger(
      expectedRepeats: [0.75, 0.1, 0], systemDirect: [0.5, 0, 0], systemThroughStaff: [0, 0, 0],
      staffOwn: [0.125, 0, 0], baseline: [0.125, 0.1, 0], exposure: [1, 1.0 / 3, 0],
      modes: ["integration_timeout;wrong_information?", "", ""], contributions: contributions(),
      facts: facts(),
      declaration: LedgerDeclaration(perInteraction: 4.2, currency: "EUR"))
  }

  static func facts() -> ContactFacts {
    // Weeks 2026-W02 and 1970-W01.
    ContactFacts(
      week: [2923, 2923, 0], intentResolved: [true, nil, false],
      actionSucceeded: [nil, false, nil], latency: [1_250, .nan, 0.5],
      repeatedByRule: [true, false, nil], ruleWindowCovered: [true, false, false],
      cost: [4.2, .nan, 0.5])
  }

  static func contributions() -> ModeContributions {
    var contributions = ModeContributions()
    contributions.places = [
      .init(mode: "integration_timeout", component: "pay,ments"),
      .init(mode: "wrong_information", component: nil),
    ]
    contributions.row = [0, 0]
    contributions.place = [0, 1]
    contributions.known = [true, false]
    contributions.probability = [1, 0.25]
    contributions.caused = [0.5, 0.125]
    contributions.switchedOff = [0.5, .nan]
    contributions.removedShare = [0.75, 0.1]
    return contributions
  }

  static func links() -> LinkTable {
    LinkTable(
      prior: [0], later: [1], hours: [0.500_069_444], sameTopic: [true], probability: [0.75])
  }

  static func rejected() -> [RejectedRow] {
    [
      RejectedRow(
        file: "log.csv", line: 12, column: "started_at", value: "yesterday\nnoon",
        reason: "expected a time as 2026-01-05T09:30:00Z")
    ]
  }

  static func record() -> RunRecord {
    RunRecord(
      started: "2026-05-01T08:00:00Z", stages: [.init(name: "read", seconds: 0.25)],
      totalSeconds: 3.5, peakMemoryBytes: nil, threads: 2, blasKernel: "Haswell",
      host: .init(
        operatingSystem: "Debian 12", architecture: "x86_64", processor: nil, cores: 2,
        memoryBytes: 8_000_000_000),
      paths: .init(log: "log.csv", steps: nil, customers: nil, study: nil, out: "run"))
  }
}
