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
      modes: ["integration_timeout;wrong_information?", "", ""])
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
