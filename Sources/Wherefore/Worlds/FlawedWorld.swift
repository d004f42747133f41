import Attribution
import InteractionLog
import RepeatContacts
import Statistics
import SyntheticWorld

/// Worlds on which refuters are judged: sound ones, which the analysis describes rightly, and flawed
/// ones, each with a known error that some refuter is there to find.
public enum FlawedWorld: String, CaseIterable, Sendable {
  /// Nothing is wrong.
  case sound
  /// Nothing is wrong, and failures bring no repeats.
  case soundNoEffect = "sound-no-effect"
  /// Nothing is wrong: failures add repeats, which the analysis finds out.
  case soundAdditive = "sound-additive"
  /// Two in five contacts come in one of three bursts of an hour that each topic has; the background
  /// knows days, not hours.
  case burstsWithinDays = "bursts-within-days"
  /// Outages raise contacts about their topics, and the background is held constant.
  case outageNotModelled = "outage-not-modelled"
  /// For days after an outage every contact brings many more repeats.
  case repeatsAfterOutage = "repeats-after-outage"
  /// One in 25 interactions carries one of five ids of desks, not of customers.
  case sharedIdentities = "shared-identities"
  /// Some customers have a bad time: their contacts lie close together and many of them time out,
  /// but none brings another.
  case hiddenTrouble = "hidden-trouble"
  /// What failures do triples in the middle of the log.
  case effectsTurn = "effects-turn"
  /// Only the nearest quarter of what counts as near the threshold is harmed.
  case thresholdBlurred = "threshold-blurred"
  /// The study's window is three days, and repeats come for two weeks.
  case windowTooShort = "window-too-short"
  /// Failures add repeats, and the analysis is held to multiply.
  case wrongLink = "wrong-link"

  public var isSound: Bool { rawValue.hasPrefix("sound") }

  /// What the flaw is meant to set off.
  public var aimedAt: [RefuterName] {
    switch self {
    case .sound, .soundNoEffect, .soundAdditive: []
    case .burstsWithinDays: [.permutedRows, .simulatedNull]
    case .outageNotModelled: [.randomCommonCause]
    case .repeatsAfterOutage: [.placeboMode, .randomCommonCause]
    case .sharedIdentities: [.subsetCustomers]
    case .hiddenTrouble: [.negativeControl, .rawCounts]
    case .effectsTurn: [.subsetTime]
    case .thresholdBlurred: [.discontinuity]
    case .windowTooShort: [.windowSensitivity]
    case .wrongLink: [.linkChoice]
    }
  }

  /// A topic that no contact brings about: some of the contacts that came by themselves are about it.
  static let controlTopic = "~control"

  private var regime: Regime {
    switch self {
    case .soundNoEffect: .noEffect
    case .soundAdditive, .wrongLink: .additive
    case .repeatsAfterOutage: .shiftedAfterOutage
    default: .logLinear
    }
  }

  private var parameters: WorldParameters {
    var parameters = WorldParameters(regime: regime)
    switch self {
    case .outageNotModelled:
      parameters.background.outageFactor = 8
    case .repeatsAfterOutage:
      parameters.repeats.afterOutage?.factor = 4
    case .effectsTurn:
      var turn = WorldParameters.Turn(day: 45)
      turn.effects = parameters.repeats.effects.map { 1.6 * $0 }
      parameters.turn = turn
      parameters.repeats.effects = parameters.repeats.effects.map { 0.4 * $0 }
    case .thresholdBlurred:
      parameters.classification.nearThreshold = 200
      parameters.repeats.effects[InjectedMode.nearThresholdAutomation.index] = 1.6
    default: break
    }
    return parameters
  }

  /// The log, the study it is read by, and how the analysis is held to an error.
  func log(interactions: Int, seed: UInt64) -> (table: InteractionTable, study: Study) {
    let world = World(
      regime: regime, parameters: parameters, interactions: interactions, seed: seed)
    let log = world.generate(includeTotals: false)
    var table = log.table
    var study = Study.canonical
    if self == .windowTooShort { study.repeatWindow.windowDays = 3 }
    var stream = RandomStream(seed: seed, keys: 0x666c_6177)
    if isSound || self == .hiddenTrouble {
      study.negativeControlTopics = [FlawedWorld.controlTopic]
      table.topic.values.append(FlawedWorld.controlTopic)
      for row in 0..<table.count where log.cause[row] == -1 && stream.bernoulli(0.06) {
        table.topic.codes[row] = Int32(table.topic.values.count - 1)
      }
    }
    if self == .burstsWithinDays { table = table.bunched(&stream) }
    if self == .sharedIdentities { table = table.sharingIdentities(&stream) }
    if self == .hiddenTrouble { table = table.troubled(&stream) }
    return (table, study)
  }

  func revised(_ choice: LinkSelection.Choice) -> LinkSelection.Choice {
    var choice = choice
    switch self {
    case .outageNotModelled:
      choice.background.intensity = .constant
      choice.parameters.intensity = choice.parameters.intensity.map { _ in 1 }
    case .wrongLink:
      let link = choice.rate.link
      choice.rate.link = .log
      choice.links = []
      if link != .log {
        // To first order, as in LinkSelection.translate.
        let centre = link.mean(choice.parameters.coefficients[0])
        let scale = 1 / max(centre, 1e-3)
        choice.parameters.coefficients = choice.parameters.coefficients.map { $0 * scale }
        choice.parameters.coefficients[0] = PowerLink.log.linearPredictor(centre)
      }
    default: break
    }
    return choice
  }
}

extension InteractionTable {
  /// Two in five interactions moved into one of three hours that their topic has.
  fileprivate func bunched(_ stream: inout RandomStream) -> InteractionTable {
    var copy = self
    let hour: Int64 = 3_600_000
    let first = startedAt.min() ?? 0
    let last = startedAt.max() ?? 0
    let bursts = (0..<(3 * max(topic.values.count, 1))).map { _ in
      first + Int64(stream.uniform() * Double(max(last - first - hour, 1)))
    }
    for row in 0..<count where topic.codes[row] >= 0 && stream.bernoulli(0.4) {
      let burst = bursts[3 * Int(topic.codes[row]) + stream.int(below: 3)]
      copy.startedAt[row] = burst + Int64(stream.uniform() * Double(hour))
    }
    return copy.inCanonicalOrder()
  }

  /// One in 25 interactions moved to one of five ids that many people share.
  fileprivate func sharingIdentities(_ stream: inout RandomStream) -> InteractionTable {
    var copy = self
    let known = copy.customer.codes.filter { $0 >= 0 }.count
    let shared = (0..<5).map { _ in copy.customer.codes[stream.int(below: max(known, 1))] }
    for row in 0..<known where stream.bernoulli(0.04) {
      copy.customer.codes[row] = shared[stream.int(below: 5)]
    }
    return copy.inCanonicalOrder()
  }

  /// A third of the customers with three contacts or more have a bad time of ten days into which all
  /// of their contacts fall, and half of their contacts time out.
  fileprivate func troubled(_ stream: inout RandomStream) -> InteractionTable {
    var copy = self
    let day: Int64 = 86_400_000
    let first = startedAt.min() ?? 0
    let last = startedAt.max() ?? 0
    guard case .text(var status)? = copy.columns["integration_status"],
      let timeout = status.values.firstIndex(of: "timeout")
    else { return self }
    var row = 0
    while row < count, customer.codes[row] >= 0 {
      let start = row
      while row < count && customer.codes[row] == customer.codes[start] { row += 1 }
      guard row - start >= 3, stream.bernoulli(1.0 / 3) else { continue }
      let from = first + Int64(stream.uniform() * Double(last - first - 10 * day))
      for i in start..<row {
        copy.startedAt[i] = from + Int64(stream.uniform() * Double(10 * day))
        if status.codes[i] >= 0 && stream.bernoulli(0.5) { status.codes[i] = Int32(timeout) }
      }
    }
    copy.columns["integration_status"] = .text(status)
    return copy.inCanonicalOrder()
  }

  /// By customer, start and id, unknown customers last.
  private func inCanonicalOrder() -> InteractionTable {
    let order = (0..<count).sorted { a, b in
      let (x, y) = (customer.codes[a], customer.codes[b])
      if x != y { return x < 0 ? false : y < 0 ? true : x < y }
      if startedAt[a] != startedAt[b] { return startedAt[a] < startedAt[b] }
      return interactionID[a].utf8.lexicographicallyPrecedes(interactionID[b].utf8)
    }
    func taken<T>(_ values: [T]) -> [T] { order.map { values[$0] } }
    var copy = self
    copy.interactionID = taken(interactionID)
    copy.customer.codes = taken(customer.codes)
    copy.startedAt = taken(startedAt)
    copy.topic.codes = taken(topic.codes)
    for (name, column) in columns {
      switch column {
      case .text(let c): copy.columns[name] = .text(.init(codes: taken(c.codes), values: c.values))
      case .number(let c): copy.columns[name] = .number(.init(storage: taken(c.storage)))
      case .time(let c): copy.columns[name] = .time(.init(milliseconds: taken(c.milliseconds)))
      case .flag(let c): copy.columns[name] = .flag(.init(storage: taken(c.storage)))
      }
    }
    return copy
  }
}
