import InteractionLog
import SyntheticWorld
import WhatIf

/// What is asked of a threshold world: a curve, and the thresholds of least cost.
struct ThresholdQuestion {
  let grid: WhatIf.ThresholdGrid
  let options: WhatIfSetting.Options
  let seed: UInt64

  struct Answer {
    let curve: ThresholdCurve
    let groups: [ThresholdCurve]
    let optimum: OptimumReport?
  }

  /// - Throws: `WhatIfError`.
  func answer(_ table: InteractionTable, by: String?) throws -> Answer {
    let setting = try WhatIfSetting(
      try DecisionLog(table: table, by: by), table: table, options: options)
    let sweep = ThresholdSweep(setting, grid: grid, byGroup: by != nil, threads: 1)
    let curves = CurveBuilder(setting, sweep: sweep).curves()
    return Answer(
      curve: curves.all, groups: curves.groups,
      optimum: ThresholdChoice(setting, sweep: sweep, curves: curves, seed: seed, threads: 1)?
        .report(staffHours: nil, currency: nil))
  }
}

extension ThresholdQuestion.Answer {
  /// The thresholds found by topic; today's where none is, or none is told to be better, by itself or
  /// together.
  func chosen(
    today: World.ThresholdPolicy, onlySupported: Bool
  ) -> World.ThresholdPolicy {
    var policy = today
    let isTogether = optimum?.together?.isSupported == true
    for choice in optimum?.choices ?? [] {
      guard let topic = choice.value, World.topicNames.contains(topic),
        let threshold = choice.threshold, choice.isSupported || isTogether || !onlySupported
      else { continue }
      policy.byTopic[topic] = threshold
    }
    return policy
  }

  /// True costs of one threshold for all; nil where the report has none.
  func costs(today: PolicyTruth, byGrid: [PolicyTruth]) -> ThresholdFigures.Costs? {
    let costs = byGrid.map(\.firstContacts.costOfEach)
    guard let choice = optimum?.choices.first,
      let best = costs.indices.min(by: { costs[$0] < costs[$1] })
    else { return nil }
    let place = curve.points.firstIndex { $0.threshold == choice.threshold }
    let now = today.firstContacts.costOfEach
    return ThresholdFigures.Costs(
      today: now, found: place.map { costs[$0] } ?? now,
      advised: choice.isSupported ? place.map { costs[$0] } ?? now : now,
      best: min(costs[best], now),
      isSupported: curve.points[best].support.verdict == .supported)
  }

  /// True costs of thresholds by topic, beside the least of each topic's first contacts on the grid.
  func costsByTopic(
    today: PolicyTruth, found: PolicyTruth, advised: PolicyTruth, byGrid: [PolicyTruth]
  ) -> ThresholdFigures.Costs? {
    guard optimum != nil, today.firstContacts.contacts > 0 else { return nil }
    var least = 0.0
    var isSupported = true
    for topic in World.topicNames {
      let costs = byGrid.map { $0.byTopic[topic]?.cost ?? 0 }
      guard let place = costs.indices.min(by: { costs[$0] < costs[$1] }) else { continue }
      least += costs[place]
      let curve = groups.first { $0.value == topic }
      if curve?.points[place].support.verdict != .supported { isSupported = false }
    }
    let now = today.firstContacts.costOfEach
    return ThresholdFigures.Costs(
      today: now, found: found.firstContacts.costOfEach,
      advised: advised.firstContacts.costOfEach,
      best: min(now, least / today.firstContacts.contacts), isSupported: isSupported)
  }
}

extension PolicyTruth.Figures {
  /// Cost per first contact.
  var costOfEach: Double { contacts > 0 ? cost / contacts : .infinity }
}
