/// Why a discontinuity cannot be estimated.
public enum DiscontinuityError: Error, Sendable, Equatable {
  public enum Side: String, Sendable, Equatable { case left, right }

  case lengthMismatch(outcomes: Int, running: Int)
  /// A NaN or an infinity in this row (from 0).
  case notFinite(variable: String, row: Int, value: Double)
  /// The cutoff has no observations on both sides of it.
  case cutoffOutsideData(cutoff: Double, minimum: Double, maximum: Double)
  /// A side has fewer distinct values, within the bandwidth where one is named, than a fit needs.
  case tooFewDistinctValues(side: Side, count: Int, needed: Int, bandwidth: Double?)
  /// Too few observations for a bandwidth to be chosen from them.
  case tooFewObservations(count: Int, needed: Int)
  /// The pilot fits of the bandwidth have no answer on this side.
  case tooLittleVariation(side: Side)
  case constantOutcome(value: Double)
  case degreeOutOfRange(Int)
  case bandwidthOutOfRange(Double)
  /// A column of a table cannot be used.
  case table(DesignError)
}

extension DiscontinuityError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .lengthMismatch(let outcomes, let running):
      "There are \(outcomes) outcomes and \(running) values of the running variable, expected as "
        + "many of one as of the other."
    case .notFinite(let variable, let row, let value):
      "The \(variable) of row \(row) is \(value), expected a finite number: correct or drop the row."
    case .cutoffOutsideData(let cutoff, let minimum, let maximum):
      "The cutoff \(cutoff) has no observations on both sides: the running variable goes from "
        + "\(minimum) to \(maximum). Give a cutoff inside."
    case .tooFewDistinctValues(let side, let count, let needed, let bandwidth?):
      "Within the bandwidth \(bandwidth) the running variable has \(count) distinct values on the "
        + "\(side.rawValue) of the cutoff, expected at least \(needed): give a wider bandwidth."
    case .tooFewDistinctValues(let side, let count, let needed, nil):
      "The running variable has \(count) distinct values on the \(side.rawValue) of the cutoff, "
        + "expected at least \(needed) for the fits."
    case .tooFewObservations(let count, let needed):
      "There are \(count) observations, expected at least \(needed) to choose a bandwidth from: "
        + "give the bandwidth."
    case .tooLittleVariation(let side):
      "The running variable varies too little on the \(side.rawValue) of the cutoff for a bandwidth "
        + "to be chosen: give the bandwidth, or check whether the variable is discrete."
    case .constantOutcome(let value):
      "The outcome is \(value) in every row, expected at least two different values."
    case .degreeOutOfRange(let degree):
      "The degree of the local polynomial is \(degree), expected 1 or 2."
    case .bandwidthOutOfRange(let bandwidth):
      "The bandwidth is \(bandwidth), expected a finite number above 0."
    case .table(let error):
      error.description
    }
  }
}
