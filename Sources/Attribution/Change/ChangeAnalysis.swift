import InteractionLog
import LinearAlgebra
import RepeatContacts
import Statistics

/// Why repeats changed between periods of a log.
///
/// **Estimand.** R(t), the later contacts within the window per 100 interactions of known customers in
/// period t, as had every window been covered: 100 · mean κ of the period's interactions under the
/// period's own mechanisms (expected caused repeats), plus the coincidental contacts that follow one of
/// them (`CoincidentalContacts`). Both are shown: what a dashboard counts is their sum, and a campaign
/// that brings customers in by itself must not pass for a failure. `MechanismGame` shares the caused half
/// of R(B) − R(A) out, and what is coincidental goes to the background. (Where much more is caused, the
/// same coincidental contacts are fewer per 100 interactions.)
///
/// **Errors.** Intervals are those of the process that made the periods, with their contacts as a
/// sample of it: a difference that chance brings holds 0. Customers are independent: the frequencies
/// (mix, failures, who handled, coincidental contacts) enter by their influence functions, summed by
/// customer (the infinitesimal jackknife). By
/// the delta method come the periods' deviations of κ (`EffectDrift`), κ's pooled coefficients (the
/// sandwich's covariance) and the shifts of the rates (`RateShifts`). Links are held at the posterior
/// probabilities under the deviations.
package struct ChangeAnalysis: Sendable {
  let fitted: FittedAttribution
  let coefficientCovariance: Matrix
  let spans: [CalendarSpan]
  let classes: ContactClasses
  let shifts: RateShifts
  let drift: EffectDrift
  let coincidental: CoincidentalContacts
  let weights: ShapleyWeights
  /// Context of each combination with who handled it left out.
  let coarse: [Int32]
  /// Mean exposure by period, and which rates of system modes are asked for what nobody looked at.
  let exposure: [Double]
  /// Mean share of the windows of each period's contacts that lies before days that are not all in.
  private let recorded: [Double]
  /// The days on which the log has interactions, from the first to the last, in the study's zone.
  let logDays: Range<Int>
  let unknownModes: [Int]

  /// - Parameters:
  ///   - spans: periods apart from each other.
  ///   - probability: of every candidate pair under the pooled fit.
  ///   - coefficientCovariance: of κ's coefficients: what the periods share of κ's error.
  ///   - rounds: Newton rounds at most that the periods' effects may take.
  /// - Throws: `ChangeError.notConverged`.
  package init(
    _ fitted: FittedAttribution, spans: [CalendarSpan], probability: [Double],
    coefficientCovariance: Matrix, rounds: Int = EffectDrift.mostRounds
  ) throws {
    self.fitted = fitted
    self.spans = spans
    self.coefficientCovariance = coefficientCovariance
    logDays = Self.logDays(fitted)
    classes = ContactClasses(fitted, periods: spans.map(\.days))
    shifts = try RateShifts(fitted, classes: classes)
    drift = try EffectDrift(
      fitted, classes: classes, probability: probability, rounds: rounds)
    coincidental = CoincidentalContacts(
      fitted.data, own: drift.own, periodOfContact: classes.periodOfContact, periods: spans.count)
    weights = try ShapleyWeights(playerCount: Mechanism.allCases.count)
    coarse = SituationTree.contexts(fitted.context)
    var exposure = [Double](repeating: 0, count: spans.count)
    for i in 0..<fitted.data.count where classes.periodOfContact[i] >= 0 {
      exposure[Int(classes.periodOfContact[i])] += coincidental.exposure[i]
    }
    for t in exposure.indices { exposure[t] /= max(classes.count(t), 1) }
    self.exposure = exposure
    recorded = Self.recorded(fitted, classes: classes, periods: spans.count)
    let states = fitted.input.modes.state.map(\.storage)
    unknownModes = shifts.shifts.map(\.mode).filter { m in
      fitted.cells.modes[m].side == .system && states[m].contains(-1)
    }
  }

  /// Two periods of a log, compared, with the rest of it in between and around as further periods.
  ///
  /// - Throws: `ChangeError` where they overlap, lie outside the log, or are too small or too late.
  package static func compare(
    _ fitted: FittedAttribution, from: CalendarSpan, to: CalendarSpan, probability: [Double],
    coefficientCovariance: Matrix
  ) throws -> AttributionReport.ChangeDecomposition {
    guard !from.days.overlaps(to.days) else {
      throw ChangeError.overlap(from: from.description, to: to.description)
    }
    let log = logDays(fitted)
    for span in [from, to] where !span.days.overlaps(log) {
      let whole = CalendarSpan("log", days: log)
      throw ChangeError.outsideLog(
        period: span.description, first: whole.firstDay, last: whole.lastDay)
    }
    let (early, late) = from.days.lowerBound < to.days.lowerBound ? (from, to) : (to, from)
    let rest = [
      (log.lowerBound, early.days.lowerBound), (early.days.upperBound, late.days.lowerBound),
      (late.days.upperBound, log.upperBound),
    ].filter { $0.0 < $0.1 }.map { CalendarSpan("rest", days: $0.0..<$0.1) }
    return try ChangeAnalysis(
      fitted, spans: [from, to] + rest, probability: probability,
      coefficientCovariance: coefficientCovariance
    ).decomposition(from: 0, to: 1)
  }

  private static func logDays(_ fitted: FittedAttribution) -> Range<Int> {
    let zone = fitted.input.study.source.zone
    func day(_ time: Int64?) -> Int {
      CivilDate.floorDivide(Int(zone.local(fromUTC: time ?? 0)), 86_400_000)
    }
    let starts = fitted.input.table.startedAt
    return day(starts.min())..<(day(starts.max()) + 1)
  }

  /// Why the period `to` differs from the period `from` (places in `spans`).
  ///
  /// - Parameter comparisons: how many pairs of periods are looked at; a change is called one at a
  ///   family error of 5 % over all of them (Bonferroni), the intervals are those of one.
  /// - Throws: `ChangeError` where one of them is too small or too late.
  package func decomposition(
    from: Int, to: Int, comparisons: Int = 1
  ) throws -> AttributionReport.ChangeDecomposition {
    try check(from)
    try check(to)
    let pair = PeriodPair(self, from: from, to: to, comparisons: comparisons)
    let words = ChangeWords(pair)
    return pair.decomposition(sentence: words.sentence)
  }

  /// Whether a period can be compared.
  package func check(_ period: Int) throws(ChangeError) {
    let count = Int(classes.count(period))
    let name = spans[period].description
    if count == 0 { throw .empty(period: name) }
    if count < ChangeError.fewestInteractions { throw .tooFew(period: name, interactions: count) }
    if exposure[period] < ChangeError.leastExposure {
      throw .hardlyCovered(period: name, exposure: exposure[period])
    }
    if recorded[period] < ChangeError.leastExposure {
      throw .hardlyRecorded(period: name, share: recorded[period])
    }
  }

  private static func recorded(
    _ fitted: FittedAttribution, classes: ContactClasses, periods: Int
  ) -> [Double] {
    let data = fitted.data
    var end = data.end
    if case .incomplete(let days)? = fitted.input.end {
      end = min(end, data.clock(fitted.linkSettings, table: fitted.input.table).days(days.from))
    }
    var sums = [Double](repeating: 0, count: periods)
    for i in 0..<data.count where classes.periodOfContact[i] >= 0 {
      sums[Int(classes.periodOfContact[i])] += min(
        max((end - data.time[i]) / data.bins.window, 0), 1)
    }
    return sums.indices.map { sums[$0] / max(classes.count($0), 1) }
  }

  /// The tree of two periods and its leaves' rates, with one mode's rate in one period moved by `h`.
  func situation(
    _ periods: [Int], moving mode: Int? = nil, of moved: Int = 0, by h: Double = 0
  ) -> (tree: SituationTree, rates: LeafRates, frames: [LeafRates.Frame], game: MechanismGame) {
    let tables = periods.indices.map { t in
      t == moved
        ? shifts.table(periods[t], moving: mode, by: h) : shifts.table(periods[t])
    }
    let tree = SituationTree(fitted, classes, periods: periods, tables: tables, coarse: coarse)
    let rates = LeafRates(
      fitted, drift: drift, periods: periods, tables: tables, teams: classes.teams)
    let frames = rates.frames(tree)
    let values = zip(frames, tree.leaves).flatMap { rates.values($0, $1) }
    let bare = zip(frames, tree.leaves).flatMap { rates.bareValues($0, $1) }
    return (
      tree, rates, frames,
      MechanismGame(tree: tree, leafValues: values, bareValues: bare, weights: weights)
    )
  }
}
