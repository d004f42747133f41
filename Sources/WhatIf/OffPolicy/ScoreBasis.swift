/// Functions of the score on its bins: a straight line in the log odds that may bend at four places.
package struct ScoreBasis: Sendable {
  /// 1, the log odds less their mean, and what they exceed each knot by.
  package static let size = 2 + knotShares.count
  /// Shares of the decisions below the knots.
  private static let knotShares = [0.15, 0.35, 0.55, 0.75]

  /// By bin, `size` values each.
  package let values: [Double]
  package let bins: Int

  init(_ log: DecisionLog, bin: [Int16], bins: Int) {
    var (sum, count) = ([Double](repeating: 0, count: bins), [Double](repeating: 0, count: bins))
    for i in bin.indices where bin[i] >= 0 {
      sum[Int(bin[i])] += log.score[i]
      count[Int(bin[i])] += 1
    }
    // An empty bin takes the score of the one before it.
    var (scores, last) = ([Double](repeating: 0, count: bins), 0.5)
    for b in 0..<bins {
      if count[b] > 0 { last = sum[b] / count[b] }
      scores[b] = last
    }
    self.init(scores: scores, counts: count)
  }

  /// - Parameters:
  ///   - scores: the mean score of each bin, ascending.
  ///   - counts: decisions of each bin.
  package init(scores: [Double], counts: [Double]) {
    let at = scores.map(LogOdds.of)
    let total = max(counts.reduce(0, +), 1)
    let middle = zip(at, counts).reduce(0) { $0 + $1.0 * $1.1 } / total
    let knots = Self.knotShares.map { share in
      var below = 0.0
      for b in at.indices {
        below += counts[b]
        if below >= share * total { return at[b] }
      }
      return at.last ?? 0
    }
    values = at.flatMap { x in [1, x - middle] + knots.map { max(0, x - $0) } }
    bins = scores.count
  }
}
