import InteractionLog

/// For each row the neighbours in its chain: the contacts of the same customer (and, where asked, the
/// same topic) in time order.
///
/// Built in one pass over the rows; needs space for the topics once, not per customer.
struct ContactChains {
  /// The row before in the chain, −1 where there is none.
  private(set) var previous: [Int32]
  /// The row after in the chain, −1 where there is none.
  private(set) var next: [Int32]

  /// - Precondition: `table` is in canonical order (customer, start, id).
  init(table: InteractionTable, sameTopic: Bool) {
    previous = [Int32](repeating: -1, count: table.count)
    next = previous
    // The last row seen of each topic, and the customer it was seen for: what an earlier customer
    // left behind is told apart by that, so nothing has to be cleared between customers.
    let topics = sameTopic ? table.topic.values.count + 1 : 1
    var lastRow = [Int32](repeating: -1, count: topics)
    for row in 0..<table.count where table.customer.codes[row] >= 0 {
      let topic = sameTopic ? Int(table.topic.codes[row]) + 1 : 0
      let last = lastRow[topic]
      if last >= 0, table.customer.codes[Int(last)] == table.customer.codes[row] {
        previous[row] = last
        next[Int(last)] = Int32(row)
      }
      lastRow[topic] = Int32(row)
    }
  }
}
