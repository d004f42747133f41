/// Outcomes of one treatment arm by covariate cell: what estimators need instead of rows.
public struct ArmMoments: Sendable, Equatable {
  /// Units per cell; may be weighted.
  public var counts: [Double]
  /// Σ y per cell.
  public var sums: [Double]
  /// Σ y² per cell.
  public var sumsOfSquares: [Double]

  public init(counts: [Double], sums: [Double], sumsOfSquares: [Double]) {
    self.counts = counts
    self.sums = sums
    self.sumsOfSquares = sumsOfSquares
  }

  /// An arm without units over so many cells.
  public init(cells: Int) {
    let zeros = [Double](repeating: 0, count: cells)
    self.init(counts: zeros, sums: zeros, sumsOfSquares: zeros)
  }

  /// Adds one unit's outcome.
  public mutating func add(_ outcome: Double, cell: Int, weight: Double = 1) {
    counts[cell] += weight
    sums[cell] += weight * outcome
    sumsOfSquares[cell] += weight * outcome * outcome
  }
}

/// What each unit adds to the error of an estimate: a line in its outcome, by cell and arm.
///
/// The estimate's error is the mean of the influences; its variance is their sum of squares over
/// n². For standard errors clustered by customer, sum `value` over each customer first.
public struct CellInfluence: Sendable, Equatable {
  /// At outcome 0, per cell, for a treated unit.
  public var treatedLevels: [Double]
  /// Per unit of outcome, per cell, for a treated unit.
  public var treatedSlopes: [Double]
  public var controlLevels: [Double]
  public var controlSlopes: [Double]

  /// The influence of one unit.
  public func value(cell: Int, treated: Bool, outcome: Double) -> Double {
    treated
      ? treatedLevels[cell] + treatedSlopes[cell] * outcome
      : controlLevels[cell] + controlSlopes[cell] * outcome
  }

  /// `a` of these influences plus `b` of others: that of the same combination of estimates.
  func combined(_ a: Double, with other: CellInfluence, _ b: Double) -> CellInfluence {
    func mix(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { a * $0 + b * $1 } }
    return CellInfluence(
      treatedLevels: mix(treatedLevels, other.treatedLevels),
      treatedSlopes: mix(treatedSlopes, other.treatedSlopes),
      controlLevels: mix(controlLevels, other.controlLevels),
      controlSlopes: mix(controlSlopes, other.controlSlopes))
  }

  /// √Σφ²/n over all units, from the cells' moments.
  func standardError(treated: ArmMoments, control: ArmMoments) -> Double {
    let units = treated.counts.reduce(0, +) + control.counts.reduce(0, +)
    let squares =
      CellInfluence.squares(treatedLevels, treatedSlopes, treated)
      + CellInfluence.squares(controlLevels, controlSlopes, control)
    // Each cell's part is a sum of squares; only rounding can bring the total below zero.
    return max(squares, 0).squareRoot() / units
  }

  private static func squares(
    _ levels: [Double], _ slopes: [Double], _ arm: ArmMoments
  ) -> Double {
    var sum = 0.0
    for cell in levels.indices where arm.counts[cell] > 0 {
      // Around the cell's mean, where the three terms do not cancel.
      let mean = arm.sums[cell] / arm.counts[cell]
      let centre = levels[cell] + slopes[cell] * mean
      let spread = max(arm.sumsOfSquares[cell] - mean * arm.sums[cell], 0)
      sum += arm.counts[cell] * centre * centre + slopes[cell] * slopes[cell] * spread
    }
    return sum
  }
}
