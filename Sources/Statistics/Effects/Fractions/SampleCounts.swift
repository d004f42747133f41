/// How often each row counts in each of up to eight samples.
struct SampleCounts: Sendable {
  static let limit = SIMD8<UInt16>.scalarCount

  /// By place; a lane without a sample counts nothing.
  private let counts: [SIMD8<UInt16>]

  /// - Parameter samples: one to eight, each with a count a row in the gathered order.
  init(_ samples: [[UInt16]]) {
    precondition(
      (1...SampleCounts.limit).contains(samples.count), "\(samples.count) samples at once")
    let places = samples[0].count
    counts = [SIMD8<UInt16>](unsafeUninitializedCapacity: places) { buffer, count in
      buffer.initialize(repeating: .zero)
      for (lane, sample) in samples.enumerated() {
        precondition(sample.count == places, "\(sample.count) counts for \(places) rows")
        for place in 0..<places { buffer[place][lane] = sample[place] }
      }
      count = places
    }
  }

  func withLanes<Result>(
    _ body: (UnsafeBufferPointer<SIMD8<UInt16>>) throws -> Result
  ) rethrows -> Result {
    try counts.withUnsafeBufferPointer(body)
  }
}
