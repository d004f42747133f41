import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far a failure became rarer with a release: an interrupted time series with controls.
///
/// Counts by series and week (weeks run from the release, so that each holds every weekday once) follow
/// a quasi-Poisson regression with the interactions looked at as exposure,
///
///     log E[failures] = log interactions + series + week + β × (the fix's series, after),
///
/// where the weeks' own effects take up trend, season and whatever hit all series, before and after
/// (comparative interrupted time series; Bernal, Cummins & Gasparrini 2018, Int. J. Epidemiology 47).
/// The cut is 1 − exp(β). Errors are the larger of the quasi-Poisson one, which knows from all series how
/// much weeks scatter (outages), and the one clustered by week, which few weeks make too small alone.
package struct FailureRateChange: Sendable {
  /// Share of the failures that the release took away, with its interval.
  package let cut: Double
  package let interval: [Double]
  package let standardError: Double
  /// Failures per interaction of the fix's series before, after, and after without the release.
  package let before: Double
  package let after: Double
  package let expectedAfter: Double
  package let dispersion: Double
  /// `quasi-poisson` or `cluster(week)`: which error was the larger.
  package let errors: String
  /// Change per week of the fix's series against its controls before the release (log scale), and the
  /// p value of none: whether they moved alike. nil with fewer than four weeks.
  package let parallel: (slope: Double, p: Double)?

  /// Fewest failures of the fix's series before the release.
  package static let fewest = 10

  /// - Parameters:
  ///   - weeks: week numbers, 0 the first after the release.
  ///   - exposed: interactions looked at, `[series][week]`; series 0 is the fix's.
  ///   - failures: likewise.
  package init(
    weeks: [Int], exposed: [[Double]], failures: [[Double]]
  ) throws(FollowError) {
    func sum(_ values: [[Double]], _ keep: (Int) -> Bool) -> Double {
      weeks.indices.filter { keep(weeks[$0]) }.reduce(0) { $0 + values[0][$1] }
    }
    let (watchedBefore, watchedAfter) = (sum(exposed) { $0 < 0 }, sum(exposed) { $0 >= 0 })
    let (failedBefore, failedAfter) = (sum(failures) { $0 < 0 }, sum(failures) { $0 >= 0 })
    before = failedBefore / max(watchedBefore, 1)
    after = failedAfter / max(watchedAfter, 1)
    // Without a single failure after it the cut is whole, and only its lower end is a question; the
    // weeks' effects come from the controls then.
    let vanished = failedAfter == 0
    let fit = try FailureRateChange.fit(
      weeks, exposed, failures, keep: { $0 > 0 || weeks[$1] < 0 || !vanished },
      column: vanished ? nil : ("treated_after", { $0 == 0 && weeks[$1] >= 0 ? 1 : 0 }))
    dispersion = max(fit.fit.fit.dispersion, 1)
    if vanished {
      let expected = try FailureRateChange.expected(fit, weeks, exposed)
      expectedAfter = expected / max(watchedAfter, 1)
      // None happens with a chance of 2.5 % where −ln 0.025 are expected; scatter asks for more.
      cut = 1
      interval = [max(1 - FailureRateChange.logTail * dispersion / max(expected, 1e-9), 0), 1]
      standardError = (1 - interval[0]) / NormalDistribution.quantile975
      errors = "none failed"
    } else {
      let model = try fit.coefficient("treated_after", .model)
      // Counts that scatter less than Poisson ones do so by chance.
      let least = try fit.unscaledError("treated_after") * dispersion.squareRoot()
      let clustered = try fit.coefficient("treated_after", .clustered(["cluster"]))
      let wide = clustered.standardError > least
      let error = max(clustered.standardError, least)
      errors = wide ? "cluster(week)" : "quasi-poisson"
      let quantile = StudentDistribution.quantile(
        0.975, degreesOfFreedom: Double(max(weeks.count - 2, 1)))
      let beta = model.estimate
      cut = 1 - exp(beta)
      interval = [1 - exp(beta + quantile * error), 1 - exp(beta - quantile * error)]
      standardError = exp(beta) * error
      expectedAfter = after / exp(beta)
    }
    parallel = try FailureRateChange.parallel(weeks, exposed, failures)
  }

  private static let logTail = 3.6888794541139363

  private static func parallel(
    _ weeks: [Int], _ exposed: [[Double]], _ failures: [[Double]]
  ) throws(FollowError) -> (slope: Double, p: Double)? {
    guard weeks.count(where: { $0 < 0 }) >= 4 else { return nil }
    let fit = try fit(
      weeks, exposed, failures, keep: { weeks[$1] < 0 },
      column: ("treated_week", { $0 == 0 ? Double(weeks[$1]) : 0 }))
    let slope = try fit.coefficient("treated_week", .model).estimate
    let error =
      try fit.unscaledError("treated_week") * max(fit.fit.fit.dispersion, 1).squareRoot()
    guard error > 0 else { return nil }
    let freedom = Double(max(fit.fit.fit.residualDegreesOfFreedom, 1))
    return (slope, StudentDistribution.twoSided(slope / error, degreesOfFreedom: freedom))
  }

  /// The regression on the series and weeks that `keep` picks.
  private static func fit(
    _ weeks: [Int], _ exposed: [[Double]], _ failures: [[Double]],
    keep: (_ series: Int, _ week: Int) -> Bool,
    column: (name: String, value: (_ series: Int, _ week: Int) -> Double)?
  ) throws(FollowError) -> FollowRegression {
    var rows: [(series: Int, week: Int)] = []
    for w in weeks.indices {
      for s in exposed.indices where exposed[s][w] > 0 && keep(s, w) { rows.append((s, w)) }
    }
    // A series or week without any failure is determined to be nothing and tells nothing.
    var dropped = true
    while dropped {
      let count = rows.count
      var (bySeries, byWeek): ([Int: Double], [Int: Double]) = ([:], [:])
      for row in rows {
        bySeries[row.series, default: 0] += failures[row.series][row.week]
        byWeek[row.week, default: 0] += failures[row.series][row.week]
      }
      rows.removeAll { (bySeries[$0.series] ?? 0) == 0 || (byWeek[$0.week] ?? 0) == 0 }
      dropped = rows.count < count
    }
    var columns: [(String, FollowRegression.Column)] = [
      ("failures", .numbers(rows.map { failures[$0.series][$0.week] })),
      ("log_exposed", .numbers(rows.map { log(exposed[$0.series][$0.week]) })),
      ("series", .text(rows.map { String($0.series) })),
      ("week", .text(rows.map { String(weeks[$0.week]) })),
      ("cluster", .text(rows.map { String(weeks[$0.week]) })),
    ]
    var terms = "series + week"
    if let column {
      columns.append((column.name, .numbers(rows.map { column.value($0.series, $0.week) })))
      terms += " + \(column.name)"
    }
    return try FollowRegression(
      "failures ~ \(terms)", family: .quasipoisson, offset: "log_exposed", clusters: "cluster",
      columns: columns, what: "The change of the failures' rate")
  }

  /// Failures expected of the fix's series after the release by a fit that has not seen them there.
  private static func expected(
    _ fit: FollowRegression, _ weeks: [Int], _ exposed: [[Double]]
  ) throws(FollowError) -> Double {
    let terms = fit.fit.terms
    func effect(_ name: String) -> Double {
      terms.firstIndex(of: name).map { fit.fit.fit.coefficients[$0] } ?? 0
    }
    var sum = 0.0
    for w in weeks.indices where weeks[w] >= 0 {
      let rate = exp(effect("(Intercept)") + effect("series0") + effect("week\(weeks[w])"))
      sum += exposed[0][w] * rate
    }
    return sum
  }
}
