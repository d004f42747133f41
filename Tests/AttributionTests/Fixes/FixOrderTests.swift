import Attribution
import InteractionLog
import LinearAlgebra
import OrderedCollections
import RepeatContacts
import Statistics
import Testing

@Suite("The order of fixes")
struct FixOrderTests {
  /// Repairs as sets of repeats that they avoid: what two avoid together is their union.
  private static let covers: [Set<Int>] = [
    Set(0..<10), Set(0..<9), Set(6..<13), Set(20..<24), Set(22..<24),
  ]

  private static func value(_ set: [Int]) -> Double {
    Double(set.reduce(into: Set<Int>()) { $0.formUnion(covers[$1]) }.count)
  }

  private static let order = GreedyOrder(
    singles: covers.indices.map { ([$0], [value([$0]), 3 * value([$0])]) }, objective: 1,
    values: { $0.map { [value($0), 3 * value($0)] } })

  @Test("Each next repair is the best of all that are left, and it ends where nothing is gained")
  func greedy() {
    var done: [Int] = []
    for (step, next) in Self.order.order.enumerated() {
      let best = (0..<5).filter { !done.contains($0) }.map { Self.value(done + [$0]) }.max()
      #expect(Self.value(done + [next]) == best)
      done.append(next)
      #expect(Self.order.sets[step] == done.sorted())
      #expect(Self.order.values[step] == [Self.value(done), 3 * Self.value(done)])
    }
    // 0 covers 1, and 3 covers 4: those two add nothing.
    #expect(done == [0, 3, 2])
    #expect(Self.value(done) == Self.value([0, 1, 2, 3, 4]))
  }

  @Test("Doing one first lowers the other by what they share")
  func overlap() {
    for a in 0..<5 {
      for b in 0..<5 {
        let shared = a == b ? 0 : Double(Self.covers[a].intersection(Self.covers[b]).count)
        #expect(Self.order.overlap[a][b] == [shared, 3 * shared])
      }
    }
  }

  @Test("Nothing to order is no order")
  func none() {
    let order = GreedyOrder(singles: [], objective: 0, values: { $0.map { _ in [] } })
    #expect(order.order.isEmpty && order.overlap.isEmpty)
    let useless = GreedyOrder(singles: [([0], [-2])], objective: 0, values: { $0.map { _ in [] } })
    #expect(useless.order.isEmpty)
  }

  private func covariance(_ n: Int, diagonal: Double, off: Double) -> Matrix {
    var result = Matrix(rows: n, columns: n)
    for r in 0..<n { for c in 0..<n { result[r, c] = r == c ? diagonal : off } }
    return result
  }

  @Test("Errors that go together tell apart what independent ones do not")
  func ranks() throws {
    // The difference of 3 has a standard error of √2·√(4 − off): 2.83 apart, 0.89 together.
    let apart = try RankIntervals(
      estimates: [20, 17, 2], covariance: covariance(3, diagonal: 4, off: 0), seed: 1)
    #expect(apart.intervals == [[1, 2], [1, 2], [3, 3]])
    let together = try RankIntervals(
      estimates: [20, 17, 2], covariance: covariance(3, diagonal: 4, off: 3.6), seed: 1)
    #expect(together.intervals == [[1, 1], [2, 2], [3, 3]])
    let alone = try RankIntervals(
      estimates: [5], covariance: covariance(1, diagonal: 1, off: 0), seed: 1)
    #expect(alone.intervals == [[1, 1]])
    #expect(throws: LinearAlgebraError.self) {
      try RankIntervals(
        estimates: [1, 2], covariance: covariance(2, diagonal: .nan, off: 0), seed: 1)
    }
  }

  @Test("A rank's interval holds the true rank in at least 95 of 100 draws, ties included")
  func coverage() throws {
    let truth = [10.0, 9.5, 9.5, 6, 2, 2]
    let covariance = covariance(6, diagonal: 1, off: 0.3)
    var missed = [Int](repeating: 0, count: 6)
    let draws = 400
    for draw in 0..<draws {
      var stream = RandomStream(seed: 9, keys: UInt64(draw))
      let common = 0.3.squareRoot() * stream.normal()
      let estimates = truth.map { $0 + common + 0.7.squareRoot() * stream.normal() }
      let found = try RankIntervals(estimates: estimates, covariance: covariance, seed: 2)
      for k in truth.indices {
        // With ties any rank between the best and the worst of the tied is true.
        let better = truth.count { $0 > truth[k] }
        let notWorse = truth.count { $0 >= truth[k] }
        let holds = found.intervals[k][0] <= better + 1 && found.intervals[k][1] >= notWorse
        if !holds { missed[k] += 1 }
      }
    }
    // 5 % of 400 is 20; a binomial count stays below 34 with a chance of 0.998.
    for k in missed { #expect(k <= 33) }
  }
}

@Suite("What a contact costs")
struct ContactCostTests {
  private func costs(_ costs: Study.Costs, _ columns: OrderedDictionary<String, Column>) throws
    -> ContactCosts
  {
    let log = try SplitLog(seed: 193)
    var table = log.table
    table.columns = columns
    return ContactCosts(study: Study(costs: costs), table: table, data: log.data)
  }

  @Test("The contact's own minutes where staff handled it, else none; unknown ones at the mean")
  func minutes() throws {
    let log = try SplitLog(seed: 193)
    let rows = log.table.count
    // Staff, AI, staff, …; every fourth row's time is unknown.
    var codes: [Int32] = []
    var seconds: [Double] = []
    for row in 0..<rows {
      codes.append(Int32(1 - row % 2))
      let minutes = Double(1 + row % 3)
      seconds.append(row % 4 == 0 ? Double.nan : 60 * minutes)
    }
    let handled = TextColumn(codes: codes, values: ["ai", "staff"])
    let columns: OrderedDictionary<String, Column> = [
      "handled_by": .text(handled), "handle_seconds": .number(NumberColumn(storage: seconds)),
    ]
    let found = try #require(
      try costs(Study.Costs(perInteraction: 4, perStaffMinute: 0.5), columns).byContact)
    let known: [Int] = (0..<rows).filter { row in row % 4 == 2 }
    let mean: Double = known.reduce(0.0) { $0 + seconds[$1] / 60 } / Double(known.count)
    for i in 0..<log.data.count {
      let row = Int(log.data.row[i])
      let own: Double = row % 4 == 0 ? mean : seconds[row] / 60
      let minutes: Double = row % 2 == 1 ? 0 : own
      #expect(abs(found[i] - (4 + 0.5 * minutes)) < 1e-12)
    }
    #expect(
      try costs(Study.Costs(perInteraction: 4), columns).byContact?.allSatisfy { $0 == 4 } == true)
  }

  @Test("Where costs cannot be told, the note says why")
  func notes() throws {
    let none = try costs(Study.Costs(), [:])
    #expect(none.byContact == nil && none.note == "the study names no costs" && none.churn == nil)
    let noTimes = try costs(Study.Costs(perStaffMinute: 1), [:])
    #expect(noTimes.byContact == nil && noTimes.note?.contains("handle_seconds") == true)
    let churn = try costs(Study.Costs(perInteraction: 1, perChurnedCustomer: 90), [:])
    #expect(churn.churn?.estimate == nil && churn.churn?.note?.contains("churn is not") == true)
  }
}
