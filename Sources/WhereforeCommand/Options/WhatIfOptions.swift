import ArgumentParser

/// What `wherefore whatif` takes beside the log.
struct WhatIfOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The thresholds to try: one, several with commas between, or FROM:TO:STEP.",
      valueName: "t|a:b:step"))
  var threshold: String?

  @Option(
    help: ArgumentHelp(
      "Another change to think through, as integration_timeout@payments*0.5, "
        + "latency@payments<=1500, confusion@refund>delivery_problem or "
        + "staff_errors@refund=median. May be given several times.", valueName: "change"))
  var change: [String] = []

  @Flag(help: "Also print how often the score is right, and its thresholds on that scale.")
  var calibration = false

  @Option(help: "The column of the score. Default: intent_confidence.")
  var score: String?

  @Option(
    help: ArgumentHelp(
      "Also a curve for each value of this column: topic, channel, segment or another.",
      valueName: "column"))
  var by: String?

  @Option(
    help: ArgumentHelp("The folder to write whatif.json and charts/ to.", valueName: "dir"),
    completion: .directory)
  var out: String?

  @Flag(help: "Also write whatif.html to that folder: one page with charts and tables.")
  var report = false

  @Option(
    help: ArgumentHelp(
      "A run of 'wherefore analyze' on this log, whose links say what was caused.",
      valueName: "dir"), completion: .directory)
  var run: String?

  @Option(
    help: ArgumentHelp(
      "Repeats that no first contact brings more of on average, for bounds. Default: twice the "
        + "highest mean of any topic, handler and score bin.", valueName: "repeats"))
  var ceiling: Double?

  @Option(
    help: ArgumentHelp(
      "Half-width of the interval that exploration aims at, repeats per 100 first contacts.",
      valueName: "repeats"))
  var halfWidthPer100: Double = 1

  @Option(
    help: ArgumentHelp(
      "Staff hours a week that the best thresholds may take.", valueName: "hours"))
  var staffHours: Double?

  @Option(
    help: ArgumentHelp(
      "Staff at work by hour of the day, for the best thresholds: one number, or 24 with commas.",
      valueName: "n|n,n,…"))
  var staffByHour: StaffByHour?

  @Option(
    help: ArgumentHelp(
      "How long customers wait on average before they give up (default: 5).",
      valueName: "minutes"))
  var patienceMinutes: Double?

  @Option(
    help: ArgumentHelp(
      "Customers of an hour that may give up under the best thresholds, per cent (default: 5).",
      valueName: "percent"))
  var mostGiveUp: Double?

  @Option(help: "Seed of the bootstrap of the best thresholds.")
  var seed: UInt64 = 1

  @OptionGroup var execution: ExecutionOptions

  var halfWidth: Double { halfWidthPer100 / 100 }

  mutating func validate() throws {
    if threshold == nil, change.isEmpty, !calibration {
      throw ValidationError(
        "Nothing to think through: name thresholds (--threshold 0.5:0.9:0.01), another change "
          + "(--change integration_timeout*0.5) or --calibration.")
    }
    if report, out == nil {
      throw ValidationError("--report needs a folder to write whatif.html to: name it with --out.")
    }
    if let ceiling, !(ceiling > 0 && ceiling.isFinite) {
      throw ValidationError("--ceiling is a number of repeats above 0, not \(ceiling).")
    }
    guard halfWidthPer100 > 0, halfWidthPer100.isFinite else {
      throw ValidationError("--half-width-per-100 is above 0, not \(halfWidthPer100).")
    }
    if let patienceMinutes, !(patienceMinutes > 0 && patienceMinutes.isFinite) {
      throw ValidationError("--patience-minutes is above 0, not \(patienceMinutes).")
    }
    if let mostGiveUp, !(0...100).contains(mostGiveUp) {
      throw ValidationError("--most-give-up is from 0 to 100 per cent, not \(mostGiveUp).")
    }
    if let staffHours, !(staffHours >= 0 && staffHours.isFinite) {
      throw ValidationError("--staff-hours is 0 or more, not \(staffHours).")
    }
  }
}

/// Members of staff at work by hour of the day: one number for all hours, or 24.
struct StaffByHour: ExpressibleByArgument {
  let hours: [Double]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double(String($0)) }
    let hours = numbers.compactMap { $0 }.filter { $0 >= 0 && $0.isFinite }
    guard hours.count == numbers.count, hours.count == 1 || hours.count == 24 else { return nil }
    self.hours = hours.count == 1 ? [Double](repeating: hours[0], count: 24) : hours
  }
}
