import Attribution
import InteractionLog
import RepeatContacts
import Statistics
import SyntheticWorld
import Testing

@Suite("Signs of ids that belong to one channel")
struct SplitIdentitiesTests {
  /// An id that many people share has a probability that no number holds; the other ids must speak all
  /// the same.
  @Test func aSharedIDDoesNotSilenceTheOthers() throws {
    let world = World(regime: .splitIDs20, interactions: 6_000, seed: 4)
      .generate(includeTotals: false)
    let plain = try signs(world.table)
    #expect(plain.isSuspicious && plain.pureShare > 0)
    var table = world.table
    var stream = RandomStream(seed: 6)
    let code = Int32(table.customer.values.count)
    table.customer = TextColumn(
      codes: table.customer.codes.map { stream.bernoulli(0.25) ? code : $0 },
      values: table.customer.values + ["shared"])
    let shared = try signs(table.rows(Self.order(table)))
    #expect(shared.pureShare > 0)
    #expect(shared.pureOverPreference.isFinite)
  }

  /// Customers of the regime have an id on each channel at that share; the bound is one-sided at 95 %.
  @Test("The share of split ids that a log could hide is no lower than the share there is")
  func boundHolds() throws {
    var held = 0
    for (regime, share) in [(Regime.logLinear, 0.0), (.splitIDs5, 0.05), (.splitIDs10, 0.1)] {
      for seed in 1...4 {
        let world = World(regime: regime, interactions: 6_000, seed: UInt64(40 + seed))
          .generate(includeTotals: false)
        let bound = try signs(world.table).mostUnseen
        if bound >= share && bound < 0.35 { held += 1 }
      }
    }
    #expect(held >= 10, "\(held) of 12")
  }

  private static func order(_ table: InteractionTable) -> [Int] {
    (0..<table.count).sorted {
      (table.customer.codes[$0], table.startedAt[$0], $0)
        < (table.customer.codes[$1], table.startedAt[$1], $1)
    }
  }

  private func signs(_ table: InteractionTable) throws -> SplitIdentities {
    let data = LinkData(
      table: table, cell: [Int32](repeating: 0, count: table.count),
      settings: LinkSettings(windowDays: 15), customers: nil)
    let delay = [Double](repeating: 1 / Double(data.bins.count), count: data.bins.count)
    return try #require(SplitIdentities(data: data, table: table, delay: delay))
  }
}
