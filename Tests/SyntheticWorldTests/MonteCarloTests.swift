import Statistics
import SyntheticWorld
import Testing

// Repeats of a set of contacts, given those contacts, are Poisson with the sum of their κ; tolerances
// are 4.5 sd of that (once in 150,000 seeds; the seeds are fixed).

@Suite("Monte Carlo: contacts behave as the structural equations say")
struct MonteCarloTests {
  @Test(
    "Contacts bring repeats at their κ, by mode and in all",
    arguments: [
      Regime.logLinear, .additive, .saturating, .noEffect, .quickRetries, .customerFrailty,
      .repeatsUntilResolved, .shiftedAfterOutage, .modeDelays,
    ])
  func repeatsFollowResponse(regime: Regime) {
    let parameters = WorldParameters(regime: regime)
    let tree = CustomerTree(parameters, seed: 61)
    let lastTime = tree.endSeconds - Int32(parameters.repeats.delay.limit * 86_400)
    let groups: [ModeSet?] = [nil, []] + InjectedMode.allCases.map(\.flag)
    var expected = groups.map { _ in 0.0 }
    var found = groups.map { _ in 0 }
    forEachTree(tree, customers: 40_000, key: 3) { contacts in
      var repeats = [Int](repeating: 0, count: contacts.count)
      for contact in contacts where contact.parent >= 0 { repeats[Int(contact.parent)] += 1 }
      for (contact, count) in zip(contacts, repeats) where contact.time <= lastTime {
        let sum = tree.expectedRepeats(of: contact, under: contact.modes)
        for (index, group) in groups.enumerated() {
          let belongs =
            switch group {
            case nil: true
            case .some([]): contact.modes.isEmpty
            case .some(let mode): contact.modes.isSuperset(of: mode)
            }
          guard belongs else { continue }
          expected[index] += sum.total
          found[index] += count
        }
      }
    }
    for index in groups.indices {
      #expect(expected[index] > 50)
      #expect(
        abs(Double(found[index]) - expected[index]) < 4.5 * expected[index].squareRoot(),
        "group \(index): \(found[index]) for \(expected[index])")
    }
  }

  @Test(
    "Repeats come with the declared delays and topics, retries at once",
    arguments: [Regime.quickRetries, .modeDelays])
  func delaysAndTopics(regime: Regime) throws {
    let parameters = WorldParameters(regime: regime)
    let tree = CustomerTree(parameters, seed: 62)
    let common = Catalogue.topicShares(exponent: parameters.topicExponent)
    var usual = (count: 0.0, withinDay: 0.0, sameTopic: 0.0, expectedSame: 0.0)
    var retry = (count: 0.0, withinTwoHours: 0.0, sameTopic: 0.0, expectedSame: 0.0)
    var discovery = (count: 0.0, withinThreeDays: 0.0, sameTopic: 0.0, expectedSame: 0.0)
    let lastTime = tree.endSeconds - Int32(parameters.repeats.delay.limit * 86_400)
    forEachTree(tree, customers: 60_000, key: 4) { contacts in
      for contact in contacts where contact.parent >= 0 {
        let parent = contacts[Int(contact.parent)]
        guard parent.time <= lastTime else { continue }
        let delay = contact.time - parent.time
        let same = contact.topic == parent.topic ? 1.0 : 0
        let share = common[Int(parent.topic)]
        switch contact.origin {
        case .background: Issue.record("a background contact with a parent")
        case .usual:
          usual.count += 1
          usual.withinDay += delay <= 86_400 ? 1 : 0
          usual.sameTopic += same
          usual.expectedSame += 0.75 + 0.25 * share
        case .firstCourse:
          #expect(parent.modes.contains(.timeout))
          retry.count += 1
          retry.withinTwoHours += delay <= 7_200 ? 1 : 0
          retry.sameTopic += same
          retry.expectedSame += 0.95 + 0.05 * share
        case .secondCourse:
          #expect(parent.modes.contains(.wrongInformation))
          discovery.count += 1
          discovery.withinThreeDays += delay <= 3 * 86_400 ? 1 : 0
          discovery.sameTopic += same
          discovery.expectedSame += 0.15 + 0.85 * share
        }
      }
    }
    let atOnce = try #require(parameters.repeats.courses.first)
    #expect(retry.count > 500)
    expectShare(usual.withinDay, of: usual.count, near: parameters.repeats.delay.cdf(1))
    expectShare(usual.sameTopic, of: usual.count, near: usual.expectedSame / usual.count)
    expectShare(
      retry.withinTwoHours, of: retry.count,
      near: atOnce.delay.cdf(2.0 / 24))
    expectShare(retry.sameTopic, of: retry.count, near: retry.expectedSame / retry.count)
    guard regime == .modeDelays else {
      #expect(discovery.count == 0)
      return
    }
    let late = parameters.repeats.courses[1]
    #expect(discovery.count > 500)
    expectShare(discovery.withinThreeDays, of: discovery.count, near: late.delay.cdf(3))
    expectShare(
      discovery.sameTopic, of: discovery.count, near: discovery.expectedSame / discovery.count)
  }

  @Test("Modes with a course of their own add theirs in order: by hand")
  func courses() {
    let tree = CustomerTree(WorldParameters(regime: .modeDelays), seed: 64)
    var contacts: [Contact] = []
    tree.grow(tree.customer(key: 1), into: &contacts)
    for number in 2..<40 as Range<UInt64> where contacts.isEmpty {
      tree.grow(tree.customer(key: number), into: &contacts)
    }
    let contact = contacts[0]
    let base = tree.expectedRepeats(of: contact, under: []).usual
    let all = tree.expectedRepeats(
      of: contact, under: [.misclassified, .timeout, .wrongInformation])
    // e^0.9, then e^0.8 on top for the timeout, then e^0.8 for the wrong information.
    #expect(abs(all.usual / base - 2.45960311115695) < 1e-12)
    #expect(abs(all.firstCourse / base - (5.4739473917272 - 2.45960311115695)) < 1e-12)
    #expect(abs(all.secondCourse / base - (12.182493960703473 - 5.4739473917272)) < 1e-12)
    #expect(abs(all.total - all.usual - all.firstCourse - all.secondCourse) == 0)
    let wrong = tree.expectedRepeats(of: contact, under: .wrongInformation)
    #expect(wrong.usual == base && wrong.firstCourse == 0)
    #expect(abs(wrong.secondCourse / base - 1.2255409284924679) < 1e-12)
  }

  @Test("Failures happen at their declared rates, and induce what they should")
  func failureRates() {
    let parameters = WorldParameters(regime: .logLinear)
    let tree = CustomerTree(parameters, seed: 63)
    var contacts = 0.0
    var misclassified = 0.0
    var failedAfterTimeout = (count: 0.0, failed: 0.0)
    var failedAlone = (count: 0.0, failed: 0.0)
    var wrong = (count: 0.0, probability: 0.0)
    forEachTree(tree, customers: 40_000, key: 5) { all in
      for contact in all {
        contacts += 1
        let modes = contact.modes
        if modes.contains(.misclassified) { misclassified += 1 }
        let upstream = modes.intersection([.misclassified, .timeout, .error])
        if upstream == .timeout {
          failedAfterTimeout.count += 1
          failedAfterTimeout.failed += modes.contains(.actionFailed) ? 1 : 0
        } else if upstream.isEmpty {
          failedAlone.count += 1
          failedAlone.failed += modes.contains(.actionFailed) ? 1 : 0
        }
        if contact.handledByStaff {
          wrong.probability += tree.conduct.wrongInformation(contact, modes)
          wrong.count += modes.contains(.wrongInformation) ? 1 : 0
        } else if !modes.isDisjoint(with: .staff) {
          Issue.record("AI made a staff error")
        }
      }
    }
    #expect(misclassified / contacts > 0.08 && misclassified / contacts < 0.10)
    expectShare(failedAfterTimeout.failed, of: failedAfterTimeout.count, near: 0.49)
    expectShare(failedAlone.failed, of: failedAlone.count, near: 0.04)
    #expect(abs(wrong.count - wrong.probability) < 4.5 * wrong.probability.squareRoot())
  }

  private func forEachTree(
    _ tree: CustomerTree, customers: Int, key: UInt64, _ body: ([Contact]) -> Void
  ) {
    var contacts: [Contact] = []
    for number in 0..<customers {
      tree.grow(tree.customer(key: RandomStream.key(key, UInt64(number))), into: &contacts)
      body(contacts)
    }
  }
}

/// Holds a share of `count` independent draws to 4.5 sd around its probability.
func expectShare(
  _ hits: Double, of count: Double, near probability: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let sd = (probability * (1 - probability) / count).squareRoot()
  #expect(abs(hits / count - probability) < 4.5 * sd, sourceLocation: sourceLocation)
}
