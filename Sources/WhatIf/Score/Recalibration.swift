import Statistics

/// A score put on the scale of the share that is right, by isotonic regression.
///
/// Zadrozny & Elkan 2002, KDD, 694 - 699. The map keeps the ranking, up to ties.
public struct Recalibration: Codable, Sendable, Equatable {
  /// The part of the log it was fitted on; nil: all of it.
  public var group: String?
  public var n: Int
  /// Scores from, to, and what they become.
  public var blocks: [IsotonicFit.Block]
  /// Brier scores on customers that the map was not fitted on, before and after.
  public var brierBefore: Double
  public var brierAfter: Double

  enum CodingKeys: String, CodingKey {
    case group, n, blocks
    case brierBefore = "brier_before"
    case brierAfter = "brier_after"
  }

  static let folds = 5
  private static let seed: UInt64 = 0x6973_6f74_6f6e_6963

  package init(_ data: ReviewedScores, group: String?) {
    self.group = group
    n = data.count
    blocks = IsotonicFit(data.scores, data.right, nil, order: data.order).blocks
    // Customers are dealt out by their number, so that the folds are those of any thread.
    let fold = data.clusters.map { cluster in
      var stream = RandomStream(seed: Self.seed, keys: UInt64(bitPattern: Int64(cluster)))
      return stream.int(below: Self.folds)
    }
    var before = 0.0
    var after = 0.0
    for k in 0..<Self.folds {
      let map = IsotonicFit(
        data.scores, data.right, nil, order: data.order.filter { fold[$0] != k })
      for row in fold.indices where fold[row] == k {
        let mapped = map(data.scores[row]) ?? data.scores[row]
        before += (data.scores[row] - data.right[row]) * (data.scores[row] - data.right[row])
        after += (mapped - data.right[row]) * (mapped - data.right[row])
      }
    }
    brierBefore = before / Double(data.count)
    brierAfter = after / Double(data.count)
  }

  /// What a score becomes.
  public func callAsFunction(_ score: Double) -> Double? { IsotonicFit(blocks: blocks)(score) }
}

/// A threshold in force, on other scales.
public struct RestatedThreshold: Codable, Sendable, Equatable {
  /// The part of the log it was in force in; nil: all of it.
  public var group: String?
  public var threshold: Double
  /// Interactions that it decided.
  public var n: Int
  /// The recalibrated score at it: the share right that it asks for.
  public var recalibrated: Double?
  /// The score that asks for the same chance of being right in the last part of the log; nil where this
  /// is the last part, or where that chance does not rise with the score there.
  public var inLastPart: Double?
  public var inLastPartCi95: [Double]?
  public var note: String?

  enum CodingKeys: String, CodingKey {
    case group, threshold, n, recalibrated, note
    case inLastPart = "in_last_part"
    case inLastPartCi95 = "in_last_part_ci95"
  }
}
