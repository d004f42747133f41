import Attribution
import InteractionLog
import SyntheticWorld
import WhatIf

/// What `whatif` said of one world whose response to the threshold is known, beside its truth.
public struct ThresholdFigures: FinishedWorld {
  /// An estimate with its 95 % interval.
  public struct Guess: Codable, Sendable {
    public var estimate: Double
    public var lower: Double
    public var upper: Double

    /// But for rounding: what does not change has an interval without width.
    func holds(_ truth: Double) -> Bool { lower - 1e-9 <= truth && truth <= upper + 1e-9 }
  }

  /// One outcome at one threshold, per first contact.
  public struct Point: Codable, Sendable {
    public var outcome: String
    public var threshold: Double
    /// As `PolicySupport.Verdict`.
    public var support: String
    public var effectiveN: Double
    public var truth: Double
    /// Less what the thresholds in force last bring.
    public var trueChange: Double
    public var doublyRobust: Guess?
    public var inversePropensity: Guess?
    public var direct: Double?
    public var combined: Double?
    public var change: Guess?
    /// The interval around the bounds, outside support.
    public var bounds: Guess?
    public var changeBounds: Guess?
  }

  /// True costs per first contact of thresholds for all contacts, or by topic.
  public struct Costs: Codable, Sendable {
    public var today: Double
    /// Under the thresholds of least estimated cost; today's where none is supported.
    public var found: Double
    /// The same, where the report supports the change; else today's.
    public var advised: Double
    public var best: Double
    /// Whether the truly best threshold is inside support.
    public var isSupported: Bool
  }

  public var regime: String
  public var seed: UInt64
  public var interactions = 0
  public var points: [Point] = []
  public var costs: Costs?
  public var costsByTopic: Costs?
  /// Whether the report warns that the score's scale moved.
  public var warnsOfDrift: Bool?
  public var seconds = 0.0
  /// Why the world could not be analysed; nil where it was.
  public var failure: String?

  init(regime: ThresholdRegime, seed: UInt64) {
    (self.regime, self.seed) = (regime.rawValue, seed)
  }

  /// Thresholds that are tried.
  static let grid = [0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9]
  /// Interactions that the truth is simulated from, about.
  static let truthInteractions = 60_000

  /// Generates a world and asks what thresholds would do, without writing anything.
  static func measure(
    regime: ThresholdRegime, interactions: Int, seed: UInt64
  ) -> ThresholdFigures {
    var figures = ThresholdFigures(regime: regime, seed: seed)
    let clock = ContinuousClock()
    let start = clock.now
    do {
      try figures.fill(World(thresholds: regime, interactions: interactions, seed: seed))
    } catch {
      figures.failure = "\(error)"
    }
    figures.seconds = StageClock.seconds(clock.now - start)
    return figures
  }

  private mutating func fill(_ world: World) throws {
    let prices = World.Costs()
    var study = Study.canonical
    study.costs.perInteraction = prices.perContact
    study.costs.perStaffMinute = prices.perStaffMinute
    let log = world.generate(includeTotals: false)
    let table = try PreparedLog(log.table, customers: nil, study: study).table
    interactions = table.count
    let asked = ThresholdQuestion(
      grid: WhatIf.ThresholdGrid(ThresholdFigures.grid),
      options: .init(
        windowDays: study.repeatWindow.windowDays, costs: study.costs), seed: world.seed)
    let all = try asked.answer(table, by: nil)
    let topics = try asked.answer(table, by: "topic")
    warnsOfDrift = try ScoreAnalysis(table).drift().warns

    let times = max(2, ThresholdFigures.truthInteractions / max(world.interactions, 1))
    let found = topics.chosen(today: world.lastPolicy, onlySupported: false)
    let advised = topics.chosen(today: world.lastPolicy, onlySupported: true)
    let policies = ThresholdFigures.grid.map { World.ThresholdPolicy(threshold: $0) }
    let truths = try world.expectedTruths(
      under: [world.lastPolicy, found, advised] + policies, costs: prices, times: times)
    let (today, byGrid) = (truths[0], Array(truths[3...]))
    for (point, truth) in zip(all.curve.points, byGrid) {
      add(point, truth.firstContacts, today.firstContacts)
    }
    costs = all.costs(today: today, byGrid: byGrid)
    costsByTopic = topics.costsByTopic(
      today: today, found: truths[1], advised: truths[2], byGrid: byGrid)
  }

  private mutating func add(
    _ point: CurvePoint, _ truth: PolicyTruth.Figures, _ today: PolicyTruth.Figures
  ) {
    func value(_ outcome: PolicyOutcome, _ f: PolicyTruth.Figures) -> Double? {
      switch outcome {
      case .repeats: f.laterContacts / f.contacts
      case .staffMinutes: f.staffMinutes / f.contacts
      case .cost: f.cost / f.contacts
      default: nil
      }
    }
    for told in point.outcomes {
      guard let truth = value(told.outcome, truth), let today = value(told.outcome, today) else {
        continue
      }
      points.append(
        Point(
          outcome: told.outcome.rawValue, threshold: point.threshold,
          support: point.support.verdict.rawValue, effectiveN: point.support.effectiveN,
          truth: truth, trueChange: truth - today, doublyRobust: Guess(told.doublyRobust),
          inversePropensity: Guess(told.inversePropensity),
          direct: told.directMethod.estimate, combined: told.combined?.estimate,
          change: Guess(told.change),
          bounds: told.bounds.map(Guess.init), changeBounds: told.changeBounds.map(Guess.init)))
    }
  }
}

extension ThresholdFigures.Guess {
  init?(_ estimate: PolicyEstimate) {
    guard let value = estimate.estimate, let ci = estimate.ci95 else { return nil }
    self.init(estimate: value, lower: ci[0], upper: ci[1])
  }

  init(_ bounds: PolicyBounds) {
    self.init(
      estimate: (bounds.lower + bounds.upper) / 2, lower: bounds.ci95[0], upper: bounds.ci95[1])
  }
}
