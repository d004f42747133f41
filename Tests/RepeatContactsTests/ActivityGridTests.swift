import InteractionLog
import RepeatContacts
import Statistics
import Testing

@Suite("Active intervals")
struct ActivityGridTests {
  private func log(days: Double) throws -> LinkData {
    try SmallLog(customers: 60, largest: 5, days: days, seed: 51).data
  }

  /// Lower and upper border of a class's number.
  private func borders(_ number: Int, _ grid: ActivityGrid) -> (lower: Int, upper: Int) {
    let width = grid.borders.count
    return (number / width, number % width)
  }

  @Test(
    "Totals over classes and intervals are the sums over possible pairs", arguments: [6.0, 40, 90])
  func totals(days: Double) throws {
    let grid = ActivityGrid(mode: .estimated, data: try log(days: days), shortestDays: 3)
    var stream = RandomStream(seed: 52)
    let byInterval = grid.intervals.map { _ in stream.uniform() }
    let byClass = (0..<grid.classCount).map { _ in stream.uniform() }
    let classTotals = grid.classTotals(byInterval)
    let intervalTotals = grid.intervalTotals(byClass)
    var possiblePairs = 0
    var expectedIntervals = grid.intervals.map { _ in 0.0 }
    for number in 0..<grid.classCount {
      let (lower, upper) = borders(number, grid)
      // The class of a customer whose first contact is in cell `lower`, the last before `upper`.
      guard lower < upper else { continue }
      var sum = 0.0
      for (k, interval) in grid.intervals.enumerated()
      where interval.lower <= lower && interval.upper >= upper {
        sum += byInterval[k]
        expectedIntervals[k] += byClass[number]
        possiblePairs += 1
      }
      // Sums of at most 78 values of order 1.
      #expect(abs(classTotals[number] - sum) < 1e-12)
    }
    #expect(possiblePairs > 10)
    // Classes that no customer can be in (upper ≤ lower) carry nothing in use.
    var reachable = byClass
    for number in 0..<grid.classCount
    where borders(number, grid).lower >= borders(number, grid).upper {
      reachable[number] = 0
    }
    for (found, sum) in zip(grid.intervalTotals(reachable), expectedIntervals) {
      #expect(abs(found - sum) < 1e-12)
    }
    #expect(intervalTotals.count == grid.intervals.count)
  }

  @Test("A customer's class is the grid cells of its first and last contact")
  func classes() throws {
    let data = try log(days: 90)
    let grid = ActivityGrid(mode: .estimated, data: data, shortestDays: 12)
    for c in 0..<data.customerCount {
      let (lower, upper) = borders(Int(grid.customerClass[c]), grid)
      let first = Int(data.day[Int(data.customerStart[c])])
      let last = Int(data.day[Int(data.customerStart[c + 1]) - 1])
      #expect(grid.borders[lower] <= first && first < grid.borders[lower + 1])
      #expect(grid.borders[upper - 1] <= last && last < grid.borders[upper])
    }
    for interval in grid.intervals {
      #expect(grid.borders[interval.upper] - grid.borders[interval.lower] >= 12)
    }
  }

  @Test("With a customer table the class is the stated interval itself")
  func table() throws {
    let day: Int64 = 86_400_000
    var rows: [String: CustomerTable.Row] = [
      // Nobody of this name is in the log: active, and silent.
      "silent": .init(activeFrom: nil, activeTo: nil, segment: nil, aliasOf: nil),
      "over": .init(activeFrom: nil, activeTo: -3 * day, segment: nil, aliasOf: nil),
      "alias": .init(activeFrom: nil, activeTo: nil, segment: nil, aliasOf: "silent"),
    ]
    rows[SmallLog.customer(0)] = .init(
      activeFrom: 20 * day, activeTo: 21 * day, segment: nil, aliasOf: nil)
    let data = try SmallLog(
      customers: 60, largest: 5, days: 90, seed: 51, active: CustomerTable(rows: rows)
    ).data
    let stated = try #require(data.activeDays)
    #expect(data.silentCustomers == [0...(data.dayCount - 1)])
    // Contacts outside the stated days widen it; customers without a row are always active.
    for c in 0..<data.customerCount {
      #expect(stated[c].contains(Int(data.day[Int(data.customerStart[c])])))
      #expect(stated[c].contains(Int(data.day[Int(data.customerStart[c + 1]) - 1])))
      if c > 0 { #expect(stated[c] == 0...(data.dayCount - 1)) }
    }
    #expect(stated[0].lowerBound <= 20 && stated[0].upperBound >= 21)
    let grid = ActivityGrid(mode: .table, data: data, shortestDays: 12)
    let values = grid.intervals.indices.map { Double($0 + 1) }
    for c in 0..<data.customerCount {
      let (lower, upper) = borders(Int(grid.customerClass[c]), grid)
      let width = Double(data.dayCount) / Double(grid.borders.count - 1)
      #expect(abs(Double(grid.borders[lower]) - Double(stated[c].lowerBound)) <= width)
      #expect(abs(Double(grid.borders[upper]) - Double(stated[c].upperBound + 1)) <= width)
      let k = try #require(grid.intervals.firstIndex { $0.lower == lower && $0.upper == upper })
      #expect(grid.classTotals(values)[Int(grid.customerClass[c])] == values[k])
    }
    #expect(grid.silent == [Int(grid.customerClass[1]): 1])
  }

  @Test("The mass of an interval is its days' weights")
  func mass() throws {
    let data = try log(days: 40)
    let grid = ActivityGrid(mode: .estimated, data: data, shortestDays: 4)
    let weights = (0..<data.dayCount).map { Double($0 * $0 % 7) + 0.25 }
    for (k, interval) in grid.intervals.enumerated() {
      let days = grid.borders[interval.lower]..<grid.borders[interval.upper]
      #expect(abs(grid.mass(dayWeights: weights)[k] - weights[days].reduce(0, +)) < 1e-9)
    }
  }
}
