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
  /// - Throws: `LogError` and `TableError` for the file, `EstimationError` for what is in it.
  public func run() throws -> EffectSummary {
    let reading = try TableReading.read(path: path)
    var kept: [Int32]?
    do {
      let frame = try request.frame(reading.table)
      kept = frame.rows
      let effect = try request.weighting.estimate(frame.data, threads: threads)
      return EffectSummary(effect, request, droppedRows: frame.droppedRowCount)
    } catch {
      throw reading.explained(
        .effect(error, line: reading.line(ofRow: error.row, among: kept)))
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
  public var p: Double?
  public var treatedMean: Double
  public var untreatedMean: Double
  /// Of the means; nil where one is not positive.
  public var ratio: Ratio?
  public var rows: Int
  public var treatedRows: Int
  public var droppedRows: Int
  public var clusters: Int?
  public var folds: Int
  public var seed: UInt64
  public var overlap: Overlap
  public var balance: [Balance]
  public var eValue: Double
  /// Of the confidence limit nearest to no effect; 1 where the interval holds none.
  public var eValueLimit: Double?

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
    /// Standardised mean differences as observed and weighted; nil where nothing varies.
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
    case overlap, balance
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
      }, eValue: effect.eValue.estimate, eValueLimit: effect.eValue.limit)
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
