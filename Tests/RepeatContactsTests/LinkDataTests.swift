import InteractionLog
import RepeatContacts
import Statistics
import Testing

@Suite("Candidate pairs")
struct LinkDataTests {
  @Test("Candidates are all pairs of one customer within the window", arguments: [1.0, 8, 15])
  func bruteForce(window: Double) throws {
    let log = try SmallLog(customers: 40, largest: 12, windowDays: window, seed: 31)
    let data = log.data
    var pairs: [(prior: Int, later: Int, bin: Int)] = []
    for j in 0..<data.count {
      for i in 0..<data.count {
        guard log.table.customer.codes[i] == log.table.customer.codes[j], i < j else { continue }
        let delay =
          Double(log.table.startedAt[j] - log.table.startedAt[i])
          / OperationalClock.millisecondsPerDay
        guard delay <= window else { continue }
        pairs.append((i, j, (0..<data.bins.count).last { data.bins.edges[$0] <= delay } ?? 0))
      }
    }
    #expect(data.pairBin.count == pairs.count && pairs.count > 20)
    var at = 0
    for j in 0..<data.count {
      #expect(data.pairStart[j] == at)
      for i in Int(data.firstPrior[j])..<j {
        #expect(pairs[at].prior == i && pairs[at].later == j)
        #expect(Int(data.pairBin[at]) == pairs[at].bin)
        at += 1
      }
    }
    #expect(data.pairStart[data.count] == pairs.count)
    #expect(data.cutContacts == 0)
  }

  @Test("A customer of very many contacts keeps the nearest candidates, and is told of")
  func cut() throws {
    let many = (0..<450).map { Contact("ann", days: Double($0) / 100, "billing", id: "i\($0)") }
    let data = try SmallLog(customers: 3, largest: 2, windowDays: 15, seed: 32, further: many).data
    #expect(data.cutContacts == 449 - PairBudget.mostPriors)
    let last = Int(data.customerStart[1]) - 1
    #expect(last == 449)
    #expect(last - Int(data.firstPrior[last]) == PairBudget.mostPriors)
  }

  @Test("Contacts without a customer take no part; the log's end is its last contact")
  func unknownCustomers() {
    let table = InteractionTable(contacts: [
      Contact("ann", days: 1.5, "billing", id: "a"), Contact("ann", days: 2, "billing", id: "b"),
      Contact(nil, days: 2.1, "billing", id: "c"), Contact(nil, days: 3.25, "login", id: "d"),
    ])
    let data = LinkData(
      table: table, cell: [0, 0, 0, 0], settings: LinkSettings(windowDays: 15), customers: nil)
    #expect(data.count == 2 && data.customerCount == 1)
    #expect(data.pairBin.count == 1)
    // Day 0 is the midnight before the first contact.
    #expect(data.dayCount == 3)
    #expect(abs(data.end - 2.25) < 1e-12)
    #expect(abs(data.dayLength.reduce(0, +) - data.end) < 1e-12)
    #expect(data.day == [0, 1])
  }

  @Test("Restricting to some customers keeps their pairs and nobody else's")
  func restricted() throws {
    let data = try SmallLog(customers: 30, largest: 8, seed: 33).data
    let some = data.restricted { $0 % 3 == 1 }
    let kept = (0..<data.customerCount).filter { $0 % 3 == 1 }
    #expect(some.customerCount == kept.count && some.end == data.end)
    var at = 0
    for c in kept {
      for j in Int(data.customerStart[c])..<Int(data.customerStart[c + 1]) {
        #expect(some.row[at] == data.row[j] && some.time[at] == data.time[j])
        #expect(at - Int(some.firstPrior[at]) == j - Int(data.firstPrior[j]))
        let range = data.pairStart[j]..<data.pairStart[j + 1]
        #expect(
          Array(some.pairBin[some.pairStart[at]..<some.pairStart[at + 1]])
            == Array(data.pairBin[range]))
        at += 1
      }
    }
    #expect(at == some.count)
    #expect(some.byTopic.map { some.topic[Int($0)] }.count == some.count)
  }

  @Test("Each customer's contacts by topic are a permutation of its contacts")
  func byTopic() throws {
    let data = try SmallLog(customers: 30, largest: 9, seed: 34).data
    for c in 0..<data.customerCount {
      let range = Int(data.customerStart[c])..<Int(data.customerStart[c + 1])
      let order = data.byTopic[range].map(Int.init)
      #expect(order.sorted() == Array(range))
      let keys = order.map { (data.topic[$0], $0) }
      #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test("Dealing rows out anew keeps every row once and every customer's number of contacts")
  func dealt() throws {
    let data = try SmallLog(customers: 30, largest: 9, seed: 35).data
    var stream = RandomStream(seed: 35)
    var order = Array(0..<data.count)
    stream.shuffle(&order)
    let dealt = data.dealt(order: order)
    #expect(dealt.row.sorted() == data.row.sorted() && dealt.row != data.row)
    #expect(dealt.customerStart == data.customerStart)
    for c in 0..<data.customerCount {
      let times = dealt.time[Int(data.customerStart[c])..<Int(data.customerStart[c + 1])]
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    }
    for j in 0..<dealt.count {
      for i in Int(dealt.firstPrior[j])..<j {
        #expect(dealt.time[j] - dealt.time[i] <= dealt.bins.window)
      }
    }
  }
}

@Suite("Pair budget")
struct PairBudgetTests {
  /// Customers with the given numbers of contacts, all within one window.
  private func limit(_ contacts: [Int], pairs: Int) -> Int {
    var start: [Int32] = [0]
    var time: [Double] = []
    for count in contacts {
      time += (0..<count).map { Double($0) / 1000 }
      start.append(Int32(time.count))
    }
    return PairBudget.priorLimit(time: time, customerStart: start, window: 1, pairs: pairs)
  }

  private func pairs(_ contacts: [Int], limit: Int) -> Int {
    contacts.reduce(0) { sum, count in sum + (0..<count).reduce(0) { $0 + min($1, limit) } }
  }

  @Test("The limit is the largest whose pairs stay within the budget")
  func largest() {
    let contacts = [300, 200, 3, 1, 90]
    for budget in [12_000, 20_000, 40_000] {
      let found = limit(contacts, pairs: budget)
      #expect(found > PairBudget.fewestPriors && found < 300)
      #expect(pairs(contacts, limit: found) <= budget)
      #expect(pairs(contacts, limit: found + 1) > budget)
    }
  }

  @Test("A log within the budget is cut at the most; none is cut below the fewest")
  func bounds() {
    #expect(limit([500, 2], pairs: 1_000_000) == PairBudget.mostPriors)
    #expect(limit([500, 2], pairs: 10) == PairBudget.fewestPriors)
  }
}
