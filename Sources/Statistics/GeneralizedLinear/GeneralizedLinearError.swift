import LinearAlgebra

/// Why a generalized linear model has no answer for the data.
public enum GeneralizedLinearError: Error, Sendable, Equatable {
  /// A response outside the family's range, at a row from 0.
  case response(row: Int, value: Double, family: String, expected: String)
  /// A weight or offset that cannot be used, at a row from 0.
  case value(argument: String, row: Int, value: Double, expected: String)
  case allWeightsZero
  case constantResponse(value: Double, rows: Int)
  case fewerRowsThanColumns(rows: Int, columns: Int)
  /// As many rows as coefficients, so that nothing is left to estimate the dispersion from.
  case noResidualDegreesOfFreedom(rows: Int, coefficients: Int)
  case unsupportedLink(family: String, link: String, links: [String])
  case unsupportedFirth(family: String, link: String)
  case cellsWithoutLikelihood(family: String)
  /// Columns along which the likelihood rises without end; their terms; whether every row is
  /// predicted without error.
  case separation(columns: [String], terms: [String], isComplete: Bool)
  case notConverged(
    iterations: Int, decrement: Double, tolerance: Double, deviance: Double,
    largest: (column: String, coefficient: Double))
  /// No shortening of the step lowered the deviance.
  case noDescent(iterations: Int, decrement: Double, deviance: Double)
  case noStart(family: String, link: String)
  case dispersionOutOfReach(theta: Double)
  case tooFewClusters(name: String, clusters: Int)
  /// A response that alone decides a coefficient, so that its own residual says nothing.
  case leverageOfOne(row: Int, kind: String)
  case information(LinearAlgebraError)

  public static func == (a: Self, b: Self) -> Bool { a.description == b.description }
}

extension GeneralizedLinearError {
  /// The same fault with its row in other terms.
  func movingRow(_ row: (Int) -> Int) -> GeneralizedLinearError {
    switch self {
    case .response(let old, let value, let family, let expected):
      .response(row: row(old), value: value, family: family, expected: expected)
    case .value(let argument, let old, let value, let expected):
      .value(argument: argument, row: row(old), value: value, expected: expected)
    case .leverageOfOne(let old, let kind): .leverageOfOne(row: row(old), kind: kind)
    default: self
    }
  }
}

extension GeneralizedLinearError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .response(let row, let value, let family, let expected):
      "The response of row \(row + 1) is \(value), expected \(expected) for the family \(family)"
        + (family.hasSuffix("binomial") && value > 1
          ? ": write counts as cbind(successes, failures), or give proportions and --weights."
          : ": correct or drop the row.")
    case .value(let argument, let row, let value, let expected):
      "\(argument) of row \(row + 1) is \(value), expected \(expected): correct or drop the row."
    case .allWeightsZero:
      "All weights are zero, expected at least one positive one: there is nothing to fit."
    case .constantResponse(let value, let rows):
      "The response is \(value) in all \(rows) rows: nothing varies that a model could explain."
    case .fewerRowsThanColumns(let rows, let columns):
      "There are \(rows) rows for \(columns) columns of the design, expected at least as many rows: "
        + "leave out terms, or add rows."
    case .noResidualDegreesOfFreedom(let rows, let coefficients):
      "\(rows) rows and \(coefficients) coefficients leave nothing to estimate the dispersion from: "
        + "leave out terms, or add rows."
    case .unsupportedLink(let family, let link, let links):
      "The link \(link) does not go with the family \(family); it has \(links.joined(separator: ", "))."
    case .unsupportedFirth(let family, let link):
      "Firth's penalty is for binomial with logit and poisson with log, not for \(family) with "
        + "\(link); a ridge works with any."
    case .cellsWithoutLikelihood(let family):
      "The family \(family) cannot be fitted from cells: its likelihood needs each response."
    case .separation(let columns, let terms, let isComplete):
      Self.separationWording(columns, terms, isComplete)
    case .notConverged(let iterations, let decrement, let tolerance, let deviance, let largest):
      "No convergence in \(iterations) iterations: the last step promised \(decrement) (expected at "
        + "most \(tolerance)) at a deviance of \(deviance); the largest coefficient is "
        + "\(largest.coefficient), of \(largest.column). Scale or leave out that column, try "
        + "another link, or use --penalty ridge=1."
    case .noDescent(let iterations, let decrement, let deviance):
      "The fit is stuck after \(iterations) iterations: no shortening of a step that promised "
        + "\(decrement) lowered the deviance of \(deviance). Try another link or --penalty ridge=1."
    case .noStart(let family, let link):
      "No start was found at which the family \(family) allows the means of the link \(link): use "
        + "its default link."
    case .dispersionOutOfReach(let theta):
      "The counts do not vary more than the Poisson's: theta runs off (\(theta)). Use the family "
        + "poisson."
    case .tooFewClusters(let name, let clusters):
      "\(name) has \(clusters) cluster with weight, expected at least 2: choose a column with more "
        + "groups, or use --robust."
    case .leverageOfOne(let row, let kind):
      "Row \(row + 1) alone decides a coefficient (its leverage is 1), so \(kind) has no answer: use "
        + "HC0 or HC1, or join the level that only this row has."
    case .information(let error):
      "The information matrix cannot be factored. \(error)"
    }
  }

  private static func separationWording(
    _ columns: [String], _ terms: [String], _ isComplete: Bool
  ) -> String {
    let shown = columns.prefix(8).joined(separator: ", ") + (columns.count > 8 ? ", …" : "")
    let what =
      isComplete
      ? "predict every response without error (complete separation)"
      : "predict some responses without error (quasi-complete separation)"
    return "The term \(terms.joined(separator: ", ")) separates the data: \(shown) \(what), so no "
      + "finite estimate exists. Use --penalty firth (or ridge=1) for a finite one, join levels "
      + "without variation, or leave the term out."
  }
}
