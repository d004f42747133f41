import Statistics

/// Makes curves out of a sweep.
package struct CurveBuilder: Sendable {
  package let setting: WhatIfSetting
  package let sweep: ThresholdSweep
  /// Half-width of the interval of repeats per first contact that exploration aims at.
  package var halfWidth: Double

  /// Share of the first contacts outside support that are left out of an estimate; more, and there is
  /// none.
  package static let negligible = 0.005
  /// Effective first contacts below which intervals are not to be relied on.
  package static let fewestEffective = 100.0
  /// Share of first contacts whose sequence of decisions the log hardly ever saw, above which too much
  /// rests on how decisions add up for an interval.
  package static let mostUnseen = 0.05

  package init(_ setting: WhatIfSetting, sweep: ThresholdSweep, halfWidth: Double = 0.01) {
    self.setting = setting
    self.sweep = sweep
    self.halfWidth = halfWidth
  }

  /// The curve of all contacts and, where the sweep has them, of each group with first contacts.
  package func curves() -> (all: ThresholdCurve, groups: [ThresholdCurve]) {
    let groups = (1..<max(sweep.groups, 1)).filter {
      sweep.shared(group: $0, point: 0, 6) > 0.5
    }
    return (curve(0), groups.map(curve))
  }

  package func curve(_ group: Int) -> ThresholdCurve {
    let log = setting.log
    var thresholds = Set<Double>()
    for unit in setting.episodes.first {
      let i = Int(unit)
      guard group == 0 || Int(log.group[i]) == group - 1 else { continue }
      if !setting.todayThreshold[i].isNaN { thresholds.insert(setting.todayThreshold[i]) }
    }
    return ThresholdCurve(
      value: group == 0 ? nil : log.groupNames[group - 1],
      firstContacts: Int(sweep.shared(group: group, point: 0, 6).rounded()),
      customers: sweep.customers[group], thresholdsToday: thresholds.sorted(),
      points: sweep.grid.thresholds.indices.map {
        point(group, $0, today: thresholds.sorted())
      })
  }

  private func point(_ group: Int, _ p: Int, today: [Double]) -> CurvePoint {
    let units = sweep.shared(group: group, point: p, 6)
    let threshold = sweep.grid.thresholds[p]
    let support = support(group, p, units: units, threshold: threshold, today: today)
    let outcomes = setting.rewards.outcomes.enumerated().map { m, outcome in
      MomentEstimates(
        moments: sweep.moments(group: group, point: p, outcome: m),
        customers: sweep.customers[group]
      ).value(
        outcome, isSupported: support.verdict != .bounded, effectiveN: support.effectiveN,
        unseenShare: support.unseenSequenceShare)
    }
    return CurvePoint(
      threshold: threshold,
      automatedShare: units > 0 ? sweep.shared(group: group, point: p, 3) / units : 0,
      support: support, outcomes: outcomes,
      exploration: support.verdict == .bounded
        ? need(outside: support.outsideShare, units: units) : nil)
  }

  private func support(
    _ group: Int, _ p: Int, units: Double, threshold: Double, today: [Double]
  ) -> PolicySupport {
    func shared(_ place: Int) -> Double { sweep.shared(group: group, point: p, place) }
    return CurveBuilder.support(
      outside: shared(0), weight: shared(1), squares: shared(2), laterOutside: shared(4),
      later: shared(5), unseen: shared(7), units: units,
      identification: Identification.of(setting, from: today, to: [threshold]))
  }

  static func support(
    outside: Double, weight: Double, squares: Double, laterOutside: Double, later: Double,
    unseen: Double, units: Double, identification: [String]
  ) -> PolicySupport {
    let share = units > 0 ? max(0, outside) / units : 0
    let effective = squares > 1e-9 ? weight * weight / squares : 0
    let inside = units - outside
    let unseenShare = units > 0.5 ? max(0, unseen) / units : 0
    let isThin = effective < fewestEffective || unseenShare > mostUnseen
    return PolicySupport(
      verdict: share > negligible ? .bounded : isThin ? .thin : .supported,
      outsideShare: share < 1e-12 ? 0 : share, effectiveN: effective,
      effectiveShare: inside > 0.5 ? min(1, effective / inside) : 0,
      laterAsLoggedShare: later > 1e-9 ? max(0, min(1, laterOutside / later)) : 0,
      unseenSequenceShare: unseenShare < 1e-12 ? 0 : unseenShare,
      identification: identification)
  }

  /// Days of exploring until the part of the value that is outside support is known to the half-width:
  /// its variance is outside share × variance of repeats / (explored first contacts a day of all).
  private func need(outside: Double, units: Double) -> ExplorationNeed? {
    guard units > 0, setting.coveredDays > 0, halfWidth > 0 else { return nil }
    let perDay = units / setting.coveredDays
    let z = NormalDistribution.quantile975
    let base = z * z * outside * setting.repeatVariance / (perDay * halfWidth * halfWidth)
    return ExplorationNeed(
      halfWidth: halfWidth,
      plans: [0.01, 0.02, 0.05, 0.1].map { .init(rate: $0, days: base / $0) })
  }
}
