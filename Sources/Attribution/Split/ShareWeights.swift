import Statistics

/// How the players of one side share: each coalition's weight in each player's value.
struct ShareWeights: Sendable {
  /// The coalitions that carry weight; bit k is the k-th player.
  let coalitions: [Int]
  let playerCount: Int
  /// `coalition place * playerCount + player`.
  let weights: [Double]

  /// - Parameter shapley: the side's Shapley weights; nil for a single player, and beyond the exact
  ///   limit, where credit goes in the declared order of causes, one player after the other.
  init(playerCount: Int, shapley: ShapleyWeights?) {
    self.playerCount = playerCount
    if let shapley {
      coalitions = shapley.coalitions.map { Int($0) }
      weights = shapley.coalitionWeights
      return
    }
    coalitions = (0...playerCount).map { (1 << $0) - 1 }
    var weights = [Double](repeating: 0, count: (playerCount + 1) * playerCount)
    for k in 0..<playerCount {
      weights[(k + 1) * playerCount + k] = 1
      weights[k * playerCount + k] = -1
    }
    self.weights = weights
  }
}
