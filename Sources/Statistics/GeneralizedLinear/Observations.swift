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
      response: design.byPlace(response),
      weights: isUnweighted ? weights : design.byPlace(weights),
      offset: hasOffset ? design.byPlace(offset) : offset, isUnweighted: isUnweighted,
      hasOffset: hasOffset, within: ordered)
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
    cellOfRow.withUnsafeBufferPointer { cells in
      response.withUnsafeBufferPointer { response in
        weights.withUnsafeBufferPointer { weights in
          for row in cells.indices where weights[row] > 0 {
            sums.addMean(Int(cells[row]), response[row], weights[row])
          }
          sums.finishMeans(family)
          for row in cells.indices where weights[row] > 0 {
            sums.addDeviation(Int(cells[row]), response[row], weights[row], family)
          }
        }
      }
    }
    var offsets = [Double](repeating: 0, count: cellCount)
    if hasOffset {
      for (row, cell) in cellOfRow.enumerated() { offsets[Int(cell)] = offset[row] }
    }
    return Observations(
      response: sums.means.array, weights: sums.weights.array, offset: offsets,
      isUnweighted: false, hasOffset: hasOffset, within: sums.within)
  }
}

/// Sums by cell while rows are added to them.
private struct CellSums {
  let means, weights: Scratch<Double>
  private let counts, squares, zeroth, first, second: Scratch<Double>
  private var deviance = 0.0
  private var saturated: Double? = 0
  private var logResponses = 0.0
  private var logWeights = 0.0

  init(cellCount: Int) {
    func zeros() -> Scratch<Double> { Scratch(count: cellCount, repeating: 0) }
    (means, weights, counts, squares) = (zeros(), zeros(), zeros(), zeros())
    (zeroth, first, second) = (zeros(), zeros(), zeros())
  }

  @inline(__always) func addMean(_ cell: Int, _ y: Double, _ weight: Double) {
    means.base[cell] += weight * y
    weights.base[cell] += weight
    counts.base[cell] += 1
  }

  mutating func finishMeans(_ family: Family) {
    for cell in 0..<means.count where weights.base[cell] > 0 {
      means.base[cell] /= weights.base[cell]
      if family != .gaussian {
        deviance -= 2 * weights.base[cell] * family.saturation(means.base[cell])
      }
    }
  }

  @inline(__always)
  mutating func addDeviation(_ cell: Int, _ y: Double, _ weight: Double, _ family: Family) {
    let deviation = y - means.base[cell]
    let square = weight * deviation * deviation
    squares.base[cell] += square
    zeroth.base[cell] += weight * weight
    first.base[cell] += weight * weight * deviation
    second.base[cell] += weight * square
    if family == .gaussian {
      deviance += square
    } else {
      deviance += 2 * weight * family.saturation(y)
    }
    saturated =
      saturated.flatMap { sum in
        family.saturatedLogLikelihood(y, weight: weight).map { sum + $0 }
      }
    if weight != 1 { logWeights += .log(weight) }
    if family == .gamma { logResponses += weight * .log(y) }
  }

  var within: Observations.Within {
    Observations.Within(
      counts: counts.array, squares: squares.array,
      scores: (zeroth.array, first.array, second.array), deviance: max(deviance, 0),
      saturatedLogLikelihood: saturated, logResponses: logResponses, logWeights: logWeights)
  }
}
