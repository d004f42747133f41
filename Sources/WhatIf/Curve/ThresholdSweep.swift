import Statistics

/// Values every threshold of a grid, for all contacts and by group, in one pass over the customers.
///
/// What a customer brings is constant between the scores of their contacts. So each customer adds the
/// change of their sums at those places only, and running sums over the grid give every point: the work
/// does not grow with the grid. A group's curve moves the threshold of contacts of that group in
/// episodes that begin in it; all others are handled as today.
package struct ThresholdSweep: Sendable {
  package let grid: ThresholdGrid
  package let groups: Int
  package let outcomes: Int
  /// Moments by group (0 all, then each), threshold and outcome.
  let moments: [Double]
  /// By group and threshold: units outside, episode weights, their squares, automated, later decisions
  /// left as logged, later decisions, units, units whose sequence of decisions the log hardly ever saw.
  let shared: [Double]
  /// Customers with units, by group.
  let customers: [Int]
  /// By block, group, threshold and outcome of `resampled`: gain over today inside support.
  let blockGains: [Double]
  /// By block and group: units.
  let blockUnits: [Double]
  /// Outcomes whose gains are kept by block.
  let resampled: [Int]

  package static let blocks = 400
  static let sharedSize = 8
  private static let chunkBlocks = 50
  /// Points of all curves together that fit into memory.
  package static let mostPoints = 25_000

  package init(
    _ setting: WhatIfSetting, grid: ThresholdGrid, byGroup: Bool, threads: Int
  ) {
    self.grid = grid
    let log = setting.log
    let groups = byGroup ? 1 + log.groupNames.count : 1
    let outcomes = setting.rewards.outcomes.count
    let resampled = [PolicyOutcome.repeats, .staffMinutes, .cost].compactMap {
      setting.rewards.index(of: $0)
    }
    (self.groups, self.outcomes, self.resampled) = (groups, outcomes, resampled)
    let shape = SweepShape(
      groups: groups, points: grid.thresholds.count, outcomes: outcomes, resampled: resampled)
    let chunks = parallelMap(
      count: ThresholdSweep.blocks / ThresholdSweep.chunkBlocks, threads: threads
    ) { chunk in
      var pass = SweepPass(setting, grid, shape)
      return pass.run(
        blocks: chunk * ThresholdSweep.chunkBlocks..<(chunk + 1) * ThresholdSweep.chunkBlocks)
    }
    var moments = [Double](repeating: 0, count: shape.momentCount)
    var shared = [Double](repeating: 0, count: shape.sharedCount)
    var customers = [Int](repeating: 0, count: groups)
    var (gains, units) = ([Double](), [Double]())
    for chunk in chunks {
      for k in moments.indices { moments[k] += chunk.moments[k] }
      for k in shared.indices { shared[k] += chunk.shared[k] }
      for g in customers.indices { customers[g] += chunk.customers[g] }
      gains += chunk.blockGains
      units += chunk.blockUnits
    }
    shape.accumulate(&moments, width: OutcomeMoments.size * outcomes)
    shape.accumulate(&shared, width: ThresholdSweep.sharedSize)
    for b in 0..<ThresholdSweep.blocks {
      shape.accumulate(
        &gains, width: resampled.count, offset: b * shape.gainCount)
    }
    (self.moments, self.shared, self.customers) = (moments, shared, customers)
    (blockGains, blockUnits) = (gains, units)
  }

  /// The sums of one outcome at one point.
  package func moments(group: Int, point: Int, outcome: Int) -> OutcomeMoments {
    let at =
      ((group * (grid.thresholds.count + 1) + point) * outcomes + outcome) * OutcomeMoments.size
    return OutcomeMoments(sums: Array(moments[at..<at + OutcomeMoments.size]))
  }

  func shared(group: Int, point: Int, _ place: Int) -> Double {
    shared[(group * (grid.thresholds.count + 1) + point) * ThresholdSweep.sharedSize + place]
  }

  /// The gain of a block at a point, by place in `resampled`.
  func gain(block: Int, group: Int, point: Int, _ place: Int) -> Double {
    let points = grid.thresholds.count + 1
    return blockGains[
      ((block * groups + group) * points + point) * resampled.count + place]
  }
}

/// How the sums of a sweep lie in memory: by group, point (one more than there are), value.
struct SweepShape: Sendable {
  let groups: Int
  let points: Int
  let outcomes: Int
  let resampled: [Int]

  var momentCount: Int { groups * (points + 1) * outcomes * OutcomeMoments.size }
  var sharedCount: Int { groups * (points + 1) * ThresholdSweep.sharedSize }
  var gainCount: Int { groups * (points + 1) * resampled.count }

  /// Turns changes along the grid into values.
  func accumulate(_ changes: inout [Double], width: Int, offset: Int = 0) {
    for g in 0..<groups {
      for p in 1..<max(points, 1) {
        let at = offset + (g * (points + 1) + p) * width
        for k in 0..<width { changes[at + k] += changes[at + k - width] }
      }
    }
  }
}
