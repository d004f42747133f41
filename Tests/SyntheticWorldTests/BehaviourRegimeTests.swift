import InteractionLog
import Statistics
import SyntheticWorld
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Regimes of how customers come back and of what was looked at")
struct BehaviourRegimeTests {
  @Test("Customer frailty: gamma of shape 2 below its limit, the same factor on every contact")
  func frailty() {
    let tree = CustomerTree(WorldParameters(regime: .customerFrailty), seed: 91)
    let base = RepeatResponse(WorldParameters(regime: .logLinear).repeats)
    var contacts: [Contact] = []
    var sum = 0.0
    var square = 0.0
    let customers = 20_000
    for number in 0..<customers {
      let customer = tree.customer(key: RandomStream.key(8, UInt64(number)))
      sum += customer.frailty
      square += customer.frailty * customer.frailty
      #expect(customer.frailty > 0 && customer.frailty <= 3.5)
      guard number < 500 else { continue }
      tree.grow(customer, into: &contacts)
      for contact in contacts {
        let expected = tree.expectedRepeats(of: contact, under: contact.modes)
        let usual = base(topic: contact.topic, channel: contact.channel, modes: contact.modes)
        #expect(abs(expected.total - customer.frailty * usual) < 1e-14)
      }
    }
    // Moments of Gamma(2, 2) cut at 3.5: ratios of incomplete gamma functions with whole shapes.
    let tail = exp(-7.0)
    let within = 1 - 8 * tail
    let mean = (1 - 32.5 * tail) / within
    let second = 1.5 * (1 - (32.5 + 343.0 / 6) * tail) / within
    let sd = ((second - mean * mean) / Double(customers)).squareRoot()
    #expect(abs(sum / Double(customers) - mean) < 4.5 * sd)
    #expect(abs(square / Double(customers) - second) < 0.05)
  }

  @Test("Until resolved: the action fails again on six in ten repeats about the same topic")
  func unresolved() {
    let tree = CustomerTree(WorldParameters(regime: .repeatsUntilResolved), seed: 92)
    var contacts: [Contact] = []
    var again = (count: 0.0, failed: 0.0)
    var otherTopic = (count: 0.0, failed: 0.0)
    var extra = (count: 0.0, sameTopic: 0.0)
    for number in 0..<40_000 {
      tree.grow(tree.customer(key: RandomStream.key(9, UInt64(number))), into: &contacts)
      for contact in contacts where contact.parent >= 0 {
        let parent = contacts[Int(contact.parent)]
        if contact.origin == .firstCourse {
          #expect(parent.modes.contains(.actionFailed))
          extra.count += 1
          extra.sameTopic += contact.topic == parent.topic ? 1 : 0
        }
        guard parent.modes.contains(.actionFailed),
          contact.modes.isDisjoint(with: [.misclassified, .timeout, .error])
        else { continue }
        let failed = contact.modes.contains(.actionFailed) ? 1.0 : 0
        if contact.topic == parent.topic {
          again.count += 1
          again.failed += failed
        } else {
          otherTopic.count += 1
          otherTopic.failed += failed
        }
      }
    }
    #expect(extra.count > 1_000 && extra.sameTopic == extra.count)
    // 0.6, and 4 in 100 of the rest fail by themselves.
    expectShare(again.failed, of: again.count, near: 0.6 + 0.4 * 0.04)
    expectShare(otherTopic.failed, of: otherTopic.count, near: 0.04)
  }

  @Test("Until resolved: an open problem is not marked as resolved; totals exceed direct effects")
  func unresolvedLog() throws {
    let log = World(regime: .repeatsUntilResolved, interactions: 20_000, seed: 93).generate()
    let resolved = try #require(log.table.flag("resolved"))
    let action = try #require(log.table.text("action_status"))
    var open = 0
    for row in 0..<log.table.count where action[row] == "failed" {
      #expect(resolved[row] == .no)
      open += 1
    }
    #expect(open > 1_000)
    let total = Double(try #require(log.truth.modesTotal?["action_failed"]))
    #expect(total > 1.3 * (log.truth.modesDirect["action_failed"] ?? 0))
  }

  @Test("After an outage: the factor holds from the day after it for five days, on every contact")
  func afterOutage() throws {
    let tree = CustomerTree(WorldParameters(regime: .shiftedAfterOutage), seed: 94)
    let outages = tree.calendar.outages
    var shifted = 0
    for day in -40..<90 {
      let follows = outages.contains { (1...5).contains(day - $0.days.upperBound + 1) }
      #expect(tree.calendar.repeatFactor(day: day) == (follows ? 1.8 : 1))
      shifted += follows ? 1 : 0
    }
    #expect(shifted >= 1 && shifted <= 25)
    let base = RepeatResponse(WorldParameters(regime: .logLinear).repeats)
    var contacts: [Contact] = []
    for number in 0..<500 {
      tree.grow(tree.customer(key: RandomStream.key(10, UInt64(number))), into: &contacts)
      for contact in contacts {
        let day = Int((Double(contact.time) / 86_400).rounded(.down))
        let usual = base(topic: contact.topic, channel: contact.channel, modes: [.timeout])
        let expected = tree.expectedRepeats(of: contact, under: .timeout).total
        #expect(abs(expected - tree.calendar.repeatFactor(day: day) * usual) < 1e-14)
      }
    }
  }

  @Test("Review after a repeat: six in ten of the followed, after what followed; 3 % of the rest")
  func reviewAfterRepeat() throws {
    let log = World(regime: .reviewAfterRepeat, interactions: 40_000, seed: 95).generate()
    let table = log.table
    let reviewed = try #require(table.flag("qa_reviewed"))
    let reviewedAt = try #require(table.time("reviewed_at"))
    let topic = try #require(table.text("intent_actual"))
    var followed = (count: 0.0, looked: 0.0)
    var others = (count: 0.0, looked: 0.0)
    for row in 0..<table.count {
      var next: Int64?
      var later = row + 1
      while later < table.count, table.customer.codes[later] == table.customer.codes[row],
        table.startedAt[later] - table.startedAt[row] <= 7 * 86_400_000
      {
        if topic.codes[later] == topic.codes[row] {
          next = table.startedAt[later]
          break
        }
        later += 1
      }
      let looked = reviewed[row] == .yes
      if let next {
        followed.count += 1
        followed.looked += looked ? 1 : 0
        if looked { #expect(try #require(reviewedAt[row]) > next) }
      } else {
        others.count += 1
        others.looked += looked ? 1 : 0
      }
    }
    expectShare(followed.looked, of: followed.count, near: 0.6)
    expectShare(others.looked, of: others.count, near: 0.03)
    let base = World(regime: .logLinear, interactions: 40_000, seed: 95).generate()
    #expect(base.truth.expected == log.truth.expected)
    #expect(base.truth.modesTotal == log.truth.modesTotal)
    #expect(base.table.startedAt == table.startedAt)
  }

  @Test("Intent sample: the true intent shows on a fifth, the topic is the predicted one elsewhere")
  func intentSample() throws {
    let log = World(regime: .intentSample, interactions: 20_000, seed: 96).generate()
    let base = World(regime: .logLinear, interactions: 20_000, seed: 96).generate()
    let table = log.table
    let reviewed = try #require(table.flag("intent_reviewed"))
    let actual = try #require(table.text("intent_actual"))
    let truth = try #require(base.table.text("intent_actual"))
    let predicted = try #require(table.text("intent_predicted"))
    var known = 0.0
    var misplaced = 0
    for row in 0..<table.count {
      if reviewed[row] == .yes {
        known += 1
        if actual[row] != truth[row] || table.topic[row] != truth[row] { misplaced += 1 }
      } else if actual[row] != nil || table.topic[row] != predicted[row] {
        misplaced += 1
      }
    }
    #expect(misplaced == 0)
    expectShare(known, of: Double(table.count), near: 0.2)
    #expect(base.truth.expected == log.truth.expected)
    #expect(base.truth.modesTotal == log.truth.modesTotal)
    #expect(base.table.flag("qa_reviewed") == table.flag("qa_reviewed"))
  }
}
