/// What is true of an outcome on a generated log: expected events of its contacts given what happened
/// on them, in the four parts, from the law that drew them.
public struct OutcomeTruth: Codable, Sendable, Equatable {
  public var outcome: String
  public var expected: Truth.Expected
  /// By mode: drop of the expected events if only this flag is switched off.
  public var modesDirect: [String: Double]

  enum CodingKeys: String, CodingKey {
    case outcome, expected
    case modesDirect = "modes_direct"
  }
}

/// Adds up the truth of a world's outcomes over its contacts.
struct OutcomeTruthCount: Sendable {
  private let laws: [OutcomeLaw]
  private var sums: [(observed: Double, withoutSystem: Double, withOwn: Double, without: Double)]
  private var direct: [[Double]]

  init(_ laws: [OutcomeLaw]) {
    self.laws = laws
    sums = laws.map { _ in (0, 0, 0, 0) }
    direct = laws.map { _ in InjectedMode.allCases.map { _ in 0 } }
  }

  mutating func add(_ contacts: [Contact], _ truth: TruthCount) {
    guard !laws.isEmpty else { return }
    for contact in contacts where contact.time >= 0 {
      for (k, law) in laws.enumerated() {
        func expectation(_ modes: ModeSet) -> Double { law.probability(contact, under: modes) }
        let all = expectation(contact.modes)
        let staff = contact.modes.intersection(.staff)
        sums[k].observed += all
        sums[k].withoutSystem += expectation(staff)
        sums[k].withOwn +=
          staff.isEmpty ? expectation([]) : truth.ownStaffExpectation(contact, staff, expectation)
        sums[k].without += expectation([])
        for mode in InjectedMode.allCases where contact.modes.contains(mode.flag) {
          direct[k][mode.index] += all - expectation(contact.modes.subtracting(mode.flag))
        }
      }
    }
  }

  var truths: [OutcomeTruth] {
    laws.indices.map { k in
      let s = sums[k]
      var modes: [String: Double] = [:]
      for mode in InjectedMode.allCases { modes[mode.rawValue] = direct[k][mode.index] }
      return OutcomeTruth(
        outcome: laws[k].name,
        expected: .init(
          total: s.observed, baseline: s.without, systemDirect: s.observed - s.withoutSystem,
          systemThroughStaff: s.withoutSystem - s.withOwn, staffOwn: s.withOwn - s.without),
        modesDirect: modes)
    }
  }
}
