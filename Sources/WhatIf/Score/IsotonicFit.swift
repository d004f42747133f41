/// Isotonic regression: the non-decreasing step function of a score that is nearest to responses in
/// weighted squares.
///
/// Pool adjacent violators, linear after the sort. Equal scores are one point with their mean response,
/// as ties must have one value. Source: Barlow, Bartholomew, Bremner & Brunk 1972, "Statistical
/// Inference under Order Restrictions", section 1.2.
public struct IsotonicFit: Sendable, Equatable {
  /// A stretch of scores with one value.
  public struct Block: Codable, Sendable, Equatable {
    /// The lowest and the highest score in it.
    public var from: Double
    public var to: Double
    public var value: Double
    /// Sum of the weights.
    public var weight: Double
  }

  /// In the order of the scores; values rise strictly.
  public let blocks: [Block]

  /// - Parameters:
  ///   - scores: finite, in any order.
  ///   - weights: positive; nil: 1 each.
  public init(scores: [Double], responses: [Double], weights: [Double]? = nil) {
    precondition(scores.count == responses.count, "a response for each score")
    self.init(scores, responses, weights, order: IsotonicFit.order(scores))
  }

  /// Rows by score, equal scores as they come.
  static func order(_ scores: [Double]) -> [Int] {
    var pairs = scores.enumerated().map { (score: $1, row: $0) }
    pairs.sort { $0.score == $1.score ? $0.row < $1.row : $0.score < $1.score }
    return pairs.map(\.row)
  }

  /// - Parameter order: some rows, by score.
  init(_ scores: [Double], _ responses: [Double], _ weights: [Double]?, order: [Int]) {
    var pooled: [(from: Double, to: Double, sum: Double, weight: Double)] = []
    var next = 0
    while next < order.count {
      let score = scores[order[next]]
      var sum = 0.0
      var weight = 0.0
      while next < order.count, scores[order[next]] == score {
        let w = weights?[order[next]] ?? 1
        sum += w * responses[order[next]]
        weight += w
        next += 1
      }
      pooled.append((score, score, sum, weight))
      while pooled.count > 1 {
        let last = pooled[pooled.count - 1]
        let before = pooled[pooled.count - 2]
        guard before.sum * last.weight >= last.sum * before.weight else { break }
        pooled.removeLast(2)
        pooled.append((before.from, last.to, before.sum + last.sum, before.weight + last.weight))
      }
    }
    blocks = pooled.map {
      Block(from: $0.from, to: $0.to, value: $0.sum / $0.weight, weight: $0.weight)
    }
  }

  /// A fit that was kept.
  public init(blocks: [Block]) { self.blocks = blocks }

  /// The value at a score: the block's, between blocks in a straight line, beyond the ends theirs
  /// (scikit-learn's `IsotonicRegression` with `out_of_bounds="clip"`). nil without data.
  public func callAsFunction(_ score: Double) -> Double? {
    guard let first = blocks.first, let last = blocks.last else { return nil }
    if score <= first.from { return first.value }
    if score >= last.to { return last.value }
    // The last block that begins at or below the score.
    var low = 0
    var high = blocks.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if blocks[middle].from <= score { low = middle } else { high = middle }
    }
    let block = blocks[low]
    guard score > block.to else { return block.value }
    let above = blocks[low + 1]
    return block.value + (above.value - block.value) * (score - block.to) / (above.from - block.to)
  }
}
