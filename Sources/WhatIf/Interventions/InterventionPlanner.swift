import Attribution
import FailureModes
import InteractionLog
import RepeatContacts

/// Finds in a log what a change concerns: which failures of which contacts go.
struct InterventionPlanner {
  let fitted: FittedAttribution
  let tree: LinkTree
  /// How repeats answer to latency; nil where the log does not say.
  let latency: LatencyResponse?

  private var table: InteractionTable { fitted.input.table }
  private var data: LinkData { tree.data }

  /// Staff-handled contacts of a topic that were looked at, for it to have a rate.
  static let fewestLookedAt = 30

  /// - Parameter values: of the latency bins; nil: as estimated.
  func failures(
    _ intervention: Intervention, latencyValues values: [Double]? = nil
  ) throws(InterventionError) -> ThinnedFailures {
    switch intervention {
    case .failureRate(let mode, let component, let times):
      guard times >= 0, times <= 1 else {
        throw .outside(
          what: "The factor on a failure's rate", value: times, expected: "a number from 0 to 1")
      }
      let parts = try self.parts(of: mode, component: component, for: intervention)
      return thinned(parts) { _ in 1 - times }
    case .latencyCap(let integration, let milliseconds):
      return try capped(integration, at: milliseconds, values: values, for: intervention)
    case .intentPair(let predicted, let actual):
      return try pair(predicted, actual, for: intervention)
    case .staffErrors(let topic): return try staffErrors(on: topic, for: intervention)
    }
  }

  private func thinned(_ parts: [Int], _ probability: (Int) -> Double) -> ThinnedFailures {
    ThinnedFailures(
      thinnings: [
        FailureThinning(parts: parts, probability: (0..<data.count).map(probability))
      ])
  }

  private func parts(
    of name: String, component: String?, for intervention: Intervention
  ) throws(InterventionError) -> [Int] {
    let modes = fitted.cells.modes
    guard let mode = modes.firstIndex(where: { $0.name == name }) else {
      throw .unknown(what: "failure mode", name: name, known: modes.map(\.name))
    }
    if let reason = fitted.rates.leftOut[mode] {
      throw .noAnswer(change: intervention.name, reason: "\(name) \(reason)")
    }
    let all = fitted.cells.parts.indices.filter { fitted.cells.parts[$0].mode == mode }
    guard let component else { return all }
    let own = all.filter { fitted.cells.parts[$0].component == component }
    if own.isEmpty {
      throw .unknown(
        what: "component of \(name)", name: component,
        known: all.compactMap { fitted.cells.parts[$0].component })
    }
    return own
  }

  private func column(
    _ name: String, what: String, value: String
  ) throws(InterventionError) -> (column: TextColumn, code: Int32) {
    guard let column = table.text(name) else {
      throw .unknown(what: what, name: value, known: [])
    }
    guard let code = column.values.firstIndex(of: value) else {
      throw .unknown(what: what, name: value, known: column.values)
    }
    return (column, Int32(code))
  }

  /// Where the true intent was not looked at, the pair's share among the wrong intents with the same
  /// prediction.
  private func pair(
    _ predicted: String, _ actual: String, for intervention: Intervention
  ) throws(InterventionError) -> ThinnedFailures {
    let parts = try self.parts(
      of: "misclassified_intent", component: nil, for: intervention)
    let said = try column("intent_predicted", what: "predicted intent", value: predicted)
    let was = try column("intent_actual", what: "actual intent", value: actual)
    if predicted == actual {
      throw .noAnswer(change: intervention.name, reason: "the two are one intent")
    }
    var (wrong, pair) = (0.0, 0.0)
    for row in 0..<table.count where said.column.codes[row] == said.code {
      guard let known = was.column[row], known != predicted else { continue }
      wrong += 1
      if was.column.codes[row] == was.code { pair += 1 }
    }
    guard pair > 0 else {
      throw .noAnswer(
        change: intervention.name,
        reason: "no \(actual) was found among those taken for "
          + "\(predicted)")
    }
    return thinned(parts) { contact in
      let row = Int(data.row[contact])
      guard said.column.codes[row] == said.code else { return 0 }
      let code = was.column.codes[row]
      return code < 0 ? pair / wrong : code == was.code ? 1 : 0
    }
  }

  /// Each kind of staff error on the topic goes with the probability that brings its rate to the
  /// median of the topics' rates, if it is above.
  private func staffErrors(
    on topic: String, for intervention: Intervention
  ) throws(InterventionError) -> ThinnedFailures {
    guard let code = table.topic.values.firstIndex(of: topic) else {
      throw .unknown(what: "topic", name: topic, known: table.topic.values)
    }
    let modes = fitted.input.modes
    var thinnings: [FailureThinning] = []
    var answered = false
    for mode in modes.modes.indices
    where modes.modes[mode].side == .staff && fitted.rates.leftOut[mode] == nil {
      let rates = topicRates(mode)
      let known = rates.compactMap { $0 }.sorted()
      guard let own = rates[code], let median = Self.median(known) else { continue }
      answered = true
      guard own > median else { continue }
      let parts = fitted.cells.parts.indices.filter { fitted.cells.parts[$0].mode == mode }
      thinnings.append(
        FailureThinning(
          parts: parts,
          probability: data.topic.indices.map {
            table.topic.codes[Int(data.row[$0])] == Int32(code) ? 1 - median / own : 0
          }))
    }
    guard answered else {
      throw .noAnswer(
        change: intervention.name,
        reason: "fewer than \(Self.fewestLookedAt) contacts of the topic that staff handled were "
          + "looked at for errors")
    }
    return ThinnedFailures(thinnings: thinnings)
  }

  /// Shares of the contacts with staff on which the error was found, by topic; nil where too few were
  /// looked at.
  private func topicRates(_ mode: Int) -> [Double?] {
    let state = fitted.input.modes.state[mode]
    let handler = table.text("handled_by")
    var found = [Double](repeating: 0, count: table.topic.values.count)
    var looked = found
    for row in 0..<table.count where table.topic.codes[row] >= 0 {
      if let handler, handler[row] != "staff" { continue }
      let topic = Int(table.topic.codes[row])
      switch state[row] {
      case .yes:
        found[topic] += 1
        looked[topic] += 1
      case .no: looked[topic] += 1
      case .unknown: continue
      }
    }
    return zip(found, looked).map { $1 >= Double(Self.fewestLookedAt) ? $0 / $1 : nil }
  }

  private static func median(_ sorted: [Double]) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// What later answers bring beyond an answer at the cap goes.
  private func capped(
    _ integration: String, at cap: Double, values: [Double]?, for intervention: Intervention
  ) throws(InterventionError) -> ThinnedFailures {
    let called = try column("integration", what: "integration", value: integration)
    guard cap > 0, cap.isFinite else {
      throw .outside(
        what: "The cap on a latency", value: cap, expected: "milliseconds above 0")
    }
    guard let latency, let column = table.number("integration_latency_ms") else {
      throw .noAnswer(
        change: intervention.name,
        reason: "too little is seen at known latencies to tell what "
          + "latency brings")
    }
    let status = table.text("integration_status")
    let values = values ?? latency.values
    let limit = latency.logFactor(cap, values)
    let kept = (0..<data.count).map { contact -> Double in
      let row = Int(data.row[contact])
      guard called.column.codes[row] == called.code, status?[row] != "timeout",
        let took = column[row], took > cap
      else { return 1 }
      return LatencyResponse.ratio(limit - latency.logFactor(took, values))
    }
    return ThinnedFailures(thinnings: [], kept: kept)
  }
}
