import Statistics

/// Curves of gains over today in resampled customers.
///
/// Customers are dealt into 400 blocks, blocks are drawn with replacement, and all curves are drawn
/// together, so that sums over groups can be formed replicate by replicate.
struct CurveReplicates: Sendable {
  static let count = 200

  private let sweep: ThresholdSweep
  /// By replicate, group, point and outcome of `sweep.resampled`: sum of gains.
  private let sums: [Double]
  /// By replicate and group: units.
  private let units: [Double]

  init(_ sweep: ThresholdSweep, seed: UInt64, threads: Int) {
    self.sweep = sweep
    let width = sweep.blockGains.count / ThresholdSweep.blocks
    let groups = sweep.groups
    let drawn = parallelMap(count: CurveReplicates.count, threads: threads) { replicate in
      var stream = RandomStream(seed: seed, keys: UInt64(replicate))
      var times = [Double](repeating: 0, count: ThresholdSweep.blocks)
      for _ in 0..<ThresholdSweep.blocks { times[stream.int(below: ThresholdSweep.blocks)] += 1 }
      var sums = [Double](repeating: 0, count: width)
      var units = [Double](repeating: 0, count: groups)
      sweep.blockGains.withUnsafeBufferPointer { gains in
        for block in 0..<ThresholdSweep.blocks where times[block] > 0 {
          let (weight, base) = (times[block], block * width)
          for k in 0..<width { sums[k] += weight * gains[base + k] }
          for g in 0..<groups { units[g] += weight * sweep.blockUnits[block * groups + g] }
        }
      }
      return (sums, units)
    }
    sums = drawn.flatMap(\.0)
    units = drawn.flatMap(\.1)
  }

  /// Gain per first contact of a replicate.
  func gain(_ replicate: Int, group: Int, point: Int, _ place: Int) -> Double {
    let points = sweep.grid.thresholds.count + 1
    let n = units[replicate * sweep.groups + group]
    guard n > 0 else { return 0 }
    return sums[
      ((replicate * sweep.groups + group) * points + point) * sweep.resampled.count + place] / n
  }
}
