import Execution
import Statistics
import SyntheticWorld

/// `wherefore validate`: worlds with known truth, analysed as a log would be, in every regime.
public struct Validation: Sendable {
  public var regimes: [Regime]
  public var worlds: Int
  public var interactions: Int
  public var firstSeed: UInt64
  public var threads: Int
  public var modelChecks: Bool

  public init(
    regimes: [Regime], worlds: Int, interactions: Int, firstSeed: UInt64, threads: Int,
    modelChecks: Bool = false
  ) {
    self.regimes = regimes
    self.worlds = worlds
    self.interactions = interactions
    self.firstSeed = firstSeed
    self.threads = threads
    self.modelChecks = modelChecks
  }

  /// One quantity over the worlds of a regime.
  public struct Row: Codable, Sendable {
    public var quantity: String
    public var worlds: Int
    public var meanTruth: Double
    /// Mean of estimate − truth, and the same relative to the mean truth (nil where that is 0).
    public var bias: Double
    public var relativeBias: Double?
    public var rootMeanSquareError: Double
    public var meanStandardError: Double
    /// Worlds whose 95 % interval holds the truth.
    public var covered: Int
  }

  public struct RegimeResult: Codable, Sendable {
    public var regime: String
    public var rows: [Row]
    /// Mean relative error of the customary method for the system's count.
    public var customaryRelativeBias: Double?
    /// Checks that warned, with the number of worlds.
    public var warnings: [String: Int]
    public var seconds: Double
  }

  public struct Result: Codable, Sendable {
    public var version: String
    public var worlds: Int
    public var interactions: Int
    public var firstSeed: UInt64
    public var regimes: [RegimeResult]
  }

  /// Runs the worlds, as many at once as there are threads; the result does not depend on it.
  public func run(progress: RunProgress = .silent) throws -> Result {
    var results: [RegimeResult] = []
    let share = 1 / Double(max(regimes.count, 1))
    for (k, regime) in regimes.enumerated() {
      progress.stage(
        regime.rawValue, from: Double(k) * share, to: Double(k + 1) * share)
      let seeds = (0..<worlds).map { firstSeed + UInt64($0) }
      let size = interactions
      let checks = modelChecks
      let outcomes = parallelMap(count: worlds, threads: threads) { w in
        Swift.Result {
          try WorldFigures.measure(
            regime: regime, interactions: size, seed: seeds[w], threads: 1, modelChecks: checks)
        }
      }
      results.append(Validation.summarise(regime, try outcomes.map { try $0.get() }))
    }
    return Result(
      version: WhereforeVersion.current, worlds: worlds, interactions: interactions,
      firstSeed: firstSeed, regimes: results)
  }

  static func summarise(_ regime: Regime, _ worlds: [WorldFigures]) -> RegimeResult {
    var names: [String] = []
    for world in worlds {
      for f in world.figures where !names.contains(f.name) { names.append(f.name) }
    }
    let rows = names.map { name -> Row in
      let figures = worlds.compactMap { $0.figures.first { $0.name == name } }
      let n = Double(figures.count)
      let truth = figures.reduce(0) { $0 + $1.truth } / n
      let bias = figures.reduce(0) { $0 + $1.estimate - $1.truth } / n
      let square =
        figures.reduce(0) { $0 + ($1.estimate - $1.truth) * ($1.estimate - $1.truth) } / n
      let meanSquareSE = figures.reduce(0) { $0 + $1.standardError * $1.standardError } / n
      return Row(
        quantity: name, worlds: figures.count, meanTruth: truth, bias: bias,
        relativeBias: abs(truth) > 1e-9 ? bias / truth : nil,
        rootMeanSquareError: square.squareRoot(), meanStandardError: meanSquareSE.squareRoot(),
        covered: figures.count { $0.covered })
    }
    let truths = worlds.map { w in w.figures.first { $0.name == "system" }?.truth ?? 0 }
    let truth = truths.reduce(0, +) / Double(max(worlds.count, 1))
    let naive = worlds.reduce(0) { $0 + $1.naiveSystem } / Double(max(worlds.count, 1))
    var warnings: [String: Int] = [:]
    for world in worlds { for name in world.warnings { warnings[name, default: 0] += 1 } }
    return RegimeResult(
      regime: regime.rawValue, rows: rows,
      customaryRelativeBias: truth > 1e-9 ? (naive - truth) / truth : nil, warnings: warnings,
      seconds: worlds.reduce(0) { $0 + $1.seconds })
  }
}
