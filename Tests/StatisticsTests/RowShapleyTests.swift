import RealModule
import Statistics
import Testing

@Suite struct RowShapleyTests {
  /// A risk with main effects and products of neighbours, on levels 0, 1, 2.
  private static func risk(_ levels: [Int32]) -> Double {
    var eta = -1.0
    for (player, level) in levels.enumerated() {
      eta += 0.3 * Double(player + 1) * Double(level)
      if player > 0 { eta -= 0.2 * Double(level * levels[player - 1]) }
    }
    return 1 / (1 + Double.exp(-eta))
  }

  private func columns(_ players: Int, rows: Int, seed: UInt64) -> [[Int32]] {
    var random = RandomStream(seed: seed)
    return (0..<players).map { player in
      (0..<rows).map { _ in Int32(random.int(below: player % 2 == 0 ? 2 : 3)) }
    }
  }

  /// Row by row over all players and orderings, with baselines in the middle of the levels.
  @Test func equalsTheGameOfEachRow() throws {
    let columns = columns(4, rows: 200, seed: 1)
    let baseline: [Int32] = [0, 1, 1, 2]
    let shapley = try RowShapley(columns: columns, baseline: baseline) { Self.risk(Array($0)) }
    #expect(shapley.distinctCount <= 36 && shapley.evaluations <= 36)
    for row in 0..<200 {
      let exact = try ShapleyValue.exact(order: [0, 0, 0, 0]) { coalition in
        Self.risk((0..<4).map { coalition >> $0 & 1 == 1 ? columns[$0][row] : baseline[$0] })
      }
      // Sums of a few risks in another order.
      #expect(relativeDifference(Array(shapley.values(ofRow: row)), exact) < 1e-14)
    }
    #expect(Array(shapley.expanded()[4 * 77..<4 * 78]) == Array(shapley.values(ofRow: 77)))
  }

  @Test func valuesAddUp() throws {
    let columns = columns(12, rows: 3_000, seed: 2)
    let baseline = [Int32](repeating: 0, count: 12)
    let shapley = try RowShapley(columns: columns, baseline: baseline) { Self.risk(Array($0)) }
    #expect(shapley.baselineWorth == Self.risk(baseline))
    for row in stride(from: 0, to: 3_000, by: 7) {
      let worth = Self.risk(columns.map { $0[row] }) - shapley.baselineWorth
      #expect(abs(shapley.values(ofRow: row).reduce(0, +) - worth) < 1e-12)
    }
  }

  /// Levels beyond any table: numbers of a dictionary.
  @Test func manyLevels() throws {
    let columns: [[Int32]] = [[0, 900_000, 5], [70_000, 0, 3], [1, 2, 999_999]]
    let shapley = try RowShapley(columns: columns, baseline: [0, 0, 0]) {
      Double($0[0]) + 2 * Double($0[1]) + 3 * Double($0[2])
    }
    #expect(Array(shapley.values(ofRow: 2)) == [5, 6, 2_999_997])
  }

  @Test func faultsAreNamed() {
    #expect(throws: ShapleyError.tooManyPlayers(count: 13, limit: 12)) {
      try RowShapley(
        columns: [[Int32]](repeating: [0], count: 13), baseline: [Int32](repeating: 0, count: 13)
      ) { _ in 0 }
    }
    #expect(throws: ShapleyError.negativeLevel(player: 1)) {
      try RowShapley(columns: [[0], [-1]], baseline: [0, 0]) { _ in 0 }
    }
    let huge = [Int32](repeating: .max, count: 1)
    #expect(throws: ShapleyError.tooManyLevels(players: 3)) {
      try RowShapley(columns: [huge, huge, huge], baseline: [0, 0, 0]) { _ in 0 }
    }
  }
}

@Suite struct SampledShapleyTests {
  /// A game of 12 players with pairs that need each other, exact values beside sampled ones.
  private func game(_ coalition: UInt64) -> Double {
    var worth = 0.0
    for player in 0..<12 where coalition >> UInt64(player) & 1 == 1 {
      worth += Double(player)
      if coalition >> UInt64((player * 5 + 3) % 12) & 1 == 1 { worth += 4 }
    }
    return worth + (coalition.nonzeroBitCount >= 7 ? 30 : 0)
  }

  @Test func liesWithinItsErrors() throws {
    let exact = try ShapleyWeights(playerCount: 12).values { game(UInt64($0)) }
    var random = RandomStream(seed: 9)
    let sampled = try SampledShapley(
      playerCount: 12, pairs: 400, random: &random, value: game)
    for player in 0..<12 {
      // Four errors: twelve such comparisons fail once in a thousand seeds.
      let off = abs(sampled.values[player] - exact[player])
      #expect(off < 4 * sampled.standardErrors[player] + 1e-12)
    }
    #expect(abs(sampled.values.reduce(0, +) - (game(4095) - game(0))) < 1e-9)
    #expect(sampled.evaluations == 2 + 400 * 2 * 11)
  }

  /// Without interaction every ordering says the same: the values are exact, the errors zero.
  @Test func additiveGamesAreExact() throws {
    var random = RandomStream(seed: 1)
    let sampled = try SampledShapley(playerCount: 64, pairs: 3, random: &random) { coalition in
      (0..<64).reduce(0.0) { $0 + (coalition >> UInt64($1) & 1 == 1 ? Double($1) : 0) }
    }
    #expect(sampled.values == (0..<64).map(Double.init))
    #expect(sampled.standardErrors.allSatisfy { $0 == 0 })
  }

  @Test func errorsCoverTheTruth() throws {
    let exact = try ShapleyWeights(playerCount: 12).values { game(UInt64($0)) }
    var inside = 0
    for seed in 0..<100 {
      var random = RandomStream(seed: UInt64(seed))
      let sampled = try SampledShapley(playerCount: 12, pairs: 60, random: &random, value: game)
      if abs(sampled.values[3] - exact[3]) <= 2 * sampled.standardErrors[3] { inside += 1 }
    }
    // 95.4 % of 100 within three binomial standard errors.
    #expect(inside >= 89)
  }

  @Test func faultsAreNamed() {
    var random = RandomStream(seed: 1)
    #expect(throws: ShapleyError.tooFewPairs(1)) {
      try SampledShapley(playerCount: 3, pairs: 1, random: &random) { _ in 0 }
    }
    #expect(throws: ShapleyError.tooManyPlayers(count: 65, limit: 64)) {
      try SampledShapley(playerCount: 65, pairs: 5, random: &random) { _ in 0 }
    }
  }
}
