import Statistics

/// Grows one customer's contacts: background contacts, their repeats, the repeats' repeats.
package struct CustomerTree: Sendable {
  private let population: Population
  package let calendar: OperationsCalendar
  package let conduct: Conduct
  package let response: RepeatResponse
  /// The response from a day of the log on, where it becomes another one.
  private let turned: (second: Int32, response: RepeatResponse)?
  private let repeats: WorldParameters.Repeats
  private let warmUpSeconds: Double
  /// Seconds from the start of the log to its end.
  package let endSeconds: Int32

  package init(_ parameters: WorldParameters, seed: UInt64) {
    population = Population(parameters)
    calendar = OperationsCalendar(parameters, seed: StreamKey.calendar.below(seed))
    conduct = Conduct(
      parameters, calendar: calendar, population: population, seed: StreamKey.staff.below(seed))
    response = RepeatResponse(parameters.repeats)
    repeats = parameters.repeats
    turned = parameters.turn.flatMap { turn in
      turn.effects.map { effects in
        var repeats = parameters.repeats
        repeats.effects = effects
        return (Int32(turn.day) * 86_400, RepeatResponse(repeats))
      }
    }
    warmUpSeconds = Double(parameters.warmUpDays) * 86_400
    endSeconds = Int32(parameters.days * 86_400)
  }

  package func customer(key: UInt64) -> Customer { population.customer(key: key) }

  /// All contacts of the customer from the warm-up to the end of the log, parents before their
  /// repeats; from the start of the log on, `removed` modes do not happen.
  package func grow(
    _ customer: Customer, without removed: ModeSet = [], into contacts: inout [Contact]
  ) {
    contacts.removeAll(keepingCapacity: true)
    addBackground(customer, without: removed, into: &contacts)
    var next = 0
    while next < contacts.count {
      addRepeats(of: next, without: removed, into: &contacts)
      next += 1
    }
  }

  /// Expected usual repeats and expected repeats that only the timeout brings, within the window.
  @inline(__always)
  package func expectedRepeats(of contact: Contact, under modes: ModeSet) -> (
    usual: Double, retry: Double
  ) {
    let response = turned.flatMap { contact.time >= $0.second ? $0.response : nil } ?? response
    let all = response(topic: contact.topic, channel: contact.channel, modes: modes)
    guard repeats.timeoutRetry != nil && modes.contains(.timeout) else { return (all, 0) }
    let usual = response(
      topic: contact.topic, channel: contact.channel, modes: modes.subtracting(.timeout))
    return (usual, all - usual)
  }

  private func addBackground(
    _ customer: Customer, without removed: ModeSet, into contacts: inout [Contact]
  ) {
    let rate = customer.dailyRate * calendar.highestFactor / 86_400
    guard rate > 0 else { return }
    var arrivals = RandomStream(seed: StreamKey.arrivals.below(customer.key))
    let contactKeys = StreamKey.background.below(customer.key)
    var seconds = -warmUpSeconds
    var count: UInt64 = 0
    while true {
      seconds += arrivals.exponential() / rate
      let topic = pick(arrivals.uniform(), customer.cumulativeTopicShares)
      let keep = arrivals.uniform()
      guard seconds < Double(endSeconds) else { return }
      count += 1
      let time = Int32(seconds.rounded(.down))
      if let active = customer.active, !active.contains(seconds / 86_400) { continue }
      guard keep < calendar.relativeFactor(day: dayOfLog(time), topic: Int(topic)) else {
        continue
      }
      contacts.append(
        conduct.contact(
          key: RandomStream.key(contactKeys, count), time: time, topic: topic, parent: -1,
          origin: .background, mark: 0, without: time >= 0 ? removed : []))
    }
  }

  private func addRepeats(
    of index: Int, without removed: ModeSet, into contacts: inout [Contact]
  ) {
    let parent = contacts[index]
    let expected = expectedRepeats(of: parent, under: parent.modes)
    addRepeats(
      of: parent, at: index, origin: .usual, expected: expected.usual, delay: repeats.delay,
      sameTopic: repeats.sameTopic, without: removed, into: &contacts)
    if let retry = repeats.timeoutRetry, expected.retry > 0 {
      addRepeats(
        of: parent, at: index, origin: .retry, expected: expected.retry, delay: retry.delay,
        sameTopic: retry.sameTopic, without: removed, into: &contacts)
    }
  }

  /// Points of a unit-rate Poisson process of marks below `expected`: one repeat each.
  private func addRepeats(
    of parent: Contact, at index: Int, origin: Contact.Origin, expected: Double,
    delay: DelayDensity, sameTopic: Double, without removed: ModeSet,
    into contacts: inout [Contact]
  ) {
    let usual = origin == .usual
    var marks = RandomStream(
      seed: (usual ? StreamKey.usualMarks : .retryMarks).below(parent.key))
    let repeatKeys = (usual ? StreamKey.usualRepeats : .retryRepeats).below(parent.key)
    var mark = marks.exponential()
    var count: UInt64 = 0
    while mark < expected {
      count += 1
      let key = RandomStream.key(repeatKeys, count)
      var stream = RandomStream(seed: key)
      let days = delay.sample(choice: stream.uniform(), quantile: stream.openUniform())
      let same = stream.bernoulli(sameTopic)
      let otherTopic = pick(stream.uniform(), population.cumulativeCommonShares)
      let time = Int64(parent.time) + max(1, Int64((days * 86_400).rounded(.up)))
      if time < Int64(endSeconds) {
        contacts.append(
          conduct.contact(
            key: key, time: Int32(time), topic: same ? parent.topic : otherTopic,
            parent: Int32(index), origin: origin, mark: mark, without: time >= 0 ? removed : []))
      }
      mark += marks.exponential()
    }
  }
}
