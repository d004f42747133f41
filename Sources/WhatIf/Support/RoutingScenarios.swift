/// When an episode might have begun, and in which segment: what decides the thresholds that it meets.
///
/// Given what was asked and how sure the classifier was, when a contact came (and, where thresholds
/// went by segment, whose it was) is taken for chance. A decision's propensity is then its share over
/// these scenarios; decisions of one episode share their scenario, so their joint propensity is no
/// product of single ones (multiple importance sampling with the balance heuristic, Veach & Guibas
/// 1995, SIGGRAPH; Agarwal et al. 2017, KDD, for logged policies).
package struct RoutingScenarios: Sendable {
  package struct Scenario: Sendable {
    /// When the episode begins, milliseconds.
    package var start: Int64
    /// Nil where thresholds do not go by segment: the contact's own.
    package var segment: Int?
    package var weight: Double
  }

  package let all: [Scenario]

  /// Parts of the window before a change, in which an episode meets both thresholds.
  private static let straddling = 6

  init(_ log: DecisionLog, _ episodes: Episodes, _ history: ThresholdHistory) {
    let starts = episodes.first.map { log.time[Int($0)] }.sorted()
    var cuts: [Int64] = []
    let parts = history.changes.count > 8 ? 2 : RoutingScenarios.straddling
    for change in history.changes.prefix(60) {
      for k in 0...parts {
        cuts.append(change - episodes.windowMilliseconds * Int64(k) / Int64(parts))
      }
    }
    cuts.sort()
    var scenarios: [Scenario] = []
    var begin = 0
    for cut in cuts + [Int64.max] {
      var end = begin
      while end < starts.count, starts[end] < cut { end += 1 }
      if end > begin {
        scenarios.append(
          Scenario(
            start: starts[(begin + end) / 2], segment: nil,
            weight: Double(end - begin) / Double(starts.count)))
      }
      begin = end
    }
    guard history.dimension == .segment else {
      all = scenarios
      return
    }
    var counts = [Int](repeating: 0, count: log.segmentNames.count)
    for unit in episodes.first { counts[Int(log.segment[Int(unit)])] += 1 }
    all = scenarios.flatMap { scenario in
      counts.indices.filter { counts[$0] > 0 }.map {
        Scenario(
          start: scenario.start, segment: $0,
          weight: scenario.weight * Double(counts[$0]) / Double(starts.count))
      }
    }
  }
}
