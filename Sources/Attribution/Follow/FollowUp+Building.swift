import InteractionLog
import Statistics

extension FollowUp {
  private static let week: Int64 = 7 * 86_400_000
  /// Fewest whole weeks on either side.
  private static let fewestWeeks = 3
  /// A cut this near to the predicted one is as predicted: a failure that was to vanish and happens once
  /// in a while has vanished for all that it costs.
  private static let negligible = 0.02
  /// Standard errors that a difference must have to be told in four of five tries: 1.96 + 0.84.
  private static let telling = 2.8

  /// Compares what happened with what was predicted.
  ///
  /// - Parameters:
  ///   - records: the interactions before and after, each id once, in any order.
  ///   - released: milliseconds since 1970.
  ///   - expectedCut: share of the failures that the release was to take away, above 0 to 1.
  /// - Throws: `FollowError`.
  package init(
    _ prediction: FixPrediction, design: FollowDesign, records: [FollowRecord], released: Int64,
    expectedCut: Double, windowDays: Double
  ) throws(FollowError) {
    let sorted = records.sorted {
      ($0.customer ?? "", $0.time, $0.id) < ($1.customer ?? "", $1.time, $1.id)
    }
    guard let first = sorted.map(\.time).min(), let last = sorted.map(\.time).max(),
      released > first, released < last
    else {
      throw .dateOutside(
        released: Timestamp.text(released),
        from: sorted.map(\.time).min().map(Timestamp.text) ?? "nowhere",
        to: sorted.map(\.time).max().map(Timestamp.text) ?? "nowhere")
    }
    let counts = try WeeklyCounts(sorted, design: design, released: released, first, last)
    let change = try FailureRateChange(
      weeks: counts.weeks, exposed: counts.exposed, failures: counts.failures)
    let later = try LaterContactChange(
      sorted, released: released, window: Int64(windowDays * 86_400_000))

    fix = Fix(
      mode: prediction.mode, component: prediction.component, rank: prediction.rank,
      expectedCut: expectedCut)
    self.released = Timestamp.text(released)
    period = .init(from: Timestamp.text(first), to: Timestamp.text(last))
    weeksBefore = counts.weeks.count { $0 < 0 }
    weeksAfter = counts.weeks.count { $0 >= 0 }
    controls = design.controls.map {
      design.kind == .otherComponents ? $0.component : $0.name
    }
    controlsAre = design.kind.rawValue
    failures = Failures(
      before: change.before, after: change.after, expectedAfter: change.expectedAfter,
      cut: Estimate(estimate: change.cut, ci95: change.interval),
      verdict: FollowUp.verdict(
        change.interval, predicted: expectedCut, error: change.standardError),
      dispersion: change.dispersion, errors: change.errors,
      slopeBefore: change.parallel?.slope, slopeBeforeP: change.parallel?.p)
    repeats = FollowUp.repeats(prediction, change, later, expectedCut: expectedCut)
    moreWeeks = FollowUp.moreWeeks(
      prediction, later, expectedCut: expectedCut, verdict: repeats.verdict,
      waited: Double(last - released), windowDays: windowDays)
    let fell = failures.verdict == .asPredicted || failures.verdict == .moreThanPredicted
    verdict = fell ? repeats.verdict : failures.verdict
    weekly = counts.weekly(released: released)
    sentence = ""
    sentence = FollowWords.sentence(self)
  }

  /// Whether an interval holds what was predicted, or nearly, and tells it from none.
  private static func verdict(
    _ interval: [Double], predicted: Double, error: Double
  ) -> Verdict {
    if interval[1] < predicted - negligible { return .lessThanPredicted }
    if interval[0] > predicted + negligible { return .moreThanPredicted }
    return interval[0] > 0 ? .asPredicted : .cannotTell
  }

  private static func repeats(
    _ prediction: FixPrediction, _ change: FailureRateChange, _ later: LaterContactChange?,
    expectedCut: Double
  ) -> Repeats {
    func estimate(_ value: Double, _ error: Double) -> Estimate {
      Estimate(estimate: value, ci95: TotalEstimates.interval(value, error))
    }
    guard let later else {
      let none = Estimate(
        estimate: nil, ci95: nil,
        note: "no interaction after the release has had its whole repeat window yet")
      return Repeats(
        episodes: 0, expectedFailures: 0, predicted: none, realised: none, byFailures: none,
        verdict: .cannotTell)
    }
    let n = later.expectedFailures
    let each = prediction.perFailure
    let (predicted, predictedError) = prediction.avoided(cut: expectedCut)
    // Both errors are in the difference; the realised figure's own interval says whether it is told.
    let error = (later.standardError * later.standardError + predictedError * predictedError)
      .squareRoot()
    let distance = later.perFailure - predicted
    let verdict: Verdict =
      distance < -NormalDistribution.quantile975 * error
      ? .lessThanPredicted
      : distance > NormalDistribution.quantile975 * error
        ? .moreThanPredicted
        : later.perFailure > NormalDistribution.quantile975 * later.standardError
          ? .asPredicted : .cannotTell
    let (by, eachError) = prediction.avoided(cut: change.cut)
    let byError =
      (eachError * eachError + each * change.standardError * each * change.standardError)
      .squareRoot()
    return Repeats(
      episodes: later.after.episodes, expectedFailures: n,
      predicted: estimate(
        n * predicted,
        (n * predictedError * n * predictedError + prediction.chance(expected: n * predicted))
          .squareRoot()),
      realised: estimate(n * later.perFailure, n * later.standardError),
      byFailures: estimate(
        n * by, (n * byError * n * byError + prediction.chance(expected: n * by)).squareRoot()),
      verdict: verdict)
  }

  /// Weeks more after the release until an effect has `telling` standard errors: the variance is
  /// v (1/before + 1/after), and only the weeks after it grow. nil where the weeks before it alone
  /// leave too large an error.
  package static func weeksToTell(
    effect: Double, error: Double, before: Double, after: Double
  ) -> Int? {
    let target = abs(effect) / telling
    let variance = error * error / (1 / before + 1 / after)
    let rest = target * target / variance - 1 / before
    guard rest > 0 else { return nil }
    let more = (1 / rest - after).rounded(.up)
    return more < 5_200 ? max(1, Int(more)) : nil
  }

  private static func moreWeeks(
    _ prediction: FixPrediction, _ later: LaterContactChange?, expectedCut: Double,
    verdict: Verdict, waited: Double, windowDays: Double
  ) -> Int? {
    guard verdict == .cannotTell else { return nil }
    guard let later, later.after.weeks > 0, later.before.weeks > 0 else {
      // Three weeks of interactions whose windows have passed are the least to look at.
      let needed = Double(week) * Double(fewestWeeks) + windowDays * 86_400_000 - waited
      return max(1, Int((needed / Double(week)).rounded(.up)))
    }
    return weeksToTell(
      effect: prediction.avoided(cut: expectedCut).value, error: later.standardError,
      before: later.before.weeks, after: later.after.weeks)
  }

  /// Interactions and failures of every series in the whole weeks around the release.
  private struct WeeklyCounts {
    let weeks: [Int]
    let exposed: [[Double]]
    let failures: [[Double]]

    init(
      _ records: [FollowRecord], design: FollowDesign, released: Int64, _ first: Int64,
      _ last: Int64
    ) throws(FollowError) {
      // The first and last contact lie a little inside the time that the log covers.
      let slack: Int64 = 43_200_000
      let before = Int((released - first + slack) / week)
      let after = Int((last - released + slack) / week)
      for (side, count) in [("before", before), ("after", after)] where count < fewestWeeks {
        throw .tooFewWeeks(side: side, weeks: count, needed: fewestWeeks)
      }
      weeks = Array(-before..<after)
      let none = [Double](repeating: 0, count: weeks.count)
      var exposed = [[Double]](repeating: none, count: 1 + design.controls.count)
      var failures = exposed
      for record in records {
        let distance = Double(record.time - released) / Double(week)
        let place = Int(distance.rounded(.down)) + before
        guard weeks.indices.contains(place) else { continue }
        for series in exposed.indices where record.watched & (1 << UInt64(series)) != 0 {
          exposed[series][place] += 1
          if record.failed & (1 << UInt64(series)) != 0 { failures[series][place] += 1 }
        }
      }
      self.exposed = exposed
      self.failures = failures
      let failed = Int(failures[0].prefix(before).reduce(0, +))
      guard failed >= FailureRateChange.fewest else {
        throw .tooFewFailures(
          mode: design.treated.mode, component: design.treated.component, count: failed,
          needed: FailureRateChange.fewest)
      }
      guard failures.dropFirst().contains(where: { $0.reduce(0, +) > 0 }) else {
        throw .noControl(mode: design.treated.mode, component: design.treated.component)
      }
    }

    func weekly(released: Int64) -> [Week] {
      weeks.indices.map { w in
        Week(
          week: weeks[w], from: Timestamp.text(released + Int64(weeks[w]) * week),
          interactions: exposed[0][w], failures: failures[0][w],
          controlInteractions: exposed.dropFirst().reduce(0) { $0 + $1[w] },
          controlFailures: failures.dropFirst().reduce(0) { $0 + $1[w] })
      }
    }
  }
}
