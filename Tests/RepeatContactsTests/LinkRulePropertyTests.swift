import InteractionLog
import RepeatContacts
import Testing

/// SplitMix64 (Steele, Lea & Flood 2014): small logs that are the same on every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The rules by their definition, over all pairs of rows.
private enum BruteForce {
  static func priors(
    of later: Int, in table: InteractionTable, window: Int64, sameTopic: Bool
  ) -> [Int] {
    (0..<later).filter { prior in
      table.customer[prior] != nil && table.customer[prior] == table.customer[later]
        && (!sameTopic || table.topic[prior] == table.topic[later])
        && table.startedAt[later] - table.startedAt[prior] <= window
    }
  }

  static func links(
    _ rule: LinkRule, table: InteractionTable, window: Int64, sameTopic: Bool
  ) -> LinkTable {
    var links = LinkTable()
    for later in 0..<table.count {
      let all = priors(of: later, in: table, window: window, sameTopic: sameTopic)
      let chosen =
        switch rule {
        case .lastTouch: Array(all.suffix(1))
        case .firstTouch: Array(all.prefix(1))
        case .linear: all
        }
      for prior in chosen {
        links.prior.append(Int32(prior))
        links.later.append(Int32(later))
        links.hours.append(
          Double(table.startedAt[later] - table.startedAt[prior]) / 3_600_000)
        links.sameTopic.append(table.topic[prior] == table.topic[later])
        links.probability.append(1 / Double(chosen.count))
      }
    }
    return links
  }
}

@Suite struct LinkRulePropertyTests {
  /// Few customers, few topics and coarse times, so that ties and window borders occur often.
  private static func randomLog(seed: UInt64) -> InteractionTable {
    var random = SplitMix(state: seed)
    let customers: [String?] = ["ann", "bob", "cid", nil]
    let topics: [String?] = ["billing", "login", nil]
    return InteractionTable(
      contacts: (0..<Int.random(in: 0...60, using: &random)).map { index in
        Contact(
          customers.randomElement(using: &random) ?? nil,
          days: Double(Int.random(in: 0...40, using: &random)),
          topics.randomElement(using: &random) ?? nil, id: "i\(index)")
      })
  }

  @Test(arguments: LinkRule.allCases, [true, false])
  func linksAreThoseOfTheDefinition(rule: LinkRule, sameTopic: Bool) {
    for seed in 1...100 as ClosedRange<UInt64> {
      let table = Self.randomLog(seed: seed)
      for days in [1, 7, 15] as [Int64] {
        let links = rule.links(table: table, windowDays: Double(days), sameTopic: sameTopic)
        let wanted = BruteForce.links(
          rule, table: table, window: days * 86_400_000, sameTopic: sameTopic)
        #expect(links == wanted, "seed \(seed), \(days) days")
      }
    }
  }

  @Test(arguments: [true, false])
  func rowsWithALinkToALaterOneAreThoseThatTheCountCallsFollowed(sameTopic: Bool) {
    for seed in 1...100 as ClosedRange<UInt64> {
      let table = Self.randomLog(seed: seed)
      let links = LinkRule.lastTouch.links(table: table, windowDays: 7, sameTopic: sameTopic)
      let count = RuleCount(table: table, windowDays: 7, sameTopic: sameTopic)
      #expect(count.count == links.count)
      #expect(
        Set(links.prior)
          == Set((0..<table.count).filter { count.followed[$0] == true }.map(Int32.init)))
    }
  }
}
