import LinearAlgebra

/// The scales that bring every column of the fixed effects and random covariates to unit size, so
/// that tolerances and pivots mean the same whatever the units.
struct ColumnScales: Sendable {
  /// Root mean square of each fixed column.
  let fixed: [Double]
  /// Root mean square of each covariate, by input term; ones for an intercept.
  let random: [[Double]]

  /// - Throws: `.dependentColumns` and `.emptyCovariate` for columns of zeros.
  init(_ data: MixedModelData) throws(MixedModelError) {
    var fixed: [Double] = []
    for c in 0..<data.fixedEffects.columns {
      fixed.append(Self.rootMeanSquare(data.fixedEffects.column(c)))
      if fixed[c] == 0 { throw .dependentColumns([data.fixedNames[c]]) }
    }
    var random: [[Double]] = []
    for term in data.terms {
      var scales = [Double](repeating: 1, count: term.width)
      if let covariates = term.covariates {
        for c in 0..<term.width {
          scales[c] = Self.rootMeanSquare(covariates.column(c))
          if scales[c] == 0 {
            throw .emptyCovariate(group: term.group, covariate: term.covariateNames[c])
          }
        }
      }
      random.append(scales)
    }
    self.fixed = fixed
    self.random = random
  }

  /// By the largest value first, so that no square overflows.
  private static func rootMeanSquare(_ values: ArraySlice<Double>) -> Double {
    var largest = 0.0
    for value in values { largest = max(largest, abs(value)) }
    guard largest > 0 else { return 0 }
    var sum = 0.0
    for value in values { sum += (value / largest) * (value / largest) }
    return largest * (sum / Double(values.count)).squareRoot()
  }
}

/// Finds columns of the fixed effects that depend on others.
enum FixedRank {
  /// A column counts as dependent when less than this share of its length is its own (R's `lm`).
  static let tolerance = 1e-7

  /// - Throws: `.tooFewRows`, `.dependentColumns` with the names that pivoting leaves behind.
  static func require(_ data: MixedModelData, _ scales: ColumnScales) throws(MixedModelError) {
    let columns = data.fixedEffects.columns
    guard columns > 0 else { return }
    if data.count <= columns { throw .tooFewRows(rows: data.count, columns: columns) }
    // A comfortable Cholesky of the cross product saves the QR of all rows.
    var gram = data.fixedEffects.crossProduct()
    for c in 0..<columns {
      for r in 0..<columns { gram[r, c] /= scales.fixed[r] * scales.fixed[c] * Double(data.count) }
    }
    if isClearlyFull(gram) { return }
    var scaled = data.fixedEffects
    for c in 0..<columns {
      for r in 0..<data.count { scaled.storage[c * data.count + r] /= scales.fixed[c] }
    }
    let factors: PivotedQR
    do {
      factors = try PivotedQR(scaled, tolerance: tolerance)
    } catch {
      throw .system(error)
    }
    if factors.rank < columns {
      throw .dependentColumns(
        factors.permutation[factors.rank...].sorted().map { data.fixedNames[$0] })
    }
  }

  /// Whether the scaled cross product's factor keeps a diagonal far above rounding.
  private static func isClearlyFull(_ gram: Matrix) -> Bool {
    do {
      return try CholeskyFactor(gram).lower.diagonal.allSatisfy { $0 > 1e-5 }
    } catch {
      // Not positive definite to rounding: the QR decides.
      return false
    }
  }
}
