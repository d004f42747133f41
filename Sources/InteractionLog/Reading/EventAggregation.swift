/// Events grouped by interaction: `rows[bounds[g]..<bounds[g + 1]]` are those of group g, in order.
struct EventGroups {
  var rows: [Int]
  var bounds: [Int]

  var count: Int { bounds.count - 1 }

  /// Groups events by the code of their interaction, orders each group by `order` (ties and nil:
  /// as they stand in the file). Groups are numbered by their first event. O(events · log group).
  init(codes: [Int32], groups: Int, order: [Double]?) {
    bounds = [Int](repeating: 0, count: groups + 1)
    for code in codes { bounds[Int(code) + 1] += 1 }
    for group in 0..<groups { bounds[group + 1] += bounds[group] }
    var next = bounds
    rows = [Int](repeating: 0, count: codes.count)
    for (row, code) in codes.enumerated() {
      rows[next[Int(code)]] = row
      next[Int(code)] += 1
    }
    guard let order else { return }
    for group in 0..<groups {
      let range = bounds[group]..<bounds[group + 1]
      if range.count < 2 { continue }
      rows[range].sort { (order[$0], $0) < (order[$1], $1) }
    }
  }

  /// One value per group.
  func reduce(_ aggregate: Expression.Aggregate, _ column: Column?) -> Column {
    guard let column else {
      return .number(NumberColumn(storage: (0..<count).map { Double(range($0).count) }))
    }
    switch aggregate {
    case .first: return pick(column) { rows[$0.lowerBound] }
    case .last: return pick(column) { rows[$0.upperBound - 1] }
    case .any: return .flag(FlagColumn(storage: any(column)))
    case .changed: return .flag(FlagColumn(storage: changed(column)))
    case .max, .min: return extreme(column, largest: aggregate == .max)
    case .count: return .number(NumberColumn(storage: (0..<count).map { Double(range($0).count) }))
    }
  }

  private func range(_ group: Int) -> Range<Int> { bounds[group]..<bounds[group + 1] }

  private func pick(_ column: Column, _ row: (Range<Int>) -> Int) -> Column {
    column.gathered((0..<count).map { row(range($0)) })
  }

  /// Kleene's or over the events.
  private func any(_ column: Column) -> [Int8] {
    guard case .flag(let flags) = column else {
      preconditionFailure("typing gives any() a condition")
    }
    return (0..<count).map { group in
      rows[range(group)].reduce(Int8(0)) { Kleene.or($0, flags.storage[$1]) }
    }
  }

  /// Whether two events know different values; unknown where no event knows one.
  private func changed(_ column: Column) -> [Int8] {
    func differs<Value: Equatable>(_ value: (Int) -> Value?) -> [Int8] {
      (0..<count).map { group in
        var first: Value?
        for row in rows[range(group)] {
          guard let known = value(row) else { continue }
          if let first, first != known { return 1 }
          first = known
        }
        return first == nil ? -1 : 0
      }
    }
    switch column {
    case .text(let column):
      return differs { column.codes[$0] < 0 ? nil : column.codes[$0] }
    case .number(let column): return differs { column[$0] }
    case .time(let column): return differs { column[$0] }
    case .flag(let column): return differs { column.storage[$0] < 0 ? nil : column.storage[$0] }
    }
  }

  /// The largest or smallest known value; missing where no event knows one.
  private func extreme(_ column: Column, largest: Bool) -> Column {
    switch column {
    case .number(let column):
      return .number(
        NumberColumn(
          storage: (0..<count).map { group in
            let known = rows[range(group)].lazy.map { column.storage[$0] }.filter { !$0.isNaN }
            return (largest ? known.max() : known.min()) ?? .nan
          }))
    case .time(let column):
      return .time(
        TimeColumn(
          milliseconds: (0..<count).map { group in
            let known = rows[range(group)].lazy.map { column.milliseconds[$0] }
              .filter { $0 != TimeColumn.missing }
            return (largest ? known.max() : known.min()) ?? TimeColumn.missing
          }))
    case .text, .flag:
      preconditionFailure("typing gives max() and min() numbers and times")
    }
  }
}

extension Column {
  /// The rows in the order of `rows`.
  package func gathered(_ rows: [Int]) -> Column {
    switch self {
    case .text(let column): .text(column.gathered(rows))
    case .number(let column): .number(NumberColumn(storage: rows.map { column.storage[$0] }))
    case .time(let column): .time(TimeColumn(milliseconds: rows.map { column.milliseconds[$0] }))
    case .flag(let column): .flag(FlagColumn(storage: rows.map { column.storage[$0] }))
    }
  }
}
