import Statistics

/// The contacts of one customer, topic by topic.
final class TopicRuns {
  /// Topics of the customer.
  private(set) var count = 0
  let size: UnsafeMutablePointer<Int>
  /// Places of the customer's contacts, ordered by topic, then time.
  let place: UnsafeMutablePointer<Int>
  private let topic: UnsafeMutablePointer<Int>
  private let start: UnsafeMutablePointer<Int>
  private let memory: Scratch<Int>

  init(limit: Int) {
    memory = Scratch(count: 4 * limit, repeating: 0)
    size = memory.base
    place = memory.base + limit
    topic = memory.base + 2 * limit
    start = memory.base + 3 * limit
  }

  /// Topic, first place in the order, contacts.
  @inline(__always) subscript(run: Int) -> (topic: Int, start: Int, size: Int) {
    (topic[run], start[run], size[run])
  }

  func read(
    _ n: Int, topic codes: UnsafePointer<Int32>, order: UnsafePointer<Int32>, first: Int
  ) {
    var runs = 0
    for k in 0..<n {
      let j = Int(order[k]) - first
      place[k] = j
      let code = Int(codes[j])
      if runs > 0 && topic[runs - 1] == code {
        size[runs - 1] += 1
      } else {
        topic[runs] = code
        start[runs] = k
        size[runs] = 1
        runs += 1
      }
    }
    count = runs
  }
}
