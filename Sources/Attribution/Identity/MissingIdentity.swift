import FailureModes
import InteractionLog
import LinearAlgebra
import RepeatContacts

/// Interactions without an id: whether the path decides, and the figures for all interactions.
///
/// What an interaction brings depends on its cell (context and failures) alone, whether it names its
/// customer or not: so κ of the cell is summed over all interactions. What the record shows of κ is
/// what comes back with an id, which `LostLinks` carries back to all of it: a repeat of class l is seen
/// with the share of ids of its class. Where ids depend on recorded columns, this is the same as
/// weighting by 1 / P(id | cell).
struct MissingIdentity {
  private let fitted: FittedAttribution
  private let recorded: RecordedRepeats
  /// Rows by class, and those with an id.
  private let rows: [Double]
  private let named: [Double]

  init(_ fitted: FittedAttribution, tree: LinkTree) {
    self.fitted = fitted
    let table = fitted.input.table
    recorded = RecordedRepeats(
      table: table, tree: tree, delay: fitted.fit.parameters.delay[0])
    var rows = [Double](repeating: 0, count: recorded.count)
    var named = rows
    for row in 0..<table.count {
      rows[recorded.classOfRow[row]] += 1
      if table.customer.codes[row] >= 0 { named[recorded.classOfRow[row]] += 1 }
    }
    self.rows = rows
    self.named = named
  }

  private var unnamed: Double { rows.reduce(0, +) - named.reduce(0, +) }

  /// Classes that are no rarity and name their customer so seldom that nothing can be said of them.
  private var blind: [String] {
    let all = rows.reduce(0, +)
    return rows.indices.filter {
      rows[$0] >= max(0.01 * all, 20) && named[$0] < max(0.02 * rows[$0], 10)
    }.map { recorded.names[$0] }
  }

  private func factors(_ share: [Double]) -> [Double] {
    let lost = LostLinks(
      count: recorded.count, within: recorded.within, size: rows, recordedSize: named,
      seen: { share[$1] }, adopted: { (1 - share[$1]) * share[$2] },
      orphaned: { (1 - share[$0]) * share[$1] * share[$2] })
    return lost.factors(recorded: recorded.means, exposure: recorded.exposure)
  }

  /// Standardised figures with their intervals.
  func allInteractions(
    _ parameters: (layout: ScoreLayout, matrix: Matrix)?, totals: TotalEstimates
  ) -> AttributionReport.AllInteractions {
    typealias Estimate = AttributionReport.Estimate
    guard unnamed > 0 else {
      return .init(
        systemCausedRepeats: fitted.systemNote.map { Estimate(estimate: nil, ci95: nil, note: $0) }
          ?? totals.estimate([EffectLayout.systemDirect, EffectLayout.systemThroughStaff]),
        causedRepeats: totals.estimate([0, 1, 2, 3]))
    }
    guard blind.isEmpty else {
      let note =
        "hardly any interaction names its customer where it is \(blind.joined(separator: "; ")): "
        + "what those bring is not in this log"
      let none = Estimate(estimate: nil, ci95: nil, note: note)
      return .init(systemCausedRepeats: none, causedRepeats: none)
    }
    let share = rows.indices.map { (named[$0] + 0.5) / (rows[$0] + 1) }
    let weights = [
      [EffectLayout.systemDirect, EffectLayout.systemThroughStaff], [0, 1, 2, 3],
    ]
    func values(_ factors: [Double]) -> [Double] {
      let sums = functionals(factors).totals(
        fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
      return weights.map { $0.reduce(0) { $0 + sums[$1] } }
    }
    let factors = factors(share)
    let estimates = values(factors)
    var variances: [Double]?
    if let parameters {
      let gradient = SplitGradient(
        functionals: functionals(factors), layout: parameters.layout, cells: fitted.cells,
        rates: fitted.rates
      ).matrix(threads: fitted.options.threads)
      let covariance = gradient * parameters.matrix * gradient.transposed
      var sums = weights.map { parts in
        parts.reduce(0.0) { sum, a in parts.reduce(sum) { $0 + covariance[a, $1] } }
      }
      let h = 1e-4
      for k in rows.indices where rows[k] > 0 {
        var moved = share
        moved[k] = min(moved[k] + h, 1)
        guard moved[k] > share[k] else { continue }
        let up = values(self.factors(moved))
        for w in sums.indices {
          let slope = (up[w] - estimates[w]) / (moved[k] - share[k])
          sums[w] += slope * slope * share[k] * (1 - share[k]) / rows[k]
        }
      }
      // How many repeats came of unnamed ones is not in the log at all: only their mean is estimated.
      variances = sums
    }
    let results = estimates.indices.map { k in
      Estimate(
        estimate: estimates[k],
        ci95: variances.map { TotalEstimates.interval(estimates[k], max($0[k], 0).squareRoot()) },
        note: variances == nil ? "the jackknife gives no interval for it" : nil)
    }
    return .init(
      systemCausedRepeats: fitted.systemNote.map { Estimate(estimate: nil, ci95: nil, note: $0) }
        ?? results[0],
      causedRepeats: results[1])
  }

  /// Totals over all interactions, each weighted by its class.
  private func functionals(_ factors: [Double]) -> SplitFunctionals {
    let table = fitted.input.table
    let data = fitted.data
    let clock = data.clock(fitted.linkSettings, table: table)
    let common = fitted.correction?.factor ?? 1
    return SplitFunctionals(
      effects: fitted.effects, bins: data.bins,
      coverage: CoverageByCell(
        cell: fitted.cells.observedOfRow,
        left: table.startedAt.map { max(data.end - clock.days($0), 0) }, bins: data.bins,
        cellCount: fitted.effects.cells.observedCount,
        weights: recorded.classOfRow.map { common * factors[$0] }))
  }

  /// Whether the path decides who is named: by channel and handler, topic and failure mode.
  func check() -> AttributionReport.Check {
    let table = fitted.input.table
    let all = Double(table.count)
    let mean = (all - unnamed) / max(all, 1)
    guard unnamed > 0 else {
      return .init(
        name: "identity_by_path", verdict: .pass, value: 0,
        meaning: "Every interaction names its customer, on every path.")
    }
    var details: [String: Double] = [:]
    var worst: (name: String, share: Double, distance: Double) = ("", mean, 0)
    func look(_ name: String, _ named: Double, _ rows: Double) {
      // Shares that chance explains say nothing.
      guard rows >= 20, rows >= 0.005 * all else { return }
      let share = named / rows
      details[name] = share
      let error = (mean * (1 - mean) / rows).squareRoot()
      let distance = abs(share - mean)
      if distance > 4 * error && distance > worst.distance { worst = (name, share, distance) }
    }
    for k in rows.indices { look(recorded.names[k], named[k], rows[k]) }
    var ofTopic = [(rows: Double, named: Double)](
      repeating: (0, 0), count: table.topic.values.count)
    for row in 0..<table.count where table.topic.codes[row] >= 0 {
      let code = Int(table.topic.codes[row])
      ofTopic[code].rows += 1
      if table.customer.codes[row] >= 0 { ofTopic[code].named += 1 }
    }
    for (topic, count) in zip(table.topic.values, ofTopic) {
      look("topic \(topic)", count.named, count.rows)
    }
    for (m, mode) in fitted.input.modes.modes.enumerated() {
      let state = fitted.input.modes.state[m].storage
      let own = state.indices.filter { state[$0] == 1 }
      look(
        "failure \(mode.name)", Double(own.count { table.customer.codes[$0] >= 0 }),
        Double(own.count))
    }
    // Those that differ most; a log may have hundreds of topics.
    let telling = details.keys.sorted {
      let (a, b) = (abs((details[$0] ?? mean) - mean), abs((details[$1] ?? mean) - mean))
      return a == b ? $0 < $1 : a > b
    }.prefix(12)
    let selects = unnamed / all > 0.02 && worst.distance > 0.05
    return .init(
      name: "identity_by_path", verdict: selects ? .warn : .pass, value: worst.distance,
      meaning: selects
        ? "The path decides whether an interaction names its customer: \(percent(mean)) of all do, "
          + "\(percent(worst.share)) of \(worst.name). The figures are of interactions that name "
          + "their customer, and of repeats that do; what repeats of the others there were is under "
          + "all_interactions, as far as the log can tell."
        : "\(percent(mean)) of the interactions name their customer, on no path many more or fewer.",
      details: details.filter { telling.contains($0.key) })
  }
}
