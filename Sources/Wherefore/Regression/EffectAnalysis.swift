import Statistics

/// The effect of a treatment from a CSV file.
public struct EffectAnalysis: Sendable {
  public var path: String
  public var request: EffectRequest
  public var threads: Int

  public init(path: String, request: EffectRequest, threads: Int) {
    self.path = path
    self.request = request
    self.threads = threads
  }

  /// Reads the file and estimates.
  ///
  /// - Throws: `LogError` and `TableError` for the file, `TableInputError` for what is in it.
  public func run() throws -> EffectSummary {
    let reading = try TableReading.read(path: path)
    do {
      let (effect, dropped) = try request.estimate(reading.table, threads: threads)
      return EffectSummary(effect, request, droppedRows: dropped)
    } catch {
      throw TableInputError(.effect(error), in: reading)
    }
  }
}

/// What `wherefore effect` says, as section 3 of the contract names it.
public struct EffectSummary: Codable, Sendable, Equatable {
  public var outcome: String
  public var treatment: String
  public var adjust: [String]
  public var estimand: String
  public var outcomeModel: String
  public var estimate: Double
  public var se: Double
  public var ci95: [Double]
  /// Null where the standard error is 0.
  public var p: Double?
  public var treatedMean: Double
  public var untreatedMean: Double
  /// Of the means; null where one is not above 0, or so close to it that the interval is infinite.
  public var ratio: Ratio?
  public var rows: Int
  public var treatedRows: Int
  public var droppedRows: Int
  /// Clusters behind the standard error; null without `--cluster`.
  public var clusters: Int?
  public var folds: Int
  public var seed: UInt64
  public var overlap: Overlap
  public var balance: [Balance]
  /// From the ratio where outcomes are 0 or 1, and null without one; else from the standardised
  /// difference.
  public var eValue: Double?
  /// Of the confidence limit nearest to no effect; 1 where the interval holds none. Null where the
  /// E-value is.
  public var eValueLimit: Double?
  /// Why there is no ratio or no E-value; null where there are both.
  public var note: String?

  public struct Ratio: Codable, Sendable, Equatable {
    public var estimate: Double
    public var ci95: [Double]
  }

  public struct Overlap: Codable, Sendable, Equatable {
    public var treated: Arm
    public var untreated: Arm
    /// Propensities outside `bound` ... 1 − `bound` that were moved there.
    public var bounded: Int
    public var bound: Double
  }

  public struct Arm: Codable, Sendable, Equatable {
    public var rows: Int
    /// Of the propensity, by percentage: `p0` to `p100`.
    public var quantiles: [String: Double]
    public var below1: Double
    public var below5: Double
    public var above95: Double
    public var above99: Double
    public var effectiveRows: Double

    enum CodingKeys: String, CodingKey {
      case quantiles
      case rows = "n"
      case below1 = "share_below_0.01"
      case below5 = "share_below_0.05"
      case above95 = "share_above_0.95"
      case above99 = "share_above_0.99"
      case effectiveRows = "effective_n"
    }
  }

  public struct Balance: Codable, Sendable, Equatable {
    public var covariate: String
    public var treatedMean: Double
    public var untreatedMean: Double
    /// Standardised mean differences as observed and weighted; null where neither arm varies.
    public var raw: Double?
    public var weighted: Double?

    enum CodingKeys: String, CodingKey {
      case covariate
      case treatedMean = "treated_mean"
      case untreatedMean = "untreated_mean"
      case raw = "smd_raw"
      case weighted = "smd_weighted"
    }
  }

  enum CodingKeys: String, CodingKey {
    case outcome, treatment, adjust, estimand, estimate, se, ci95, p, ratio, clusters, folds, seed
    case overlap, balance, note
    case outcomeModel = "outcome_model"
    case treatedMean = "treated_mean"
    case untreatedMean = "untreated_mean"
    case rows = "n"
    case treatedRows = "n_treated"
    case droppedRows = "rows_dropped"
    case eValue = "e_value"
    case eValueLimit = "e_value_limit"
  }
}

extension EffectSummary {
  init(_ effect: CrossFittedEffect, _ request: EffectRequest, droppedRows: Int) {
    let interval = effect.ci95
    self.init(
      outcome: request.outcome, treatment: request.treatment, adjust: request.adjust,
      estimand: effect.estimand.rawValue, outcomeModel: request.weighting.outcomeModel.rawValue,
      estimate: effect.estimate, se: effect.standardError, ci95: [interval.lower, interval.upper],
      p: effect.pValue, treatedMean: effect.treatedMean, untreatedMean: effect.untreatedMean,
      ratio: effect.ratio.map {
        Ratio(estimate: $0.estimate, ci95: [$0.ci95.lower, $0.ci95.upper])
      }, rows: effect.rows, treatedRows: effect.treatedRows, droppedRows: droppedRows,
      clusters: effect.clusters, folds: effect.folds.count, seed: request.weighting.seed,
      overlap: Overlap(
        treated: Arm(effect.overlap.treated), untreated: Arm(effect.overlap.untreated),
        bounded: effect.overlap.bounded, bound: effect.overlap.bound),
      balance: effect.balance.map {
        Balance(
          covariate: $0.covariate, treatedMean: $0.treatedMean, untreatedMean: $0.untreatedMean,
          raw: $0.raw, weighted: $0.weighted)
      }, eValue: effect.eValue?.estimate, eValueLimit: effect.eValue?.limit,
      note: EffectSummary.note(effect))
  }

  private static func note(_ effect: CrossFittedEffect) -> String? {
    var sentences: [String] = []
    if effect.ratio == nil {
      let means = [("with", effect.treatedMean), ("without", effect.untreatedMean)]
      let reason =
        means.first { $0.1 <= 0 }.map {
          "the mean outcome \($0.0) treatment is \(EstimateText.number($0.1)), not above 0"
        } ?? "a mean is so close to 0 that its interval has no bounds"
      sentences.append("There is no ratio of means: \(reason).")
    }
    if effect.eValue == nil {
      sentences.append(
        effect.ratio == nil
          ? "An E-value of outcomes that are 0 or 1 needs one." : "The E-value has no bounds.")
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }
}

extension EffectSummary.Arm {
  init(_ arm: OverlapTable.ArmOverlap) {
    let levels = OverlapTable.levels.map { "p\(Int(($0 * 100).rounded()))" }
    self.init(
      rows: arm.count, quantiles: Dictionary(uniqueKeysWithValues: zip(levels, arm.quantiles)),
      below1: arm.below1, below5: arm.below5, above95: arm.above95, above99: arm.above99,
      effectiveRows: arm.effectiveCount)
  }
}
