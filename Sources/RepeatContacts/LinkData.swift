import InteractionLog

/// The contacts that can be linked and their candidate pairs: fixed while a model is fitted.
///
/// Contact i is row i of the interaction table's known customers (they come first), in order of
/// customer, start and id. The candidate priors of contact j are the neighbours
/// `firstPrior[j] ..< j`; the delay bins of those pairs stand in `pairBin[pairStart[j]...]`.
package struct LinkData: Sendable {
  /// Row of the interaction table for each contact.
  package var row: [Int32]
  /// Start of each contact, operational days since the log's first midnight.
  package var time: [Double]
  package var topic: [Int32]
  /// Calendar day of each contact, from 0.
  package var day: [Int32]
  /// Index into the design's observed cells.
  package var cell: [Int32]
  package var customerStart: [Int32]
  package var firstPrior: [Int32]
  package var pairStart: [Int]
  package var pairBin: [UInt8]
  /// Active interval of each customer as days of the log, where a customer table gives it.
  package var activeDays: [ClosedRange<Int>]?
  /// Customers of the customer table without a contact in the log, by active interval.
  package var silentCustomers: [ClosedRange<Int>]

  package let topicCount: Int
  package let dayCount: Int
  /// Operational length of each calendar day.
  package let dayLength: [Double]
  /// Operational start of each calendar day, `dayCount + 1` values; the last is the log's end.
  package let dayStart: [Double]
  package let bins: DelayBins
  /// The earlier contacts within the window that a contact can have as candidates: the nearest.
  package let priorLimit: Int
  /// Contacts whose candidates were cut to the nearest `priorLimit`.
  package let cutContacts: Int
  /// Each customer's contacts ordered by topic, then time: what the own topic mix walks over.
  package var byTopic: [Int32]

  package var count: Int { time.count }
  package var customerCount: Int { customerStart.count - 1 }
  package var end: Double { dayStart[dayStart.count - 1] }

  /// - Parameters:
  ///   - table: the log in canonical order.
  ///   - cell: the observed cell of every row of the table.
  ///   - settings: window and calendar.
  ///   - customers: active intervals, where known.
  package init(
    table: InteractionTable, cell: [Int32], settings: LinkSettings, customers: CustomerTable?
  ) {
    let known = table.customer.codes.firstIndex { $0 < 0 } ?? table.count
    let msDay: Int64 = 86_400_000
    let firstMs = table.startedAt.min() ?? 0
    let lastMs = table.startedAt.max() ?? 0
    let firstDay = floorDivide(firstMs, msDay)
    let days = Int(floorDivide(lastMs, msDay) - firstDay) + 1
    let origin = firstDay * msDay
    let clock = OperationalClock(
      calendar: settings.calendar, zone: settings.zone, origin: origin)
    // The log ends with its last contact, not at that day's midnight.
    var starts = (0..<days).map { clock.days(origin + Int64($0) * msDay) }
    starts.append(max(clock.days(lastMs), starts[days - 1] + 1e-6))
    dayStart = starts
    dayCount = days
    dayLength = (0..<days).map { starts[$0 + 1] - starts[$0] }
    bins = DelayBins(windowDays: settings.windowDays)
    topicCount = table.topic.values.count
    row = (0..<Int32(known)).map { $0 }
    time = (0..<known).map { clock.days(table.startedAt[$0]) }
    topic = Array(table.topic.codes[0..<known])
    day = (0..<known).map { Int32(floorDivide(table.startedAt[$0], msDay) - firstDay) }
    self.cell = Array(cell[0..<known])
    var customerStarts: [Int32] = []
    for i in 0..<known where i == 0 || table.customer.codes[i] != table.customer.codes[i - 1] {
      customerStarts.append(Int32(i))
    }
    customerStarts.append(Int32(known))
    customerStart = customerStarts
    silentCustomers = []
    activeDays = nil
    priorLimit = PairBudget.priorLimit(
      time: time, customerStart: customerStarts, window: bins.window)
    var cut = 0
    (firstPrior, pairStart, pairBin) = LinkData.candidates(
      time: time, customerStart: customerStarts, bins: bins, limit: priorLimit, cut: &cut)
    cutContacts = cut
    byTopic = []
    byTopic = LinkData.orderByTopic(topic: topic, customerStart: customerStarts)
    if let customers {
      func interval(_ row: CustomerTable.Row) -> ClosedRange<Int> {
        let from = row.activeFrom.map { Int(floorDivide($0, msDay) - firstDay) } ?? 0
        let to = row.activeTo.map { Int(floorDivide($0, msDay) - firstDay) } ?? (days - 1)
        let low = min(max(from, 0), days - 1)
        return low...max(low, min(to, days - 1))
      }
      var seen = Set<String>()
      var intervals: [ClosedRange<Int>] = []
      for c in 0..<(customerStarts.count - 1) {
        let first = Int(customerStarts[c])
        let last = Int(customerStarts[c + 1]) - 1
        let id = table.customer[first] ?? ""
        seen.insert(id)
        let base = customers.rows[id].map(interval) ?? 0...(days - 1)
        // A contact outside the stated interval shows that the statement is too narrow.
        intervals.append(
          min(base.lowerBound, Int(day[first]))...max(base.upperBound, Int(day[last])))
      }
      activeDays = intervals
      silentCustomers = customers.rows.keys.sorted().filter { !seen.contains($0) }
        .compactMap { customers.rows[$0] }
        .filter {
          ($0.activeFrom ?? firstMs) <= lastMs && ($0.activeTo ?? lastMs) >= firstMs
            && $0.aliasOf == nil
        }
        .map(interval)
    }
  }

  /// The clock that times of this log's contacts are read from.
  package func clock(_ settings: LinkSettings, table: InteractionTable) -> OperationalClock {
    let day: Int64 = 86_400_000
    return OperationalClock(
      calendar: settings.calendar, zone: settings.zone,
      origin: floorDivide(table.startedAt.min() ?? 0, day) * day)
  }

  /// The candidate pairs of every contact by a sliding window; linear in contacts plus pairs.
  static func candidates(
    time: [Double], customerStart: [Int32], bins: DelayBins, limit: Int, cut: inout Int
  ) -> ([Int32], [Int], [UInt8]) {
    var firstPrior = [Int32](repeating: 0, count: time.count)
    var pairStart = [Int](repeating: 0, count: time.count + 1)
    var pairBin: [UInt8] = []
    pairBin.reserveCapacity(time.count)
    for c in 0..<(customerStart.count - 1) {
      var low = Int(customerStart[c])
      for j in Int(customerStart[c])..<Int(customerStart[c + 1]) {
        while time[j] - time[low] > bins.window { low += 1 }
        if j - low > limit {
          low = j - limit
          cut += 1
        }
        firstPrior[j] = Int32(low)
        pairStart[j] = pairBin.count
        for i in low..<j {
          pairBin.append(UInt8(bins.bin(time[j] - time[i]) ?? (bins.count - 1)))
        }
      }
    }
    pairStart[time.count] = pairBin.count
    return (firstPrior, pairStart, pairBin)
  }

  static func orderByTopic(topic: [Int32], customerStart: [Int32]) -> [Int32] {
    var order = (0..<Int32(topic.count)).map { $0 }
    for c in 0..<(customerStart.count - 1) {
      let range = Int(customerStart[c])..<Int(customerStart[c + 1])
      guard range.count > 1 else { continue }
      order[range].sort {
        topic[Int($0)] == topic[Int($1)] ? $0 < $1 : topic[Int($0)] < topic[Int($1)]
      }
    }
    return order
  }

  /// The same log with only the customers that `keep` names, in the same order.
  package func restricted(keep: (Int) -> Bool) -> LinkData {
    var copy = self
    copy.row = []
    copy.time = []
    copy.topic = []
    copy.day = []
    copy.cell = []
    copy.byTopic = []
    copy.firstPrior = []
    copy.pairStart = []
    copy.pairBin = []
    copy.customerStart = [0]
    copy.activeDays = activeDays == nil ? nil : []
    for c in 0..<customerCount where keep(c) {
      let range = Int(customerStart[c])..<Int(customerStart[c + 1])
      let shift = Int32(copy.time.count) - Int32(range.lowerBound)
      copy.row += row[range]
      copy.time += time[range]
      copy.topic += topic[range]
      copy.day += day[range]
      copy.cell += cell[range]
      for j in range {
        copy.byTopic.append(byTopic[j] + shift)
        copy.firstPrior.append(firstPrior[j] + shift)
        copy.pairStart.append(copy.pairBin.count + pairStart[j] - pairStart[range.lowerBound])
      }
      copy.pairBin += pairBin[pairStart[range.lowerBound]..<pairStart[range.upperBound]]
      copy.customerStart.append(Int32(copy.time.count))
      if let activeDays { copy.activeDays?.append(activeDays[c]) }
    }
    copy.pairStart.append(copy.pairBin.count)
    return copy
  }
}

extension LinkData {
  /// The contact of each row of the interaction table, −1 where its customer is unknown.
  package func contactOfRow(rowCount: Int) -> [Int32] {
    var result = [Int32](repeating: -1, count: rowCount)
    for (contact, row) in row.enumerated() { result[Int(row)] = Int32(contact) }
    return result
  }

  /// Which customers stand for all where at most about `most` contacts can be looked at: every n-th,
  /// by a hash of their places and `salt`; nil for all of them.
  package func sampledCustomers(atMost most: Int, salt: Int) -> [Bool]? {
    let every = (count + most - 1) / most
    guard every > 1 else { return nil }
    return (0..<customerCount).map { mix($0 &+ salt) % UInt64(every) == 0 }
  }

  /// The contacts of `sampledCustomers`.
  package func sampled(atMost most: Int, salt: Int) -> LinkData {
    guard let kept = sampledCustomers(atMost: most, salt: salt) else { return self }
    return restricted { kept[$0] }
  }
}

/// Window and clock of a linking.
package struct LinkSettings: Sendable {
  package var windowDays: Double
  package var calendar: Study.BusinessCalendar?
  /// Zone of the calendar's hours.
  package var zone: ZoneOffsets

  package init(
    windowDays: Double, calendar: Study.BusinessCalendar? = nil, zone: ZoneOffsets = .utc
  ) {
    self.windowDays = windowDays
    self.calendar = calendar
    self.zone = zone
  }
}

@inline(__always) func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
  let q = a / b
  return a % b < 0 ? q - 1 : q
}

extension LinkData {
  /// The same customers with the same numbers of contacts, the contacts themselves (start, topic,
  /// what happened) dealt out in another order: contact k's place gets contact `order[k]`.
  package func dealt(order: [Int]) -> LinkData {
    var copy = self
    for c in 0..<customerCount {
      let range = Int(customerStart[c])..<Int(customerStart[c + 1])
      let dealt = order[range].sorted { time[$0] == time[$1] ? $0 < $1 : time[$0] < time[$1] }
      for (place, source) in zip(range, dealt) {
        copy.row[place] = row[source]
        copy.time[place] = time[source]
        copy.topic[place] = topic[source]
        copy.day[place] = day[source]
        copy.cell[place] = cell[source]
      }
    }
    copy.rebuildPairs()
    return copy
  }

  /// The same log and customers with other contacts, in order of customer and time.
  ///
  /// - Parameters:
  ///   - customerStart: one more than customers; a customer without contacts has none in the result,
  ///     and stands among the silent ones where the customer base is known.
  package func replacing(
    row: [Int32], time: [Double], topic: [Int32], day: [Int32], cell: [Int32],
    customerStart: [Int32], activeDays: [ClosedRange<Int>]?, silent: [ClosedRange<Int>]
  ) -> LinkData {
    var copy = self
    copy.row = row
    copy.time = time
    copy.topic = topic
    copy.day = day
    copy.cell = cell
    copy.customerStart = customerStart
    copy.rebuildPairs()
    copy.activeDays = activeDays
    copy.silentCustomers = silent
    return copy
  }

  private mutating func rebuildPairs() {
    var cut = 0
    (firstPrior, pairStart, pairBin) = LinkData.candidates(
      time: time, customerStart: customerStart, bins: bins, limit: priorLimit, cut: &cut)
    byTopic = LinkData.orderByTopic(topic: topic, customerStart: customerStart)
    if activeDays != nil {
      activeDays = [ClosedRange<Int>](repeating: 0...(dayCount - 1), count: customerCount)
    }
  }
}
