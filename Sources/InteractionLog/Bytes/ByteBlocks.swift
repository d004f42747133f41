import Dispatch

/// Rows put into bytes by blocks on several threads, and taken in order.
package enum ByteBlocks {
  /// Rows of a block.
  private static let size = 8_192

  /// - Parameters:
  ///   - count: rows.
  ///   - threads: threads that put rows into bytes; what is taken does not depend on it.
  ///   - bytes: the bytes of a range of rows.
  ///   - take: gets each block's bytes, in the order of the rows.
  package static func forEach<Failure: Error>(
    count: Int, threads: Int, bytes: @escaping @Sendable (Range<Int>) -> [UInt8],
    take: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let blocks = (count + size - 1) / size
    // A few blocks at a time, so that memory holds no more than those.
    let together = 4 * max(threads, 1)
    let parts = Parts(count: min(together, blocks))
    for first in stride(from: 0, to: blocks, by: together) {
      let here = min(together, blocks - first)
      let workers = min(max(threads, 1), here)
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for part in stride(from: worker, to: here, by: workers) {
          let start = (first + part) * size
          parts.bytes[part] = bytes(start..<min(start + size, count))
        }
      }
      for part in 0..<here { try take(parts.bytes[part]) }
    }
  }

  /// One place a block; each is written by one thread only.
  private final class Parts: @unchecked Sendable {
    let bytes: UnsafeMutableBufferPointer<[UInt8]>

    init(count: Int) {
      bytes = .allocate(capacity: count)
      bytes.initialize(repeating: [])
    }

    deinit {
      bytes.deinitialize()
      bytes.deallocate()
    }
  }
}
