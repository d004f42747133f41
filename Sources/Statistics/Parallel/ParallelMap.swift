import Dispatch

/// The values of `work` at 0 ..< count, computed on a number of threads, in order.
package func parallelMap<Result: Sendable>(
  count: Int, threads: Int, _ work: @escaping @Sendable (Int) -> Result
) -> [Result] {
  guard threads > 1, count > 1 else { return (0..<count).map(work) }
  let slots = Slots<Result>(count: count)
  let workers = min(threads, count)
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    var index = worker
    while index < count {
      slots.set(index, work(index))
      index += workers
    }
  }
  return slots.values()
}

/// One place per item; each is written by one thread only.
private final class Slots<Result: Sendable>: @unchecked Sendable {
  private let storage: UnsafeMutablePointer<Result?>
  private let count: Int

  init(count: Int) {
    self.count = count
    storage = .allocate(capacity: count)
    storage.initialize(repeating: nil, count: count)
  }

  deinit {
    storage.deinitialize(count: count)
    storage.deallocate()
  }

  func set(_ index: Int, _ value: Result) { storage[index] = value }

  func values() -> [Result] { (0..<count).compactMap { storage[$0] } }
}
