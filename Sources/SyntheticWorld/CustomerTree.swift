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
  private let worse: WorldParameters.WorseMember?
  private let latency: LatencyLaw?
  private let courseModes: ModeSet
  /// The second course's.
  private let laterCourseModes: ModeSet
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
    worse = parameters.staffWork.worse
    latency = parameters.latency
    precondition(repeats.courses.count <= 2, "at most two modes have a course of their own")
    courseModes = repeats.courses.reduce(into: []) { $0.formUnion($1.mode.flag) }
    laterCourseModes = repeats.courses.dropFirst().reduce(into: []) { $0.formUnion($1.mode.flag) }
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
      addRepeats(of: next, customer, without: removed, into: &contacts)
      next += 1
    }
  }

  /// The contact's expected repeats within the window if these modes held on it, by how they come.
  ///
  /// Modes with a course of their own add theirs in the order of the courses, on top of what all
  /// other modes bring.
  @inline(__always)
  package func expectedRepeats(of contact: Contact, under modes: ModeSet) -> ExpectedRepeats {
    let response = turned.flatMap { contact.time >= $0.second ? $0.response : nil } ?? response
    func all(_ modes: ModeSet) -> Double {
      contact.repeatFactor * response(topic: contact.topic, channel: contact.channel, modes: modes)
    }
    guard !modes.isDisjoint(with: courseModes) else {
      return ExpectedRepeats(usual: all(modes), firstCourse: 0, secondCourse: 0)
    }
    let usual = all(modes.subtracting(courseModes))
    let withFirst = all(modes.subtracting(laterCourseModes))
    return ExpectedRepeats(
      usual: usual, firstCourse: withFirst - usual, secondCourse: all(modes) - withFirst)
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
      contacts[contacts.count - 1].repeatFactor = repeatFactor(
        customer, contacts[contacts.count - 1])
    }
  }

  private func repeatFactor(_ customer: Customer, _ contact: Contact) -> Double {
    var factor = customer.frailty * calendar.repeatFactor(day: dayOfLog(contact.time))
    if let worse, Int(contact.staff) == worse.member { factor *= worse.repeatFactor }
    if contact.handlingEffect != 0 { factor *= exponential(contact.handlingEffect) }
    guard let latency else { return factor }
    return factor
      * exponential(
        latency.effect(
          integration: contact.integration, latency: contact.latencyMilliseconds,
          modes: contact.modes))
  }

  private func addRepeats(
    of index: Int, _ customer: Customer, without removed: ModeSet, into contacts: inout [Contact]
  ) {
    let parent = contacts[index]
    let expected = expectedRepeats(of: parent, under: parent.modes)
    addRepeats(
      of: parent, at: index, customer, origin: .usual, expected: expected.usual,
      delay: repeats.delay, sameTopic: repeats.sameTopic, without: removed, into: &contacts)
    for (course, origin) in zip(repeats.courses, [Contact.Origin.firstCourse, .secondCourse])
    where expected[origin] > 0 {
      addRepeats(
        of: parent, at: index, customer, origin: origin, expected: expected[origin],
        delay: course.delay, sameTopic: course.sameTopic, without: removed, into: &contacts)
    }
  }

  /// Points of a unit-rate Poisson process of marks below `expected`: one repeat each.
  private func addRepeats(
    of parent: Contact, at index: Int, _ customer: Customer, origin: Contact.Origin,
    expected: Double, delay: DelayDensity, sameTopic: Double, without removed: ModeSet,
    into contacts: inout [Contact]
  ) {
    var marks = RandomStream(seed: StreamKey.marks(origin).below(parent.key))
    let repeatKeys = StreamKey.repeats(origin).below(parent.key)
    var mark = marks.exponential()
    var count: UInt64 = 0
    while mark < expected {
      count += 1
      let key = RandomStream.key(repeatKeys, count)
      var stream = RandomStream(seed: key)
      let days = delay.sample(choice: stream.uniform(), quantile: stream.openUniform())
      let same = stream.bernoulli(sameTopic)
      let otherTopic = pick(stream.uniform(), population.cumulativeCommonShares)
      let topic = same ? parent.topic : otherTopic
      let keepsProblem =
        repeats.unresolvedShare > 0 && stream.bernoulli(repeats.unresolvedShare)
        && topic == parent.topic
      let time = Int64(parent.time) + max(1, Int64((days * 86_400).rounded(.up)))
      if time < Int64(endSeconds) {
        contacts.append(
          conduct.contact(
            key: key, time: Int32(time), topic: topic, parent: Int32(index), origin: origin,
            mark: mark, keepsProblem: keepsProblem, after: parent.modes,
            without: time >= 0 ? removed : []))
        contacts[contacts.count - 1].repeatFactor = repeatFactor(
          customer, contacts[contacts.count - 1])
      }
      mark += marks.exponential()
    }
  }
}

/// Expected repeats of a contact within the window, by how they come.
package struct ExpectedRepeats: Sendable {
  package var usual: Double
  /// Those that only the modes with a course of their own bring.
  package var firstCourse: Double
  package var secondCourse: Double

  package var total: Double { usual + firstCourse + secondCourse }

  /// Those of one origin; none are of the background.
  @inline(__always)
  package subscript(origin: Contact.Origin) -> Double {
    switch origin {
    case .background: 0
    case .usual: usual
    case .firstCourse: firstCourse
    case .secondCourse: secondCourse
    }
  }
}

extension StreamKey {
  /// Marks of the repeats of this origin.
  fileprivate static func marks(_ origin: Contact.Origin) -> StreamKey {
    switch origin {
    case .background, .usual: .usualMarks
    case .firstCourse: .firstCourseMarks
    case .secondCourse: .secondCourseMarks
    }
  }

  /// The repeats of this origin themselves.
  fileprivate static func repeats(_ origin: Contact.Origin) -> StreamKey {
    switch origin {
    case .background, .usual: .usualRepeats
    case .firstCourse: .firstCourseRepeats
    case .secondCourse: .secondCourseRepeats
    }
  }
}
