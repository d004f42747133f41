import InteractionLog
import RepeatContacts

/// The split by week and by topic.
extension ReportAssembly {
  private struct Bucket {
    var interactions = 0
    var parts = [0.0, 0.0, 0.0, 0.0]
    var linked = 0
    var exposure = 0.0
    var csat = 0.0
    var csatCount = 0
  }

  private func fill(_ bucket: inout Bucket, row: Int, csat: NumberColumn?) {
    let table = fitted.input.table
    bucket.interactions += 1
    bucket.parts[0] += ledger.systemDirect?[row] ?? 0
    bucket.parts[1] += ledger.systemThroughStaff?[row] ?? 0
    bucket.parts[2] += ledger.staffOwn?[row] ?? 0
    bucket.parts[3] += ledger.baseline[row]
    if table.customer.codes[row] >= 0 {
      bucket.linked += 1
      bucket.exposure += ledger.exposure[row]
    }
    if let value = csat?[row] {
      bucket.csat += value
      bucket.csatCount += 1
    }
  }

  /// A part that staff have a share in; nil where the split does not tell it.
  private func staff(_ part: Double) -> Double? { ledger.staffOwn == nil ? nil : part }
  private func system(_ part: Double) -> Double? { ledger.systemDirect == nil ? nil : part }
  private func through(_ part: Double) -> Double? {
    ledger.systemThroughStaff == nil ? nil : part
  }

  func weekly() -> [AttributionReport.WeekOfRepeats] {
    let table = fitted.input.table
    let csat = table.number("csat")
    var buckets: [Int: Bucket] = [:]
    let zone = fitted.input.study.source.zone
    for row in 0..<table.count {
      let week = ISOWeek(milliseconds: zone.local(fromUTC: table.startedAt[row]))
      fill(&buckets[week.ordinal, default: Bucket()], row: row, csat: csat)
    }
    return buckets.keys.sorted().compactMap { ordinal in
      guard let b = buckets[ordinal] else { return nil }
      return .init(
        week: ISOWeek(ordinal: ordinal).description, interactions: b.interactions,
        systemDirect: system(b.parts[0]), systemThroughStaff: through(b.parts[1]),
        staffOwn: staff(b.parts[2]),
        baseline: b.parts[3], csat: b.csatCount > 0 ? b.csat / Double(b.csatCount) : nil,
        exposure: b.linked > 0 ? b.exposure / Double(b.linked) : 0)
    }
  }

  func topics() -> [AttributionReport.TopicOfRepeats] {
    let table = fitted.input.table
    var buckets = [Bucket](repeating: Bucket(), count: table.topic.values.count)
    for row in 0..<table.count where table.topic.codes[row] >= 0 {
      fill(&buckets[Int(table.topic.codes[row])], row: row, csat: nil)
    }
    return buckets.enumerated().filter { $0.element.interactions > 0 }.map { code, b in
      .init(
        topic: table.topic.values[code], interactions: b.interactions,
        systemDirect: system(b.parts[0]),
        systemThroughStaff: through(b.parts[1]), staffOwn: staff(b.parts[2]), baseline: b.parts[3],
        ci95: topicIntervals?.of(topic: code))
    }
  }

  /// System-caused repeats per 100 interactions, week over week, had every window been covered.
  func changes(_ weeks: [AttributionReport.WeekOfRepeats])
    -> [AttributionReport.ChangeResult]
  {
    var previous: Double?
    return weeks.compactMap { week in
      // Weeks that the log hardly covers would be blown up by the adjustment.
      guard week.exposure > 0.25, week.interactions > 0, let caused = week.systemCaused else {
        return nil
      }
      let rate =
        100 * caused
        / (Double(week.interactions) * week.exposure)
      defer { previous = rate }
      return .init(week: week.week, systemPer100: rate, difference: previous.map { rate - $0 })
    }
  }
}
