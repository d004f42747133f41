import SyntheticWorld

/// What the worlds of one threshold regime say.
public struct ThresholdResult: Codable, Sendable {
  /// One outcome at one threshold over the worlds in which it is inside support.
  public struct Row: Codable, Sendable {
    public var outcome: String
    public var threshold: Double
    public var worlds: Int
    public var effectiveN: Double
    public var meanTruth: Double
    public var bias: Double
    /// Root mean square errors.
    public var doublyRobust: Double
    public var inversePropensity: Double
    public var direct: Double
    /// Worlds whose 95 % interval holds the truth.
    public var covered: Int
    /// Those whose interval lies wholly below the truth.
    public var below: Int
    public var inverseCovered: Int
    public var changeCovered: Int
  }

  /// One outcome at one threshold over the worlds in which it has bounds.
  public struct Bounded: Codable, Sendable {
    public var outcome: String
    public var threshold: Double
    public var worlds: Int
    public var covered: Int
    public var changeCovered: Int
    public var meanWidth: Double
  }

  public var regime: String
  public var worlds: Int
  public var rows: [Row]
  public var bounds: [Bounded]
  /// Worlds, and those that warn of the score's scale.
  public var driftAsked: Int
  public var driftWarned: Int
  /// Worlds by reason that could not be analysed.
  public var failures: [String: Int]
  /// Of all worlds together, on one core.
  public var seconds: Double

  init(_ regime: ThresholdRegime, worlds figures: [ThresholdFigures]) {
    self.regime = regime.rawValue
    let analysed = figures.filter { $0.failure == nil }
    worlds = analysed.count
    (rows, bounds) = ([], [])
    let outcomes = analysed.first.map { world in
      world.points.map(\.outcome).reduce(into: [String]()) {
        if !$0.contains($1) { $0.append($1) }
      }
    }
    for outcome in outcomes ?? [] {
      for threshold in ThresholdFigures.grid {
        let points = analysed.flatMap(\.points).filter {
          $0.outcome == outcome && $0.threshold == threshold
        }
        if let row = Row(points) { rows.append(row) }
        if let row = Bounded(points) { bounds.append(row) }
      }
    }
    let told = analysed.compactMap(\.warnsOfDrift)
    (driftAsked, driftWarned) = (told.count, told.count { $0 })
    failures = [:]
    for reason in figures.compactMap(\.failure) { failures[reason, default: 0] += 1 }
    seconds = figures.reduce(0) { $0 + $1.seconds }
  }
}

extension ThresholdResult.Row {
  init?(_ points: [ThresholdFigures.Point]) {
    let told = points.filter { $0.support == "supported" && $0.doublyRobust != nil }
    guard let first = told.first else { return nil }
    func mean(_ value: (ThresholdFigures.Point) -> Double?) -> Double {
      let values = told.compactMap(value)
      return values.reduce(0, +) / Double(max(values.count, 1))
    }
    func error(_ value: (ThresholdFigures.Point) -> Double?) -> Double {
      mean { point in value(point).map { ($0 - point.truth) * ($0 - point.truth) } }.squareRoot()
    }
    (outcome, threshold, worlds) = (first.outcome, first.threshold, told.count)
    effectiveN = mean(\.effectiveN)
    meanTruth = mean(\.truth)
    bias = mean { point in point.doublyRobust.map { $0.estimate - point.truth } }
    doublyRobust = error { $0.doublyRobust?.estimate }
    inversePropensity = error { $0.inversePropensity?.estimate }
    direct = error(\.direct)
    covered = told.count { $0.doublyRobust?.holds($0.truth) ?? false }
    below = told.count { ($0.doublyRobust?.upper ?? .infinity) < $0.truth }
    inverseCovered = told.count { $0.inversePropensity?.holds($0.truth) ?? false }
    changeCovered = told.count { $0.change?.holds($0.trueChange) ?? false }
  }
}

extension ThresholdResult.Bounded {
  init?(_ points: [ThresholdFigures.Point]) {
    let told = points.filter { $0.bounds != nil }
    guard let first = told.first else { return nil }
    (outcome, threshold, worlds) = (first.outcome, first.threshold, told.count)
    covered = told.count { $0.bounds?.holds($0.truth) ?? false }
    changeCovered = told.count { $0.changeBounds?.holds($0.trueChange) ?? false }
    meanWidth =
      told.reduce(0) { $0 + ($1.bounds.map { $0.upper - $0.lower } ?? 0) } / Double(told.count)
  }
}
