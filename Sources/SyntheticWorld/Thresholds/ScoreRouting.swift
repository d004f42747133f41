import Statistics

/// How a world sends contacts to AI or staff by their score, where that changes what comes of them.
///
/// Scores are in ten-thousandths, as in `WorldParameters.Classification`, which has the threshold in
/// force at first.
package struct ScoreRouting: Sendable {
  /// The threshold in force from a day of the log on.
  package struct Change: Sendable {
    package var day: Int
    package var threshold: Int

    package init(day: Int, threshold: Int) {
      self.day = day
      self.threshold = threshold
    }
  }

  /// Who handles some contacts is drawn with equal chances.
  package struct Exploration: Sendable {
    /// Share of the contacts.
    package var share: Double
    /// Only less than this far from the threshold in force; nil: everywhere.
    package var within: Int?

    package init(share: Double, within: Int? = nil) {
      self.share = share
      self.within = within
    }
  }

  /// What handling by AI adds to the log of the expected repeats, beside what staff bring: falls with
  /// the log odds of the score in a straight line through 0 at `equal`, within limits.
  package struct HandlingEffect: Sendable {
    package var slope = 1.5
    /// Log odds of the score at which AI does as staff do.
    package var equal = 0.85
    /// Added to `equal` times the topic's hardness.
    package var equalByHardness = 0.3
    /// Added to `equal`, by topic; empty: nothing.
    package var equalByTopic: [Double] = []
    package var limits = -0.6...1.4

    package init() {}

    func callAsFunction(logOdds: Double, hardness: Double, topic: UInt8) -> Double {
      let own = equalByTopic.isEmpty ? 0 : equalByTopic[Int(topic)]
      let line = slope * (equal + equalByHardness * hardness + own - logOdds)
      return min(max(line, limits.lowerBound), limits.upperBound)
    }
  }

  /// A model version from a day of the log on, which gives scores on another logistic scale: the same
  /// ranking, and the log odds times `slope` plus `intercept`.
  package struct Version: Sendable {
    package var day: Int
    package var intercept: Double
    package var slope: Double

    package init(day: Int, intercept: Double, slope: Double) {
      self.day = day
      self.intercept = intercept
      self.slope = slope
    }

    func logOdds(_ logOdds: Double) -> Double { intercept + slope * logOdds }
  }

  package var changes: [Change] = []
  /// Added to the threshold in force, by predicted topic; empty: none.
  package var byTopic: [Int] = []
  package var exploration: Exploration?
  package var handling = HandlingEffect()
  package var version: Version?
  /// By predicted topic: a threshold that holds from the log's start on, without exploration, whatever
  /// is in force; −1: what is in force.
  package var policy: [Int] = []

  package init() {}

  /// The threshold for a contact with this predicted topic.
  func threshold(day: Int, predicted: UInt8, usual: Int) -> Int {
    if isDecided(day: day, predicted: predicted) { return policy[Int(predicted)] }
    let inForce = changes.last { day >= $0.day }?.threshold ?? usual
    return inForce + (byTopic.isEmpty ? 0 : byTopic[Int(predicted)])
  }

  /// Whether a policy replaces what is in force.
  private func isDecided(day: Int, predicted: UInt8) -> Bool {
    day >= 0 && !policy.isEmpty && policy[Int(predicted)] >= 0
  }

  /// Where the contact of this key is explored: whether staff handle it. nil: it is not explored.
  func explored(key: UInt64, day: Int, predicted: UInt8, distance: Int) -> Bool? {
    guard let exploration, !isDecided(day: day, predicted: predicted) else { return nil }
    if let within = exploration.within, abs(distance) >= within { return nil }
    var stream = RandomStream(seed: StreamKey.exploration.below(key))
    guard stream.bernoulli(exploration.share) else { return nil }
    return stream.bernoulli(0.5)
  }

  /// For worlds in which who handles a contact changes nothing by itself.
  static var withoutEffect: ScoreRouting {
    var routing = ScoreRouting()
    routing.handling.slope = 0
    return routing
  }
}
