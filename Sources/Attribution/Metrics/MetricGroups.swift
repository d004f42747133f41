import InteractionLog

/// Which week and handler each row of a table belongs to.
struct MetricGroups {
  /// Weeks from the first interaction's to the last one's, without gaps.
  let weeks: [ISOWeek]
  /// Index into `weeks`, one a row.
  let week: [Int32]
  /// 0 AI, 1 staff, 2 unknown; one a row.
  let handler: [Int8]

  init(table: InteractionTable, zone: ZoneOffsets = .utc) {
    let ordinals = table.startedAt.map { ISOWeek(milliseconds: zone.local(fromUTC: $0)).ordinal }
    if let first = ordinals.min(), let last = ordinals.max() {
      weeks = (first...last).map(ISOWeek.init(ordinal:))
      week = ordinals.map { Int32($0 - first) }
    } else {
      weeks = []
      week = []
    }
    if let column = table.text("handled_by") {
      let byCode: [Int8] = column.values.map { $0 == "ai" ? 0 : $0 == "staff" ? 1 : 2 }
      handler = column.codes.map { $0 < 0 ? 2 : byCode[Int($0)] }
    } else {
      handler = [Int8](repeating: 2, count: table.count)
    }
  }

  /// Cells of week and handler: `week * 3 + handler`.
  var cells: Int { weeks.count * 3 }

  func cell(_ row: Int) -> Int { Int(week[row]) * 3 + Int(handler[row]) }

  /// Lays out a metric whose value in any set of cells is `value`.
  func metric(
    _ value: ([Int]) -> AttributionReport.MetricValue
  ) -> AttributionReport.Metric {
    func weekly(_ handlers: [Int]) -> [AttributionReport.WeekValue] {
      weeks.indices.map { week in
        let value = value(handlers.map { week * 3 + $0 })
        return AttributionReport.WeekValue(
          week: weeks[week].description, estimate: value.estimate, ci95: value.ci95, n: value.n)
      }
    }
    func overall(_ handler: Int) -> AttributionReport.MetricValue {
      value(weeks.indices.map { $0 * 3 + handler })
    }
    return AttributionReport.Metric(
      overall: value(Array(0..<cells)), byWeek: weekly([0, 1, 2]),
      byHandler: .init(ai: overall(0), staff: overall(1)),
      byHandlerByWeek: .init(ai: weekly([0]), staff: weekly([1])))
  }
}
