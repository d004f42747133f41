/// One thread's share of a sweep: some blocks of customers, one after the other.
struct SweepPass {
  struct Result: Sendable {
    var moments: [Double]
    var shared: [Double]
    var customers: [Int]
    var blockGains: [Double]
    var blockUnits: [Double]
  }

  private let setting: WhatIfSetting
  private let grid: ThresholdGrid
  private let shape: SweepShape
  private var kernel: EpisodeKernel
  private var sum: EpisodeValues
  private var result: Result
  /// Place in the grid from which on a contact goes to staff; the current customer's.
  private var flips: [Int] = []
  private var handling: [Int8] = []
  private var today: [Int8] = []
  // Of the curve that is being added to.
  private var members: [Int] = []
  private var places: [Int] = []
  private var oldGains: [Double]
  private var before: [Double]
  private var after: [Double]

  init(_ setting: WhatIfSetting, _ grid: ThresholdGrid, _ shape: SweepShape) {
    (self.setting, self.grid, self.shape) = (setting, grid, shape)
    kernel = setting.kernel
    sum = EpisodeValues(outcomes: shape.outcomes)
    let width = shape.outcomes * OutcomeMoments.size
    before = [Double](repeating: 0, count: width)
    after = before
    oldGains = [Double](repeating: 0, count: shape.resampled.count)
    result = Result(
      moments: [Double](repeating: 0, count: shape.momentCount),
      shared: [Double](repeating: 0, count: shape.sharedCount),
      customers: [Int](repeating: 0, count: shape.groups), blockGains: [], blockUnits: [])
  }

  mutating func run(blocks: Range<Int>) -> Result {
    for block in blocks {
      let base = result.blockGains.count
      result.blockGains += [Double](repeating: 0, count: shape.gainCount)
      let unitBase = result.blockUnits.count
      result.blockUnits += [Double](repeating: 0, count: shape.groups)
      var customer = block
      while customer < setting.log.customers {
        take(customer, gains: base, units: unitBase)
        customer += ThresholdSweep.blocks
      }
    }
    return result
  }

  private mutating func take(_ customer: Int, gains: Int, units: Int) {
    guard
      setting.episodes.unitStart[customer] < setting.episodes.unitStart[customer + 1]
    else { return }
    kernel.load(customer: customer)
    setting.compare(&kernel, today: &today, scratch: &sum)
    let log = setting.log
    flips.removeAll(keepingCapacity: true)
    for i in kernel.contact {
      flips.append(log.action[i] < 0 ? -1 : grid.reached(by: log.score[i]))
    }
    members.removeAll(keepingCapacity: true)
    members.append(contentsOf: kernel.units.indices)
    trace(group: 0, gains: gains, units: units)
    guard shape.groups > 1 else { return }
    var next = nextGroup(after: -1)
    while let group = next {
      members.removeAll(keepingCapacity: true)
      for u in kernel.units.indices where groupOfUnit(u) == group { members.append(u) }
      trace(group: 1 + group, gains: gains, units: units)
      next = nextGroup(after: group)
    }
  }

  /// The lowest group above this one that units of the current customer begin in.
  private func nextGroup(after last: Int) -> Int? {
    var least: Int?
    for u in kernel.units.indices {
      let group = groupOfUnit(u)
      if group > last, group < least ?? .max { least = group }
    }
    return least
  }

  private func groupOfUnit(_ u: Int) -> Int {
    Int(setting.log.group[kernel.contact[kernel.units[u].lowerBound]])
  }

  /// Adds the members, units of the current customer, to a group's curve.
  private mutating func trace(group: Int, gains: Int, units: Int) {
    result.customers[group] += 1
    result.blockUnits[units + group] += Double(members.count)
    // Where something changes, from the first point on.
    places.removeAll(keepingCapacity: true)
    places.append(0)
    handling.removeAll(keepingCapacity: true)
    handling.append(contentsOf: today)
    for u in members {
      let own = groupOfUnit(u)
      for r in kernel.units[u] where flips[r] >= 0 {
        guard group == 0 || Int(setting.log.group[kernel.contact[r]]) == own else { continue }
        handling[r] = Handling.above.rawValue
        if flips[r] < shape.points { places.append(flips[r]) }
      }
    }
    places.sort()
    var previous = -1
    var oldShared = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for k in oldGains.indices { oldGains[k] = 0 }
    for k in before.indices { before[k] = 0 }
    for place in places where place != previous {
      previous = place
      for u in members {
        let own = groupOfUnit(u)
        for r in kernel.units[u] where flips[r] >= 0 && flips[r] <= place {
          guard group == 0 || Int(setting.log.group[kernel.contact[r]]) == own else { continue }
          handling[r] = Handling.below.rawValue
        }
      }
      sum.clear()
      for u in members { kernel.add(u, handling, to: &sum) }
      let at = group * (shape.points + 1) + place
      write(at)
      let shared = (
        sum.outside, sum.episodeWeight, sum.episodeWeightSquared, sum.automated,
        sum.laterOutside, sum.laterDecisions, Double(members.count), sum.unseen
      )
      let s = at * ThresholdSweep.sharedSize
      result.shared[s] += shared.0 - oldShared.0
      result.shared[s + 1] += shared.1 - oldShared.1
      result.shared[s + 2] += shared.2 - oldShared.2
      result.shared[s + 3] += shared.3 - oldShared.3
      result.shared[s + 4] += shared.4 - oldShared.4
      result.shared[s + 5] += shared.5 - oldShared.5
      result.shared[s + 6] += shared.6 - oldShared.6
      result.shared[s + 7] += shared.7 - oldShared.7
      oldShared = shared
      for (k, m) in shape.resampled.enumerated() {
        let gain = sum.robust[m] - sum.todaySupported[m]
        result.blockGains[gains + at * shape.resampled.count + k] += gain - oldGains[k]
        oldGains[k] = gain
      }
    }
  }

  /// Adds the change of the customer's moments at a place.
  private mutating func write(_ at: Int) {
    OutcomeMoments.write(sum, outcomes: shape.outcomes, into: &after)
    let width = before.count
    after.withUnsafeBufferPointer { after in
      before.withUnsafeBufferPointer { before in
        result.moments.withUnsafeMutableBufferPointer { moments in
          guard let a = after.baseAddress, let b = before.baseAddress,
            let target = moments.baseAddress?.advanced(by: at * width)
          else { return }
          for k in 0..<width { target[k] += a[k] - b[k] }
        }
      }
    }
    swap(&before, &after)
  }
}
