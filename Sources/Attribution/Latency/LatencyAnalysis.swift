import InteractionLog
import LinearAlgebra
import RepeatContacts
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `latency_dose[]`: how repeats, and the outcomes that were seen, answer to latency.
///
/// Timeouts are failures of their own and count on no curve. What the modes that are read from latency
/// bring is taken out of what is expected, so that the curve holds it.
package struct LatencyAnalysis {
  package typealias Dose = AttributionReport.LatencyDose
  static let column = "integration_latency_ms"

  let fitted: FittedAttribution
  let tree: LinkTree
  let outcomes: [OutcomeAnalysis.Finding]
  /// Contacts from which the response of repeats is estimated at most, by whole customers.
  let maximumContacts: Int

  package init(
    fitted: FittedAttribution, tree: LinkTree, outcomes: [OutcomeAnalysis.Finding],
    maximumContacts: Int = Sandwich.maximumContacts
  ) {
    self.fitted = fitted
    self.tree = tree
    self.outcomes = outcomes
    self.maximumContacts = maximumContacts
  }

  private var table: InteractionTable { fitted.input.table }

  package func doses() throws -> [Dose] {
    guard let latency = latencies() else { return [] }
    var doses = [try repeats(latency)]
    for finding in outcomes {
      guard let problem = finding.problem, let estimation = finding.estimation,
        let condition = problem.declaration.when,
        !fitted.input.study.columnsRead(by: condition).contains(Self.column)
      else { continue }
      doses.append(try outcome(latency, problem, estimation))
    }
    return doses
  }

  /// By row of the table, NaN where there is none, nobody knows what it was about or it timed out; nil
  /// where the log has none.
  package func latencies() -> [Double]? {
    guard let column = table.number(Self.column), column.storage.contains(where: { !$0.isNaN })
    else { return nil }
    let status = table.text("integration_status")
    return (0..<table.count).map { row in
      guard let value = column[row], value >= 0, table.topic.codes[row] >= 0,
        status?[row] != "timeout"
      else { return .nan }
      return value
    }
  }

  /// Places of the parts whose modes are read from latency.
  private func latencyParts(_ cells: ModeCells, _ read: [Set<String>]) -> [Int] {
    cells.parts.indices.filter { part in
      let mode = cells.parts[part].mode
      return mode < read.count && read[mode].contains(Self.column)
    }
  }

  // MARK: Repeats

  private func repeats(_ latency: [Double]) throws -> Dose {
    let sample = RepeatSample(self, latency)
    let (data, values, base) = (sample.tree.data, sample.latency, sample.base)
    let whole = tree.data
    return try assembled(
      response: "repeats", latency: values, topic: data.topic,
      counts: topicCounts(whole.row.map { latency[Int($0)] }, whole.topic),
      information: sample.due, direction: 1
    ) { bins, topic, common in
      guard let topic else { return try sample.contrast(bins) }
      // What other topics bring is held where all topics together have it.
      var left = base.left
      for i in left.indices where data.topic[i] != topic && !values[i].isNaN {
        left[i] *= exp(common?.value(at: values[i]) ?? 0)
      }
      return try RepeatDose(tree: sample.tree, expected: base.expected, left: left).contrast(
        bins: bins, level: [Int32](repeating: 0, count: left.count), levels: 1)
    } informationOf: { topic in
      data.topic.indices.reduce(0) {
        $0 + (data.topic[$1] == topic && !values[$1].isNaN ? base.expected[$1] : 0)
      }
    }
  }

  /// How repeats answer to latency by bin, all topics together and no curve drawn through it; nil where
  /// no latency is known or too little is seen.
  package func repeatContrast() throws -> BinnedContrast? {
    guard let latency = latencies() else { return nil }
    let sample = RepeatSample(self, latency)
    let wanted = min(Self.mostBins, Int(sample.due / Self.perBin))
    guard sample.due >= Self.leastInformation,
      let bins = LatencyBins(sample.latency, wanted: wanted)
    else { return nil }
    return try sample.contrast(bins)
  }

  /// The contacts from which the response of repeats is estimated.
  private struct RepeatSample {
    let tree: LinkTree
    /// By contact; NaN where there is none.
    let latency: [Double]
    let base: (expected: [Double], left: [Double])
    /// Repeats expected of the contacts whose latency is known.
    let due: Double

    init(_ analysis: LatencyAnalysis, _ latency: [Double]) {
      let (sample, _) = analysis.tree.sample(atMost: analysis.maximumContacts, weightings: [])
      let values = sample.data.row.map { latency[Int($0)] }
      let base = analysis.base(sample.data)
      tree = sample
      self.latency = values
      self.base = base
      due = values.indices.reduce(0) { $0 + (values[$1].isNaN ? 0 : base.expected[$1]) }
    }

    /// The response by bin, the level of each topic being its own.
    func contrast(_ bins: LatencyBins) throws -> BinnedContrast {
      try RepeatDose(tree: tree, expected: base.expected, left: base.left).contrast(
        bins: bins, level: tree.data.topic.map { max($0, 0) }, levels: tree.data.topicCount)
    }
  }

  /// What each contact is expected to bring in the log with the modes read from latency off, and what
  /// is left then of all that it brings.
  private func base(_ data: LinkData) -> (expected: [Double], left: [Double]) {
    let layout = fitted.effects.layout
    let delay = fitted.fit.parameters.delay
    let parts = latencyParts(fitted.cells, fitted.input.modes.columnsRead)
    let effects = fitted.functionals.cellEffects(
      fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    func amounts(_ o: Int, _ exposure: [Double]) -> (all: Double, without: Double) {
      var (all, off) = (0.0, 0.0)
      for g in delay.indices {
        let at = g * layout.count
        for k in 0..<4 { all += exposure[g] * effects[o][at + k] }
        for part in parts { off += exposure[g] * effects[o][at + layout.switchedOff(part)] }
      }
      return (all, max(all - off, 1e-6 * abs(all)))
    }
    let whole = [Double](repeating: 1, count: delay.count)
    let left = effects.indices.map { o -> Double in
      let (all, without) = amounts(o, whole)
      return all > 0 ? without / all : 1
    }
    let expected = (0..<data.count).map { i in
      let exposure = fitted.functionals.exposure(delay: delay, left: data.end - data.time[i])
      return max(amounts(Int(data.cell[i]), exposure).without, 0)
    }
    return (expected, data.cell.map { left[Int($0)] })
  }

  // MARK: Outcomes

  private func outcome(
    _ latency: [Double], _ problem: OutcomeProblem, _ estimation: OutcomeEstimation
  ) throws -> Dose {
    let layout = estimation.layout
    let parts = latencyParts(problem.cells, problem.modes.columnsRead)
    let effects = try CellEffects(
      design: problem.equations.design, cells: problem.cells, response: problem.equations.link)
    let evaluator = EffectEvaluator(
      effects: effects, coefficients: estimation.coefficients, rates: problem.rates,
      weights: problem.cells.mixtureWeight)
    let values = Scratch<Double>(count: layout.count, repeating: 0)
    let offsets = (0..<problem.cells.observedCount).map { o -> Double in
      guard problem.trials[o] > 0 else { return 0 }
      evaluator.effects(of: o, into: values.base)
      var p = 0.0
      for k in 0..<4 { p += values.base[k] }
      for part in parts { p -= values.base[layout.switchedOff(part)] }
      return BinaryLink.logistic.predictor(ofMean: p)
    }
    let seen = latency.indices.map { problem.happened[$0] >= 0 ? latency[$0] : .nan }
    let topic = table.topic.codes
    let dose = OutcomeDose(
      happened: problem.happened,
      offset: problem.cells.observedOfRow.map { offsets[Int($0)] }, cluster: table.customer.codes)
    func information(_ topic: Int32?) -> Double {
      var (events, rows) = (0.0, 0.0)
      for row in seen.indices
      where !seen[row].isNaN && (topic == nil || self.table.topic.codes[row] == topic) {
        events += Double(problem.happened[row])
        rows += 1
      }
      return min(events, rows - events)
    }
    return try assembled(
      response: problem.declaration.name, latency: seen, topic: topic,
      counts: topicCounts(seen, topic), information: information(nil),
      direction: problem.declaration.isGood ? -1 : 1
    ) { bins, topic, _ in
      topic == nil
        ? try dose.contrast(
          bins: bins, level: table.topic.codes, levels: table.topic.values.count)
        : try dose.contrast(
          bins: bins, level: [Int32](repeating: 0, count: latency.count), levels: 1)
    } informationOf: {
      information($0)
    }
  }

  // MARK: Curves

  /// Expected events that a bin should hold at least, bins at most, and the least that is tried.
  private static let perBin = 40.0
  private static let mostBins = 24
  private static let mostTopicBins = 12
  private static let leastInformation = 160.0
  /// Errors of the first kind over all that is said of one response: all topics together, then the
  /// topics as a family.
  static let level = 0.025

  /// - Parameter counts: interactions of the log with a known latency, by topic.
  private func assembled(
    response: String, latency: [Double], topic: [Int32], counts: [Int32: Int],
    information: Double, direction: Double,
    contrast: (LatencyBins, Int32?, LatencyCurve?) throws -> BinnedContrast,
    informationOf: (Int32) -> Double
  ) throws -> Dose {
    let known = counts.values.reduce(0, +)
    func none(_ note: String) -> Dose {
      let curve = Dose.Curve(
        topic: nil, interactions: known, range: nil, points: [], beginsAt: nil, beginsAtCi95: nil,
        p: nil, note: note)
      return Dose(
        response: response, column: Self.column, unit: "ms", interactions: known, overall: curve,
        topics: [], sentence: "\(LatencyWords.subject(response)) and latency: \(note).", note: note)
    }
    let wanted = min(Self.mostBins, Int(information / Self.perBin))
    guard information >= Self.leastInformation, let bins = LatencyBins(latency, wanted: wanted)
    else { return none("too little is seen at known latencies to tell") }
    let common: LatencyCurve
    do {
      common = LatencyCurve(
        try contrast(bins, nil, nil), direction: direction, seed: fitted.options.seed)
    } catch let error as LinearAlgebraError {
      return none("the data do not tell the latencies apart (\(error))")
    }
    let overall = common.result(
      topic: nil, interactions: known, level: Self.level, family: 1, fallback: nil)
    let family = counts.keys.count { informationOf($0) >= Self.leastInformation }
    var topics: [Dose.Curve] = []
    for code in counts.keys.sorted() {
      let own = latency.indices.map { topic[$0] == code ? latency[$0] : .nan }
      let wanted = min(Self.mostTopicBins, Int(informationOf(code) / Self.perBin))
      let name = table.topic.values[Int(code)]
      func silent(_ note: String) -> Dose.Curve {
        Dose.Curve(
          topic: name, interactions: counts[code] ?? 0, range: nil, points: [], beginsAt: nil,
          beginsAtCi95: nil, p: nil, note: note)
      }
      guard informationOf(code) >= Self.leastInformation,
        let bins = LatencyBins(own, wanted: wanted)
      else {
        topics.append(silent("too little is seen of it at known latencies to tell"))
        continue
      }
      do {
        let curve = LatencyCurve(
          try contrast(bins, code, common), direction: direction,
          seed: RandomStream.key(fitted.options.seed, UInt64(code) + 1), towards: common)
        topics.append(
          curve.result(
            topic: name, interactions: counts[code] ?? 0, level: Self.level, family: family,
            fallback: overall))
      } catch let error as LinearAlgebraError {
        topics.append(silent("the data do not tell the latencies apart (\(error))"))
      }
    }
    return Dose(
      response: response, column: Self.column, unit: "ms", interactions: known, overall: overall,
      topics: topics,
      sentence: LatencyWords.sentence(response, overall, good: direction < 0), note: nil)
  }

  private func topicCounts(_ latency: [Double], _ topic: [Int32]) -> [Int32: Int] {
    var counts: [Int32: Int] = [:]
    for i in latency.indices where !latency[i].isNaN { counts[topic[i], default: 0] += 1 }
    return counts
  }
}
