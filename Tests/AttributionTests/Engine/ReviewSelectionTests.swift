import Attribution
import FailureModes
import InteractionLog
import SyntheticWorld
import Testing

@Suite struct ReviewSelectionTests {
  private static func selection(_ regime: Regime, seed: UInt64) throws -> (
    selection: ReviewSelection, table: InteractionTable, modes: ModeTable
  ) {
    let table = World(regime: regime, interactions: 8_000, seed: seed).generate(
      includeTotals: false
    ).table
    let modes = try ModeTable.build(study: .canonical, table: table)
    return (ReviewSelection(modes: modes, table: table, windowDays: 15), table, modes)
  }

  /// A stratum each: 30 of 40 looked at against 10 of 60, and 20 of 50 against 8 of 50. Mantel &
  /// Haenszel: (30 · 60/100 + 20 · 50/100) / (10 · 40/100 + 8 · 50/100) = 28/8.
  @Test func theRatioIsThatOfTheTable() throws {
    var rows: [(topic: Int32, followed: Bool, known: Bool)] = []
    for (topic, followed, known, count) in [
      (0, true, true, 30), (0, true, false, 10), (0, false, true, 10), (0, false, false, 50),
      (1, true, true, 20), (1, true, false, 30), (1, false, true, 8), (1, false, false, 42),
    ] {
      for _ in 0..<count { rows.append((Int32(topic), followed, known)) }
    }
    // Each row a customer's first contact; who came back has a second, on which nothing applies.
    var starts: [Int64] = []
    var customers: [Int32] = []
    var topics: [Int32] = []
    var states: [Int8] = []
    var applies: [Int8] = []
    for (customer, row) in rows.enumerated() {
      starts.append(0)
      customers.append(Int32(customer))
      topics.append(row.topic)
      states.append(row.known ? 0 : -1)
      applies.append(1)
      if row.followed {
        starts.append(86_400_000)
        customers.append(Int32(customer))
        topics.append(row.topic)
        states.append(-1)
        applies.append(0)
      }
    }
    // The log's end, long after.
    starts.append(40 * 86_400_000)
    customers.append(Int32(rows.count))
    topics.append(0)
    states.append(-1)
    applies.append(0)
    let table = InteractionTable(
      interactionID: starts.indices.map { "i\($0)" },
      customer: TextColumn(
        codes: customers, values: (0...rows.count).map { "c\(1_000 + $0)" }),
      startedAt: starts, topic: TextColumn(codes: topics, values: ["a", "b"]), columns: [:])
    let modes = ModeTable(
      modes: [FailureMode(name: "slip", side: .staff, causes: [])],
      state: [FlagColumn(storage: states)],
      component: [TextColumn(codes: states.map { _ in 0 }, values: ["x"])],
      applies: [FlagColumn(storage: applies)], notes: [])
    let selection = ReviewSelection(modes: modes, table: table, windowDays: 15)
    let ratio = try #require(selection.rates[0])
    #expect(abs(ratio.logRatio - 1.252_762_968_495_368) < 1e-12)
    // Greenland & Robins: Σ (m1 n1 n0 − a b N)/N² over (28 · 8).
    let first: Double = (40 * 40 * 60 - 30 * 10 * 100) / 10_000
    let second: Double = (28 * 50 * 50 - 20 * 8 * 100) / 10_000
    let error = ((first + second) / (28 * 8)).squareRoot()
    #expect(abs(ratio.error - error) < 1e-12)
    #expect(selection.leftOut.count == 1)
  }

  @Test func reviewsBecauseOfARepeatAreFoundAndOthersAreNot() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let (selected, _, modes) = try Self.selection(.reviewAfterRepeat, seed: seed)
      #expect(
        Set(selected.leftOut.keys.map { modes.modes[$0].name })
          == ["procedure_missed", "wrong_information"])
      #expect(selected.lateShare ?? 0 > 0.5)
      for regime in [Regime.qaSample, .intentSample, .logLinear] {
        #expect(try Self.selection(regime, seed: seed).selection.leftOut.isEmpty, "\(regime)")
      }
    }
  }

  /// Without review times nothing says that the reviews came first.
  @Test func selectionWithoutTimesIsLeftOutToo() throws {
    var (_, table, modes) = try Self.selection(.reviewAfterRepeat, seed: 9)
    table.columns["reviewed_at"] = nil
    let selection = ReviewSelection(modes: modes, table: table, windowDays: 15)
    #expect(selection.lateShare == nil)
    #expect(selection.leftOut.count == 2)
  }
}
