import LinearAlgebra

/// Why a regression could not start or go on.
public enum RegressionError: Error, Sendable, Equatable {
  /// An argument has another length than the design asks for.
  case lengthMismatch(argument: String, count: Int, expected: Int)
  /// A value is outside what its role allows.
  case valueOutOfRange(argument: String, row: Int, value: Double, expected: String)
  /// A row counts events although nothing was exposed to them.
  case responseWithoutExposure(row: Int, response: Double)
  /// A row counts more successes than trials.
  case successesAboveTrials(row: Int, successes: Double, trials: Double)
  /// There is nothing to fit: every exposure or every number of trials is zero.
  case noData(argument: String)
  /// The information matrix could not be factored.
  case information(LinearAlgebraError)
}

extension RegressionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .lengthMismatch(let argument, let count, let expected):
      "\(argument) has \(count) values, expected \(expected): give one for each "
        + "row or column of the design."
    case .valueOutOfRange(let argument, let row, let value, let expected):
      "\(argument) of row \(row) is \(value), expected \(expected): correct or drop the row."
    case .responseWithoutExposure(let row, let response):
      "Row \(row) has a response of \(response) with an exposure of 0, expected a positive "
        + "exposure: drop the row or give it the exposure its events came from."
    case .successesAboveTrials(let row, let successes, let trials):
      "Row \(row) has \(successes) successes in \(trials) trials, expected at most as many: "
        + "check which of the two columns counts everything."
    case .noData(let argument):
      "\(argument) is zero in every row, expected at least one positive value: "
        + "there is nothing to fit."
    case .information(let error):
      "The information matrix cannot be factored. \(error)"
    }
  }
}

/// Checks shared by the regressions.
enum RegressionInput {
  static func requireLength(
    _ argument: String, _ count: Int, _ expected: Int
  ) throws(RegressionError) {
    if count != expected {
      throw .lengthMismatch(argument: argument, count: count, expected: expected)
    }
  }

  /// Finite and at least zero, one a row, not all zero where `mustHaveData`.
  static func requireNonNegative(
    _ argument: String, _ values: [Double], rows: Int, mustHaveData: Bool = false
  ) throws(RegressionError) {
    try requireLength(argument, values.count, rows)
    var hasData = false
    for (row, value) in values.enumerated() {
      guard value >= 0, value.isFinite else {
        throw .valueOutOfRange(
          argument: argument, row: row, value: value, expected: "a finite number of 0 or more")
      }
      if value > 0 { hasData = true }
    }
    if mustHaveData && !hasData { throw .noData(argument: argument) }
  }

  static func requireFinite(
    _ argument: String, _ values: [Double], count: Int
  ) throws(RegressionError) {
    try requireLength(argument, values.count, count)
    for (row, value) in values.enumerated() where !value.isFinite {
      throw .valueOutOfRange(
        argument: argument, row: row, value: value, expected: "a finite number")
    }
  }
}
