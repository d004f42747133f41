/// How the log routed: the chance of automation given topic, score and the threshold in force, and
/// from it the propensity of every decision.
///
/// On each side of a threshold some decisions go the other way: explored traffic, and contacts that
/// staff took although the score would have automated them (overrides). Their shares are estimated by
/// topic and score bin, shrunk to the bin's share over all topics. Overrides are kept by every policy,
/// exploration is not: a policy automates from its threshold on, but for the topic's share of overrides.
package struct RoutingModel: Sendable {
  package let bins: ScoreBins
  package let history: ThresholdHistory
  package let scenarios: [RoutingScenarios.Scenario]
  /// Bin of each contact, −1 where it was no decision.
  package let bin: [Int16]
  /// By topic, side (0 below, 1 at or above) and bin: the chance of automation.
  let automation: [Double]
  /// By topic: the share of contacts that staff take although the score is above the threshold.
  package let override: [Double]
  /// By contact: the propensity of AI over all scenarios, 0 where no decision.
  package let automationPropensity: [Double]
  private let topics: Int

  /// A decision below this propensity supports nothing: its weight would be above 50.
  package static let leastPropensity = 0.02
  private static let pseudoCount = 20.0

  /// Traffic that was decided at random: its share by topic, side and bin, and how often AI got it by
  /// side. Somebody set both, so they are pooled more than what merely happens: a cell with few contacts
  /// has its neighbours' share, not none.
  private struct Exploration {
    private let bins: Int
    private let topics: Int
    private var explored: [Double]
    private var all: [Double]
    private var automated = [0.0, 0.0]
    private var total = [0.0, 0.0]
    private static let pseudoCount = 200.0

    init(topics: Int, bins: Int) {
      (self.topics, self.bins) = (topics, bins)
      explored = [Double](repeating: 0, count: topics * 2 * bins)
      all = explored
    }

    mutating func note(isExplored: Bool, isAutomated: Bool, side: Int, cell: Int) {
      all[cell] += 1
      guard isExplored else { return }
      explored[cell] += 1
      total[side] += 1
      if isAutomated { automated[side] += 1 }
    }

    /// Chances of automation with those of explored traffic in them.
    func mixed(into automation: [Double]) -> [Double] {
      guard total[0] + total[1] > 0 else { return automation }
      var result = automation
      for side in 0..<2 where total[side] > 0 {
        let chance = automated[side] / total[side]
        for b in 0..<bins {
          let cells = (0..<topics).map { ($0 * 2 + side) * bins + b }
          let (some, whole) = cells.reduce((0.0, 0.0)) { ($0.0 + explored[$1], $0.1 + all[$1]) }
          guard some > 0 else { continue }
          for cell in cells {
            let share =
              (explored[cell] + Self.pseudoCount * some / whole) / (all[cell] + Self.pseudoCount)
            result[cell] = (1 - share) * automation[cell] + share * chance
          }
        }
      }
      return result
    }
  }

  /// - Parameter explorationRate: share of the traffic that was handled the other way at random, where
  ///   no column tells which.
  package init(
    _ log: DecisionLog, _ episodes: Episodes, explorationRate: Double? = nil, binCount: Int = 20
  ) {
    let history = ThresholdHistory(log)
    let bins = ScoreBins(
      scores: log.score, thresholds: history.inForce.map(\.threshold).suffix(200),
      wanted: binCount)
    let binOf = log.score.map { $0.isNaN ? Int16(-1) : Int16(bins.bin($0)) }
    let topics = log.topicNames.count
    let cells = topics * 2 * bins.count
    var (ai, all) = ([Double](repeating: 0, count: cells), [Double](repeating: 0, count: cells))
    var explored = Exploration(topics: topics, bins: bins.count)
    var (overridden, above) = (
      [Double](repeating: 0, count: topics), [Double](repeating: 0, count: topics)
    )
    for i in 0..<log.count where log.action[i] >= 0 {
      let side = log.threshold[i].isNaN || log.score[i] >= log.threshold[i] ? 1 : 0
      let cell = (Int(log.topic[i]) * 2 + side) * bins.count + Int(binOf[i])
      explored.note(
        isExplored: log.explored[i] == 1, isAutomated: log.action[i] == 1, side: side, cell: cell)
      guard log.explored[i] == 0 else { continue }
      all[cell] += 1
      if log.action[i] == 1 { ai[cell] += 1 }
      if side == 1 {
        above[Int(log.topic[i])] += 1
        if log.action[i] == 0 { overridden[Int(log.topic[i])] += 1 }
      }
    }
    let isKnown = log.hasThreshold
    let total = above.reduce(0, +)
    let common = total > 0 && isKnown ? overridden.reduce(0, +) / total : 0
    let rate = log.hasExplored ? 0 : explorationRate ?? 0
    override = (0..<topics).map { k in
      guard isKnown else { return 0 }
      let share =
        (overridden[k] + RoutingModel.pseudoCount * common) / (above[k] + RoutingModel.pseudoCount)
      return max(0, share - rate)
    }
    let automation = explored.mixed(
      into: RoutingModel.shrunk(ai, all, topics: topics, bins: bins.count))
    self.automation = automation
    self.topics = topics
    (self.bins, self.history, self.bin) = (bins, history, binOf)
    let scenarios = RoutingScenarios(log, episodes, history).all
    self.scenarios = scenarios
    automationPropensity = RoutingModel.propensities(
      log, bins, binOf, history, scenarios, automation)
  }

  /// Shares by cell, towards the share of the side and bin over topics, and that towards the side's.
  private static func shrunk(
    _ ai: [Double], _ all: [Double], topics: Int, bins: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: ai.count)
    for side in 0..<2 {
      func cell(_ topic: Int, _ bin: Int) -> Int { (topic * 2 + side) * bins + bin }
      let (sideAI, sideAll) = (0..<topics).reduce((0.0, 0.0)) { sum, k in
        (0..<bins).reduce(sum) { ($0.0 + ai[cell(k, $1)], $0.1 + all[cell(k, $1)]) }
      }
      let sideShare = sideAll > 0 ? sideAI / sideAll : Double(side)
      for b in 0..<bins {
        let binAI = (0..<topics).reduce(0.0) { $0 + ai[cell($1, b)] }
        let binAll = (0..<topics).reduce(0.0) { $0 + all[cell($1, b)] }
        let parent = (binAI + 5 * sideShare) / (binAll + 5)
        for k in 0..<topics {
          result[cell(k, b)] =
            (ai[cell(k, b)] + pseudoCount * parent) / (all[cell(k, b)] + pseudoCount)
        }
      }
    }
    return result
  }

  /// The chance of AI for a contact under this threshold.
  @inline(__always)
  func automation(topic: Int, bin: Int, score: Double, threshold: Double) -> Double {
    automation[(topic * 2 + (score >= threshold ? 1 : 0)) * bins.count + bin]
  }

  private static func propensities(
    _ log: DecisionLog, _ bins: ScoreBins, _ bin: [Int16], _ history: ThresholdHistory,
    _ scenarios: [RoutingScenarios.Scenario], _ automation: [Double]
  ) -> [Double] {
    // By stratum (of the contact's own topic and channel): thresholds with their weights.
    var cache: [Int: [(threshold: Double, weight: Double)]] = [:]
    return log.action.indices.map { i in
      guard log.action[i] >= 0 else { return 0 }
      let topic = Int(log.topic[i])
      let key = history.dimension == .segment ? topic : history.stratum(log, i)
      var mix = cache[key]
      if mix == nil {
        mix = mixture(log, i, history, scenarios)
        cache[key] = mix
      }
      return (mix ?? []).reduce(0) { sum, part in
        let side = log.score[i] >= part.threshold ? 1 : 0
        return sum + part.weight * automation[(topic * 2 + side) * bins.count + Int(bin[i])]
      }
    }
  }

  private static func mixture(
    _ log: DecisionLog, _ i: Int, _ history: ThresholdHistory,
    _ scenarios: [RoutingScenarios.Scenario]
  ) -> [(threshold: Double, weight: Double)] {
    if history.dimension == .contact {
      let drawn = history.drawn[Int(log.topic[i])]
      return drawn.isEmpty ? [(-.infinity, 1)] : drawn.map { ($0.threshold, $0.share) }
    }
    var weights: [Double: Double] = [:]
    for scenario in scenarios {
      let stratum = history.stratum(log, i, segment: scenario.segment)
      let threshold = history.threshold(stratum: stratum, at: scenario.start) ?? -.infinity
      weights[threshold, default: 0] += scenario.weight
    }
    return weights.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Whether which threshold a decision met depends on those that earlier ones of its episode met.
  var sharesThresholds: Bool { scenarios.count > 1 && history.dimension != .contact }

  /// The propensity of each logged decision of an episode, given those before it.
  func conditionalPropensities(
    _ log: DecisionLog, first: Int, length: Int, into result: inout [Double]
  ) {
    result.removeAll(keepingCapacity: true)
    guard sharesThresholds else {
      for i in first..<first + length { result.append(marginal(log, i)) }
      return
    }
    var weights = scenarios.map(\.weight)
    for i in first..<first + length {
      guard log.action[i] >= 0 else {
        result.append(1)
        continue
      }
      let delay = log.time[i] - log.time[first]
      var (before, after) = (0.0, 0.0)
      for (g, scenario) in scenarios.enumerated() {
        let stratum = history.stratum(log, i, segment: scenario.segment)
        let threshold = history.threshold(stratum: stratum, at: scenario.start + delay)
        let ai = automation(
          topic: Int(log.topic[i]), bin: Int(bin[i]), score: log.score[i],
          threshold: threshold ?? -.infinity)
        before += weights[g]
        weights[g] *= log.action[i] == 1 ? ai : 1 - ai
        after += weights[g]
      }
      guard before > 0, after > 0 else {
        // What the model of routing calls impossible happened: the decision weighs as if alone.
        result.append(marginal(log, i))
        weights = scenarios.map(\.weight)
        continue
      }
      result.append(after / before)
    }
  }

  /// The propensity of one contact's decision over all scenarios; 1 where it was none.
  func marginal(_ log: DecisionLog, _ i: Int) -> Double {
    switch log.action[i] {
    case 1: automationPropensity[i]
    case 0: 1 - automationPropensity[i]
    default: 1
    }
  }
}
