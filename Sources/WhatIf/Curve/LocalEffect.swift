import Statistics

/// What automating did to contacts just at a threshold in force: a regression discontinuity.
///
/// The jump of repeats of first contacts where the score passes the threshold, over the jump of the
/// share that AI handled (a fuzzy design where exploration or overrides blur the rule). Local: it holds
/// for contacts at that score and says nothing of others. Errors take first contacts for independent;
/// first contacts of one customer lie more than a window apart.
package struct LocalEffect: Codable, Sendable, Equatable {
  package struct Jump: Codable, Sendable, Equatable {
    package var estimate: Double
    package var se: Double
    package var ci95: [Double]
    package var p: Double?
  }

  package var threshold: Double
  /// The group's value; nil for all contacts under that threshold.
  package var value: String?
  package var estimand: String
  package var firstContactsBelow: Int
  package var firstContactsAbove: Int
  package var bandwidth: Double?
  /// Repeats per first contact, right of the threshold less left (robust, bias-corrected).
  package var repeats: Jump?
  /// Share that AI handled.
  package var automation: Jump?
  /// Repeats per automated contact: the first over the second.
  package var effectOfAutomating: Jump?
  /// Whether contacts chose their side: a density that jumps.
  package var densityP: Double?
  package var note: String?

  enum CodingKeys: String, CodingKey {
    case threshold, value, estimand, bandwidth, repeats, automation, note
    case firstContactsBelow = "first_contacts_below"
    case firstContactsAbove = "first_contacts_above"
    case effectOfAutomating = "effect_of_automating"
    case densityP = "density_p"
  }

  /// First contacts on each side that a jump needs.
  package static let fewest = 100
  /// Thresholds with the most decisions that are looked at.
  static let mostThresholds = 8

  /// At every threshold in force with enough first contacts, for all contacts and by group.
  package static func all(
    _ setting: WhatIfSetting, byGroup: Bool, threads: Int
  ) -> [LocalEffect] {
    let log = setting.log
    let thresholds = setting.routing.history.inForce
      .sorted { ($0.decisions, $1.threshold) > ($1.decisions, $0.threshold) }
      .prefix(mostThresholds).map(\.threshold).sorted()
    var tasks: [(threshold: Double, group: Int?)] = []
    for threshold in thresholds {
      tasks.append((threshold, nil))
      if byGroup { tasks += log.groupNames.indices.map { (threshold, $0) } }
    }
    let found = parallelMap(count: tasks.count, threads: threads) { [tasks] k in
      at(tasks[k].threshold, group: tasks[k].group, setting)
    }
    return found.compactMap { $0 }
  }

  private static func at(
    _ threshold: Double, group: Int?, _ setting: WhatIfSetting
  ) -> LocalEffect? {
    let log = setting.log
    var (scores, repeats, automated) = ([Double](), [Double](), [Double]())
    for u in 0..<setting.episodes.count {
      let i = Int(setting.episodes.first[u])
      guard log.threshold[i] == threshold, group == nil || Int(log.group[i]) == group else {
        continue
      }
      scores.append(log.score[i])
      repeats.append(Double(setting.episodes.length[u]) - 1)
      automated.append(Double(log.action[i]))
    }
    let below = scores.count { $0 < threshold }
    if group != nil, min(below, scores.count - below) < fewest { return nil }
    if scores.isEmpty { return nil }
    var effect = LocalEffect(
      threshold: threshold, value: group.map { log.groupNames[$0] },
      estimand: "effect at the threshold in force on repeats per first contact with that score",
      firstContactsBelow: below, firstContactsAbove: scores.count - below)
    guard min(below, scores.count - below) >= fewest else {
      effect.note =
        "too few first contacts on a side of the threshold: \(below) below and "
        + "\(scores.count - below) above, \(fewest) of each are needed"
      return effect
    }
    let design = Discontinuity(cutoff: threshold)
    do {
      let (jump, density) = try design.estimateWithDensity(outcomes: repeats, running: scores)
      effect.repeats = Jump(jump.robust)
      effect.bandwidth = jump.bandwidths.left
      effect.densityP = density?.pValue
    } catch {
      effect.note = "\(error)"
      return effect
    }
    effect.automation = automationJump(design, automated, scores, threshold)
    guard let top = effect.repeats, let share = effect.automation else { return effect }
    guard share.estimate - 1.96 * share.se > 0.1 else {
      effect.note = "the share that AI handled hardly jumps at this threshold"
      return effect
    }
    let ratio = top.estimate / share.estimate
    let se = (top.se * top.se + ratio * ratio * share.se * share.se).squareRoot() / share.estimate
    let half = NormalDistribution.quantile975 * se
    effect.effectOfAutomating = Jump(
      estimate: ratio, se: se, ci95: [ratio - half, ratio + half],
      p: se > 0 ? NormalDistribution.twoSided(ratio / se) : nil)
    return effect
  }

  /// The jump of the share that AI handled; exactly what it is where a side has one handler only.
  private static func automationJump(
    _ design: Discontinuity, _ automated: [Double], _ scores: [Double], _ threshold: Double
  ) -> Jump? {
    func share(above: Bool) -> (mean: Double, constant: Bool) {
      let side = zip(scores, automated).filter { ($0.0 >= threshold) == above }.map(\.1)
      let mean = side.reduce(0, +) / Double(max(side.count, 1))
      return (mean, mean == 0 || mean == 1)
    }
    let (left, right) = (share(above: false), share(above: true))
    if left.constant && right.constant {
      let jump = right.mean - left.mean
      return Jump(estimate: jump, se: 0, ci95: [jump, jump], p: nil)
    }
    do {
      return Jump(try design.estimate(outcomes: automated, running: scores).robust)
    } catch {
      // Too little varies for a bandwidth: the sides' shares are all there is to tell.
      return nil
    }
  }
}

extension LocalEffect.Jump {
  init(_ inference: DiscontinuityEstimate.Inference) {
    self.init(
      estimate: inference.estimate, se: inference.standardError,
      ci95: [inference.ci95.lower, inference.ci95.upper], p: inference.pValue)
  }
}
