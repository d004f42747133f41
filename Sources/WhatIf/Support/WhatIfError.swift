/// Why a log cannot say what another threshold would do.
public enum WhatIfError: Error, Sendable, Equatable {
  /// A column that the question needs is not in the log.
  case missingColumn(name: String, meaning: String)
  /// The score column is there and holds nothing.
  case scoreWithoutValues(column: String)
  case scoreConstant(column: String, value: Double)
  case scoreOutside(column: String, value: Double, interactionID: String, count: Int)
  /// No contact names its customer.
  case noCustomers(rows: Int)
  case noAutomation(rows: Int)
  case noStaff(rows: Int)
  /// Automation and staff were never decided by the score: one side of every threshold is empty.
  case nothingOnOneSide(threshold: Double, side: String, minimum: Double, maximum: Double)
  case thresholdOutsideData(threshold: Double, minimum: Double, maximum: Double)
  case thresholdOutsideScale(Double)
  case badGrid(text: String)
  case gridTooLarge(count: Int, most: Int)
  /// No first contact whose windows before and after lie within the log.
  case noWholeEpisodes(contacts: Int, windowDays: Double, logDays: Double)
  case tooManyGroups(column: String, count: Int, most: Int)
  case tooManyPoints(groups: Int, thresholds: Int, most: Int)
  case groupNotText(column: String)
  case policy(name: String, problem: String)

  /// The `sysexits` code: 2 for what was asked for, 65 for what the log holds.
  public var exitCode: Int32 {
    switch self {
    case .badGrid, .gridTooLarge, .thresholdOutsideScale, .tooManyPoints: 2
    default: 65
    }
  }
}

extension WhatIfError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missingColumn(let name, let meaning):
      "the log has no \(name) (\(meaning)): name the column in the study"
        + (name == "handled_by" ? "." : ", or with --score.")
    case .scoreWithoutValues(let column):
      "the score column \(column) is empty in every row: name the column that holds the score "
        + "with --score."
    case .scoreConstant(let column, let value):
      "the score column \(column) is \(value) in every row, expected scores that differ: no "
        + "threshold can part them."
    case .scoreOutside(let column, let value, let id, let count):
      "the score column \(column) is \(value) at interaction \(id) (\(count) such rows), expected "
        + "0 to 1: give the score as a share, for instance by a derived column of the study."
    case .noCustomers(let rows):
      "none of \(rows) interactions has a customer_id: without customers nobody can be told to have "
        + "come back; name the column in the study."
    case .noAutomation(let rows):
      "none of \(rows) interactions with a score was handled by AI (handled_by is never \"ai\"): what "
        + "automation does cannot be seen in this log."
    case .noStaff(let rows):
      "none of \(rows) interactions with a score was handled by staff (handled_by is never "
        + "\"staff\"): what staff would have done cannot be seen in this log."
    case .nothingOnOneSide(let threshold, let side, let minimum, let maximum):
      "no score lies \(side) the threshold in force, \(threshold); scores go from \(minimum) to "
        + "\(maximum): the column of the score and that of the threshold do not belong together."
    case .thresholdOutsideData(let threshold, let minimum, let maximum):
      "the threshold \(threshold) lies outside the scores of this log, which go from \(minimum) to "
        + "\(maximum): ask for one inside."
    case .thresholdOutsideScale(let threshold):
      "the threshold is \(threshold), expected a number from 0 to 1."
    case .badGrid(let text):
      "--threshold is \"\(text)\", expected a number such as 0.7 or FROM:TO:STEP such as "
        + "0.5:0.9:0.01."
    case .gridTooLarge(let count, let most):
      "--threshold asks for \(count) thresholds, at most \(most): take a larger step."
    case .noWholeEpisodes(let contacts, let window, let days):
      "none of \(contacts) contacts is the first of an episode whose \(Self.days(window)) days before "
        + "and after are in the log, which covers \(Self.days(days)) days: give a longer log, or a shorter "
        + "repeat.window_days in the study."
    case .tooManyGroups(let column, let count, let most):
      "--by \(column) has \(count) values, at most \(most): name a column with fewer."
    case .tooManyPoints(let groups, let thresholds, let most):
      "\(groups) curves of \(thresholds) thresholds are \(groups * thresholds) points, at most "
        + "\(most): take a larger step of --threshold, or a column with fewer values with --by."
    case .groupNotText(let column):
      "--by \(column): curves go by a column of texts; name one such as topic, channel or segment."
    case .policy(let name, let problem):
      "policy \"\(name)\": \(problem)."
    }
  }
  /// At most one decimal.
  private static func days(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
  }
}
