/// When customers can make contact of their own accord: the whole log, intervals that a customer
/// table states, or intervals that are estimated.
///
/// Intervals run between the grid's borders, which cut the log's days evenly. A customer belongs to
/// a class: with a table the class is the stated interval itself; when intervals are estimated the
/// class is the pair of grid cells that hold the first and the last contact, and every interval that
/// covers both is possible.
package struct ActivityGrid: Sendable {
  package enum Mode: String, Sendable {
    case wholeLog = "log"
    case table = "customer table"
    case estimated
  }

  package let mode: Mode
  /// Day borders, ascending, from 0 to the number of days.
  package let borders: [Int]
  /// Lower and upper border index of each interval.
  package let intervals: [(lower: Int, upper: Int)]
  /// Class of every customer of the data it was made for.
  package let customerClass: [Int32]
  /// Contacts of the customer who has most, by class; −1 where the class has no customer.
  let mostContacts: [Int]
  /// Silent customers of the customer table by class.
  package let silent: [Int: Int]
  private let steps: Int

  /// Classes; a class number is `lower * (steps + 1) + upper`, or 0 for the whole log.
  package var classCount: Int { mode == .wholeLog ? 1 : (steps + 1) * (steps + 1) }

  /// - Parameters:
  ///   - shortestDays: no estimated interval is shorter: a customer who is active no longer than the
  ///     repeat window cannot be told from a run of repeats.
  package init(mode: Mode, data: LinkData, shortestDays: Double) {
    self.mode = mode
    let days = data.dayCount
    let steps = mode == .wholeLog ? 1 : min(mode == .table ? 24 : 12, max(1, days))
    self.steps = steps
    borders = (0...steps).map { Int((Double(days) * Double($0) / Double(steps)).rounded()) }
    let borders = self.borders
    var list: [(lower: Int, upper: Int)] = []
    for lower in 0..<steps {
      for upper in (lower + 1)...steps {
        let length = Double(borders[upper] - borders[lower])
        let whole = lower == 0 && upper == steps
        if mode == .table || whole || (mode == .estimated && length >= shortestDays) {
          list.append((lower, upper))
        }
      }
    }
    intervals = list

    func tableClass(_ range: ClosedRange<Int>) -> Int {
      let width = Double(days) / Double(steps)
      var lower = Int((Double(range.lowerBound) / width).rounded())
      var upper = Int((Double(range.upperBound + 1) / width).rounded())
      lower = min(max(lower, 0), steps - 1)
      upper = min(max(upper, lower + 1), steps)
      return lower * (steps + 1) + upper
    }
    var classes = [Int32](repeating: 0, count: data.customerCount)
    if mode != .wholeLog {
      for c in 0..<data.customerCount {
        if mode == .table, let range = data.activeDays?[c] {
          classes[c] = Int32(tableClass(range))
          continue
        }
        let first = Int(data.day[Int(data.customerStart[c])])
        let last = Int(data.day[Int(data.customerStart[c + 1]) - 1])
        var lower = 0
        while lower + 1 < steps && borders[lower + 1] <= first { lower += 1 }
        var upper = steps
        while upper - 1 > lower && borders[upper - 1] > last { upper -= 1 }
        classes[c] = Int32(lower * (steps + 1) + upper)
      }
    }
    customerClass = classes
    var most = [Int](repeating: -1, count: mode == .wholeLog ? 1 : (steps + 1) * (steps + 1))
    for c in 0..<data.customerCount {
      let contacts = Int(data.customerStart[c + 1] - data.customerStart[c])
      most[Int(classes[c])] = max(most[Int(classes[c])], contacts)
    }
    mostContacts = most
    var silent: [Int: Int] = [:]
    if mode == .table {
      for range in data.silentCustomers { silent[tableClass(range), default: 0] += 1 }
    }
    self.silent = silent
  }

  /// For each class the sum of a value over the intervals that are possible for it.
  package func classTotals(_ values: [Double]) -> [Double] {
    var totals = [Double](repeating: 0, count: classCount)
    classTotals(values, into: &totals)
    return totals
  }

  /// The same, written over `table`, which has a place per class.
  func classTotals(_ values: [Double], into table: inout [Double]) {
    guard mode != .wholeLog else {
      table[0] = values[0]
      return
    }
    let width = steps + 1
    table.withUnsafeMutableBufferPointer { table in
      table.update(repeating: 0)
      for (k, interval) in intervals.enumerated() {
        table[interval.lower * width + interval.upper] = values[k]
      }
      guard mode == .estimated else { return }
      // Sums over lower borders at or before, and upper borders at or after, the class's own.
      for lower in 0..<steps {
        for upper in stride(from: steps - 1, through: 0, by: -1) {
          table[lower * width + upper] += table[lower * width + upper + 1]
        }
      }
      for lower in 1..<max(steps, 2) where lower < steps {
        for upper in 0...steps {
          table[lower * width + upper] += table[(lower - 1) * width + upper]
        }
      }
    }
  }

  /// For each interval the sum of a value over the classes that it is possible for.
  package func intervalTotals(_ values: [Double]) -> [Double] {
    var table = values
    var totals = [Double](repeating: 0, count: intervals.count)
    intervalTotals(&table, into: &totals)
    return totals
  }

  /// The same, written over `totals`, which has a place per interval; `table` is used up.
  func intervalTotals(_ table: inout [Double], into totals: inout [Double]) {
    guard mode != .wholeLog else {
      totals[0] = table[0]
      return
    }
    let width = steps + 1
    table.withUnsafeMutableBufferPointer { table in
      if mode == .estimated {
        for lower in 0..<steps {
          for upper in 1...steps {
            table[lower * width + upper] += table[lower * width + upper - 1]
          }
        }
        for lower in stride(from: steps - 2, through: 0, by: -1) {
          for upper in 0...steps {
            table[lower * width + upper] += table[(lower + 1) * width + upper]
          }
        }
      }
      for (k, interval) in intervals.enumerated() {
        totals[k] = table[interval.lower * width + interval.upper]
      }
    }
  }

  /// Background that each interval holds for a customer of rate 1: the day weights summed over it.
  package func mass(dayWeights: [Double]) -> [Double] {
    var cumulative = [0.0]
    for weight in dayWeights { cumulative.append(cumulative[cumulative.count - 1] + weight) }
    return intervals.map { cumulative[borders[$0.upper]] - cumulative[borders[$0.lower]] }
  }
}
