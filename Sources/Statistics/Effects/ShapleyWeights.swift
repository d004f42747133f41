/// Why Shapley values cannot be computed.
public enum ShapleyError: Error, Sendable, Equatable {
  /// More players than exact values are computed for.
  case tooManyPlayers(count: Int, limit: Int)
  /// A player's predecessors name the player itself or one that does not exist.
  case unknownPredecessor(player: Int, predecessors: UInt32)
  /// These players wait for each other, so no ordering respects the order.
  case cyclicOrder(players: [Int])
  /// A level of this player is below 0.
  case negativeLevel(player: Int)
  /// So many players have more mixtures of levels than a number holds.
  case tooManyLevels(players: Int)
  /// A standard error needs two pairs of orderings.
  case tooFewPairs(Int)
}

extension ShapleyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooManyPlayers(let count, let limit):
      "Shapley values over \(count) players were asked for, expected at most \(limit): "
        + "group players that always occur together, or leave out those without effect."
    case .unknownPredecessor(let player, let predecessors):
      "The predecessors of player \(player) are the bits 0x\(String(predecessors, radix: 16)), "
        + "expected bits of other players only."
    case .cyclicOrder(let players):
      "Players \(players.map(String.init).joined(separator: ", ")) come before each other in a "
        + "circle, expected an order without circles: remove one of the arrows."
    case .negativeLevel(let player):
      "Player \(player) has a level below 0, expected numbers of levels from 0."
    case .tooManyLevels(let players):
      "The first \(players) players have more mixtures of levels than can be numbered: group "
        + "levels."
    case .tooFewPairs(let pairs):
      "\(pairs) pairs of orderings were asked for, expected at least 2 for a standard error."
    }
  }
}

/// The weights of exact asymmetric Shapley values (Frye, Rowat & Feige 2020, NeurIPS 33).
///
/// Player i gets the mean of v(S ∪ i) − v(S) over all orderings that respect the partial order,
/// S being the players ahead of i. With no order these are Shapley's values. A coalition weighs as
/// many orderings as pass through it: those of its members times those of the rest, counted over
/// subsets (12! is exact in a double). Build once and use for all cells of one player set.
public struct ShapleyWeights: Sendable, Equatable {
  /// Most players for which exact values are computed.
  public static let maximumPlayers = 12

  public let playerCount: Int
  /// Coalitions that some ordering passes through, ascending; bit i is player i.
  public let coalitions: [UInt32]
  private let joins: [Join]

  /// A player joining a coalition; both ends are places in `coalitions`.
  private struct Join: Sendable, Equatable {
    var before: Int32
    var after: Int32
    var player: Int32
    var weight: Double
  }

  /// Weights under a partial order.
  ///
  /// - Parameter order: for each player the bit mask of players that must come before it; all
  ///   zero for ordinary Shapley values. It need not list what follows from it.
  /// - Complexity: players · 2^players.
  public init(order: [UInt32]) throws(ShapleyError) {
    let n = order.count
    guard n <= ShapleyWeights.maximumPlayers else {
      throw .tooManyPlayers(count: n, limit: ShapleyWeights.maximumPlayers)
    }
    let everyone = UInt32(1 << n) - 1
    for (player, mask) in order.enumerated()
    where mask & ~everyone != 0 || mask & (1 << UInt32(player)) != 0 {
      throw .unknownPredecessor(player: player, predecessors: mask)
    }
    // Orderings of the coalition's members, and of the others after them.
    var ahead = [Double](repeating: 0, count: 1 << n)
    var behind = ahead
    func joinable(_ player: Int, _ coalition: UInt32) -> Bool {
      coalition & (1 << UInt32(player)) == 0 && order[player] & ~coalition == 0
    }
    ahead[0] = 1
    for coalition in 0...everyone where ahead[Int(coalition)] > 0 {
      for player in 0..<n where joinable(player, coalition) {
        ahead[Int(coalition | 1 << UInt32(player))] += ahead[Int(coalition)]
      }
    }
    behind[Int(everyone)] = 1
    for coalition in (0..<everyone).reversed() {
      for player in 0..<n where joinable(player, coalition) {
        behind[Int(coalition)] += behind[Int(coalition | 1 << UInt32(player))]
      }
    }
    let orderings = ahead[Int(everyone)]
    guard orderings > 0 else {
      throw .cyclicOrder(players: ShapleyWeights.stuckPlayers(order))
    }
    let reached = (0...everyone).filter { ahead[Int($0)] > 0 }
    var place = [Int32](repeating: -1, count: 1 << n)
    for (index, coalition) in reached.enumerated() { place[Int(coalition)] = Int32(index) }
    var joins: [Join] = []
    for coalition in reached {
      for player in 0..<n where joinable(player, coalition) {
        let after = coalition | 1 << UInt32(player)
        joins.append(
          Join(
            before: place[Int(coalition)], after: place[Int(after)], player: Int32(player),
            weight: ahead[Int(coalition)] * behind[Int(after)] / orderings))
      }
    }
    playerCount = n
    coalitions = reached
    self.joins = joins
  }

  /// Weights of ordinary Shapley values.
  public init(playerCount: Int) throws(ShapleyError) {
    try self.init(order: [UInt32](repeating: 0, count: playerCount))
  }

  /// The players' values of the game `value`, which is asked once per coalition in `coalitions`.
  ///
  /// They sum to v(all) − v(none) up to rounding.
  public func values<Failure: Error>(
    _ value: (UInt32) throws(Failure) -> Double
  ) throws(Failure) -> [Double] {
    var worth = [Double](repeating: 0, count: coalitions.count)
    for (index, coalition) in coalitions.enumerated() { worth[index] = try value(coalition) }
    return values(ofCoalitions: worth)
  }

  /// The players' values from the worth of each coalition in the order of `coalitions`.
  public func values(ofCoalitions worth: [Double]) -> [Double] {
    precondition(
      worth.count == coalitions.count, "\(worth.count) values for \(coalitions.count) coalitions")
    var result = [Double](repeating: 0, count: playerCount)
    for join in joins {
      result[Int(join.player)] += join.weight * (worth[Int(join.after)] - worth[Int(join.before)])
    }
    return result
  }

  /// What each coalition's worth weighs in each player's value, which is linear in them: the weight
  /// of `coalitions[c]` for player i at `c * playerCount + i`.
  public var coalitionWeights: [Double] {
    var result = [Double](repeating: 0, count: coalitions.count * playerCount)
    for join in joins {
      result[Int(join.after) * playerCount + Int(join.player)] += join.weight
      result[Int(join.before) * playerCount + Int(join.player)] -= join.weight
    }
    return result
  }

  /// The order among some players of a larger set, as masks over their places in `players`.
  ///
  /// - Parameter precedes: whether the first must come before the second; a transitive relation
  ///   (declared arrows and what follows from them), so that leaving players out loses nothing.
  public static func order(
    of players: [Int], precedes: (Int, Int) -> Bool
  ) throws(ShapleyError) -> [UInt32] {
    guard players.count <= maximumPlayers else {
      throw .tooManyPlayers(count: players.count, limit: maximumPlayers)
    }
    return players.map { later in
      var mask: UInt32 = 0
      for (bit, earlier) in players.enumerated() where earlier != later && precedes(earlier, later)
      {
        mask |= 1 << UInt32(bit)
      }
      return mask
    }
  }

  /// Players that can never join because they wait, directly or not, for themselves.
  private static func stuckPlayers(_ order: [UInt32]) -> [Int] {
    var joined: UInt32 = 0
    while true {
      let next = order.indices.filter {
        joined & (1 << UInt32($0)) == 0 && order[$0] & ~joined == 0
      }
      if next.isEmpty { break }
      for player in next { joined |= 1 << UInt32(player) }
    }
    return order.indices.filter { joined & (1 << UInt32($0)) == 0 }
  }
}

/// Shapley values of one game.
public enum ShapleyValue {
  /// Exact asymmetric Shapley values; see `ShapleyWeights`, which serves many games of one order.
  public static func exact(
    order: [UInt32], _ value: (UInt32) -> Double
  ) throws(ShapleyError) -> [Double] {
    try ShapleyWeights(order: order).values(value)
  }
}
