import Statistics

/// Runs work over fixed blocks of customers on a number of threads.
///
/// Blocks depend on the data alone, never on the threads, and results come back in block order: sums
/// over them have the same bits whatever the thread count.
struct CustomerBlocks: Sendable {
  let ranges: [Range<Int>]

  /// Cuts customers into at most 64 blocks of about equal numbers of contacts.
  init(customerStart: [Int32]) {
    let customers = customerStart.count - 1
    let contacts = Int(customerStart[customers])
    let size = max(2048, contacts / 64 + 1)
    var ranges: [Range<Int>] = []
    var first = 0
    for c in 0..<customers
    where Int(customerStart[c + 1] - customerStart[first]) >= size || c == customers - 1 {
      ranges.append(first..<(c + 1))
      first = c + 1
    }
    self.ranges = ranges
  }

  /// The results of `work` on every block, in block order.
  func map<Result: Sendable>(
    threads: Int, _ work: @escaping @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let ranges = self.ranges
    return parallelMap(count: ranges.count, threads: threads) { work(ranges[$0]) }
  }
}
