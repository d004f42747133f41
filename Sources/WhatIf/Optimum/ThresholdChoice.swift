import Statistics

/// Finds the thresholds of least cost inside support, each with what is not known about it.
package struct ThresholdChoice {
  let setting: WhatIfSetting
  let sweep: ThresholdSweep
  /// The curves that are chosen on, with their group in the sweep: groups, or all contacts.
  let curves: [(group: Int, curve: ThresholdCurve)]
  private let replicates: CurveReplicates
  private let place: Int
  let objective: PolicyOutcome

  /// Nil where neither cost nor repeats can be told.
  package init?(
    _ setting: WhatIfSetting, sweep: ThresholdSweep,
    curves: (all: ThresholdCurve, groups: [ThresholdCurve]), seed: UInt64, threads: Int
  ) {
    self.setting = setting
    self.sweep = sweep
    let names = setting.log.groupNames
    self.curves =
      curves.groups.isEmpty
      ? [(0, curves.all)]
      : curves.groups.compactMap { curve in
        names.firstIndex { $0 == curve.value }.map { ($0 + 1, curve) }
      }
    let outcomes = sweep.resampled.map { setting.rewards.outcomes[$0] }
    guard let cost = outcomes.firstIndex(of: .cost) else { return nil }
    (place, objective) = (cost, .cost)
    replicates = CurveReplicates(sweep, seed: seed, threads: threads)
  }

  /// - Parameters:
  ///   - staffHours: hours a week that all staff may work; nil: no limit.
  ///   - hourly: who is at work at which hour of the day; nil: not stated.
  package func report(
    staffHours: Double?, hourly: HourlyCapacity? = nil, currency: String?
  ) -> OptimumReport {
    var choices = curves.map { choice($0.group, $0.curve) }
    let capacity =
      staffHours == nil && hourly == nil
      ? nil : CapacityLimit(self, hours: staffHours, hourly: hourly).apply(to: &choices)
    let changing = choices.filter(\.isSupported)
    let together = JointChange(self, place: place).report()
    let sentence =
      changing.isEmpty
      ? together?.isSupported == true
        ? "Changing all curves to their thresholds is supported, none of them by itself."
        : "No change is supported by the data."
      : "A change is supported for \(changing.count) of \(choices.count) "
        + (choices.count == 1 ? "curve." : "curves.")
    return OptimumReport(
      objective: "cost per first contact" + (currency.map { ", \($0)" } ?? ""), choices: choices,
      together: together, capacity: capacity, front: ParetoFront(self).points(), sentence: sentence,
      note: nil)
  }

  /// Points of a curve that may be chosen.
  func admissible(_ curve: ThresholdCurve) -> [Int] {
    curve.points.indices.filter { curve.points[$0].support.verdict == .supported }
  }

  func gain(_ group: Int, _ point: Int, _ outcome: PolicyOutcome) -> Double? {
    guard let m = setting.rewards.index(of: outcome) else { return nil }
    let moments = sweep.moments(group: group, point: point, outcome: m)
    return moments[.supported] > 0.5 ? moments[.gain] / moments[.supported] : nil
  }

  /// Gain per first contact of a curve in a replicate; nil where the outcome is not resampled.
  func gain(
    replicate: Int, _ group: Int, _ point: Int, _ outcome: PolicyOutcome
  ) -> Double? {
    sweep.resampled.firstIndex { setting.rewards.outcomes[$0] == outcome }.map {
      replicates.gain(replicate, group: group, point: point, $0)
    }
  }

  /// Change of cost at a point of a curve.
  func change(_ curve: ThresholdCurve, _ point: Int) -> PolicyEstimate? {
    curve.points[point].outcomes.first { $0.outcome == objective }?.change
  }

  private func choice(_ group: Int, _ curve: ThresholdCurve) -> OptimumReport.Choice {
    var choice = OptimumReport.Choice(
      value: curve.value, thresholdsToday: curve.thresholdsToday, threshold: nil, ci95: nil,
      change: nil, simultaneous: nil, leastRegret: nil, regret: nil, leastRegretChange: nil,
      underCapacity: nil, underCapacityChange: nil, isSupported: false, verdict: "")
    let points = admissible(curve)
    let gains = points.map { gain(group, $0, objective) ?? 0 }
    let today = curve.thresholdsToday.first
    guard let best = ThresholdChoice.least(gains, points, curve, near: today) else {
      choice.verdict = "No threshold of the grid is inside support: no change is supported."
      return choice
    }
    let change = change(curve, points[best])
    choice.threshold = curve.points[points[best]].threshold
    choice.change = change
    let drawn = (0..<CurveReplicates.count).map { b in
      points.map { replicates.gain(b, group: group, point: $0, place) }
    }
    let argmins = drawn.compactMap { ThresholdChoice.least($0, points, curve, near: today) }
      .map { curve.points[points[$0]].threshold }.sorted()
    choice.ci95 = [
      ThresholdChoice.quantile(argmins, 0.025), ThresholdChoice.quantile(argmins, 0.975),
    ]
    let critical = ThresholdChoice.critical(drawn, gains)
    if let se = change?.se, let estimate = change?.estimate {
      let half = max(critical, NormalDistribution.quantile975) * se
      choice.simultaneous = [estimate - half, estimate + half]
      // What is left of no change at all is rounding.
      choice.isSupported = estimate + half < -1e-9 && choice.threshold != today
    }
    let regrets = points.indices.map { p in
      ThresholdChoice.quantile(drawn.map { $0[p] - ($0.min() ?? 0) }.sorted(), 0.95)
    }
    if let robust = ThresholdChoice.least(regrets, points, curve, near: today) {
      choice.leastRegret = curve.points[points[robust]].threshold
      choice.regret = regrets[robust]
      choice.leastRegretChange = self.change(curve, points[robust])
    }
    choice.verdict =
      choice.isSupported
      ? "A change to \(curve.points[points[best]].threshold) is supported."
      : "No change is supported by the data."
    return choice
  }

  /// Place of the least value; of equal ones the threshold nearest to today's, then the lower.
  static func least(
    _ values: [Double], _ points: [Int], _ curve: ThresholdCurve, near today: Double?
  ) -> Int? {
    guard let low = values.min() else { return nil }
    let tolerance = 1e-9 * max(1e-6, values.reduce(0) { max($0, $1.magnitude) })
    return values.indices.filter { values[$0] <= low + tolerance }.min { a, b in
      let (x, y) = (curve.points[points[a]].threshold, curve.points[points[b]].threshold)
      guard let today else { return x < y }
      let (near, far) = ((x - today).magnitude, (y - today).magnitude)
      return near == far ? x < y : near < far
    }
  }

  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard let last = sorted.last else { return 0 }
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }

  /// The 95 % quantile of the largest standardised deviation over a curve.
  static func critical(_ drawn: [[Double]], _ gains: [Double]) -> Double {
    let spread = gains.indices.map { p in
      (drawn.reduce(0) { $0 + ($1[p] - gains[p]) * ($1[p] - gains[p]) }
        / Double(max(1, drawn.count))).squareRoot()
    }
    let deviations = drawn.map { replicate in
      gains.indices.reduce(0.0) { largest, p in
        spread[p] > 1e-12 ? max(largest, (replicate[p] - gains[p]).magnitude / spread[p]) : largest
      }
    }
    return quantile(deviations.sorted(), 0.95)
  }
}
