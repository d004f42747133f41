import InteractionLog

/// How many interactions are followed by another of the same customer (and topic) within a window:
/// the repeat count that contact centres report, and one minus their first-contact resolution.
///
/// Windows, ties and missing topics are read as by `LinkRule`.
public struct RuleCount: Sendable, Equatable {
  /// Whether each row is followed. nil where that is not known: the customer is unknown, or the
  /// window reaches beyond the last interaction of the log and no repeat was seen yet.
  public var followed: [Bool?]
  /// Rows that are followed.
  public var count: Int
  /// Rows of which it is known whether they are followed.
  public var known: Int

  /// The followed rows among those of which it is known; nil where none is.
  public var rate: Double? { known == 0 ? nil : Double(count) / Double(known) }

  /// Counts in time linear in the rows.
  ///
  /// - Parameters:
  ///   - table: Interactions in canonical order (customer, start, id).
  ///   - windowDays: Longest time between the two starts, days; positive and finite.
  ///   - sameTopic: Whether both contacts must have the same topic.
  public init(table: InteractionTable, windowDays: Double, sameTopic: Bool) {
    let chains = ContactChains(table: table, sameTopic: sameTopic)
    let window = windowMilliseconds(days: windowDays)
    let end = table.startedAt.max() ?? 0
    followed = [Bool?](repeating: nil, count: table.count)
    count = 0
    known = 0
    for row in 0..<table.count where table.customer.codes[row] >= 0 {
      let start = table.startedAt[row]
      let next = Int(chains.next[row])
      if next >= 0, table.startedAt[next] - start <= window {
        followed[row] = true
        count += 1
      } else if start + window <= end {
        followed[row] = false
      } else {
        continue
      }
      known += 1
    }
  }
}
