import InteractionLog

/// Which threshold was in force for whom and when, read from the log.
///
/// Thresholds are a step function of time for each topic, for each topic and channel, or for each topic
/// and segment: the first of these that explains the column. Where none does, thresholds are taken for
/// drawn contact by contact, with their shares by topic.
package struct ThresholdHistory: Sendable {
  package enum Dimension: String, Sendable { case topic, channel, segment, contact }

  /// A threshold and when it came into force (milliseconds).
  package struct Step: Sendable, Equatable {
    package var from: Int64
    package var threshold: Double
  }

  package let dimension: Dimension
  /// By stratum, in time order; empty where no contact of the stratum names a threshold.
  package let steps: [[Step]]
  /// By topic: thresholds with their shares, where they were drawn contact by contact.
  package let drawn: [[(threshold: Double, share: Double)]]
  /// Times at which some threshold changed, ascending, each within a day counted once.
  package let changes: [Int64]
  /// Distinct thresholds in force with their decisions, ascending.
  package let inForce: [(threshold: Double, decisions: Int)]
  private let width: Int

  /// Changes of one stratum beyond which they are no history but chance.
  static let mostChanges = 24

  package init(_ log: DecisionLog) {
    let order = log.time.indices.filter { log.action[$0] >= 0 && !log.threshold[$0].isNaN }
      .sorted { (log.time[$0], $0) < (log.time[$1], $1) }
    var counts: [Double: Int] = [:]
    for i in order { counts[log.threshold[i], default: 0] += 1 }
    inForce = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    let topics = log.topicNames.count
    for dimension in [Dimension.topic, .channel, .segment] {
      let width = ThresholdHistory.width(dimension, log)
      if dimension != .topic && width <= 2 { continue }
      var steps = [[Step]](repeating: [], count: topics * width)
      var rows = [Int](repeating: 0, count: topics * width)
      for i in order {
        let stratum = Int(log.topic[i]) * width + ThresholdHistory.part(dimension, log, i)
        rows[stratum] += 1
        if steps[stratum].last?.threshold != log.threshold[i] {
          steps[stratum].append(Step(from: log.time[i], threshold: log.threshold[i]))
        }
      }
      let explains = zip(steps, rows).allSatisfy { steps, rows in
        steps.count <= ThresholdHistory.mostChanges
          && (steps.count <= 2 || Double(steps.count) <= max(3, 0.02 * Double(rows)))
      }
      guard explains else { continue }
      self.dimension = dimension
      self.width = width
      self.steps = steps
      drawn = []
      changes = ThresholdHistory.merged(steps.flatMap { $0.dropFirst().map(\.from) }.sorted())
      return
    }
    var shares = [[Double: Int]](repeating: [:], count: topics)
    for i in order { shares[Int(log.topic[i])][log.threshold[i], default: 0] += 1 }
    dimension = .contact
    width = 1
    steps = []
    changes = []
    drawn = shares.map { counts in
      let total = counts.values.reduce(0, +)
      return counts.sorted { $0.key < $1.key }.map { ($0.key, Double($0.value) / Double(total)) }
    }
  }

  private static func width(_ dimension: Dimension, _ log: DecisionLog) -> Int {
    switch dimension {
    case .topic, .contact: 1
    case .channel: log.channelNames.count
    case .segment: log.segmentNames.count
    }
  }

  private static func part(_ dimension: Dimension, _ log: DecisionLog, _ i: Int) -> Int {
    switch dimension {
    case .topic, .contact: 0
    case .channel: Int(log.channel[i])
    case .segment: Int(log.segment[i])
    }
  }

  /// One change of many strata is seen at the next contact of each: within a day it is one.
  private static func merged(_ times: [Int64]) -> [Int64] {
    var merged: [Int64] = []
    for time in times where merged.last.map({ time - $0 > 86_400_000 }) ?? true {
      merged.append(time)
    }
    return merged
  }

  /// Stratum of a contact, in a segment of the scenario's where thresholds go by segment.
  package func stratum(_ log: DecisionLog, _ i: Int, segment: Int? = nil) -> Int {
    let part =
      dimension == .segment
      ? segment ?? Int(log.segment[i]) : ThresholdHistory.part(dimension, log, i)
    return Int(log.topic[i]) * width + part
  }

  /// The threshold of a stratum at a time; the first one before it began; nil where none is known.
  package func threshold(stratum: Int, at time: Int64) -> Double? {
    guard stratum < steps.count, var found = steps[stratum].first?.threshold else { return nil }
    for step in steps[stratum].dropFirst() {
      if step.from > time { break }
      found = step.threshold
    }
    return found
  }

  /// The threshold in force last, for a contact like this; of drawn thresholds the commonest.
  package func last(_ log: DecisionLog, _ i: Int) -> Double? {
    if dimension == .contact {
      return drawn[Int(log.topic[i])].max { ($0.share, $1.threshold) < ($1.share, $0.threshold) }?
        .threshold
    }
    return steps[stratum(log, i)].last?.threshold ?? inForce.last?.threshold
  }

  /// Whether the log saw more than one threshold for the same topic and channel.
  package var varies: Bool {
    if dimension == .contact { return drawn.contains { $0.count > 1 } }
    if !changes.isEmpty { return true }
    guard dimension == .segment else { return false }
    return stride(from: 0, to: steps.count, by: width).contains { base in
      Set((0..<width).compactMap { steps[base + $0].last?.threshold }).count > 1
    }
  }
}
