import Statistics
import SyntheticWorld

/// What is asked of `whatif`, and whether the worlds show it.
public struct ThresholdTarget: Codable, Sendable {
  public var name: String
  /// What is asked, in words.
  public var asked: String
  /// A share, or a ratio of errors; nil where no world tells.
  public var value: Double?
  public var isRatio = false
  /// Its 95 % Monte Carlo interval; nil for a ratio of one world.
  public var ci95: [Double]?
  /// What it is of: worlds, or figures of worlds.
  public var of: Int
  public var outcome: Validation.Outcome

  static func all(_ found: [(ThresholdRegime, [ThresholdFigures])]) -> [ThresholdTarget] {
    let analysed = found.map { ($0, $1.filter { $0.failure == nil }) }
    let worlds = analysed.flatMap(\.1)
    var targets = coverages(worlds)
    for (regime, own) in analysed where !own.isEmpty {
      targets += errors(own, regime.rawValue)
    }
    targets += errors(worlds, "all regimes")
    targets += optimum(worlds)
    for (regime, own) in analysed where !own.isEmpty {
      let told = own.compactMap(\.warnsOfDrift)
      let shifts = regime == .scoreShift
      targets.append(
        share(
          "drift warning, \(regime.rawValue)", told.map { $0 ? 1 : 0 },
          shifts ? 0.95...1 : 0...0.05))
    }
    return targets
  }

  /// Whether intervals hold the truth: of values by estimator and effective size, of changes, of bounds.
  private static func coverages(_ worlds: [ThresholdFigures]) -> [ThresholdTarget] {
    typealias Point = ThresholdFigures.Point
    func held(
      _ name: String, _ range: ClosedRange<Double>, _ judge: (Point) -> Bool?
    ) -> ThresholdTarget {
      share(
        name,
        worlds.compactMap { world in
          let told = world.points.compactMap(judge)
          return told.isEmpty ? nil : Double(told.count { $0 }) / Double(told.count)
        }, range)
    }
    let range = 0.93...0.97
    func inside(_ point: Point) -> Bool { point.support == "supported" }
    func robust(_ point: Point) -> Bool? {
      inside(point) ? point.doublyRobust?.holds(point.truth) : nil
    }
    var targets = [
      held("interval, doubly robust", range, robust),
      held("interval, change", range) {
        // Nothing is estimated where nothing changes.
        inside($0) && abs($0.trueChange) > 1e-12 ? $0.change?.holds($0.trueChange) : nil
      },
      held("interval, inverse propensity", range) {
        inside($0) ? $0.inversePropensity?.holds($0.truth) : nil
      },
    ]
    for outcome in ["repeats", "staff_minutes", "cost"] {
      targets.append(
        held("interval of \(outcome)", range) { $0.outcome == outcome ? robust($0) : nil })
    }
    let edges = [0, 100, 200, 400, 800, 1_600, .infinity]
    for (low, high) in zip(edges, edges.dropFirst()) {
      let name =
        "interval, effective n from \(Int(low))" + (high.isFinite ? " to \(Int(high))" : "")
      targets.append(
        held(name, range) { (low..<high).contains($0.effectiveN) ? robust($0) : nil })
    }
    targets.append(held("bounds", 0.95...1) { $0.bounds?.holds($0.truth) })
    targets.append(held("bounds of change", 0.95...1) { $0.changeBounds?.holds($0.trueChange) })
    return targets.filter { $0.of > 0 }
  }

  /// Root mean square errors over the direct method's, repeats: of the combined and of the doubly robust
  /// value. Their intervals leave out one world at a time.
  private static func errors(_ worlds: [ThresholdFigures], _ name: String) -> [ThresholdTarget] {
    [
      ratio("error over the direct method's, \(name)", worlds) { $0.combined },
      ratio("the same, doubly robust", worlds) { $0.doublyRobust?.estimate },
    ].compactMap { $0 }
  }

  private static func ratio(
    _ name: String, _ worlds: [ThresholdFigures], _ estimate: (ThresholdFigures.Point) -> Double?
  ) -> ThresholdTarget? {
    let sums = worlds.compactMap { world -> (own: Double, direct: Double, points: Int)? in
      let told = world.points.filter { $0.support == "supported" && $0.outcome == "repeats" }
      let pairs = told.compactMap { point in
        estimate(point).flatMap { own in point.direct.map { (own - point.truth, $0 - point.truth) }
        }
      }
      return pairs.isEmpty
        ? nil
        : (
          pairs.reduce(0) { $0 + $1.0 * $1.0 }, pairs.reduce(0) { $0 + $1.1 * $1.1 }, pairs.count
        )
    }
    let (own, direct) = sums.reduce((0.0, 0.0)) { ($0.0 + $1.own, $0.1 + $1.direct) }
    guard own > 0, direct > 0 else { return nil }
    let ratio = (own / direct).squareRoot()
    let without = sums.map { ((own - $0.own) / max(direct - $0.direct, 1e-300)).squareRoot() }
    let n = Double(without.count)
    let mean = without.reduce(0, +) / n
    let variance = (n - 1) / n * without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let half = NormalDistribution.quantile975 * variance.squareRoot()
    return ThresholdTarget(
      name: name, asked: "at most 1", value: ratio, isRatio: true,
      ci95: without.count > 1 ? [max(0, ratio - half), ratio + half] : nil,
      of: sums.reduce(0) { $0 + $1.points },
      outcome: .init(isMet: ratio <= 1, isExcluded: without.count > 1 && ratio - half > 1))
  }

  private static func optimum(_ worlds: [ThresholdFigures]) -> [ThresholdTarget] {
    func within(_ cost: Double, _ best: Double) -> Double { cost <= 1.05 * best ? 1 : 0 }
    return [
      ("one threshold", worlds.compactMap(\.costs)),
      ("by topic", worlds.compactMap(\.costsByTopic)),
    ].flatMap { name, costs in
      let supported = costs.filter(\.isSupported)
      return [
        share(
          "cost within 5 % of the least, \(name)", supported.map { within($0.found, $0.best) },
          0.9...1),
        share(
          "the same, advised", supported.map { within($0.advised, $0.best) }, 0.9...1),
        share(
          "the same, today's thresholds", supported.map { within($0.today, $0.best) }, 0...1),
      ]
    }.filter { $0.of > 0 }
  }

  /// A mean of shares, one a world, against a range; its Monte Carlo error is that between worlds.
  private static func share(
    _ name: String, _ values: [Double], _ range: ClosedRange<Double>
  ) -> ThresholdTarget {
    let asked =
      "\(Int((range.lowerBound * 100).rounded())) to "
      + "\(Int((range.upperBound * 100).rounded())) %"
    guard !values.isEmpty else {
      return ThresholdTarget(
        name: name, asked: asked, value: nil, ci95: nil, of: 0, outcome: .undecided)
    }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1)
    let half = NormalDistribution.quantile975 * (spread / n).squareRoot()
    let wilson = WilsonInterval.ci95(successes: mean * n, trials: n)
    // Where worlds hardly differ, or each says yes or no, the binomial interval.
    let binary = values.allSatisfy { $0 == 0 || $0 == 1 }
    let interval =
      binary || half == 0
      ? [wilson.lower, wilson.upper] : [max(0, mean - half), min(1, mean + half)]
    return ThresholdTarget(
      name: name, asked: asked, value: mean, ci95: interval, of: values.count,
      outcome: .init(
        isMet: range.contains(mean),
        isExcluded: interval[1] < range.lowerBound || interval[0] > range.upperBound))
  }
}
