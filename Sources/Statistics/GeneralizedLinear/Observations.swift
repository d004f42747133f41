import RealModule

/// What a generalized linear model is fitted to beside its design: the data that stay fixed.
///
/// A row may stand for several responses with the same design row (a cell). It then has their mean
/// and total weight, which give the same estimates, and `within` has what the mean has lost.
public struct Observations: Sendable {
  /// y, one a row.
  public let response: [Double]
  /// Prior weights, one a row: trials of a binomial, repeats of a row; 0 takes a row out.
  public let weights: [Double]
  /// Known parts of η, one a row.
  public let offset: [Double]
  /// Whether every weight is 1, and whether any offset may differ from 0.
  let isUnweighted: Bool
  let hasOffset: Bool
  /// What cells have lost; nil where each row is one response.
  public let within: Within?

  /// Sums over the responses i of a cell with mean ȳ, one a cell.
  public struct Within: Sendable {
    /// Responses.
    public let counts: [Double]
    /// Σ wᵢ (yᵢ − ȳ)².
    public let squares: [Double]
    /// Σ wᵢ², Σ wᵢ² (yᵢ − ȳ), Σ wᵢ² (yᵢ − ȳ)²: of which squared scores are made.
    public let scores: (zeroth: [Double], first: [Double], second: [Double])
    /// Σ wᵢ d(yᵢ, ȳ) over all cells.
    public let deviance: Double
    /// Σ of the responses' saturated log-likelihoods, nil where the family has none.
    public let saturatedLogLikelihood: Double?
    /// Σ wᵢ log yᵢ (gamma) and Σ log wᵢ (gaussian), over positive weights.
    public let logResponses: Double
    public let logWeights: Double
  }

  /// One response a row.
  ///
  /// - Throws: `GeneralizedLinearError` where a value cannot be used with the family.
  public init(
    response: [Double], weights: [Double]? = nil, offset: [Double]? = nil, family: Family
  ) throws(GeneralizedLinearError) {
    let count = response.count
    precondition(
      (weights ?? response).count == count && (offset ?? response).count == count,
      "\(weights?.count ?? count) weights and \(offset?.count ?? count) offsets for \(count) rows")
    if !family.containsAll(response) {
      for (row, y) in response.enumerated() where !family.contains(y) {
        throw .response(row: row, value: y, family: family.name, expected: family.range)
      }
    }
    for (row, weight) in (weights ?? []).enumerated() where !(weight >= 0 && weight.isFinite) {
      throw .value(
        argument: "The weight", row: row, value: weight, expected: "a finite number of 0 or more")
    }
    for (row, value) in (offset ?? []).enumerated() where !value.isFinite {
      throw .value(
        argument: "The offset", row: row, value: value, expected: "a finite number")
    }
    self.response = response
    self.weights = weights ?? [Double](repeating: 1, count: count)
    self.offset = offset ?? [Double](repeating: 0, count: count)
    isUnweighted = weights == nil
    hasOffset = offset != nil
    within = nil
  }

  init(
    response: [Double], weights: [Double], offset: [Double], isUnweighted: Bool, hasOffset: Bool,
    within: Within?
  ) {
    self.response = response
    self.weights = weights
    self.offset = offset
    self.isUnweighted = isUnweighted
    self.hasOffset = hasOffset
    self.within = within
  }

  /// Responses with a positive weight.
  public var count: Int {
    if let within { return Int(within.counts.reduce(0, +)) }
    if isUnweighted { return response.count }
    return weights.count { $0 > 0 }
  }

  /// The same in the order of a design's places.
  func byPlace(_ design: Design, threads: Int = 1) -> Observations {
    func ordered(_ rows: [Double]) -> [Double] { design.byPlace(rows, threads: threads) }
    precondition(
      response.count == design.rowCount,
      "\(response.count) responses for \(design.rowCount) rows")
    let within = within.map {
      Within(
        counts: ordered($0.counts), squares: ordered($0.squares),
        scores: (
          ordered($0.scores.zeroth), ordered($0.scores.first), ordered($0.scores.second)
        ), deviance: $0.deviance, saturatedLogLikelihood: $0.saturatedLogLikelihood,
        logResponses: $0.logResponses, logWeights: $0.logWeights)
    }
    return Observations(
      response: ordered(response), weights: isUnweighted ? weights : ordered(weights),
      offset: hasOffset ? ordered(offset) : offset, isUnweighted: isUnweighted,
      hasOffset: hasOffset, within: within)
  }
}
