import Statistics
import SyntheticWorld

extension Validation {
  /// What the worlds of one regime say.
  public struct RegimeResult: Codable, Sendable {
    public var regime: String
    /// Worlds that were analysed.
    public var worlds: Int
    public var rows: [Row]
    /// Mean relative error of the customary method for the system's count.
    public var customaryRelativeBias: Double?
    /// Checks that warned or failed, with the number of worlds.
    public var warnings: [String: Int]
    /// Checks that ran, with the number of worlds.
    public var checked: [String: Int]
    /// Worlds that could not be analysed, by reason.
    public var failures: [String: Int]
    /// Who of staff is named, where they were compared.
    public var staff: StaffResult?
    /// Of all worlds together, on one core.
    public var seconds: Double

    /// - Parameter figures: of one regime, by seed.
    package init(_ regime: Regime, worlds figures: [WorldFigures]) {
      self.regime = regime.rawValue
      let analysed = figures.filter { $0.failure == nil }
      worlds = analysed.count
      var names: [String] = []
      for world in analysed {
        for figure in world.figures where !names.contains(figure.name) { names.append(figure.name) }
      }
      rows = names.map { name in
        Row(
          name,
          analysed.compactMap { world in
            world.figures.first { $0.name == name }.map { ($0, world.caused) }
          })
      }
      let truths = analysed.map { world in
        world.figures.first { $0.name == "system" }?.truth ?? 0
      }
      let truth = Row.mean(truths)
      let customary = Row.mean(analysed.map(\.naiveSystem))
      customaryRelativeBias = truth > 1e-9 ? (customary - truth) / truth : nil
      var warnings: [String: Int] = [:]
      var checked: [String: Int] = [:]
      for world in analysed {
        for (name, warned) in world.checks {
          checked[name, default: 0] += 1
          if warned { warnings[name, default: 0] += 1 }
        }
      }
      self.warnings = warnings
      self.checked = checked
      var failures: [String: Int] = [:]
      for reason in figures.compactMap(\.failure) { failures[reason, default: 0] += 1 }
      self.failures = failures
      staff = StaffResult(analysed.compactMap(\.staff))
      seconds = figures.reduce(0) { $0 + $1.seconds }
    }

    /// Checks that warned, with the share of the worlds in which they ran, highest share first.
    public var warningShares: [(check: String, share: Double)] {
      warnings.map { ($0.key, Double($0.value) / Double(max(checked[$0.key] ?? 0, 1))) }
        .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
    }
  }

  /// One quantity over the worlds of a regime: a cell of part × regime or mode × regime.
  public struct Row: Codable, Sendable {
    public var quantity: String
    /// Worlds in which the report gives the quantity with an interval.
    public var worlds: Int
    public var meanTruth: Double
    /// Mean of estimate − truth, and the same relative to the mean truth (nil where that is 0).
    public var bias: Double
    public var relativeBias: Double?
    /// The bias in points of the caused repeats (their true number is 100), and the Monte Carlo
    /// standard error of that.
    public var biasPoints: Double
    public var biasPointsError: Double
    public var rootMeanSquareError: Double
    /// Mean of the standard errors that the intervals state.
    public var meanStandardError: Double
    /// Worlds whose 95 % interval holds the truth.
    public var covered: Int
    /// Their share, with Wilson's interval for the Monte Carlo error.
    public var coverage: Double
    public var coverageCi95: [Double]
    /// Two-sided binomial p that 95 % intervals cover so few or so many; only where the truth is 0 in
    /// every world.
    public var placeboP: Double?
    /// By criterion.
    public var outcomes: [String: Outcome] = [:]

    init(_ name: String, _ figures: [(figure: WorldFigures.Figure, caused: Double)]) {
      let n = Double(max(figures.count, 1))
      quantity = name
      worlds = figures.count
      meanTruth = Row.mean(figures.map(\.figure.truth))
      let errors = figures.map { $0.figure.estimate - $0.figure.truth }
      bias = Row.mean(errors)
      relativeBias = abs(meanTruth) > 1e-9 ? bias / meanTruth : nil
      // A share is in points already.
      let points = zip(errors, figures).map { error, entry in
        name.hasPrefix(WorldFigures.sharePrefix)
          ? error : 100 * error / max(entry.figure.total ?? entry.caused, 1e-9)
      }
      biasPoints = Row.mean(points)
      let mean = biasPoints
      let squares = points.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      biasPointsError = (squares / max(n - 1, 1) / n).squareRoot()
      rootMeanSquareError = Row.mean(errors.map { $0 * $0 }).squareRoot()
      meanStandardError = Row.mean(figures.map(\.figure.standardError))
      covered = figures.count { $0.figure.covered }
      coverage = Double(covered) / n
      let wilson = WilsonInterval.ci95(
        successes: Double(covered), trials: Double(figures.count))
      coverageCi95 = [wilson.lower, wilson.upper]
      placeboP =
        !figures.isEmpty && figures.allSatisfy { $0.figure.truth == 0 }
        ? Row.binomialP(covered, of: figures.count) : nil
    }

    static func mean(_ values: [Double]) -> Double {
      values.reduce(0, +) / Double(max(values.count, 1))
    }

    /// Twice the smaller tail of Binomial(n, 0.95), at most 1.
    package static func binomialP(_ successes: Int, of n: Int) -> Double {
      // P(X ≤ k) = I_{1−p}(n − k, k + 1)
      func lower(_ k: Int) -> Double {
        if k < 0 { return 0 }
        if k >= n { return 1 }
        return BetaFunctions.regularized(0.05, Double(n - k), Double(k + 1))
      }
      return min(1, 2 * min(lower(successes), 1 - lower(successes - 1)))
    }
  }
}
