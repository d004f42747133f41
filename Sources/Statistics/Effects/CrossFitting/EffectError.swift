import LinearAlgebra

/// Why an effect cannot be estimated.
public enum EffectError: Error, Sendable, Equatable {
  case lengthMismatch(argument: String, count: Int, expected: Int)
  /// A NaN or an infinity in this row (from 0).
  case notFinite(column: String, row: Int, value: Double)
  /// A figure in this row (from 0) whose sums would be no numbers.
  case tooLarge(column: String, row: Int, value: Double)
  case treatmentNotBinary(row: Int, value: Double)
  /// A logistic outcome model has an outcome outside 0...1.
  case outcomeNotProbability(row: Int, value: Double)
  case constantOutcome(value: Double)
  /// Nobody, or everybody, was treated.
  case emptyArm(treated: Bool)
  /// A fold is fitted to so few of an arm.
  case tooFewInArm(treated: Bool, fold: Int, count: Int, needed: Int)
  /// A model outside a fold has no more rows than columns, the intercept among them; of an arm, or of
  /// both.
  case tooManyColumns(treated: Bool?, fold: Int, count: Int, columns: Int)
  /// A level that no row outside the fold has.
  case unseenLevel(column: String, level: String, Place)
  /// A column with one value in all rows outside the fold and another inside.
  case unvaryingColumn(column: String, value: Double, Place)
  /// A row that is unlike every combination of what is outside its fold.
  case undetermined(columns: [String], Place)
  /// `limit` rows of the smaller arm, or clusters, are there to be dealt out.
  case foldsOutOfRange(folds: Int, limit: Int, clustered: Bool)
  case oneCluster
  /// Every control is less likely to be treated than every treated unit.
  /// All values of a column among the treated are beyond all of the others'.
  case treatmentDecided(column: String)
  /// Every propensity is beyond the bound.
  case allBounded(bound: Double)
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

  /// A row (from 0) that a model fitted outside its fold (from 0) cannot predict: the model of an
  /// arm's outcome, or of the propensity (nil).
  public struct Place: Sendable, Equatable {
    public let row: Int
    public let fold: Int
    public let treated: Bool?

    public init(row: Int, fold: Int, treated: Bool?) {
      self.row = row
      self.fold = fold
      self.treated = treated
    }
  }

  /// The row at fault, where it is one.
  public var row: Int? {
    switch self {
    case .notFinite(_, let row, _), .tooLarge(_, let row, _), .treatmentNotBinary(let row, _),
      .outcomeNotProbability(let row, _):
      row
    case .unseenLevel(_, _, let place), .unvaryingColumn(_, _, let place),
      .undetermined(_, let place):
      place.row
    default: nil
    }
  }

  /// The same of the row of a table that a row among those kept was.
  func ofTable(_ kept: [Int32]?) -> EffectError {
    guard let kept, let row else { return self }
    let original = Int(kept[row])
    func moved(_ place: Place) -> Place {
      Place(row: original, fold: place.fold, treated: place.treated)
    }
    return switch self {
    case .notFinite(let column, _, let value):
      .notFinite(column: column, row: original, value: value)
    case .tooLarge(let column, _, let value):
      .tooLarge(column: column, row: original, value: value)
    case .treatmentNotBinary(_, let value): .treatmentNotBinary(row: original, value: value)
    case .outcomeNotProbability(_, let value): .outcomeNotProbability(row: original, value: value)
    case .unseenLevel(let column, let level, let place):
      .unseenLevel(column: column, level: level, moved(place))
    case .unvaryingColumn(let column, let value, let place):
      .unvaryingColumn(column: column, value: value, moved(place))
    case .undetermined(let columns, let place): .undetermined(columns: columns, moved(place))
    default: self
    }
  }
}

extension EffectError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .lengthMismatch(let argument, let count, let expected):
      "\(argument) has \(count) values, expected \(expected): give one for each row."
    case .notFinite(let column, let row, let value):
      "\(column) of row \(row + 1) is \(value), expected a finite number: correct or drop the row."
    case .tooLarge(let column, let row, let value):
      "\(column) of row \(row + 1) is \(value), expected at most "
        + "\(CrossFittedWeighting.largestMagnitude) either way: correct the row, or give the column "
        + "in another unit."
    case .treatmentNotBinary(let row, let value):
      "The treatment of row \(row + 1) is \(value), expected 0 or 1."
    case .outcomeNotProbability(let row, let value):
      "The outcome of row \(row + 1) is \(value), expected 0 to 1 for a logistic outcome model: choose "
        + "the linear one."
    case .constantOutcome(let value):
      "The outcome is \(value) in every row, expected at least two different values."
    case .emptyArm(let treated):
      "\(treated ? "Nobody was" : "Everybody was") treated, expected rows of both kinds."
    case .tooFewInArm(let treated, let fold, let count, let needed):
      "Outside fold \(fold + 1) there are \(count) \(EffectError.rows(treated)), expected "
        + "at least \(needed): use fewer folds."
    case .tooManyColumns(let treated, let fold, let count, let columns):
      "Outside fold \(fold + 1) there are \(count) \(EffectError.rows(treated)) to fit \(columns) "
        + "columns to (the intercept and one indicator a level counted), expected more rows than "
        + "columns: adjust for fewer columns, group levels, or use fewer folds."
    case .unseenLevel(let column, let level, let place):
      "The column \"\(column)\" is \"\(level)\" in row \(place.row + 1), which is in fold "
        + "\(place.fold + 1), and in none of the \(EffectError.rows(place.treated)) outside this "
        + "fold, so nothing says \(EffectError.question(place.treated)): group the level with another, "
        + "drop its rows, or use fewer folds."
    case .unvaryingColumn(let column, let value, let place):
      "The column \"\(column)\" is \(value) in all of the \(EffectError.rows(place.treated)) outside "
        + "fold \(place.fold + 1) and something else in row \(place.row + 1), which is in this fold, so "
        + "nothing says \(EffectError.question(place.treated)): leave the column out, drop its rare "
        + "values, or use fewer folds."
    case .undetermined(let columns, let place):
      "Row \(place.row + 1), which is in fold \(place.fold + 1), is unlike all of the "
        + "\(EffectError.rows(place.treated)) outside this fold in "
        + columns.prefix(6).map { "\"\($0)\"" }.joined(separator: ", ")
        + (columns.count > 6 ? ", …" : "") + (columns.count > 1 ? " taken together" : "")
        + ", so nothing says "
        + "\(EffectError.question(place.treated)): leave out columns that go together, group levels, "
        + "drop the row, or use fewer folds."
    case .foldsOutOfRange(let folds, let limit, let clustered):
      "\(folds) folds were asked for, expected 2 to \(limit), the number of "
        + (clustered ? "clusters." : "rows of the smaller arm.")
    case .oneCluster:
      "All rows are in one cluster, expected at least two: an error cannot be estimated from one."
    case .treatmentDecided(let column):
      "The column \"\(column)\" decides who was treated: all its values among the treated are on one "
        + "side of all those among the untreated. There is nobody to compare with; leave the column "
        + "out."
    case .allBounded(let bound):
      "The adjusting columns decide who was treated: every row's propensity is below \(bound) or above "
        + "\(1 - bound). There is nobody to compare with; leave out the columns that decide."
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

  private static func rows(_ treated: Bool?) -> String {
    treated.map { $0 ? "treated rows" : "untreated rows" } ?? "rows"
  }

  /// What a model was to say.
  private static func question(_ treated: Bool?) -> String {
    treated.map { "what its outcome is \($0 ? "with" : "without") treatment" }
      ?? "how likely it is to be treated"
  }
}
