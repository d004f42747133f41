import Statistics

/// What the conduct of a contact needs of its topic, without the texts (copies are cheap).
private struct TopicConduct: Sendable {
  var hardness: Double
  var integration: Int
  var integrationShare: Double
  var medianLatency: Double
  var homeTeam: Int
  var staffErrorEffect: Double
  /// Chance that staff handle a confident contact.
  var staffAnyway: Double
  var cumulativeChannelShares: [Double]

  init(_ topic: Topic, _ classification: WorldParameters.Classification) {
    hardness = topic.hardness
    integration = topic.integration
    integrationShare = topic.integrationShare
    medianLatency = Catalogue.integrations[topic.integration].medianLatency
    homeTeam = topic.homeTeam
    staffErrorEffect = topic.staffErrorEffect
    staffAnyway =
      classification.staffAnyway
      * exponential(classification.staffAnywayByHardness * topic.hardness)
    cumulativeChannelShares = topic.channelShares.indices.map {
      topic.channelShares[...$0].reduce(0, +)
    }
  }
}

/// How one contact goes: classification, routing, execution, staff work. The structural equations.
///
/// A failure mode that is taken out is taken out where it would have struck; what it induces
/// downstream changes (misclassification, timeout, error → failed action → staff error), what was
/// decided before stays (the confidence seen, who handles the contact).
package struct Conduct: Sendable {
  private let classification: WorldParameters.Classification
  private let execution: WorldParameters.Execution
  private let staffWork: WorldParameters.StaffWork
  private let calendar: OperationsCalendar
  private let turn: WorldParameters.Turn?
  private let scoreRouting: ScoreRouting?
  private let release: WorldParameters.Release?
  /// By topic: whether the release repairs the component that serves it.
  private let releasedTopics: [Bool]
  private let topics: [TopicConduct]
  /// By channel: added to the log odds of misclassification.
  private let channelEffects: [Double]
  private let cumulativeCommonShares: [Double]
  private let commonShares: [Double]
  /// By staff: added to the log odds of each staff error.
  private let wrongInformationOfStaff: [Double]
  private let procedureMissedOfStaff: [Double]

  package init(
    _ parameters: WorldParameters, calendar: OperationsCalendar, population: Population,
    seed: UInt64
  ) {
    classification = parameters.classification
    execution = parameters.execution
    staffWork = parameters.staffWork
    self.calendar = calendar
    turn = parameters.turn
    scoreRouting = parameters.routing
    release = parameters.release
    releasedTopics = Catalogue.topics.indices.map { topic in
      guard let release = parameters.release else { return false }
      return release.component == nil
        || TruthCount.component(of: release.mode, topic: topic) == release.component
    }
    topics = Catalogue.topics.map { TopicConduct($0, parameters.classification) }
    channelEffects = Catalogue.channels.map(\.misclassificationEffect)
    cumulativeCommonShares = population.cumulativeCommonShares
    commonShares = Catalogue.topicShares(exponent: parameters.topicExponent)
    var stream = RandomStream(seed: seed)
    var wrong: [Double] = []
    var missed: [Double] = []
    for _ in 0..<(Catalogue.teams.count * Catalogue.staffPerTeam) {
      wrong.append(parameters.staffWork.wrongInformation.staffSD * stream.normal())
      missed.append(parameters.staffWork.procedureMissed.staffSD * stream.normal())
    }
    if let worse = parameters.staffWork.worse {
      wrong[worse.member] += worse.logOdds
      missed[worse.member] += worse.logOdds
    }
    wrongInformationOfStaff = wrong
    procedureMissedOfStaff = missed
  }

  /// The contact of this key, time and topic, with `removed` modes not happening.
  ///
  /// - Parameters:
  ///   - keepsProblem: the action fails if it failed on the parent.
  ///   - parentModes: what holds on the parent, in this world.
  /// Always draws the same numbers in the same order, whatever is removed.
  package func contact(
    key: UInt64, time: Int32, topic: UInt8, parent: Int32, origin: Contact.Origin, mark: Double,
    keepsProblem: Bool = false, after parentModes: ModeSet = [], without taken: ModeSet
  ) -> Contact {
    let released = released(key: key, time: time, topic: topic)
    let removed = taken.union(released)
    var stream = RandomStream(seed: StreamKey.conduct.below(key))
    let about = topics[Int(topic)]
    let channel = pick(stream.uniform(), about.cumulativeChannelShares)
    let routing = route(
      about, topic: topic, channel: channel, key: key, day: dayOfLog(time), &stream)
    let newTeam = newTeamLogOdds(of: routing.staff)
    let call = call(about, day: dayOfLog(time), without: removed, &stream)
    var contact = Contact(
      key: key, time: time, parent: parent, origin: origin, mark: mark, topic: topic,
      channel: channel, predicted: topic, confidence: routing.confidence,
      staff: routing.byStaff ? routing.staff : -1,
      integration: call.made ? Int8(about.integration) : -1,
      latencyMilliseconds: call.latency, actionPartial: false,
      modes: routing.modes.union(call.modes), actionUniform: stream.uniform(),
      wrongInformationUniform: stream.uniform(), procedureMissedUniform: stream.uniform(),
      wrongInformationLogOdds: staffWork.wrongInformation.base + about.staffErrorEffect
        + wrongInformationOfStaff[Int(routing.staff)] + newTeam,
      procedureMissedLogOdds: staffWork.procedureMissed.base + about.staffErrorEffect
        + procedureMissedOfStaff[Int(routing.staff)] + newTeam,
      keepsProblem: keepsProblem)
    contact.released = released
    contact.handlingEffect = routing.handlingEffect
    contact.modes = outcome(of: contact, after: parentModes, without: removed)
    if contact.modes.contains(.misclassified) {
      contact.predicted = routing.predicted
    }
    let failure = actionFailure(contact.modes)
    contact.actionPartial =
      !contact.modes.contains(.actionFailed) && contact.actionUniform >= failure
      && contact.actionUniform < failure + execution.actionPartial
    return contact
  }

  /// What the release keeps from happening on this contact, from a random number of its own, so that
  /// all others are those of the world without the release.
  private func released(key: UInt64, time: Int32, topic: UInt8) -> ModeSet {
    guard let release, dayOfLog(time) >= release.day, releasedTopics[Int(topic)] else { return [] }
    var stream = RandomStream(seed: StreamKey.release.below(key))
    return stream.uniform() < release.keeps ? [] : release.mode.flag
  }

  /// What classification said and who handles the contact.
  private struct Routing {
    var confidence: Int32
    var byStaff: Bool
    /// Who it would be if staff handled it.
    var staff: Int16
    var predicted: UInt8
    var modes: ModeSet
    var handlingEffect: Double
  }

  private func route(
    _ about: TopicConduct, topic: UInt8, channel: UInt8, key: UInt64, day: Int,
    _ stream: inout RandomStream
  ) -> Routing {
    let misclassified = stream.bernoulli(misclassification(about, channel))
    let otherTopic = stream.uniform()
    let predicted = misclassified ? anotherTopic(topic, uniform: otherTopic) : topic
    let logOdds = confidenceLogOdds(about, misclassified: misclassified, z: stream.normal())
    let confidence = confidence(logOdds, day: day)
    let staffAnyway = stream.bernoulli(about.staffAnyway)
    let usual = staffMember(
      about, team: stream.uniform(), anyTeam: stream.uniform(), member: stream.uniform())
    let staff = staffMember(insteadOf: usual, day: day)
    let distance = Int(confidence) - threshold(day: day, predicted: predicted)
    let explored = scoreRouting?.explored(
      key: key, day: day, predicted: predicted, distance: distance)
    let byStaff = explored ?? (distance < 0 || staffAnyway)
    var modes: ModeSet = misclassified ? .misclassified : []
    if !byStaff && distance < classification.nearThreshold { modes.insert(.nearThreshold) }
    if byStaff && distance < 0 && -distance < classification.nearThreshold && !misclassified {
      modes.insert(.unneededEscalation)
    }
    let effect =
      byStaff
      ? nil : scoreRouting?.handling(logOdds: logOdds, hardness: about.hardness, topic: topic)
    return Routing(
      confidence: confidence, byStaff: byStaff, staff: staff, predicted: predicted, modes: modes,
      handlingEffect: effect ?? 0)
  }

  /// The confidence from which AI handles contacts with this predicted topic, ten-thousandths.
  func threshold(day: Int, predicted: UInt8) -> Int {
    let turned = turn.map { day >= $0.day } ?? false
    let usual = (turned ? turn?.threshold : nil) ?? classification.threshold
    return scoreRouting?.threshold(day: day, predicted: predicted, usual: usual) ?? usual
  }

  /// The call to the topic's integration, if one is made.
  private struct Call {
    var made: Bool
    var latency: Int32
    var modes: ModeSet
  }

  private func call(
    _ topic: TopicConduct, day: Int, without removed: ModeSet, _ stream: inout RandomStream
  ) -> Call {
    let made = stream.bernoulli(topic.integrationShare)
    let statusUniform = stream.uniform()
    let latencyNormal = stream.normal()
    let timeoutUniform = stream.uniform()
    guard made else { return Call(made: false, latency: 0, modes: []) }

    let answered = topic.medianLatency * exponential(execution.latencyLogSD * latencyNormal)
    let latency = Int32(min(answered, 60_000).rounded())
    let rate = calendar.timeoutRate(day: day, integration: topic.integration)
    if statusUniform < rate {
      // Where timeouts are taken out, the call answers in time: it is not slow instead.
      let limits = execution.timeoutLatency
      let waited =
        removed.contains(.timeout)
        ? min(latency, Int32(execution.slowAbove))
        : Int32(limits.lowerBound + Int(timeoutUniform * Double(limits.count)))
      return Call(made: true, latency: waited, modes: .timeout)
    }
    var modes: ModeSet = []
    if statusUniform < rate + (1 - rate) * execution.errorRate { modes.insert(.error) }
    if Int(latency) > execution.slowAbove { modes.insert(.slow) }
    // Likewise where slowness itself is taken out.
    let seen = removed.contains(.slow) ? min(latency, Int32(execution.slowAbove)) : latency
    return Call(made: true, latency: seen, modes: modes)
  }

  /// The failure modes of a contact when `removed` ones do not happen, from its own random numbers.
  ///
  /// Removing more never adds a mode.
  ///
  /// - Parameter parentModes: what holds on the parent when they do not happen there either; matters
  ///   where the contact keeps its problem.
  package func outcome(
    of contact: Contact, after parentModes: ModeSet, without taken: ModeSet
  ) -> ModeSet {
    let removed = taken.union(contact.released)
    var modes = contact.modes.intersection(.upstream).subtracting(removed)
    let isStillOpen = contact.keepsProblem && parentModes.contains(.actionFailed)
    if isStillOpen || contact.actionUniform < actionFailure(modes) {
      modes.insert(.actionFailed)
    }
    modes.subtract(removed)
    if contact.handledByStaff {
      let system = modes
      if contact.wrongInformationUniform < wrongInformation(contact, system) {
        modes.insert(.wrongInformation)
      }
      if contact.procedureMissedUniform < procedureMissed(contact, system) {
        modes.insert(.procedureMissed)
      }
      modes.subtract(removed)
    }
    return modes
  }

  /// The probability that staff give wrong information on this contact under these system modes.
  package func wrongInformation(_ contact: Contact, _ system: ModeSet) -> Double {
    probability(contact.wrongInformationLogOdds, staffWork.wrongInformation, system)
  }

  /// The probability that staff miss a procedure on this contact under these system modes.
  package func procedureMissed(_ contact: Contact, _ system: ModeSet) -> Double {
    probability(contact.procedureMissedLogOdds, staffWork.procedureMissed, system)
  }

  private func probability(
    _ logOdds: Double, _ odds: WorldParameters.ErrorOdds, _ system: ModeSet
  ) -> Double {
    var sum = logOdds
    if system.contains(.timeout) { sum += odds.timeout }
    if system.contains(.actionFailed) { sum += odds.actionFailed }
    if system.contains(.misclassified) { sum += odds.misclassified }
    return logistic(sum)
  }

  private func actionFailure(_ modes: ModeSet) -> Double {
    var probability = execution.actionFailure
    if modes.contains(.timeout) { probability += execution.actionFailureByTimeout }
    if modes.contains(.error) { probability += execution.actionFailureByError }
    if modes.contains(.misclassified) { probability += execution.actionFailureByMisclassification }
    return probability
  }

  private func misclassification(_ topic: TopicConduct, _ channel: UInt8) -> Double {
    logistic(
      classification.misclassificationLogOdds
        + classification.misclassificationByHardness * topic.hardness
        + channelEffects[Int(channel)])
  }

  private func confidenceLogOdds(
    _ topic: TopicConduct, misclassified: Bool, z: Double
  ) -> Double {
    classification.confidenceMean + classification.confidenceByHardness * topic.hardness
      + (misclassified ? classification.confidenceWhenWrong : 0) + classification.confidenceSD * z
  }

  /// The score that the log shows, on the scale of the day's model version.
  private func confidence(_ logOdds: Double, day: Int) -> Int32 {
    var seen = logOdds
    if let version = scoreRouting?.version, day >= version.day { seen = version.logOdds(logOdds) }
    return Int32((logistic(seen) * 10_000).rounded())
  }

  private func staffMember(
    _ topic: TopicConduct, team: Double, anyTeam: Double, member: Double
  ) -> Int16 {
    let teams = Catalogue.teams.count
    let chosen =
      team < staffWork.homeTeamShare ? topic.homeTeam : Int(anyTeam * Double(teams))
    return Int16(
      chosen * Catalogue.staffPerTeam + Int(member * Double(Catalogue.staffPerTeam)))
  }

  /// The staff member who takes a contact where a new team comes: its members share out, by their
  /// number within a team, some of the other teams' contacts from the day on and none before.
  private func staffMember(insteadOf usual: Int16, day: Int) -> Int16 {
    guard let turn, let newTeam = turn.newTeam else { return usual }
    let perTeam = Int16(Catalogue.staffPerTeam)
    let last = Int16(Catalogue.teams.count - 1)
    let member = usual % perTeam
    if day < turn.day { return usual / perTeam == last ? member : usual }
    let taken = Double(member) < newTeam.share * Double(perTeam)
    return taken
      ? last * perTeam + (usual / perTeam + member) % perTeam
      : usual / perTeam == last ? member : usual
  }

  private func newTeamLogOdds(of staff: Int16) -> Double {
    guard let newTeam = turn?.newTeam,
      Int(staff) / Catalogue.staffPerTeam == Catalogue.teams.count - 1
    else { return 0 }
    return newTeam.logOdds
  }

  private func anotherTopic(_ topic: UInt8, uniform: Double) -> UInt8 {
    // Invert the common shares with this topic's interval cut out.
    let own = commonShares[Int(topic)]
    let below = cumulativeCommonShares[Int(topic)] - own
    let point = uniform * (1 - own)
    let drawn = pick(point < below ? point : point + own, cumulativeCommonShares)
    guard drawn == topic else { return drawn }
    return topic == 0 ? 1 : topic - 1
  }
}

/// The day of the log of a time in seconds since its start, negative in the warm-up.
@inline(__always)
func dayOfLog(_ time: Int32) -> Int {
  Int(time >= 0 ? time / 86_400 : (time - 86_399) / 86_400)
}
