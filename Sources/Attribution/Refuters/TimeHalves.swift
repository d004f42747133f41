import InteractionLog
import RepeatContacts
import Statistics

/// The model refitted on the earlier and on the later half of the log.
struct TimeHalves: Refuter {
  static let name = RefuterName.subsetTime
  static let meaning =
    "The earlier and the later half of the log were analysed alone, and each applied to all "
    + "interactions. They may differ by no more than their errors say, or what failures do has changed "
    + "within the log and one figure for all of it is an average."

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let data = attempt.fitted.data
    let half = data.dayCount / 2
    guard data.dayStart[half] >= 2 * data.bins.window,
      data.end - data.dayStart[half] >= 2 * data.bins.window
    else {
      return RefuterVerdicts.notApplicable(
        attempt.targets,
        "The log is too short to be halved: each half must span at least twice the repeat window.")
    }
    guard data.activeDays == nil else {
      return RefuterVerdicts.notApplicable(
        attempt.targets,
        "A customers file says when each customer could have made contact; halves of those intervals "
          + "are not compared.")
    }
    let days = [0..<half, half..<data.dayCount]
    let halves = try attempt.inParallel(2) { h in try fit(days[h], attempt) }
    let total = Double(data.count)
    return RefuterVerdicts.judged(
      attempt.targets.enumerated().map { t, target in
        let (first, second) = (halves[0].values[t], halves[1].values[t])
        // The error of a count grows with it; what one half finds by chance is no surer for being much.
        let whole = max(abs(attempt.values[t]), attempt.errors[t])
        let variance = halves.reduce(0.0) { sum, half in
          let share = max(1, abs(half.values[t]) / whole)
          return sum + attempt.errors[t] * attempt.errors[t] * share * total / half.exposed
        }
        let error = variance.squareRoot()
        let z = (second - first) / error
        return .init(
          target: target, expected: first, observed: second,
          ci95: error.isFinite ? TotalEstimates.interval(second, error) : nil,
          p: z.isFinite ? NormalDistribution.twoSided(z) : nil,
          matters: abs(second - first) > 0.15 * abs(attempt.values[t])
        ) { verdict in
          switch verdict {
          case .notApplicable: "The figure has no error to compare with."
          case .pass:
            "\(grouped(first)) by the earlier half, \(grouped(second)) by the later: no more apart than "
              + "errors say."
          default:
            "\(grouped(first)) by the earlier half, \(grouped(second)) by the later: what it does has "
              + "changed within the log. See the changes week by week, or analyse the halves apart."
          }
        }
      })
  }

  private struct Half {
    var values: [Double]
    /// Contacts whose repeats it could see.
    var exposed: Double
  }

  private func fit(_ days: Range<Int>, _ attempt: RefutationCase) throws -> Half {
    let fitted = attempt.fitted
    let whole = fitted.data
    let table = fitted.input.table
    let contacts = (0..<whole.count).filter { days.contains(Int(whole.day[$0])) }
    let rows = contacts.map { Int(whole.row[$0]) }
    let part = InteractionTable(
      interactionID: [],
      customer: TextColumn(
        codes: rows.map { table.customer.codes[$0] }, values: table.customer.values),
      startedAt: rows.map { table.startedAt[$0] },
      topic: TextColumn(codes: rows.map { table.topic.codes[$0] }, values: table.topic.values),
      columns: [:])
    let study = fitted.input.study
    let data = LinkData(
      table: part, cell: rows.map { fitted.cells.observedOfRow[$0] },
      settings: LinkSettings(
        windowDays: study.repeatWindow.windowDays, calendar: study.calendar,
        zone: study.source.zone), customers: nil)
    let model = LinkModel(
      data: data, rate: fitted.fit.model.rate, background: fitted.fit.model.background)
    let fitter = attempt.alone
    var start = fitter.start(model)
    let known = fitted.fit.parameters
    start.coefficients = known.coefficients
    start.delay = known.delay
    start.persistence = known.persistence
    start.topicShare = known.topicShare
    start.prior.components = known.prior.components
    if start.prior.intervalWeights.count == known.prior.intervalWeights.count {
      start.prior.intervalWeights = known.prior.intervalWeights
    }
    if start.mixConcentration.isFinite { start.mixConcentration = known.mixConcentration }
    let shift = Int(whole.day[contacts.first ?? 0]) - Int(data.day.first ?? 0)
    for k in 0..<data.topicCount {
      for d in 0..<data.dayCount where d + shift < whole.dayCount {
        start.intensity[k * data.dayCount + d] = known.intensity[k * whole.dayCount + d + shift]
      }
    }
    let fit = try fitter.fit(model, from: start)
    let exposed = data.time.reduce(0.0) { sum, time in
      sum + fitted.functionals.exposure(delay: known.delay, left: data.end - time)[0]
    }
    return Half(values: attempt.totals(fit.parameters), exposed: max(exposed, 1))
  }
}
