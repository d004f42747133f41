import LinearAlgebra

/// Why an effect cannot be estimated.
public enum EffectError: Error, Sendable, Equatable {
  case lengthMismatch(argument: String, count: Int, expected: Int)
  /// A NaN or an infinity in this row (from 0).
  case notFinite(column: String, row: Int, value: Double)
  case treatmentNotBinary(row: Int, value: Double)
  /// A logistic outcome model has an outcome outside 0...1.
  case outcomeNotProbability(row: Int, value: Double)
  case constantOutcome(value: Double)
  /// Nobody, or everybody, was treated.
  case emptyArm(treated: Bool)
  /// A fold is fitted to so few of an arm.
  case tooFewInArm(treated: Bool, fold: Int, count: Int, needed: Int)
  /// `limit` rows of the smaller arm, or clusters, are there to be dealt out.
  case foldsOutOfRange(folds: Int, limit: Int, clustered: Bool)
  case oneCluster
  /// Every control is less likely to be treated than every treated unit.
  case noOverlap(highestOfControls: Double, lowestOfTreated: Double)
  /// A propensity's or outcome's Newton iteration did not converge.
  case notConverged(model: String, iterations: Int, decrement: Double)
  case algebra(LinearAlgebraError)
  /// A column of a table cannot be used.
  case table(DesignError)
  /// A column has two of the roles outcome, treatment, adjustment.
  case columnTwice(String)
  /// Text to adjust for has too many levels for a column each.
  case tooManyLevels(column: String, count: Int, limit: Int)
}

extension EffectError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .lengthMismatch(let argument, let count, let expected):
      "\(argument) has \(count) values, expected \(expected): give one for each row."
    case .notFinite(let column, let row, let value):
      "\(column) of row \(row) is \(value), expected a finite number: correct or drop the row."
    case .treatmentNotBinary(let row, let value):
      "The treatment of row \(row) is \(value), expected 0 or 1."
    case .outcomeNotProbability(let row, let value):
      "The outcome of row \(row) is \(value), expected 0 to 1 for a logistic outcome model: choose "
        + "the linear one."
    case .constantOutcome(let value):
      "The outcome is \(value) in every row, expected at least two different values."
    case .emptyArm(let treated):
      "\(treated ? "Nobody was" : "Everybody was") treated, expected rows of both kinds."
    case .tooFewInArm(let treated, let fold, let count, let needed):
      "Outside fold \(fold) there are \(count) \(treated ? "treated" : "untreated") rows, expected "
        + "at least \(needed): use fewer folds."
    case .foldsOutOfRange(let folds, let limit, let clustered):
      "\(folds) folds were asked for, expected 2 to \(limit), the number of "
        + (clustered ? "clusters." : "rows of the smaller arm.")
    case .oneCluster:
      "All rows are in one cluster, expected at least two: an error cannot be estimated from one."
    case .noOverlap(let highest, let lowest):
      "The adjusting columns decide who was treated: no untreated row is likelier to be treated "
        + "than \(highest), no treated row less likely than \(lowest). There is nobody to compare "
        + "with; leave out the column that decides."
    case .notConverged(let model, let iterations, let decrement):
      "The \(model) model did not converge in \(iterations) iterations (decrement \(decrement)): "
        + "columns of the adjustment decide it for some rows; leave them out or group them."
    case .algebra(let error):
      "The cross products of the adjusting columns cannot be factored. \(error)"
    case .table(let error):
      error.description
    case .columnTwice(let name):
      "The column \"\(name)\" was given twice among outcome, treatment and adjustment, expected "
        + "each once."
    case .tooManyLevels(let column, let count, let limit):
      "The column \"\(column)\" is text with \(count) levels, expected at most \(limit) to adjust "
        + "for: group them, or leave the column out."
    }
  }
}
