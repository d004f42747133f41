import InteractionLog

/// Adds up the truth of customers' contacts, one customer after the other.
package struct TruthCount: Sendable {
  private let tree: CustomerTree
  private let repeats: WorldParameters.Repeats
  private let staffSets: [ModeSet] = [
    [], .wrongInformation, .procedureMissed, [.wrongInformation, .procedureMissed],
  ]

  /// Y(S, H), Y(0, H), E[Y(0, H(0))] and Y(0, 0); the split is their differences, so that it adds up.
  private struct Nested {
    var observed = 0.0
    var withoutSystem = 0.0
    var withOwnStaff = 0.0
    var withoutAny = 0.0

    static func += (sum: inout Nested, one: Nested) {
      sum.observed += one.observed
      sum.withoutSystem += one.withoutSystem
      sum.withOwnStaff += one.withOwnStaff
      sum.withoutAny += one.withoutAny
    }

    var expected: Truth.Expected {
      Truth.Expected(
        total: observed, baseline: withoutAny, systemDirect: observed - withoutSystem,
        systemThroughStaff: withoutSystem - withOwnStaff, staffOwn: withOwnStaff - withoutAny)
    }
  }

  private var whole = Nested()
  private var byTopic = Catalogue.topics.map { _ in Nested() }
  /// By week of the log, from 0; its first day is a Monday.
  private var byWeek: [Nested]
  private let startSeconds: Int64
  /// By mode and component; a mode has at most as many components as there are topics (actions).
  private var direct = InjectedMode.allCases.map { _ in Catalogue.topics.map { _ in 0.0 } }
  private var modeContacts = InjectedMode.allCases.map { _ in 0 }
  private var realised = Truth.Realised(
    baseline: 0, systemDirect: 0, systemThroughStaff: 0, staffOwn: 0, beforeLog: 0)

  /// Second of the log at which it ends, as far as this truth is concerned.
  private let endSeconds: Int32

  /// - Parameter endDay: the truth of the log up to this day, that not included; nil: of all of it.
  package init(_ parameters: WorldParameters, tree: CustomerTree, endDay: Int? = nil) {
    self.tree = tree
    repeats = parameters.repeats
    startSeconds = parameters.startSeconds
    byWeek = [Nested](repeating: Nested(), count: (parameters.days + 6) / 7)
    endSeconds = endDay.map { Int32($0 * 86_400) } ?? tree.endSeconds
  }

  /// Counts one customer's contacts.
  package mutating func add(_ contacts: [Contact]) {
    for contact in contacts where contact.time >= 0 && contact.time < endSeconds {
      addExpected(contact)
      if contact.parent >= 0 { addRealised(contact, parent: contacts[Int(contact.parent)]) }
    }
  }

  package var expected: Truth.Expected { whole.expected }

  package var expectedByTopic: [String: Truth.Expected] {
    Dictionary(
      uniqueKeysWithValues: zip(Catalogue.topics, byTopic).map { ($0.name, $1.expected) })
  }

  package var expectedByWeek: [String: Truth.Expected] {
    Dictionary(
      uniqueKeysWithValues: byWeek.enumerated().map { place, week in
        let start = (startSeconds + Int64(place) * 604_800) * 1_000
        return (ISOWeek(milliseconds: start).description, week.expected)
      })
  }

  package var realisedRepeats: Truth.Realised { realised }

  package var modesDirectByComponent: [String: [String: Double]] {
    var result: [String: [String: Double]] = [:]
    for mode in InjectedMode.allCases {
      var parts: [String: Double] = [:]
      for (index, name) in TruthCount.components(of: mode).enumerated() {
        parts[name] = direct[mode.index][index]
      }
      result[mode.rawValue] = parts
    }
    return result
  }

  package var modesDirect: [String: Double] {
    var result: [String: Double] = [:]
    for mode in InjectedMode.allCases {
      result[mode.rawValue] = direct[mode.index].reduce(0, +)
    }
    return result
  }

  package var contactsByMode: [String: Int] {
    var result: [String: Int] = [:]
    for mode in InjectedMode.allCases { result[mode.rawValue] = modeContacts[mode.index] }
    return result
  }

  private mutating func addExpected(_ contact: Contact) {
    let days = Double(endSeconds - contact.time) / 86_400
    let usualExposure = repeats.delay.cdf(days)
    let courses = repeats.courses
    let firstExposure = courses.isEmpty ? 0 : courses[0].delay.cdf(days)
    let secondExposure = courses.count < 2 ? 0 : courses[1].delay.cdf(days)
    func expectation(_ modes: ModeSet) -> Double {
      let expected = tree.expectedRepeats(of: contact, under: modes)
      return expected.usual * usualExposure + expected.firstCourse * firstExposure
        + expected.secondCourse * secondExposure
    }
    let modes = contact.modes
    let without = expectation([])
    guard !modes.isEmpty else {
      add(
        Nested(
          observed: without, withoutSystem: without, withOwnStaff: without, withoutAny: without),
        contact)
      return
    }
    let all = expectation(modes)
    let staff = modes.intersection(.staff)
    add(
      Nested(
        observed: all, withoutSystem: staff.isEmpty ? without : expectation(staff),
        withOwnStaff: staff.isEmpty ? without : ownStaffExpectation(contact, staff, expectation),
        withoutAny: without), contact)
    for mode in InjectedMode.allCases where modes.contains(mode.flag) {
      modeContacts[mode.index] += 1
      direct[mode.index][TruthCount.component(of: mode, on: contact)] +=
        all - expectation(modes.subtracting(mode.flag))
    }
  }

  private mutating func add(_ one: Nested, _ contact: Contact) {
    whole += one
    byTopic[Int(contact.topic)] += one
    byWeek[Int(contact.time) / 604_800] += one
  }

  /// E[Y(0, H(0))]: over which of the observed staff errors would have happened without failures.
  func ownStaffExpectation(
    _ contact: Contact, _ staff: ModeSet, _ expectation: (ModeSet) -> Double
  ) -> Double {
    let system = contact.modes.intersection(.system)
    let keepWrong = min(
      1,
      tree.conduct.wrongInformation(contact, []) / tree.conduct.wrongInformation(contact, system))
    let keepMissed = min(
      1, tree.conduct.procedureMissed(contact, []) / tree.conduct.procedureMissed(contact, system))
    var sum = 0.0
    for kept in staffSets where staff.isSuperset(of: kept) {
      var probability = 1.0
      if staff.contains(.wrongInformation) {
        probability *= kept.contains(.wrongInformation) ? keepWrong : 1 - keepWrong
      }
      if staff.contains(.procedureMissed) {
        probability *= kept.contains(.procedureMissed) ? keepMissed : 1 - keepMissed
      }
      sum += probability * expectation(kept)
    }
    return sum
  }

  /// Where a repeat's mark lies among the parent's nested expectations says what brought it.
  private mutating func addRealised(_ contact: Contact, parent: Contact) {
    guard parent.time >= 0 else {
      realised.beforeLog += 1
      return
    }
    func reaches(_ modes: ModeSet) -> Bool {
      return contact.mark < tree.expectedRepeats(of: parent, under: modes)[contact.origin]
    }
    let ownStaff = tree.conduct.outcome(of: parent, after: [], without: .system)
    if reaches([]) {
      realised.baseline += 1
    } else if reaches(ownStaff) {
      realised.staffOwn += 1
    } else if reaches(parent.modes.intersection(.staff)) {
      realised.systemThroughStaff += 1
    } else {
      realised.systemDirect += 1
    }
  }

  /// The index of the component at fault, into `components(of:)`.
  private static func component(of mode: InjectedMode, on contact: Contact) -> Int {
    switch mode {
    case .integrationTimeout, .integrationError, .slowExecution: Int(contact.integration)
    case .actionFailed: Int(contact.topic)
    default: 0
    }
  }

  /// The component that would be at fault on a contact about this topic.
  package static func component(of mode: InjectedMode, topic: Int) -> String {
    let names = components(of: mode)
    switch mode {
    case .integrationTimeout, .integrationError, .slowExecution:
      return names[Catalogue.topics[topic].integration]
    case .actionFailed: return names[topic]
    default: return names[0]
    }
  }

  static func components(of mode: InjectedMode) -> [String] {
    switch mode {
    case .misclassifiedIntent: ["nlu"]
    case .integrationTimeout, .integrationError, .slowExecution:
      Catalogue.integrations.map(\.name)
    case .nearThresholdAutomation, .unneededEscalation: ["routing"]
    case .actionFailed: Catalogue.topics.map(\.action)
    case .wrongInformation, .procedureMissed: ["staff"]
    }
  }
}
