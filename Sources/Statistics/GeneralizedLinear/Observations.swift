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
    for (row, y) in response.enumerated() where !family.contains(y) {
      throw .response(row: row, value: y, family: family.name, expected: family.range)
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
    within = nil
  }

  init(response: [Double], weights: [Double], offset: [Double], within: Within?) {
    self.response = response
    self.weights = weights
    self.offset = offset
    self.within = within
  }

  /// Responses with a positive weight.
  public var count: Int {
    if let within { return Int(within.counts.reduce(0, +)) }
    return weights.count { $0 > 0 }
  }

  /// The same in the order of a design's places.
  func byPlace(_ design: Design) -> Observations {
    precondition(
      response.count == design.rowCount,
      "\(response.count) responses for \(design.rowCount) rows")
    let ordered = within.map {
      Within(
        counts: design.byPlace($0.counts), squares: design.byPlace($0.squares),
        scores: (
          design.byPlace($0.scores.zeroth), design.byPlace($0.scores.first),
          design.byPlace($0.scores.second)
        ), deviance: $0.deviance, saturatedLogLikelihood: $0.saturatedLogLikelihood,
        logResponses: $0.logResponses, logWeights: $0.logWeights)
    }
    return Observations(
      response: design.byPlace(response), weights: design.byPlace(weights),
      offset: design.byPlace(offset), within: ordered)
  }

  /// Sums rows into cells: rows with the same design row and offset have the same cell.
  ///
  /// - Throws: `.cellsWithoutLikelihood` for the negative binomial.
  public func summed(
    cellOfRow: [Int32], cellCount: Int, family: Family
  ) throws(GeneralizedLinearError) -> Observations {
    precondition(
      cellOfRow.count == response.count, "\(cellOfRow.count) cells for \(response.count) rows")
    if case .negativeBinomial = family {
      throw .cellsWithoutLikelihood(family: family.name)
    }
    var sums = CellSums(cellCount: cellCount)
    for (row, cell) in cellOfRow.enumerated() where weights[row] > 0 {
      sums.addMean(Int(cell), response[row], weights[row], offset[row])
    }
    sums.finishMeans()
    for (row, cell) in cellOfRow.enumerated() where weights[row] > 0 {
      sums.addDeviation(Int(cell), response[row], weights[row], family)
    }
    return Observations(
      response: sums.means, weights: sums.weights, offset: sums.offsets, within: sums.within)
  }
}

/// Sums by cell while rows are added to them.
private struct CellSums {
  private(set) var means: [Double]
  private(set) var weights: [Double]
  private(set) var offsets: [Double]
  private var counts, squares, zeroth, first, second: [Double]
  private var deviance = 0.0
  private var saturated: Double? = 0
  private var logResponses = 0.0
  private var logWeights = 0.0

  init(cellCount: Int) {
    let zeros = [Double](repeating: 0, count: cellCount)
    (means, weights, offsets, counts, squares) = (zeros, zeros, zeros, zeros, zeros)
    (zeroth, first, second) = (zeros, zeros, zeros)
  }

  mutating func addMean(_ cell: Int, _ y: Double, _ weight: Double, _ offset: Double) {
    means[cell] += weight * y
    weights[cell] += weight
    offsets[cell] = offset
    counts[cell] += 1
  }

  mutating func finishMeans() {
    for cell in means.indices where weights[cell] > 0 { means[cell] /= weights[cell] }
  }

  mutating func addDeviation(_ cell: Int, _ y: Double, _ weight: Double, _ family: Family) {
    let mean = means[cell]
    let deviation = y - mean
    squares[cell] += weight * deviation * deviation
    zeroth[cell] += weight * weight
    first[cell] += weight * weight * deviation
    second[cell] += weight * weight * deviation * deviation
    if deviation != 0 {
      deviance +=
        weight * family.deviance(y, Link.Mean(value: mean, complement: 1 - mean, slope: 1))
    }
    saturated =
      saturated.flatMap { sum in
        family.saturatedLogLikelihood(y, weight: weight).map { sum + $0 }
      }
    logWeights += .log(weight)
    if family == .gamma { logResponses += weight * .log(y) }
  }

  var within: Observations.Within {
    Observations.Within(
      counts: counts, squares: squares, scores: (zeroth, first, second), deviance: deviance,
      saturatedLogLikelihood: saturated, logResponses: logResponses, logWeights: logWeights)
  }
}
