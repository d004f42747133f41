/// Why a formula and a table do not make a design.
public enum DesignError: Error, Sendable, Equatable {
  case formula(FormulaFault)
  /// A column that an option names and the table does not have.
  case unknownColumn(role: String, name: String, columns: [String])
  /// A column of text where an option needs numbers.
  case textColumn(role: String, name: String)
  /// No row has a value in every column that is used.
  case noCompleteRows(rows: Int, emptiest: String, missing: Int)
  /// An expression that is infinite, or no number, at a row of the table (from 0).
  case notFinite(expression: String, row: Int, value: String)
  /// A value so large or a column so small that squares leave the range of numbers, at the row of
  /// the largest value.
  case outOfScale(expression: String, row: Int, value: Double)
  case oneLevel(variable: String, level: String)
  /// A level that the fit has not seen, at a row of the table (from 0).
  case unseenLevel(variable: String, level: String, row: Int, known: [String])
  case polynomialDegree(variable: String, degree: Int, distinctValues: Int)
  /// A response of text that has not exactly two levels.
  case responseLevels(response: String, levels: [String])
  case noColumns(formula: String)
}

extension DesignError {
  /// Between these sizes products of three columns can be squared.
  static let smallest = 1e-50
  static let largest = 1e50
}

extension DesignError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .formula(let fault):
      fault.description
    case .unknownColumn(let role, let name, let columns):
      "There is no column \"\(name)\" to take \(role) from; the columns are: "
        + columns.prefix(40).joined(separator: ", ") + (columns.count > 40 ? ", …." : ".")
    case .textColumn(let role, let name):
      "The column \"\(name)\" is text, expected numbers for \(role)."
    case .noCompleteRows(let rows, let emptiest, let missing):
      "None of the \(rows) rows has a value in every column of the model; \"\(emptiest)\" is "
        + "missing in \(missing). Leave out a column or fill it."
    case .notFinite(let expression, let row, let value):
      "\(expression) is \(value) in row \(row + 1), expected a finite number: correct or drop "
        + "the row."
    case .outOfScale(let expression, let row, let value):
      "\(expression) is \(value) in row \(row + 1), the largest of its values, expected a size "
        + "between \(Self.smallest) and \(Self.largest): give it in another unit."
    case .oneLevel(let variable, let level):
      "\(variable) is \"\(level)\" in every row that is used, expected at least two levels: "
        + "drop it from the formula."
    case .unseenLevel(let variable, let level, let row, let known):
      "\(variable) is \"\(level)\" in row \(row + 1), a level that the fit has not seen; it has "
        + "seen \(known.prefix(40).joined(separator: ", "))\(known.count > 40 ? ", …" : ""). Drop "
        + "the row or fit with data that has the level."
    case .polynomialDegree(let variable, let degree, let distinct):
      "\(variable) has a degree of \(degree) with \(distinct) distinct values, expected a degree "
        + "from 1 to \(max(distinct - 1, 1))."
    case .responseLevels(let response, let levels):
      "The response \(response) is text with \(levels.count) levels "
        + "(\(levels.prefix(6).joined(separator: ", "))\(levels.count > 6 ? ", …" : "")), expected "
        + "numbers, or two levels for the family binomial."
    case .noColumns(let formula):
      "\(formula) has neither an intercept nor a fixed term, expected at least one."
    }
  }
}
