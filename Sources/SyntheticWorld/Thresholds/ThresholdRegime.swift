/// A kind of world whose repeats respond to the confidence threshold: below some score AI brings more
/// repeats than staff, above it fewer, and staff cost minutes. The cost of a threshold is least in
/// between.
public enum ThresholdRegime: String, CaseIterable, Sendable {
  /// One threshold throughout: the log supports an answer only at it.
  case fixed = "threshold-fixed"
  /// The threshold is lowered on day 30 and raised on day 60.
  case changes = "threshold-changes"
  /// Thresholds differ by predicted topic.
  case byTopic = "threshold-by-topic"
  /// Who handles 10 % of the contacts is drawn.
  case explored = "threshold-explored"
  /// Who handles 40 % of the contacts less than 0.1 from the threshold is drawn.
  case exploredNear = "threshold-explored-near"
  /// Thresholds differ by predicted topic, because AI does well with some topics and badly with others,
  /// and who handles 10 % of the contacts is drawn.
  case exploredByTopic = "threshold-explored-by-topic"
  /// A new model version halfway gives scores on another scale, at the same threshold.
  case scoreShift = "score-shift"
  /// A new model version halfway gives scores on the same scale.
  case scoreVersions = "score-versions"
}

extension WorldParameters {
  /// The base world with a regime of thresholds.
  package init(_ regime: ThresholdRegime) {
    self.init()
    // All that sends contacts to staff is the score and what the regime says.
    classification.staffAnyway = 0
    var routing = ScoreRouting()
    switch regime {
    case .fixed: break
    case .changes:
      routing.changes = [.init(day: 30, threshold: 5_500), .init(day: 60, threshold: 8_000)]
    case .byTopic:
      routing.byTopic = Catalogue.topics.indices.map { [-1_500, 0, 1_000][$0 % 3] }
    case .explored: routing.exploration = .init(share: 0.1)
    case .exploredNear: routing.exploration = .init(share: 0.4, within: 1_000)
    case .exploredByTopic:
      routing.byTopic = Catalogue.topics.indices.map { [-1_500, 0, 1_000][$0 % 3] }
      routing.handling.equalByTopic = Catalogue.topics.indices.map { [-1, 0, 1][$0 % 3] }
      routing.exploration = .init(share: 0.1)
    case .scoreShift:
      routing.version = .init(day: days / 2, intercept: 0.6, slope: 0.7)
    case .scoreVersions:
      routing.version = .init(day: days / 2, intercept: 0, slope: 1)
    }
    self.routing = routing
  }
}
