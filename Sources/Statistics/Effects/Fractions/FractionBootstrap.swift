/// Attributable fractions over drawn samples.
public struct FractionBootstrap: Sendable, Equatable {
  /// One a replicate, in the order of the seed's streams.
  public let replicates: [Replicate]

  public struct Replicate: Sendable, Equatable {
    public let marginal: [Double]
    public let sequential: [Double]
    public let average: [Double]
    public let all: Double
    /// Steps of the logistic regression.
    public let iterations: Int
  }

  /// The standard deviation over replicates of a figure, nil below two of them.
  public func standardError(_ figure: (Replicate) -> Double) -> Double? {
    guard replicates.count >= 2 else { return nil }
    let values = replicates.map(figure)
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The percentile interval of a figure (Efron & Tibshirani 1993, section 13.3), nil without
  /// replicates.
  public func ci95(_ figure: (Replicate) -> Double) -> (lower: Double, upper: Double)? {
    let sorted = replicates.map(figure).sorted()
    guard let lower = SampleQuantile.nearestRank(0.025, ofSorted: sorted),
      let upper = SampleQuantile.nearestRank(0.975, ofSorted: sorted)
    else { return nil }
    return (lower, upper)
  }
}

extension AttributableFractionModel {
  /// Fractions of samples drawn with replacement, whole clusters where there are clusters.
  ///
  /// A drawn sample is the same rows with other counts; its model is fitted on from the full one, to
  /// a decrement of 1e-10. Each replicate has a stream of its own, so that threads do not matter.
  public func bootstrap(
    replicates: Int, seed: UInt64
  ) throws(FractionError) -> FractionBootstrap {
    let fit = try PatternedLogistic(rows: rows).fit(threads: threads)
    let sampled = SampledRows(rows, fit: fit)
    let members = clusterMembers()
    let starts = Array(stride(from: 0, to: replicates, by: SampleCounts.limit))
    let results = parallelMap(count: starts.count, threads: threads) { batch in
      let samples = (starts[batch]..<min(starts[batch] + SampleCounts.limit, replicates)).map {
        replicate in
        var random = RandomStream(seed: seed, keys: UInt64(replicate))
        return members.map { draw($0, &random) } ?? draw(&random)
      }
      return Result { () throws(FractionError) in try self.replicates(sampled, samples) }
    }
    var all: [FractionBootstrap.Replicate] = []
    for result in results { all += try result.get() }
    return FractionBootstrap(replicates: all)
  }

  /// Fractions where each row counts so many times, in the order of the rows given.
  package func fractions(counts: [UInt16]) throws(FractionError) -> FractionBootstrap.Replicate {
    precondition(counts.count == rows.rowCount, "\(counts.count) counts for \(rows.rowCount) rows")
    let fit = try PatternedLogistic(rows: rows).fit(threads: threads)
    return try replicates(
      SampledRows(rows, fit: fit), [rows.original.map { counts[Int($0)] }])[0]
  }

  /// Fractions of some samples, whose counts are in the gathered order.
  private func replicates(
    _ sampled: SampledRows, _ samples: [[UInt16]]
  ) throws(FractionError) -> [FractionBootstrap.Replicate] {
    let counts = SampleCounts(samples)
    let refits = try SampleRefits(sampled, counts, samples: samples.count)
    let changes = targets.changes(rows, coefficients: refits.coefficients, counts)
    let cases = sampled.cases(counts)
    let n = exposures.count
    var replicates: [FractionBootstrap.Replicate] = []
    for sample in samples.indices {
      guard cases[sample] > 0 else { throw .constantResponse }
      let values = changes.map { -$0[sample] / cases[sample] }
      replicates.append(
        FractionBootstrap.Replicate(
          marginal: Array(values[..<n]), sequential: Array(values[n..<2 * n]),
          average: Array(values[2 * n..<3 * n]), all: values[3 * n],
          iterations: refits.samples[sample].iterations))
    }
    return replicates
  }

  private func draw(_ random: inout RandomStream) -> [UInt16] {
    let n = rows.rowCount
    var counts = [UInt16](repeating: 0, count: n)
    counts.withUnsafeMutableBufferPointer { counts in
      for _ in 0..<n { counts[random.int(below: n)] += 1 }
    }
    return counts
  }

  private func draw(_ members: [[Int32]], _ random: inout RandomStream) -> [UInt16] {
    var counts = [UInt16](repeating: 0, count: rows.rowCount)
    for _ in members.indices {
      for place in members[random.int(below: members.count)] { counts[Int(place)] += 1 }
    }
    return counts
  }

  /// The places of each cluster's rows.
  private func clusterMembers() -> [[Int32]]? {
    guard let clusters, let clusterCount else { return nil }
    var members = [[Int32]](repeating: [], count: clusterCount)
    for (place, row) in rows.original.enumerated() {
      members[Int(clusters[Int(row)])].append(Int32(place))
    }
    return members.filter { !$0.isEmpty }
  }
}
