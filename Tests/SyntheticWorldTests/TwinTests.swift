import Statistics
import SyntheticWorld
import Testing

@Suite("Twin worlds on the same random numbers")
struct TwinTests {
  private static let removals = InjectedMode.allCases.map(\.flag) + [.system]

  @Test(
    "Simulating without a mode gives a subset of the factual contacts, the one that pruning finds",
    arguments: [
      Regime.logLinear, .additive, .saturating, .quickRetries, .outages, .customerFrailty,
      .repeatsUntilResolved, .shiftedAfterOutage, .modeDelays,
    ])
  func pruningIsSimulation(regime: Regime) {
    let tree = CustomerTree(WorldParameters(regime: regime), seed: 51)
    var twins = TwinCount(tree: tree)
    var factual: [Contact] = []
    var twin: [Contact] = []
    var avoided = TwinTests.removals.map { _ in 0 }
    var notSubset = 0
    for number in 0..<4_000 {
      let customer = tree.customer(key: RandomStream.key(1, UInt64(number)))
      tree.grow(customer, into: &factual)
      twins.add(factual)
      let known = Dictionary(uniqueKeysWithValues: factual.map { ($0.key, $0) })
      for (index, removed) in TwinTests.removals.enumerated() {
        tree.grow(customer, without: removed, into: &twin)
        for contact in twin where !isSame(contact, known[contact.key], without: removed) {
          notSubset += 1
        }
        avoided[index] +=
          factual.count { $0.time >= 0 } - twin.count { $0.time >= 0 }
      }
    }
    #expect(notSubset == 0)
    for mode in InjectedMode.allCases {
      #expect(twins.byMode[mode.rawValue] == avoided[mode.index])
    }
    #expect(twins.allSystem == avoided.last)
    #expect(twins.allSystem > 100)
  }

  @Test("The log of a world without a mode has none of it and fewer contacts, with the same times")
  func wholeWorld() {
    let world = World(regime: .logLinear, interactions: 10_000, seed: 52)
    let factual = world.generate()
    let twin = world.generate(includeTotals: false, without: .timeout)
    #expect(twin.truth.modeContacts["integration_timeout"] == 0)
    #expect(
      factual.truth.contacts - twin.truth.contacts
        == factual.truth.modesTotal?["integration_timeout"])
    let starts = Set(factual.timeOrder.map { factual.table.startedAt[Int($0)] })
    #expect(twin.table.startedAt.allSatisfy(starts.contains))
    #expect(twin.table.text("integration_status")?.values == ["error", "ok"])
  }

  @Test("A failed action that only lives on from the parent is gone when the parent's is")
  func inheritedProblem() {
    let tree = CustomerTree(WorldParameters(regime: .repeatsUntilResolved), seed: 54)
    var factual: [Contact] = []
    var twin: [Contact] = []
    var inherited = 0
    var gone = 0
    for number in 0..<6_000 {
      let customer = tree.customer(key: RandomStream.key(3, UInt64(number)))
      tree.grow(customer, into: &factual)
      // Timeouts out: actions that failed for their sake succeed, and so do those that failed again.
      tree.grow(customer, without: .timeout, into: &twin)
      let kept = Dictionary(uniqueKeysWithValues: twin.map { ($0.key, $0) })
      for contact in factual where contact.keepsProblem && contact.time >= 0 {
        let parent = factual[Int(contact.parent)]
        guard parent.modes.contains(.actionFailed) else { continue }
        #expect(contact.modes.contains(.actionFailed))
        guard let other = kept[contact.key], let before = kept[parent.key],
          !before.modes.contains(.actionFailed)
        else { continue }
        inherited += 1
        if !other.modes.contains(.actionFailed) { gone += 1 }
      }
    }
    // Some fail again by themselves.
    #expect(inherited > 10 && gone > inherited / 2 && gone <= inherited)
  }

  @Test("A failure before the log's start is not taken out")
  func warmUpStays() {
    let tree = CustomerTree(WorldParameters(regime: .logLinear), seed: 53)
    var contacts: [Contact] = []
    var before = 0
    var within = 0
    for number in 0..<2_000 {
      tree.grow(
        tree.customer(key: RandomStream.key(2, UInt64(number))), without: .system, into: &contacts)
      for contact in contacts where !contact.modes.isDisjoint(with: .system) {
        if contact.time < 0 { before += 1 } else { within += 1 }
      }
    }
    #expect(before > 100 && within == 0)
  }

  /// The twin's contact is the factual one but for the modes removed and what they induced.
  private func isSame(_ contact: Contact, _ factual: Contact?, without removed: ModeSet) -> Bool {
    guard let factual else { return false }
    let allowed = contact.time >= 0 ? factual.modes.subtracting(removed) : factual.modes
    return contact.time == factual.time && contact.topic == factual.topic
      && contact.channel == factual.channel && contact.confidence == factual.confidence
      && contact.staff == factual.staff && contact.modes.isSubset(of: allowed)
  }
}
