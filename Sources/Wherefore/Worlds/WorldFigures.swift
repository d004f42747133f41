import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import Statistics
import SyntheticWorld

/// What one world's analysis said, beside its truth.
public struct WorldFigures: Codable, Sendable {
  /// One quantity in one world.
  public struct Figure: Codable, Sendable {
    public var name: String
    public var truth: Double
    public var estimate: Double
    public var standardError: Double
    public var covered: Bool
    /// What it is a part of where that is not the world's caused repeats.
    public var total: Double?

    package init(
      name: String, truth: Double, estimate: Double, standardError: Double, covered: Bool,
      total: Double? = nil
    ) {
      self.name = name
      self.truth = truth
      self.estimate = estimate
      self.standardError = standardError
      self.covered = covered
      self.total = total
    }
  }

  /// What the names of shares begin with; shares are in per cent of the caused repeats.
  static let sharePrefix = "share:"
  /// What the names of figures begin with that come of a study without the identity errors.
  static let undeclaredPrefix = "undeclared:"
  /// What the names of places end with: the latency at which a response begins.
  static let onsetSuffix = ":latency_begins"

  public var regime: String
  public var seed: UInt64
  public var interactions: Int
  /// True caused repeats.
  public var caused: Double
  public var figures: [Figure]
  /// What "same topic again within 7 days, one logistic regression, flags off" gives for the system.
  public var naiveSystem: Double
  /// The checks that ran, and whether each warns or fails.
  public var checks: [String: Bool]
  /// What the model's selection chose, in order; nil in worlds of earlier versions.
  public var chosen: [String]?
  public var seconds: Double
  /// Where staff are compared with one another.
  public var staff: StaffFigures?
  /// Why the world could not be analysed; nil where it was.
  public var failure: String?

  package init(
    regime: Regime, seed: UInt64, interactions: Int, caused: Double, figures: [Figure],
    naiveSystem: Double, checks: [String: Bool], seconds: Double
  ) {
    self.regime = regime.rawValue
    self.seed = seed
    self.interactions = interactions
    self.caused = caused
    self.figures = figures
    self.naiveSystem = naiveSystem
    self.checks = checks
    self.seconds = seconds
  }

  /// A world that could not be analysed.
  package init(regime: Regime, seed: UInt64, failure: String) {
    self.init(
      regime: regime, seed: seed, interactions: 0, caused: 0, figures: [], naiveSystem: 0,
      checks: [:], seconds: 0)
    self.failure = failure
  }

  /// Generates a world and analyses it without writing anything.
  public static func measure(
    regime: Regime, interactions: Int, seed: UInt64, threads: Int,
    intervals: Analysis.Intervals = .sandwich, modelChecks: Bool = false
  ) throws -> WorldFigures {
    let clock = ContinuousClock()
    let start = clock.now
    let source = World(regime: regime, interactions: interactions, seed: seed)
    let log = source.generate(includeTotals: true)
    let world = RecordedWorld(regime: regime, log: log, seed: seed)
    var options = AttributionOptions(
      seed: seed, threads: threads, intervals: intervals, modelChecks: modelChecks,
      scope: world.study.outcomes.isEmpty ? .figures : .outcomes)
    options.comparesStaff = StaffFigures.regimes.contains(regime)
    let (outcome, prepared) = try world.analyse(world.study, options)
    var figures = world.figures(of: outcome.report, prepared)
    var checks = outcome.report.checks
    if let plain = world.undeclared {
      options.modelChecks = false
      let (other, _) = try world.analyse(plain, options)
      figures += world.undeclaredFigures(of: other.report)
      // Where nobody has said that ids are wrong, the report must.
      checks = other.report.checks
    }
    let modes = try ModeTable.build(study: .canonical, table: log.table)
    var result = WorldFigures(
      regime: regime, seed: seed, interactions: log.table.count, caused: log.truth.expected.total,
      figures: figures,
      naiveSystem: try CustomaryAttribution.systemCaused(table: log.table, modes: modes),
      checks: Dictionary(
        checks.filter { $0.verdict != .notApplicable }
          .map { ($0.name, $0.verdict != .pass) }, uniquingKeysWith: { $0 || $1 }),
      seconds: StageClock.seconds(clock.now - start))
    result.chosen = outcome.report.model.selection.filter(\.chosen).map(\.candidate)
    result.staff = StaffFigures(outcome, worse: source.worseMember)
    return result
  }
}

/// What is customary: an interaction counts as repeated when the same customer and topic come again
/// within 7 days; one logistic regression on flags, topic and channel over the interactions whose 7
/// days the log covers; the system's flags switched off for all, those near the log's end by the share
/// of their 7 days. Kept for comparison: it counts coincidences as caused and knows no background.
enum CustomaryAttribution {
  static func systemCaused(table: InteractionTable, modes: ModeTable) throws -> Double {
    let context = ContextTable(table: table, names: ["topic", "channel"])
    let rule = RuleCount(table: table, windowDays: 7, sameTopic: true)
    let contextColumns = context.columnNames.count
    var design = IndicatorDesign(columnCount: 1 + contextColumns + modes.modes.count)
    var index = CellIndex(width: 1 + modes.modes.count)
    var key = [Int32](repeating: 0, count: 1 + modes.modes.count)
    var successes: [Double] = []
    var trials: [Double] = []
    // Interactions of the cell by the share of their window that the log covers.
    var exposure: [Double] = []
    let window = 7 * 86_400_000.0
    let end = table.startedAt.max() ?? 0
    for row in 0..<table.count where table.customer.codes[row] >= 0 {
      key[0] = context.combination[row]
      for m in modes.modes.indices { key[1 + m] = modes.state[m].storage[row] == 1 ? 1 : 0 }
      let cell = Int(index.number(of: key))
      if cell == trials.count {
        var columns: [Int32] = [0]
        columns += context.columns[Int(key[0])].map { $0 + 1 }
        for m in modes.modes.indices where key[1 + m] == 1 {
          columns.append(Int32(1 + contextColumns + m))
        }
        design.append(row: columns)
        trials.append(0)
        successes.append(0)
        exposure.append(0)
      }
      exposure[cell] += min(Double(end - table.startedAt[row]) / window, 1)
      guard let followed = rule.followedInWholeWindow[row] else { continue }
      trials[cell] += 1
      if followed { successes[cell] += 1 }
    }
    let fit = try LogisticRegression(design: design, ridge: nil).fit(
      successes: successes, trials: trials)
    let predictor = design.linearPredictor(fit.coefficients)
    var sum = 0.0
    for cell in trials.indices {
      var without = predictor[cell]
      for m in modes.modes.indices
      where modes.modes[m].side == .system && index[cell][index[cell].startIndex + 1 + m] == 1 {
        without -= fit.coefficients[1 + contextColumns + m]
      }
      sum += exposure[cell] * (logistic(predictor[cell]) - logistic(without))
    }
    return sum
  }
}
