import InteractionLog
import Report
import Statistics

public typealias ModelFormula = Statistics.ModelFormula

/// `wherefore fit`: a regression on the columns of a CSV file.
public struct RegressionAnalysis: Sendable {
  public typealias Family = Statistics.Family
  public typealias Link = Statistics.Link
  public typealias Penalty = Statistics.Penalty
  public typealias RobustCovariance = Statistics.RobustCovariance

  public var formula: ModelFormula
  public var family: Family
  public var link: Link?
  public var penalty: Penalty
  public var weights: String?
  public var offset: String?
  /// One or two columns of clusters; empty for none.
  public var clusters: [String]
  public var robust: RobustCovariance?
  /// Of a model with random terms; nil for the family's default.
  public var method: Method?
  public var threads: Int

  public init(
    formula: ModelFormula, family: Family = .gaussian, link: Link? = nil, penalty: Penalty = .none,
    weights: String? = nil, offset: String? = nil, clusters: [String] = [],
    robust: RobustCovariance? = nil, method: Method? = nil, threads: Int = 1
  ) {
    self.formula = formula
    self.family = family
    self.link = link
    self.penalty = penalty
    self.weights = weights
    self.offset = offset
    self.clusters = clusters
    self.robust = robust
    self.method = method
    self.threads = threads
  }

  /// Reads the file and fits.
  ///
  /// - Throws: `LogError` and `TableError` for the file, `TableInputError` for the model.
  public func run(path: String) throws -> Result {
    let reading = try TableReading.read(path: path)
    if !formula.random.isEmpty {
      do {
        return Result(self, try mixedRequest().fit(reading.table))
      } catch {
        throw TableInputError(.regression(error), in: reading)
      }
    }
    let request = RegressionRequest(
      formula: formula, family: family, link: link, penalty: penalty, weights: weights,
      offset: offset, further: clusters, threads: threads)
    do {
      let fit = try request.fit(reading.table)
      return Result(fit, try fit.table(errors))
    } catch {
      throw TableInputError(.regression(error), in: reading)
    }
  }

  private var errors: RegressionFit.Errors {
    if !clusters.isEmpty { return .clustered(clusters) }
    return robust.map { .robust($0) } ?? .model
  }

  /// The result as `--json` prints it; CONTRACT names the keys.
  public struct Result: Encodable, Sendable {
    public struct Coefficient: Encodable, Sendable {
      public let term: String
      public let estimate: Double
      public let se: Double
      public let statistic: Double?
      public let p: Double?
      public let ci95: [Double]
    }

    public struct RandomEffect: Encodable, Sendable {
      public let group: String
      public let term: String
      public let sd: Double
      public let levels: Int
    }

    public let formula: String
    public let family: String
    public let link: String
    /// Responses that were fitted.
    public let n: Int
    /// Rows left out because a value is missing.
    public let rowsDropped: Int
    public let coefficients: [Coefficient]
    public let randomEffects: [RandomEffect]
    /// Groups of random terms whose covariance has no full rank: an effect does not vary, or goes with
    /// another one entirely.
    public let singularGroups: [String]
    /// How a model with random terms was fitted.
    public let method: String?
    /// √ of the dispersion; nil where the family has none.
    public let residualSD: Double?
    public let residualDegreesOfFreedom: Int
    /// At the estimate, a penalty not counted; nil for a quasi-family.
    public let logLikelihood: Double?
    public let deviance: Double
    public let nullDeviance: Double?
    /// nil for a quasi-family and under a penalty.
    public let aic: Double?
    /// θ of a negative binomial.
    public let theta: Double?
    /// Columns that others determine.
    public let droppedTerms: [String]
    /// `model`, `HC0` … `HC3`, or `cluster(a)`, `cluster(a, b)`.
    public let errors: String
    /// Groups of each clustering.
    public let clusters: [Int]
    public let penalty: String?
    public let iterations: Int
    public let converged: Bool

    enum CodingKeys: String, CodingKey {
      case formula, family, link, n, coefficients, deviance, aic, theta, errors, clusters, penalty
      case iterations, converged, method
      case singularGroups = "singular_groups"
      case rowsDropped = "rows_dropped"
      case randomEffects = "random_effects"
      case residualSD = "residual_sd"
      case residualDegreesOfFreedom = "residual_df"
      case logLikelihood = "log_likelihood"
      case nullDeviance = "null_deviance"
      case droppedTerms = "dropped_terms"
    }
  }
}

extension RegressionAnalysis.Result {
  init(_ result: RegressionFit, _ table: RegressionFit.Table) {
    let fit = result.fit
    formula = result.request.formula.text
    family = fit.family.name
    link = fit.link.rawValue
    n = fit.responseCount
    rowsDropped = result.frame.droppedRowCount
    coefficients = table.coefficients.map {
      Coefficient(
        term: $0.term, estimate: $0.estimate, se: $0.standardError, statistic: $0.statistic,
        p: $0.pValue, ci95: [$0.lower, $0.upper])
    }
    (randomEffects, singularGroups, method) = ([], [], nil)
    residualSD = fit.family.hasFreeDispersion ? fit.dispersion.squareRoot() : nil
    residualDegreesOfFreedom = fit.residualDegreesOfFreedom
    logLikelihood = fit.logLikelihood
    deviance = fit.deviance
    nullDeviance = fit.nullDeviance
    aic = fit.penalty == .none ? fit.informationCriterion : nil
    theta = fit.family.theta
    droppedTerms = result.droppedTerms
    errors = table.name
    clusters = table.clusterCounts
    penalty = fit.penalty.name
    iterations = fit.path.iterations
    converged = fit.path.ending == .converged
  }
}

extension Penalty {
  /// As the command line has it; nil for none.
  var name: String? {
    switch self {
    case .none: nil
    case .firth: "firth"
    case .ridge(let strength): "ridge=\(NumberDigits.text(strength))"
    }
  }
}
