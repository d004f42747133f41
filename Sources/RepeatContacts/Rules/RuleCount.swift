import InteractionLog

/// How many interactions are followed by another of the same customer (and topic) within a window:
/// the repeat count that contact centres report, and one minus their first-contact resolution.
///
/// Windows, ties and missing topics are read as by `LinkRule`.
public struct RuleCount: Sendable, Equatable {
  /// Whether each row is followed. nil where that is not known: the customer is unknown, or the
  /// window reaches beyond the last interaction of the log and no repeat was seen yet.
  public var followed: [Bool?]
  /// The same for rows whose whole window lies before the end of the log, nil for all others: near
  /// the end of a log only the followed rows are known, so a rate over what is known would be 1.
  public var followedInWholeWindow: [Bool?]
  /// The row that follows each within the window, −1 where there is none.
  package var next: [Int32]
  /// Rows that are followed.
  public var count: Int
  /// Rows of a known customer whose whole window lies before the end of the log.
  public var known: Int
  /// The followed rows among the `known`.
  private var knownFollowed: Int

  /// The share of the `known` rows that is followed; nil where there is none.
  public var rate: Double? { known == 0 ? nil : Double(knownFollowed) / Double(known) }

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
    followedInWholeWindow = followed
    self.next = [Int32](repeating: -1, count: table.count)
    count = 0
    known = 0
    knownFollowed = 0
    for row in 0..<table.count where table.customer.codes[row] >= 0 {
      let start = table.startedAt[row]
      let next = Int(chains.next[row])
      let isFollowed = next >= 0 && table.startedAt[next] - start <= window
      let isWhole = start + window <= end
      if isFollowed {
        count += 1
        self.next[row] = Int32(next)
      }
      if isFollowed || isWhole { followed[row] = isFollowed }
      guard isWhole else { continue }
      followedInWholeWindow[row] = isFollowed
      known += 1
      if isFollowed { knownFollowed += 1 }
    }
  }
}
