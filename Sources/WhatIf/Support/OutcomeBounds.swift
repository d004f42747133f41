/// What first contacts outside support can have brought, under assumptions that are stated.
///
/// Monotone response (Manski 1997, Econometrica 65): handled the same way, a contact with a higher score
/// brings no more repeats, minutes and money on average, and no fewer successes. So what AI does below
/// the scores at which it was seen is no better than what it does at their lower end, and what staff do
/// above theirs no worse than at their upper end. On the other side stand the scale's end (0, or 1 for
/// shares) and the ceiling on repeats. A latency is not taken for monotone: it has no bounds.
///
/// Minutes and money of an episode are put together: the first contact's own, bounded like that; as many
/// later contacts as the bounds on repeats allow; each of those as dear as one that AI or staff handled
/// on average, whichever is the less or the more.
///
/// Means at the end of support are over the nearest contacts, which by the same assumption keeps the
/// bound valid: a tenth of those handled so, at least ``nearest``.
package struct OutcomeBounds: Sendable {
  /// First contacts that a bound at the end of support rests on, at least.
  package static let nearest = 200
  static let fewest = 50

  /// By (topic, handling 0...3) and outcome; ±infinity where nothing bounds.
  let least: [Double]
  let most: [Double]
  /// Standard errors of those that were estimated, else 0.
  let leastError: [Double]
  let mostError: [Double]
  /// Later contacts within the window that no first contact brings more of on average.
  package let ceiling: Double
  /// By outcome and handler: mean of what a contact brings itself.
  let ofContact: [[Double]]
  private let outcomes: Int

  func of(topic: Int, state: Int) -> Int { (topic * 4 + state) * outcomes }

  init(
    _ log: DecisionLog, _ episodes: Episodes, _ rewards: PolicyRewards, _ routing: RoutingModel,
    ceiling: Double?
  ) {
    let totals = OutcomeBounds.totals(episodes, rewards)
    let topics = log.topicNames.count
    outcomes = rewards.outcomes.count
    let repeats = rewards.index(of: .repeats) ?? 0
    let stated =
      ceiling ?? OutcomeBounds.usualCeiling(log, episodes, routing, totals[repeats])
    self.ceiling = stated
    let ofContact = rewards.outcomes.indices.map { m in
      (0..<2).map { OutcomeBounds.meanReward(log, rewards, m, action: Int8($0)) }
    }
    self.ofContact = ofContact
    var (least, most, leastError, mostError) = ([Double](), [Double](), [Double](), [Double]())
    var byCell = [[Int]](repeating: [], count: topics * 2)
    for u in 0..<episodes.count {
      let i = Int(episodes.first[u])
      let isAI = log.action[i] == 1
      let ai = routing.automationPropensity[i]
      guard (isAI ? ai : 1 - ai) >= RoutingModel.leastPropensity else { continue }
      byCell[Int(log.topic[i]) * 2 + (isAI ? 1 : 0)].append(u)
    }
    for topic in 0..<topics {
      for state in 0..<4 {
        let edge =
          state < 2
          ? OutcomeBounds.edge(byCell[topic * 2 + state], log, episodes, lowest: state == 1) : []
        func bound(_ outcome: PolicyOutcome, _ values: [Double]) -> Bound {
          let scale = OutcomeBounds.scale(outcome, stated)
          var bound = Bound(least: scale.0, most: scale.1)
          guard let mean = OutcomeBounds.mean(edge, values), outcome != .latency else {
            return bound
          }
          // AI below its scores does worse than at their end, staff above theirs better.
          if (state == 1) != outcome.isShare {
            (bound.least, bound.leastError) = (mean.value, mean.error)
            bound.most = max(bound.most, mean.value)
          } else {
            (bound.most, bound.mostError) = (mean.value, mean.error)
          }
          return bound
        }
        let later = bound(.repeats, totals[repeats])
        for (m, outcome) in rewards.outcomes.enumerated() {
          var bound = bound(outcome, totals[m])
          if outcome.isOfContact {
            let each = ofContact[m]
            bound = Bound(least: each.min() ?? 0, most: each.max() ?? 0)
            let first = edge.map { rewards.values[m][Int(episodes.first[$0])] }
            if let mean = OutcomeBounds.mean(Array(first.indices), first) {
              bound = Bound(
                least: mean.value, most: mean.value, leastError: mean.error, mostError: mean.error)
            }
            let (low, high) = (each.min() ?? 0, each.max() ?? 0)
            bound.least += low * later.least
            bound.most += high * later.most
            bound.leastError += low * later.leastError
            bound.mostError += high * later.mostError
          }
          least.append(bound.least)
          most.append(bound.most)
          leastError.append(bound.leastError)
          mostError.append(bound.mostError)
        }
      }
    }
    (self.least, self.most, self.leastError, self.mostError) = (
      least, most, leastError, mostError
    )
  }

  private struct Bound {
    var least: Double
    var most: Double
    var leastError = 0.0
    var mostError = 0.0
  }

  /// What no assumption on scores is needed for.
  private static func scale(_ outcome: PolicyOutcome, _ ceiling: Double) -> (Double, Double) {
    switch outcome {
    case .repeats, .causedRepeats: (0, ceiling)
    case .staffMinutes, .cost: (0, .infinity)
    case .intentResolution, .actionSuccess: (0, 1)
    case .latency: (-.infinity, .infinity)
    }
  }

  /// What happened in each unit, by outcome; NaN where unknown.
  private static func totals(_ episodes: Episodes, _ rewards: PolicyRewards) -> [[Double]] {
    rewards.outcomes.indices.map { m in
      (0..<episodes.count).map { u in
        let first = Int(episodes.first[u])
        guard m < rewards.ofEpisode else { return rewards.values[m][first] }
        return (first..<first + Int(episodes.length[u])).reduce(0) { $0 + rewards.values[m][$1] }
      }
    }
  }

  /// Twice the highest mean of repeats of any topic, handler and score bin.
  private static func usualCeiling(
    _ log: DecisionLog, _ episodes: Episodes, _ routing: RoutingModel, _ repeats: [Double]
  ) -> Double {
    let cells = log.topicNames.count * 2 * routing.bins.count
    var (sum, n) = ([Double](repeating: 0, count: cells), [Double](repeating: 0, count: cells))
    for u in 0..<episodes.count {
      let i = Int(episodes.first[u])
      let at =
        (Int(log.topic[i]) * 2 + Int(log.action[i])) * routing.bins.count + Int(routing.bin[i])
      sum[at] += repeats[u]
      n[at] += 1
    }
    let all = repeats.reduce(0, +) / Double(max(repeats.count, 1))
    return 2 * zip(sum, n).reduce(all) { $1.1 >= Double(fewest) ? max($0, $1.0 / $1.1) : $0 }
  }

  /// Mean reward of a contact that staff (0) or AI (1) handled.
  private static func meanReward(
    _ log: DecisionLog, _ rewards: PolicyRewards, _ m: Int, action: Int8
  ) -> Double {
    var (sum, n) = (0.0, 0.0)
    for i in 0..<log.count where log.action[i] == action && !rewards.values[m][i].isNaN {
      sum += rewards.values[m][i]
      n += 1
    }
    return n > 0 ? sum / n : 0
  }

  /// The units nearest to the end of support.
  private static func edge(
    _ units: [Int], _ log: DecisionLog, _ episodes: Episodes, lowest: Bool
  ) -> [Int] {
    let wanted = max(nearest, units.count / 10)
    let sorted = units.sorted {
      let (a, b) = (log.score[Int(episodes.first[$0])], log.score[Int(episodes.first[$1])])
      return a == b ? $0 < $1 : (lowest ? a < b : a > b)
    }
    return Array(sorted.prefix(wanted))
  }

  private static func mean(
    _ units: [Int], _ totals: [Double]
  ) -> (value: Double, error: Double)? {
    let known = units.map { totals[$0] }.filter { !$0.isNaN }
    guard known.count >= fewest else { return nil }
    let n = Double(known.count)
    let mean = known.reduce(0, +) / n
    let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return (mean, (variance / n).squareRoot())
  }
}
