import InteractionLog
import RepeatContacts
import Testing

@Suite struct RuleCountTests {
  @Test func countsRowsThatAreFollowedWithinTheWindow() {
    let table = InteractionTable(contacts: [
      Contact("ann", days: 0, "billing", id: "a"), Contact("ann", days: 3, "login", id: "b"),
      Contact("ann", days: 5, "billing", id: "c"), Contact("bob", days: 30, "billing", id: "d"),
    ])
    let any = RuleCount(table: table, windowDays: 7, sameTopic: false)
    #expect(any.followed == [true, true, false, nil])
    #expect(any.count == 2 && any.known == 3)
    #expect(any.rate == 2.0 / 3)
    let same = RuleCount(table: table, windowDays: 7, sameTopic: true)
    #expect(same.followed == [true, false, false, nil])
    #expect(same.count == 1)
  }

  @Test func notYetFollowedAtTheEndOfTheLogIsUnknown() {
    let table = InteractionTable(contacts: [
      Contact("ann", days: 10, id: "a"), Contact("ann", days: 12, id: "b"),
      Contact("bob", days: 3, id: "c"), Contact("cid", days: 2.999, id: "d"),
      Contact("cid", days: 3.001, id: "e"), Contact("eva", days: 10, id: "f"),
    ])
    // The log ends on day 12. a was followed although its window reaches beyond; c's window ends
    // before; b's, e's and f's do not and nothing came yet.
    let count = RuleCount(table: table, windowDays: 9, sameTopic: false)
    #expect(count.followed == [true, nil, false, true, nil, nil])
    // Near the end only followed rows are known, so the rate leaves them all out.
    #expect(count.followedInWholeWindow == [nil, nil, false, true, nil, nil])
    #expect(count.count == 2 && count.known == 2)
    #expect(count.rate == 0.5)
  }

  @Test func unknownCustomersAreUnknown() {
    let table = InteractionTable(contacts: [
      Contact(nil, days: 1, id: "a"), Contact(nil, days: 2, id: "b"),
      Contact("ann", days: 90, id: "c"),
    ])
    let count = RuleCount(table: table, windowDays: 7, sameTopic: false)
    #expect(count.followed == [nil, nil, nil])
    #expect(count.rate == nil)
  }
}
