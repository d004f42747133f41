import LinearAlgebra

/// Why a mixed model could not be fitted.
public enum MixedModelError: Error, Sendable, Equatable {
  case noRows
  case noRandomTerms
  case allWeightsZero
  /// An argument has another length than the rows or columns ask for.
  case lengthMismatch(argument: String, count: Int, expected: Int)
  /// A value is outside what its role allows.
  case valueOutOfRange(argument: String, row: Int, value: Double, expected: String)
  /// A row counts more successes than trials.
  case successesAboveTrials(row: Int, successes: Double, trials: Double)
  /// A row's level is not one of its factor's.
  case codeOutOfRange(group: String, row: Int, code: Int, levels: Int)
  /// A grouping factor has one level only among the rows.
  case oneLevel(group: String, level: String)
  /// A term of a linear model has as many effects as there are rows, or more.
  case tooManyRandomEffects(group: String, effects: Int, rows: Int)
  /// A covariate of a random term is zero in every row.
  case emptyCovariate(group: String, covariate: String)
  /// There are no more rows than fixed effects.
  case tooFewRows(rows: Int, columns: Int)
  /// These columns of the fixed effects depend linearly on the others.
  case dependentColumns([String])
  /// The response has one value only, the offset taken off.
  case constantResponse(value: Double)
  /// The effects explain the response but for rounding, so that no residual variance is left.
  case perfectFit(residualSumOfSquares: Double)
  /// These fixed effects grow without bound: they separate the response's outcomes.
  case separated(columns: [String])
  /// No step raised the penalised likelihood of the random effects' modes any more.
  case modesNotFound(iterations: Int, decrement: Double)
  /// The crossed effects that are left for the dense part are too many.
  case tooManyCrossedEffects(groups: [String], effects: Int, limit: Int)
  /// The search ended before its gradient was small.
  case notConverged(evaluations: Int, scaledGradient: Double)
  /// The system of the effects could not be factored.
  case system(LinearAlgebraError)
}

extension MixedModelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noRows: "There are no rows, expected at least one more than there are fixed effects."
    case .noRandomTerms:
      "There is no random term, expected at least one: use a regression without groups."
    case .allWeightsZero:
      "The weight of every row is zero, expected at least one above: there is nothing to fit."
    case .lengthMismatch(let argument, let count, let expected):
      "\(argument) has \(count) values, expected \(expected): give one for each row or column."
    case .valueOutOfRange(let argument, let row, let value, let expected):
      "\(argument) of row \(row + 1) is \(value), expected \(expected): correct or drop the row."
    case .successesAboveTrials(let row, let successes, let trials):
      "Row \(row + 1) has \(successes) successes in \(trials) trials, expected at most as many: "
        + "check which of the two columns counts everything."
    case .codeOutOfRange(let group, let row, let code, let levels):
      "\(group) of row \(row + 1) is level \(code), expected one from 0 to \(levels - 1): "
        + "drop rows whose level is unknown."
    default: descriptionOfModel
    }
  }

  private var descriptionOfModel: String {
    switch self {
    case .oneLevel(let group, let level):
      "\(group) has the one level \"\(level)\", expected at least two: "
        + "its variance cannot be told from the intercept; drop the term."
    case .tooManyRandomEffects(let group, let effects, let rows):
      "\(group) has \(effects) random effects for \(rows) rows, expected fewer than rows: "
        + "they cannot be told from the residual; drop the term or a slope of it."
    case .emptyCovariate(let group, let covariate):
      "\(covariate) of \(group) is zero in every row, expected some other value: drop the slope."
    case .tooFewRows(let rows, let columns):
      "There are \(rows) rows for \(columns) fixed effects, expected more rows than effects."
    case .dependentColumns(let names):
      "Of the fixed effects \(names.joined(separator: ", ")) can be computed from the others: "
        + "drop them."
    case .constantResponse(let value):
      "The response is \(value) in every row (offset taken off), expected at least two values: "
        + "there is nothing to explain."
    case .perfectFit(let sum):
      "The effects explain the response but for rounding (residual sum of squares \(sum)), "
        + "expected some residual: the variances cannot be estimated."
    case .separated(let columns):
      "The likelihood has no maximum: \(columns.joined(separator: ", ")) separates the outcomes, "
        + "so its effect grows without bound. Drop it, join its levels, or use Firth's penalty "
        + "in a regression without groups."
    case .modesNotFound(let iterations, let decrement):
      "The modes of the random effects were not found in \(iterations) iterations "
        + "(Newton decrement \(decrement)): look for offsets and covariates of extreme size."
    case .tooManyCrossedEffects(let groups, let effects, let limit):
      "\(groups.joined(separator: ", ")) cross the largest term with \(effects) effects together, "
        + "expected at most \(limit): join levels or drop a term."
    case .notConverged(let evaluations, let gradient):
      "The search did not converge: after \(evaluations) evaluations the scaled gradient is \(gradient). "
        + "Bring covariates to a similar size, or drop a random term that hardly varies."
    case .system(let error): "The equations of the effects cannot be solved. \(error)"
    default: ""
    }
  }
}
