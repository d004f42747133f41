import Attribution

/// What each chart shows, said in one sentence computed from the report. The titles of the charts.
enum Findings {
  static func split(_ report: AttributionReport) -> String {
    let system = report.headline.systemCausedRepeats
    guard let estimate = system.estimate, let caused = report.repeats.caused.estimate else {
      return "Who caused the repeats cannot be told from this log"
    }
    let counts = "\(NumberWords.count(estimate)) of \(NumberWords.count(caused)) caused repeats"
    guard let staff = report.headline.staffOwnCausedRepeats.estimate else {
      return "The system caused \(counts); staff's own part cannot be told"
    }
    return "The system caused \(counts), staff by themselves \(NumberWords.count(staff))"
  }

  static func modes(_ report: AttributionReport) -> String {
    let ranked = RankedModes(report.modes).modes
    guard let first = ranked.first, let caused = first.whole.caused.estimate, caused > 0 else {
      return "No failure mode stands out as a cause of repeats"
    }
    let title = ModeWords.title(first.whole.mode)
    guard let interval = first.whole.caused.ci95, interval[0] > 0 else {
      return "\(title) comes first, but its interval includes none at all"
    }
    return "\(title) caused most repeats: \(NumberWords.count(caused)), "
      + "between \(NumberWords.count(interval[0])) and \(NumberWords.count(interval[1]))"
  }

  /// Compares the first and the last complete weeks, up to four each, and calls it a change only
  /// where it exceeds twice the Poisson error of the two counts.
  static func weekly(_ report: AttributionReport) -> String {
    let complete = weeksWorthShowing(report.weekly).filter {
      $0.exposure >= completeExposure && $0.interactions > 0
    }
    let length = min(4, complete.count / 2)
    guard length > 0 else { return "Repeats by the week of the contact that caused them" }
    let (first, last) = (Array(complete.prefix(length)), Array(complete.suffix(length)))
    let (before, after) = (systemPer100(first), systemPer100(last))
    let error = (before.error * before.error + after.error * after.error).squareRoot()
    let change = after.rate - before.rate
    let span =
      "from \(NumberWords.small(before.rate)) to \(NumberWords.small(after.rate)) per 100 "
      + "interactions"
    let repeats =
      change.magnitude <= 2 * error
      ? "System-caused repeats stayed about level, \(span)"
      : "System-caused repeats \(change > 0 ? "rose" : "fell") \(span)"
    guard let satisfactionBefore = satisfaction(first), let satisfactionAfter = satisfaction(last)
    else { return repeats }
    let (from, to) = (
      NumberWords.fixed(satisfactionBefore, decimals: 1),
      NumberWords.fixed(satisfactionAfter, decimals: 1)
    )
    return from == to
      ? "\(repeats), while CSAT stayed at \(to)" : "\(repeats), CSAT went from \(from) to \(to)"
  }

  static func delay(_ report: AttributionReport) -> String {
    guard
      let all = report.model.delay.first(where: { $0.group == "all" }) ?? report.model.delay.first,
      let median = medianHours(all)
    else { return "When caused repeats arrive" }
    return "Half of the caused repeats arrive within \(NumberWords.delay(hours: median))"
  }

  static func rate(
    _ title: String, _ metric: AttributionReport.Handlers<AttributionReport.MetricValue>
  ) -> String {
    sentence(
      title, ai: metric.ai.estimate.map(NumberWords.percent),
      staff: metric.staff.estimate.map(NumberWords.percent))
  }

  static func latency(_ latency: AttributionReport.Latency) -> String {
    sentence(
      "Time to the end, median",
      ai: latency.byHandler.ai.p50.map(NumberWords.duration(milliseconds:)),
      staff: latency.byHandler.staff.p50.map(NumberWords.duration(milliseconds:)))
  }

  /// `TITLE: AI 89.4%, staff 87.1%`, without the one that the log does not have.
  private static func sentence(_ title: String, ai: String?, staff: String?) -> String {
    let known = [ai.map { "AI \($0)" }, staff.map { "staff \($0)" }].compactMap { $0 }
    return known.isEmpty ? "\(title): unknown" : "\(title): \(known.joined(separator: ", "))"
  }

  /// A week whose interactions have had this share of their repeat window counts as complete.
  static let completeExposure = 0.95

  /// The weeks without those at the log's two ends that have less than a fiftieth of the contacts of
  /// the busiest week: a log that is an export of closed cases, say, has a long and thin tail.
  static func weeksWorthShowing(
    _ weeks: [AttributionReport.WeekOfRepeats]
  ) -> [AttributionReport.WeekOfRepeats] {
    let least = (weeks.map(\.interactions).max() ?? 0) / 50
    guard let first = weeks.firstIndex(where: { $0.interactions > least }),
      let last = weeks.lastIndex(where: { $0.interactions > least })
    else { return weeks }
    return Array(weeks[first...last])
  }

  private static func systemPer100(
    _ weeks: [AttributionReport.WeekOfRepeats]
  ) -> (rate: Double, error: Double) {
    let repeats = weeks.reduce(0) { $0 + $1.systemCaused }
    let interactions = Double(weeks.reduce(0) { $0 + $1.interactions })
    return (100 * repeats / interactions, 100 * max(repeats, 1).squareRoot() / interactions)
  }

  private static func satisfaction(_ weeks: [AttributionReport.WeekOfRepeats]) -> Double? {
    let known = weeks.compactMap(\.csat)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  private static func medianHours(_ delay: AttributionReport.Delay) -> Double? {
    let bins = delay.densityPerDay.indices.map { bin in
      delay.densityPerDay[bin] * (delay.hours[bin + 1] - delay.hours[bin]) / 24
    }
    let half = bins.reduce(0, +) / 2
    var sum = 0.0
    for bin in bins.indices where half > 0 {
      if sum + bins[bin] >= half {
        let share = (half - sum) / bins[bin]
        return delay.hours[bin] + share * (delay.hours[bin + 1] - delay.hours[bin])
      }
      sum += bins[bin]
    }
    return nil
  }
}
