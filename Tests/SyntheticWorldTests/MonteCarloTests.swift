import Statistics
import SyntheticWorld
import Testing

// Repeats of a set of contacts, given those contacts, are Poisson with the sum of their κ; tolerances
// are 4.5 sd of that (once in 150,000 seeds; the seeds are fixed).

@Suite("Monte Carlo: contacts behave as the structural equations say")
struct MonteCarloTests {
  @Test(
    "Contacts bring repeats at their κ, by mode and in all",
    arguments: [Regime.logLinear, .additive, .saturating, .noEffect, .quickRetries])
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
          expected[index] += sum.usual + sum.retry
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

  @Test("Repeats come with the declared delays and topics, retries at once")
  func delaysAndTopics() throws {
    let parameters = WorldParameters(regime: .quickRetries)
    let tree = CustomerTree(parameters, seed: 62)
    let common = Catalogue.topicShares(exponent: parameters.topicExponent)
    var usual = (count: 0.0, withinDay: 0.0, sameTopic: 0.0, expectedSame: 0.0)
    var retry = (count: 0.0, withinTwoHours: 0.0, sameTopic: 0.0, expectedSame: 0.0)
    let lastTime = tree.endSeconds - Int32(parameters.repeats.delay.limit * 86_400)
    forEachTree(tree, customers: 60_000, key: 4) { contacts in
      for contact in contacts where contact.parent >= 0 {
        let parent = contacts[Int(contact.parent)]
        guard parent.time <= lastTime else { continue }
        let delay = contact.time - parent.time
        let same = contact.topic == parent.topic ? 1.0 : 0
        let share = common[Int(parent.topic)]
        if contact.origin == .usual {
          usual.count += 1
          usual.withinDay += delay <= 86_400 ? 1 : 0
          usual.sameTopic += same
          usual.expectedSame += 0.75 + 0.25 * share
        } else {
          retry.count += 1
          retry.withinTwoHours += delay <= 7_200 ? 1 : 0
          retry.sameTopic += same
          retry.expectedSame += 0.95 + 0.05 * share
        }
      }
    }
    let atOnce = try #require(parameters.repeats.timeoutRetry)
    #expect(retry.count > 500)
    expectShare(usual.withinDay, of: usual.count, near: parameters.repeats.delay.cdf(1))
    expectShare(usual.sameTopic, of: usual.count, near: usual.expectedSame / usual.count)
    expectShare(
      retry.withinTwoHours, of: retry.count,
      near: atOnce.delay.cdf(2.0 / 24))
    expectShare(retry.sameTopic, of: retry.count, near: retry.expectedSame / retry.count)
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
