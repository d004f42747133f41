import Report

/// Why a figure or a customer of a run cannot be opened.
public enum LedgerError: Error, Sendable, Equatable {
  case unknownFigure(path: String, nearest: [String])
  /// A figure was named by its value; these are shown so.
  case figureByValue(value: String, figures: [String], count: Int)
  /// It is in the report, and it is no sum over interactions.
  case notASum(path: String, reason: String)
  /// The report does not tell it.
  case notTold(path: String, reason: String)
  /// The files of the run do not belong together.
  case doesNotAddUp(path: String, figure: Double, sum: Double, directory: String)
  case unknownValue(option: String, value: String, nearest: [String])
  /// - Parameter customerOf: the customer whose interaction has that id.
  case unknownCustomer(
    id: String, nearest: [String], customerOf: String? = nil, directory: String)
}

extension LedgerError: ExitCoded {
  public var exitCode: Int32 { 65 }

  public var description: String {
    switch self {
    case .unknownFigure(let path, let nearest):
      "The report has no figure '\(path)'."
        + (nearest.isEmpty ? "" : " Did you mean \(Self.list(nearest))?")
        + " A figure is named by its place in attribution.json; '--figure list' lists all, "
        + "'--figure \"*WORD*\"' those with a word."
    case .figureByValue(let value, let figures, let count):
      "A figure is named by its place in attribution.json, not by its value. The report shows "
        + "\(value) for \(Self.list(figures, last: "and"))"
        + (count > figures.count ? ", and for \(count - figures.count) more." : ".")
    case .notASum(let path, let reason):
      "'\(path)' does not open into interactions: \(reason). '--figure list' lists those that do."
    case .notTold(let path, let reason):
      "The report does not tell '\(path)': \(reason)."
    case .doesNotAddUp(let path, let figure, let sum, let directory):
      "'\(path)' is \(figure) in attribution.json, and the interactions add up to \(sum). The files "
        + "in \(directory) are not of one run, or were changed: run 'wherefore analyze' again. If "
        + "that does not help, it is a defect of Wherefore."
    case .unknownValue(let option, let value, let nearest):
      "No interaction of the run has '\(value)' for \(option)."
        + (nearest.isEmpty ? "" : " Did you mean \(Self.list(nearest))?")
    case .unknownCustomer(let id, _, let customer?, _):
      "'\(id)' is an interaction of the customer '\(customer)': ask for 'wherefore customer "
        + "\(customer)', or for 'wherefore explain \(id)'."
    case .unknownCustomer(let id, let nearest, nil, let directory):
      "\(directory)/interactions.csv has no customer '\(id)'."
        + (nearest.isEmpty ? "" : " Did you mean \(Self.list(nearest))?")
        + " Expected an id of the log that was analysed."
    }
  }

  static func list(_ names: [String], last: String = "or") -> String {
    let quoted = names.map { "'\($0)'" }
    guard quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " \(last) " + (quoted.last ?? "")
  }
}
