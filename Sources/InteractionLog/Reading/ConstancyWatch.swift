/// Which columns keep one value within every interaction of an event log.
struct ConstancyWatch {
  /// By source column, the hash of each interaction's first value; nil once it has varied.
  private var firstHashes: [[UInt64]?]
  /// By interaction: whether one of its events was kept.
  private var seen: [Bool] = []
  private var hasSeveralEvents = false

  init(columns: Int, watched: (Int) -> Bool) {
    firstHashes = (0..<columns).map { watched($0) ? [] : nil }
  }

  /// Notes a kept event. Interactions are numbers that need not follow each other: events that were
  /// rejected have some too.
  mutating func note<Source: RecordSource>(interaction: Int, _ record: Source) {
    let added = max(0, interaction + 1 - seen.count)
    if added > 0 { seen += repeatElement(false, count: added) }
    let isFirst = !seen[interaction]
    seen[interaction] = true
    if !isFirst { hasSeveralEvents = true }
    for column in firstHashes.indices where firstHashes[column] != nil {
      if added > 0 { firstHashes[column]! += repeatElement(0, count: added) }
      let hash = ByteHash.of(record.field(column))
      if isFirst {
        firstHashes[column]![interaction] = hash
      } else if firstHashes[column]![interaction] != hash {
        firstHashes[column] = nil
      }
    }
  }

  /// The columns that never varied; none where every interaction has a single event.
  func constant(_ header: [String]) -> [String] {
    guard hasSeveralEvents else { return [] }
    return header.indices.filter { firstHashes[$0] != nil && !header[$0].isEmpty }
      .map { header[$0] }
  }
}
