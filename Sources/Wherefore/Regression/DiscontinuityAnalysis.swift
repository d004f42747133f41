import Statistics

/// The jump of an outcome at a cutoff from a CSV file.
public struct DiscontinuityAnalysis: Sendable {
  public var path: String
  public var request: DiscontinuityRequest
  public var threads: Int

  public init(path: String, request: DiscontinuityRequest, threads: Int) {
    self.path = path
    self.request = request
    self.threads = threads
  }

  /// Reads the file and estimates.
  ///
  /// - Throws: `LogError` and `TableError` for the file, `TableInputError` for what is in it.
  public func run() throws -> DiscontinuitySummary {
    let reading = try TableReading.read(path: path)
    do {
      return DiscontinuitySummary(
        try request.result(reading.table, threads: threads), request)
    } catch {
      throw TableInputError(.discontinuity(error), in: reading)
    }
  }
}

/// What `wherefore discontinuity` says, as section 3 of the contract names it.
public struct DiscontinuitySummary: Codable, Sendable, Equatable {
  public var outcome: String
  public var running: String
  public var cutoff: Double
  public var degree: Int
  public var kernel: String
  public var variance: String
  /// `mserd`, `msetwo`, or `given`.
  public var rule: String
  public var conventional: Inference
  public var robust: Inference
  public var bandwidth: Bandwidth
  /// Observations on each side, and those with a weight.
  public var leftRows: Int
  public var rightRows: Int
  public var leftInside: Int
  public var rightInside: Int
  public var leftMean: Double
  public var rightMean: Double
  public var droppedRows: Int
  public var densityTest: Density

  public struct Inference: Codable, Sendable, Equatable {
    public var estimate: Double
    public var se: Double
    public var ci95: [Double]
    /// Null where the standard error is 0.
    public var p: Double?
  }

  public struct Bandwidth: Codable, Sendable, Equatable {
    public var left: Double
    public var right: Double
    public var biasLeft: Double
    public var biasRight: Double

    enum CodingKeys: String, CodingKey {
      case left, right
      case biasLeft = "bias_left"
      case biasRight = "bias_right"
    }
  }

  /// The figures are null where a side has too few distinct values for a density, and `note` says so;
  /// else `note` is null. `left` and `right` are the densities at the cutoff.
  public struct Density: Codable, Sendable, Equatable {
    public var p: Double?
    public var statistic: Double?
    public var left: Double?
    public var right: Double?
    /// Why there is no test.
    public var note: String?
  }

  enum CodingKeys: String, CodingKey {
    case outcome, running, cutoff, degree, kernel, variance, rule, conventional, robust, bandwidth
    case leftRows = "n_left"
    case rightRows = "n_right"
    case leftInside = "n_inside_left"
    case rightInside = "n_inside_right"
    case leftMean = "mean_left"
    case rightMean = "mean_right"
    case droppedRows = "rows_dropped"
    case densityTest = "density_test"
  }
}

extension DiscontinuitySummary {
  init(_ result: DiscontinuityRequest.Result, _ request: DiscontinuityRequest) {
    let estimate = result.estimate
    let widths = estimate.bandwidths
    self.init(
      outcome: request.outcome, running: request.running, cutoff: request.design.cutoff,
      degree: estimate.degree, kernel: estimate.kernel.rawValue, variance: estimate.variance.name,
      rule: estimate.rule?.rawValue ?? "given", conventional: Inference(estimate.conventional),
      robust: Inference(estimate.robust),
      bandwidth: Bandwidth(
        left: widths.left, right: widths.right, biasLeft: widths.biasLeft,
        biasRight: widths.biasRight),
      leftRows: estimate.observations.left, rightRows: estimate.observations.right,
      leftInside: estimate.inside.left, rightInside: estimate.inside.right,
      leftMean: estimate.levels.left, rightMean: estimate.levels.right,
      droppedRows: result.droppedRowCount, densityTest: Density(result.density))
  }
}

extension DiscontinuitySummary.Inference {
  init(_ inference: DiscontinuityEstimate.Inference) {
    self.init(
      estimate: inference.estimate, se: inference.standardError,
      ci95: [inference.ci95.lower, inference.ci95.upper], p: inference.pValue)
  }
}

extension DiscontinuitySummary.Density {
  init(_ test: DensityTest?) {
    guard let test else {
      self.init(note: "Too few distinct values on a side of the cutoff for a density.")
      return
    }
    self.init(
      p: test.pValue, statistic: test.statistic, left: test.left.estimate,
      right: test.right.estimate)
  }
}
