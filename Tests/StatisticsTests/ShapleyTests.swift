import Statistics
import Testing

/// All orderings of 0..<n that respect the order.
func orderings(_ order: [UInt32]) -> [[Int]] {
  func extend(_ prefix: [Int], _ joined: UInt32) -> [[Int]] {
    if prefix.count == order.count { return [prefix] }
    return order.indices.flatMap { player -> [[Int]] in
      if joined & (1 << UInt32(player)) != 0 || order[player] & ~joined != 0 { return [] }
      return extend(prefix + [player], joined | 1 << UInt32(player))
    }
  }
  return extend([], 0)
}

func bruteForce(_ order: [UInt32], _ value: (UInt32) -> Double) -> [Double] {
  let all = orderings(order)
  var sums = [Double](repeating: 0, count: order.count)
  for ordering in all {
    var coalition: UInt32 = 0
    for player in ordering {
      let next = coalition | 1 << UInt32(player)
      sums[player] += value(next) - value(coalition)
      coalition = next
    }
  }
  return sums.map { $0 / Double(all.count) }
}

/// A game without structure: hashes of the coalition.
func rough(_ coalition: UInt32) -> Double {
  var random = TestRandom(state: UInt64(coalition) &* 977)
  return 10 * random.uniform()
}

@Suite struct ShapleyTests {
  @Test(
    arguments: [
      [0, 0, 0, 0],
      [0, 0b1, 0b10, 0],
      [0b100, 0b100, 0, 0b11, 0b1],
      [0, 0, 0b1, 0b11, 0, 0b10000],
      [],
      [0],
    ] as [[UInt32]])
  func equalsAllOrderings(order: [UInt32]) throws {
    let exact = try ShapleyValue.exact(order: order, rough)
    #expect(relativeDifference(exact, bruteForce(order, rough)) < 1e-13)
    let everyone = UInt32(1 << order.count) - 1
    #expect(abs(exact.reduce(0, +) - (rough(everyone) - rough(0))) < 1e-12)
  }

  /// Three gloves (left, left, right), Shapley's own example: 1/6, 1/6, 2/3.
  @Test func gloveGame() throws {
    let values = try ShapleyValue.exact(order: [0, 0, 0]) {
      $0 & 0b100 != 0 && $0 & 0b011 != 0 ? 1 : 0
    }
    #expect(relativeDifference(values, [1.0 / 6, 1.0 / 6, 2.0 / 3]) < 1e-15)
  }

  /// With one before the other the first has all that is shared.
  @Test func orderGivesTheSharedPartToTheFirst() throws {
    let values = try ShapleyValue.exact(order: [0, 0b1]) { $0 == 0 ? 0 : 7 }
    #expect(values == [7, 0])
  }

  @Test func twelvePlayersAddUp() throws {
    let weights = try ShapleyWeights(playerCount: 12)
    #expect(weights.coalitions.count == 4096)
    let values = weights.values(rough)
    #expect(abs(values.reduce(0, +) - (rough(4095) - rough(0))) < 1e-11)
  }

  @Test func restrictedOrderKeepsWhatFollows() throws {
    // 7 before 3 before 9; without 3, 7 still comes before 9.
    let rank = [7: 0, 3: 1, 9: 2]
    let order = try ShapleyWeights.order(of: [9, 4, 7]) { first, second in
      guard let a = rank[first], let b = rank[second] else { return false }
      return a < b
    }
    #expect(order == [0b100, 0, 0])
  }

  @Test func faultsAreNamed() {
    #expect(throws: ShapleyError.tooManyPlayers(count: 13, limit: 12)) {
      try ShapleyWeights(playerCount: 13)
    }
    #expect(throws: ShapleyError.cyclicOrder(players: [1, 2])) {
      try ShapleyWeights(order: [0, 0b100, 0b10])
    }
    #expect(throws: ShapleyError.unknownPredecessor(player: 1, predecessors: 0b10)) {
      try ShapleyWeights(order: [0, 0b10])
    }
    #expect(
      ShapleyError.cyclicOrder(players: [1, 2]).description
        == "Players 1, 2 come before each other in a circle, "
        + "expected an order without circles: remove one of the arrows.")
    #expect(
      ShapleyError.tooManyPlayers(count: 13, limit: 12).description
        == "Shapley values over 13 players were asked for, expected at most 12: "
        + "group players that always occur together, or leave out those without effect.")
  }
}
