import RepeatContacts
import Statistics

/// A linear regression of raw later contacts on a failure and what is adjusted for, with what each
/// recorded factor explains of both, and what a hidden cause as strong would leave.
struct ConfounderBenchmark {
  struct Factor {
    var name: String
    /// Partial R² with the failure, and with later contacts given the failure.
    var ofTreatment: Double
    var ofOutcome: Double
  }

  let estimate: Double
  let standardError: Double
  let robustness: RobustnessValue
  /// The factor that would take most of the estimate along.
  private(set) var strongest: Factor?
  /// Nearest limit to zero of the 95 % interval, seen in the estimate's direction, once a hidden cause
  /// as strong as the strongest is allowed for; below 0: explained away.
  private(set) var leftAt95: Double

  /// nil where a side has fewer than 30 interactions, or the failure is decided by what is adjusted for.
  init?(_ comparison: RawComparison) throws {
    let treated = comparison.treated.counts.reduce(0, +)
    let control = comparison.control.counts.reduce(0, +)
    guard treated >= 30, control >= 30 else { return nil }
    let whole = try Regression(comparison, dropping: nil)
    let used = Double(comparison.design.columnCount + 1)
    let freedom = treated + control - used
    guard freedom > 2, whole.treatmentLeft > 1e-9 * treated, whole.outcomeLeft > 0 else {
      return nil
    }
    let error = (whole.outcomeLeft / freedom / whole.treatmentLeft).squareRoot()
    estimate = whole.coefficient
    standardError = error
    robustness = RobustnessValue(t: whole.coefficient / error, degreesOfFreedom: freedom)
    leftAt95 = abs(whole.coefficient) - NormalDistribution.quantile975 * error
    for factor in comparison.factors {
      let without = try Regression(comparison, dropping: factor.columns)
      let r2D = 1 - whole.treatmentLeft / max(without.treatmentLeft, whole.treatmentLeft)
      let r2Y = 1 - whole.outcomeLeft / max(without.outcomeLeft, whole.outcomeLeft)
      let left = ConfounderBenchmark.left(
        estimate: abs(whole.coefficient), error: error, freedom: freedom, ofTreatment: r2D,
        ofOutcome: r2Y)
      if strongest == nil || left < leftAt95 {
        strongest = Factor(name: factor.name, ofTreatment: r2D, ofOutcome: r2Y)
      }
      leftAt95 = min(leftAt95, left)
    }
  }

  /// The lower limit that is left under a hidden cause with the factor's partial R² (Cinelli & Hazlett
  /// 2020, equations 9, 13 and the bounds of section 4.4 at k = 1).
  static func left(
    estimate: Double, error: Double, freedom: Double, ofTreatment r2D: Double,
    ofOutcome r2Y: Double
  ) -> Double {
    let treatment = r2D / (1 - min(r2D, 0.999))
    guard treatment < 1 else { return -.infinity }
    let between = r2D * r2D / max((1 - r2D) * (1 - r2D), 1e-12)
    guard between < 1 else { return -.infinity }
    let eta = (1 + between.squareRoot()) / (1 - between).squareRoot()
    let outcome = min(eta * eta * r2Y / (1 - min(r2Y, 0.999)), 1)
    let bias = error * freedom.squareRoot() * (outcome * treatment / (1 - treatment)).squareRoot()
    let adjusted = error * ((1 - outcome) / (1 - treatment)).squareRoot()
    return estimate - bias - NormalDistribution.quantile975 * adjusted
  }

  /// Least squares of outcome and failure on the adjustment, by the cells' moments (Frisch & Waugh).
  private struct Regression {
    /// Of the failure.
    let coefficient: Double
    /// Sums of squares that are left: of the failure given the adjustment, of the outcome given both.
    let treatmentLeft: Double
    let outcomeLeft: Double

    init(_ comparison: RawComparison, dropping: ClosedRange<Int32>?) throws {
      let (treated, control) = (comparison.treated, comparison.control)
      var design = IndicatorDesign(columnCount: comparison.design.columnCount)
      for row in 0..<comparison.design.rowCount {
        design.append(
          row: comparison.design.columns(ofRow: row).filter { dropping?.contains($0) != true })
      }
      let weights = zip(treated.counts, control.counts).map { $0 + $1 }
      let fit = CellLeastSquares(design: design)
      let outcome = try fit.fit(
        weights: weights, sums: zip(treated.sums, control.sums).map { $0 + $1 }
      ).means
      let failure = try fit.fit(weights: weights, sums: treated.counts).means
      var (left, product) = (0.0, 0.0)
      for cell in weights.indices {
        let (n1, n0) = (treated.counts[cell], control.counts[cell])
        let (d1, d0) = (1 - failure[cell], -failure[cell])
        left += n1 * d1 * d1 + n0 * d0 * d0
        product +=
          d1 * (treated.sums[cell] - n1 * outcome[cell])
          + d0 * (control.sums[cell] - n0 * outcome[cell])
      }
      let slope = left > 0 ? product / left : 0
      var squares = 0.0
      for cell in weights.indices {
        for (arm, d) in [(treated, 1 - failure[cell]), (control, -failure[cell])] {
          let mean = outcome[cell] + slope * d
          squares +=
            arm.sumsOfSquares[cell] - 2 * mean * arm.sums[cell] + arm.counts[cell] * mean * mean
        }
      }
      coefficient = slope
      treatmentLeft = left
      outcomeLeft = max(squares, 0)
    }
  }
}
