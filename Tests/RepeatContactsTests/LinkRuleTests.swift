import InteractionLog
import RepeatContacts
import Testing

/// What the links of a small log say, by interaction id.
private func named(_ links: LinkTable, in table: InteractionTable) -> [String] {
  (0..<links.count).map { link in
    let prior = table.interactionID[Int(links.prior[link])]
    let later = table.interactionID[Int(links.later[link])]
    return "\(prior)>\(later) \(links.probability[link])"
  }
}

@Suite struct LinkRuleTests {
  /// One customer: a on day 0, b on day 3 (another topic), c on day 5, d on day 20.
  let table = InteractionTable(contacts: [
    Contact("ann", days: 0, "billing", id: "a"), Contact("ann", days: 3, "login", id: "b"),
    Contact("ann", days: 5, "billing", id: "c"), Contact("ann", days: 20, "billing", id: "d"),
    Contact("bob", days: 1, "billing", id: "e"),
  ])

  @Test func lastTouchTakesTheNearestPrior() {
    let links = LinkRule.lastTouch.links(table: table, windowDays: 7, sameTopic: false)
    #expect(named(links, in: table) == ["a>b 1.0", "b>c 1.0"])
    #expect(links.hours == [72, 48])
    #expect(links.sameTopic == [false, false])
  }

  @Test func firstTouchTakesTheEarliestPriorWithinTheWindow() {
    let links = LinkRule.firstTouch.links(table: table, windowDays: 16, sameTopic: false)
    // a lies 20 days before d and b 17: the earliest within 16 days is c.
    #expect(named(links, in: table) == ["a>b 1.0", "a>c 1.0", "c>d 1.0"])
    #expect(links.sameTopic == [false, true, true])
  }

  @Test func linearSharesEquallyAmongAllPriorsWithinTheWindow() {
    let links = LinkRule.linear.links(table: table, windowDays: 17, sameTopic: false)
    #expect(
      named(links, in: table) == ["a>b 1.0", "a>c 0.5", "b>c 0.5", "b>d 0.5", "c>d 0.5"])
  }

  @Test func sameTopicPassesOverContactsAboutSomethingElse() {
    for rule in LinkRule.allCases {
      let links = rule.links(table: table, windowDays: 7, sameTopic: true)
      #expect(named(links, in: table) == ["a>c 1.0"])
      #expect(links.sameTopic == [true])
    }
  }

  @Test func windowIncludesItsEndAndNothingBeyond() {
    let day: Int64 = 86_400_000
    let border = InteractionTable(contacts: [
      Contact("ann", milliseconds: 0, id: "a"), Contact("ann", milliseconds: 7 * day, id: "b"),
      Contact("ann", milliseconds: 14 * day + 1, id: "c"),
    ])
    for rule in LinkRule.allCases {
      let links = rule.links(table: border, windowDays: 7, sameTopic: false)
      #expect(named(links, in: border) == ["a>b 1.0"])
    }
  }

  @Test func contactsOfTheSameMomentFollowEachOtherById() {
    let ties = InteractionTable(contacts: [
      Contact("ann", days: 1, id: "b"), Contact("ann", days: 1, id: "a"),
    ])
    for rule in LinkRule.allCases {
      let links = rule.links(table: ties, windowDays: 7, sameTopic: true)
      #expect(named(links, in: ties) == ["a>b 1.0"])
      #expect(links.hours == [0])
    }
  }

  @Test func unknownCustomersAreNeverLinked() {
    let unknown = InteractionTable(contacts: [
      Contact(nil, days: 1, "billing", id: "a"), Contact(nil, days: 2, "billing", id: "b"),
    ])
    for rule in LinkRule.allCases {
      #expect(rule.links(table: unknown, windowDays: 7, sameTopic: false).count == 0)
    }
  }

  @Test func missingTopicIsATopicOfItsOwn() {
    let missing = InteractionTable(contacts: [
      Contact("ann", days: 1, nil, id: "a"), Contact("ann", days: 2, "billing", id: "b"),
      Contact("ann", days: 3, nil, id: "c"),
    ])
    let links = LinkRule.lastTouch.links(table: missing, windowDays: 7, sameTopic: true)
    #expect(named(links, in: missing) == ["a>c 1.0"])
  }

  @Test func emptyLogHasNoLinks() {
    for rule in LinkRule.allCases {
      let links = rule.links(
        table: InteractionTable(contacts: []), windowDays: 7, sameTopic: true)
      #expect(links == LinkTable())
    }
  }

  @Test func namesAreThoseOfTheCommandLine() {
    #expect(LinkRule.allCases.map(\.rawValue) == ["last-touch", "first-touch", "linear"])
  }

  /// A customer with very many contacts costs no more than as many customers with one each: a
  /// quadratic walk would need 10¹¹ steps here and run into the limit.
  @Test(.timeLimit(.minutes(1))) func heavyContactorIsWalkedOnce() {
    let heavy = InteractionTable(
      contacts: (0..<500_000).map { Contact("ann", days: Double($0) / 50_000, id: "\($0)") })
    for rule in [LinkRule.lastTouch, .firstTouch] {
      #expect(rule.links(table: heavy, windowDays: 7, sameTopic: false).count == 499_999)
    }
  }
}
