import InteractionLog
import Statistics
import SyntheticWorld
import Testing

@Suite("Regimes are what their names say")
struct RegimeTests {
  @Test("A log has about as many interactions as asked", arguments: Regime.allCases)
  func size(regime: Regime) {
    for (interactions, seed) in [(3_000, 1), (30_000, 2), (30_000, 3)] as [(Int, UInt64)] {
      let count = World(regime: regime, interactions: interactions, seed: seed)
        .generate(includeTotals: false).table.count
      let tolerance = interactions < 10_000 ? 0.12 : 0.06
      #expect(
        abs(Double(count) / Double(interactions) - 1) < tolerance, "\(count) for \(interactions)")
    }
  }

  @Test("Heavy contactors: the busiest customers are far busier than in the base")
  func heavyContactors() {
    let base = busiestShare(.logLinear)
    let heavy = busiestShare(.heavyContactors)
    #expect(heavy > 2 * base, "\(heavy) and \(base)")
  }

  @Test("Partly active: background contacts come only while the customer is active")
  func partlyActive() throws {
    let tree = CustomerTree(WorldParameters(regime: .partlyActive), seed: 71)
    var contacts: [Contact] = []
    var partly = 0.0
    var outside = 0
    for number in 0..<5_000 {
      let customer = tree.customer(key: RandomStream.key(6, UInt64(number)))
      tree.grow(customer, into: &contacts)
      guard let active = customer.active else { continue }
      partly += 1
      #expect(active.upperBound - active.lowerBound >= 25)
      #expect(active.upperBound - active.lowerBound <= 50)
      outside += contacts.count {
        let day = Double($0.time) / 86_400
        // The second is cut off, so a contact may be written up to a second before it came.
        return $0.parent < 0 && (day + 2.0 / 86_400 < active.lowerBound || day > active.upperBound)
      }
    }
    #expect(outside == 0)
    expectShare(partly, of: 5_000, near: 0.7)
    let log = World(regime: .partlyActive, interactions: 3_000, seed: 72).generate()
    let customers = try #require(log.customers)
    #expect(log.table.customer.values.allSatisfy { customers.rows[$0] != nil })
    #expect(World(regime: .logLinear, interactions: 300, seed: 72).generate().customers == nil)
  }

  @Test("Own topics: two background contacts of a customer agree more often than in the base")
  func ownTopics() {
    let shares = Catalogue.topicShares(exponent: 0.8)
    let common = shares.reduce(0) { $0 + $1 * $1 }
    #expect(abs(agreement(.logLinear) - common) < 0.02)
    // Dirichlet with concentration 4: agreement is (1 + 4 Σ share²) / 5.
    #expect(abs(agreement(.ownTopics) - (1 + 4 * common) / 5) < 0.02)
  }

  @Test(
    "Outages: contacts about the integration's topics rise on its outage days, in this regime only")
  func outages() {
    // Base worlds have no rise but for repeats of timeouts, which are not background.
    #expect(abs(outageRise(.outages) - 2.5) < 0.35)
    #expect(abs(outageRise(.logLinear) - 1) < 0.15)
  }

  @Test("Every world has outages on which timeouts are frequent")
  func timeoutsInOutages() {
    for seed in 0..<50 as Range<UInt64> {
      let calendar = OperationsCalendar(WorldParameters(), seed: seed)
      #expect((3...5).contains(calendar.outages.count))
      for outage in calendar.outages {
        #expect((1...3).contains(outage.days.count))
        #expect(outage.days.lowerBound >= 0 && outage.days.upperBound <= 90)
        #expect((0.3...0.6).contains(outage.timeoutRate))
        for day in outage.days {
          #expect(calendar.timeoutRate(day: day, integration: outage.integration) >= 0.3)
        }
      }
      #expect(calendar.timeoutRate(day: -40, integration: 2) < 0.06)
    }
  }

  @Test("Weekly cycle: background contacts follow the weekday")
  func weeklyCycle() {
    let counts = weekdayCounts(.weeklyCycle)
    let total = counts.reduce(0, +)
    for (count, factor) in zip(counts, [1.3, 1.2, 1.1, 1.0, 1.0, 0.6, 0.5]) {
      expectShare(count, of: total, near: factor / 6.7)
    }
  }

  @Test("QA sample: about 12 % is looked at, hard topics a little more, errors show only there")
  func qaSample() throws {
    let log = World(regime: .qaSample, interactions: 40_000, seed: 73).generate()
    let table = log.table
    let reviewed = try #require(table.flag("qa_reviewed"))
    let errors = try #require(table.text("staff_error"))
    let reviewedAt = try #require(table.time("reviewed_at"))
    var hits = 0.0
    var misplaced = 0
    for row in 0..<table.count {
      if reviewed[row] == .yes { hits += 1 }
      if reviewed[row] == .unknown { misplaced += 1 }
      if reviewed[row] == .no && (errors[row] != nil || reviewedAt[row] != nil) { misplaced += 1 }
      if reviewed[row] == .yes && reviewedAt[row] == nil { misplaced += 1 }
    }
    #expect(misplaced == 0)
    #expect(abs(hits / Double(table.count) - 0.12) < 0.01)
    // The world underneath is the base world's.
    let base = World(regime: .logLinear, interactions: 40_000, seed: 73).generate()
    #expect(base.table.startedAt == table.startedAt)
    #expect(base.truth.expected == log.truth.expected)
    #expect(base.table.flag("qa_reviewed")?.storage.allSatisfy { $0 == 1 } == true)
  }

  @Test("Regime names are the contract's")
  func names() {
    #expect(
      Regime.allCases.map(\.rawValue) == [
        "log-linear", "additive", "saturating", "heavy-contactors", "no-effect", "partly-active",
        "own-topics", "outages", "weekly-cycle", "qa-sample", "quick-retries",
        "customer-frailty", "repeats-until-resolved", "shifted-after-outage", "mode-delays",
        "review-after-repeat", "intent-sample", "unequal-exposure", "worse-member",
        "swapped-ids-5", "swapped-ids-10", "swapped-ids-20", "split-ids-5", "split-ids-10",
        "split-ids-20", "missing-ids", "late-log", "outcomes", "flagged-churn", "silent-churn",
      ])
  }

  /// Share of the contacts that the busiest 1 % of customers make.
  private func busiestShare(_ regime: Regime) -> Double {
    let table = World(regime: regime, interactions: 20_000, seed: 74).generate().table
    var counts = table.customer.values.map { _ in 0 }
    for code in table.customer.codes { counts[Int(code)] += 1 }
    counts.sort(by: >)
    return Double(counts.prefix(counts.count / 100).reduce(0, +)) / Double(table.count)
  }

  private func background(
    _ regime: Regime, seed: UInt64, customers: Int, _ body: ([Contact], CustomerTree) -> Void
  ) {
    let tree = CustomerTree(WorldParameters(regime: regime), seed: seed)
    var contacts: [Contact] = []
    for number in 0..<customers {
      tree.grow(tree.customer(key: RandomStream.key(7, UInt64(number))), into: &contacts)
      body(contacts.filter { $0.parent < 0 }, tree)
    }
  }

  private func agreement(_ regime: Regime) -> Double {
    var pairs = 0.0
    var same = 0.0
    background(regime, seed: 75, customers: 20_000) { contacts, _ in
      guard contacts.count >= 2 else { return }
      pairs += 1
      if contacts[0].topic == contacts[1].topic { same += 1 }
    }
    return same / pairs
  }

  private func weekdayCounts(_ regime: Regime) -> [Double] {
    var counts = [Double](repeating: 0, count: 7)
    background(regime, seed: 76, customers: 30_000) { contacts, _ in
      // 84 days are whole weeks.
      for contact in contacts where contact.time >= 0 && contact.time < 84 * 86_400 {
        counts[Int(contact.time / 86_400) % 7] += 1
      }
    }
    return counts
  }

  /// Background contacts a day on outage days over other days, for the topics that are hit.
  private func outageRise(_ regime: Regime) -> Double {
    var onOutageDays = 0.0
    var otherwise = 0.0
    var outageDays = 0.0
    var otherDays = 0.0
    for seed in 77..<82 as Range<UInt64> {
      let tree = CustomerTree(WorldParameters(regime: regime), seed: seed)
      let hit = Catalogue.topics.map { topic in
        (0..<90).map { day in
          tree.calendar.outages.contains {
            $0.integration == topic.integration && $0.days.contains(day)
          }
        }
      }
      // Topics differ in frequency: weigh days by the topic's share.
      let shares = Catalogue.topicShares(exponent: 0.8)
      for (topic, days) in hit.enumerated() where days.contains(true) {
        let count = Double(days.count { $0 })
        outageDays += shares[topic] * count
        otherDays += shares[topic] * (90 - count)
      }
      background(regime, seed: seed, customers: 10_000) { contacts, _ in
        for contact in contacts where contact.time >= 0 && hit[Int(contact.topic)].contains(true) {
          if hit[Int(contact.topic)][Int(contact.time / 86_400)] {
            onOutageDays += 1
          } else {
            otherwise += 1
          }
        }
      }
    }
    return onOutageDays / outageDays / (otherwise / otherDays)
  }
}
