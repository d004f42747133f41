import Statistics

extension Validation {
  /// Whether a cell meets a criterion.
  public enum Outcome: String, Codable, Sendable {
    case pass
    /// It does not, but by no more than the Monte Carlo error of so many worlds explains.
    case undecided
    case fail

    init(isMet: Bool, isExcluded: Bool) {
      self = isMet ? .pass : isExcluded ? .fail : .undecided
    }
  }

  /// What every cell must meet.
  public enum Criteria {
    /// Share of the worlds whose 95 % interval holds the truth.
    public static let coverage = 0.925...0.975
    /// Its mean over all cells.
    public static let meanCoverage = 0.94...0.96
    /// Points of the caused repeats that the bias may have besides two Monte Carlo errors.
    public static let biasPoints = 0.3
    /// Root mean square error over the mean reported standard error.
    public static let errorRatio = 1.2
    /// Over all modes that do nothing, two-sided, by Holm's procedure.
    public static let placeboFamilyError = 0.01
    /// A cell that fails counts as warned of where one check warns in this share of the worlds.
    public static let warnedShare = 0.9

    static let names = ["coverage", "bias", "error", "placebo"]
  }

  /// How the cells stand against the criteria.
  public struct Verdict: Codable, Sendable {
    public var cells: Int
    public var passed: Int
    public var undecided: Int
    public var failed: Int
    /// Of the undecided and failed: those of a regime in which the report warns.
    public var warned: Int
    /// Mean coverage over all cells, and over those of regimes in which the report does not warn; and
    /// whether the latter is where it should be.
    public var meanCoverage: Double?
    public var meanCoverageUnwarned: Double?
    public var meanCoverageOutcome: Outcome
    /// Worlds that could not be analysed.
    public var failedWorlds: Int
    /// Whether every cell passes or is warned of, and the mean coverage and all worlds are in order.
    public var passes: Bool

    /// Judges every cell: fills in `Row.outcomes`.
    package init(judging regimes: inout [RegimeResult]) {
      let family = Verdict.placebos(regimes)
      var coverages: [Double] = []
      var unwarned: [Double] = []
      cells = 0
      passed = 0
      undecided = 0
      failed = 0
      warned = 0
      for r in regimes.indices {
        let isWarned = regimes[r].isWarned
        for k in regimes[r].rows.indices where regimes[r].rows[k].isJudged {
          regimes[r].rows[k].judge(isRejectedPlacebo: family.contains(.init(r, k)))
          let row = regimes[r].rows[k]
          cells += 1
          coverages.append(row.coverage)
          if !isWarned { unwarned.append(row.coverage) }
          switch row.outcome {
          case .pass: passed += 1
          case .undecided: undecided += 1
          case .fail: failed += 1
          }
          if row.outcome != .pass && isWarned { warned += 1 }
        }
      }
      failedWorlds = regimes.reduce(0) { $0 + $1.failures.values.reduce(0, +) }
      meanCoverage = coverages.isEmpty ? nil : Row.mean(coverages)
      let mean = unwarned.isEmpty ? nil : Row.mean(unwarned)
      meanCoverageUnwarned = mean
      let worlds = regimes.map(\.worlds).min() ?? 0
      // Where every regime is warned of there is nothing left to hold.
      meanCoverageOutcome =
        mean.map {
          Verdict.outcome(
            ofMeanCoverage: $0, regimes: regimes.count { !$0.isWarned }, worlds: worlds)
        } ?? .pass
      passes =
        cells > 0 && passed + warned == cells && meanCoverageOutcome == .pass && failedWorlds == 0
    }

    /// Cells of one world err together: its Monte Carlo error is that of as many intervals as there
    /// are worlds, which is too wide rather than too narrow.
    private static func outcome(
      ofMeanCoverage mean: Double, regimes: Int, worlds: Int
    ) -> Outcome {
      let trials = Double(regimes * worlds)
      let interval = WilsonInterval.ci95(
        successes: min(max(mean, 0), 1) * trials, trials: trials)
      let range = Criteria.meanCoverage
      return Outcome(
        isMet: range.contains(mean),
        isExcluded: interval.upper < range.lowerBound || interval.lower > range.upperBound)
    }

    private struct Place: Hashable {
      let regime: Int
      let row: Int
      init(_ regime: Int, _ row: Int) {
        self.regime = regime
        self.row = row
      }
    }

    /// The placebo cells whose coverage is not 95 %, at the family error (Holm 1979).
    private static func placebos(_ regimes: [RegimeResult]) -> Set<Place> {
      var tests: [(p: Double, place: Place)] = []
      for (r, regime) in regimes.enumerated() {
        for (k, row) in regime.rows.enumerated() {
          if let p = row.placeboP { tests.append((p, Place(r, k))) }
        }
      }
      tests.sort {
        $0.p == $1.p
          ? ($0.place.regime, $0.place.row) < ($1.place.regime, $1.place.row) : $0.p < $1.p
      }
      var rejected: Set<Place> = []
      for (position, test) in tests.enumerated() {
        guard test.p <= Criteria.placeboFamilyError / Double(tests.count - position) else { break }
        rejected.insert(test.place)
      }
      return rejected
    }
  }
}

extension Validation.RegimeResult {
  /// Whether one check warns in nearly all worlds.
  public var isWarned: Bool {
    warningShares.contains { $0.share >= Validation.Criteria.warnedShare }
  }
}

extension Validation.Row {
  /// Figures of analyses that were kept from knowing what is wrong with the ids are shown only.
  var isJudged: Bool { worlds > 0 && !quantity.hasPrefix(WorldFigures.undeclaredPrefix) }

  /// The worst outcome.
  public var outcome: Validation.Outcome {
    outcomes.values.contains(.fail)
      ? .fail : outcomes.values.contains(.undecided) ? .undecided : .pass
  }

  mutating func judge(isRejectedPlacebo: Bool) {
    typealias Criteria = Validation.Criteria
    let range = Criteria.coverage
    outcomes["coverage"] = .init(
      isMet: range.contains(coverage),
      isExcluded: coverageCi95[1] < range.lowerBound || coverageCi95[0] > range.upperBound)
    // An interval for a place is skewed: whether it holds the place is all that can be asked.
    guard !quantity.hasSuffix(WorldFigures.onsetSuffix) else { return }
    // The criterion has its Monte Carlo error in it.
    let isBiased = abs(biasPoints) > Criteria.biasPoints + 2 * biasPointsError
    outcomes["bias"] = isBiased ? .fail : .pass
    let ratio = errorRatio
    // The error of a root mean square of n values, to first order.
    let least = ratio * (1 - NormalDistribution.quantile975 / (2 * Double(worlds)).squareRoot())
    outcomes["error"] = .init(
      isMet: ratio <= Criteria.errorRatio, isExcluded: least > Criteria.errorRatio)
    if placeboP != nil { outcomes["placebo"] = isRejectedPlacebo ? .fail : .pass }
  }

  /// Root mean square error over mean reported standard error; 0 where both are.
  public var errorRatio: Double {
    if meanStandardError > 0 { return rootMeanSquareError / meanStandardError }
    return rootMeanSquareError > 0 ? .greatestFiniteMagnitude : 0
  }
}
