/// Why a discontinuity cannot be estimated.
public enum DiscontinuityError: Error, Sendable, Equatable {
  public enum Side: String, Sendable, Equatable { case left, right }

  case lengthMismatch(outcomes: Int, running: Int)
  /// A NaN or an infinity in this row (from 0).
  case notFinite(variable: String, row: Int, value: Double)
  /// A figure in this row (from 0) whose sums would be no numbers.
  case tooLarge(variable: String, row: Int, value: Double)
  /// A variable differs by less than numbers hold to full precision.
  case tooSmall(variable: String, deviation: Double)
  /// The cutoff has no observations on both sides of it.
  case cutoffOutsideData(cutoff: Double, minimum: Double, maximum: Double)
  /// A side has fewer distinct values, within the bandwidth where one is named, than a fit needs.
  case tooFewDistinctValues(side: Side, count: Int, needed: Int, bandwidth: Double?)
  /// Too few observations for a bandwidth to be chosen from them.
  case tooFewObservations(count: Int, needed: Int)
  /// The pilot fits of the bandwidth have no answer on this side.
  case tooLittleVariation(side: Side)
  case constantOutcome(value: Double)
  /// The outcome has one value on this side (nil: one on each), so that no bandwidth is best.
  case constantOutcomeBySide(side: Side?)
  case degreeOutOfRange(Int)
  case bandwidthOutOfRange(Double)
  /// A column of a table cannot be used.
  case table(DesignError)

  /// The row at fault, where it is one.
  public var row: Int? {
    switch self {
    case .notFinite(_, let row, _), .tooLarge(_, let row, _): row
    default: nil
    }
  }

  /// The same of the row of a table that a row among those kept was.
  func ofTable(_ kept: [Int32]?) -> DiscontinuityError {
    guard let kept, let row else { return self }
    let original = Int(kept[row])
    return switch self {
    case .notFinite(let variable, _, let value):
      .notFinite(variable: variable, row: original, value: value)
    case .tooLarge(let variable, _, let value):
      .tooLarge(variable: variable, row: original, value: value)
    default: self
    }
  }
}

extension DiscontinuityError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .lengthMismatch(let outcomes, let running):
      "There are \(outcomes) outcomes and \(running) values of the running variable, expected as "
        + "many of one as of the other."
    case .notFinite(let variable, let row, let value):
      "The \(variable) of row \(row + 1) is \(value), expected a finite number: correct or drop the "
        + "row."
    case .tooLarge(let variable, let row, let value):
      "The \(variable) of row \(row + 1) is \(value), expected at most "
        + "\(RunningSample.largestMagnitude) either way: correct the row, or give the variable in "
        + "another unit."
    case .tooSmall(let variable, let deviation):
      "The \(variable) has a standard deviation of \(deviation), expected at least "
        + "\(RunningSample.leastDeviation): give it in another unit."
    case .cutoffOutsideData(let cutoff, let minimum, let maximum):
      "The cutoff \(cutoff) has no observations on both sides: the running variable goes from "
        + "\(minimum) to \(maximum). Give a cutoff inside."
    case .tooFewDistinctValues(let side, let count, let needed, let bandwidth?)
    where count >= needed:
      "Within the bandwidth \(bandwidth) the \(count) distinct values of the running variable on the "
        + "\(side.rawValue) of the cutoff are too close to each other for a curve: give a wider "
        + "bandwidth."
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
    case .constantOutcomeBySide(let side?):
      "The outcome is the same in every row on the \(side.rawValue) of the cutoff, so that no bandwidth "
        + "of that side is better than another: give the bandwidth, or choose one rule for both sides."
    case .constantOutcomeBySide(nil):
      "The outcome is the same in every row on each side of the cutoff, so that no bandwidth is better "
        + "than another: give the bandwidth."
    case .degreeOutOfRange(let degree):
      "The degree of the local polynomial is \(degree), expected 1 or 2."
    case .bandwidthOutOfRange(let bandwidth):
      "The bandwidth is \(bandwidth), expected a finite number above 0."
    case .table(let error):
      error.description
    }
  }
}
