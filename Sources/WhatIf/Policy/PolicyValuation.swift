import InteractionLog
import Statistics

/// Values one policy on the log: in all, by topic and by week of the first contact.
package struct PolicyValuation {
  let setting: WhatIfSetting
  let policy: RoutingPolicy
  let zone: ZoneOffsets

  private struct Sums: Sendable {
    var moments: [Double]
    var shared: [Double]
    var customers: Int

    init(outcomes: Int) {
      moments = [Double](repeating: 0, count: outcomes * OutcomeMoments.size)
      shared = [Double](repeating: 0, count: ThresholdSweep.sharedSize)
      customers = 0
    }
  }

  package init(_ setting: WhatIfSetting, _ policy: RoutingPolicy, zone: ZoneOffsets = .utc) {
    self.setting = setting
    self.policy = policy
    self.zone = zone
  }

  package func result(threads: Int) -> PolicyResult {
    let log = setting.log
    let weekOf = setting.episodes.first.map {
      ISOWeek(milliseconds: zone.local(fromUTC: log.time[Int($0)])).ordinal
    }
    let weeks = Set(weekOf).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(weeks, weeks.indices))
    let topics = log.topicNames.count
    let groups = 1 + topics + weeks.count
    let blocks = 64
    let parts = parallelMap(count: blocks, threads: threads) { block in
      sums(
        customers: log.customers * block / blocks..<log.customers * (block + 1) / blocks,
        groups: groups
      ) { u in
        let topic = 1 + Int(log.topic[Int(setting.episodes.first[u])])
        return (topic, 1 + topics + (place[weekOf[u]] ?? 0))
      }
    }
    var total = [Sums](repeating: Sums(outcomes: setting.rewards.outcomes.count), count: groups)
    for part in parts {
      for g in 0..<groups {
        total[g].customers += part[g].customers
        for k in total[g].moments.indices { total[g].moments[k] += part[g].moments[k] }
        for k in total[g].shared.indices { total[g].shared[k] += part[g].shared[k] }
      }
    }
    let load = StaffLoad(setting, policy, zone: zone)
    let rests = identification
    let whole = part("all", total[0], rests)
    let repeats = whole.outcomes.first { $0.outcome == .repeats }
    return PolicyResult(
      name: policy.declaration.name, whole: whole,
      byTopic: (0..<topics).filter { total[1 + $0].shared[6] > 0.5 }
        .map { part(log.topicNames[$0], total[1 + $0], rests) },
      byWeek: weeks.indices.map {
        part(ISOWeek(ordinal: weeks[$0]).description, total[1 + topics + $0], rests)
      },
      fallbackMoved: load.fallbackMoved,
      queue: load.hours(underPolicy: true, repeatsChange: repeats?.change.estimate ?? 0),
      queueToday: load.hours(underPolicy: false, repeatsChange: 0),
      note: policy.declaration.confirmFrom == nil
        ? nil
        : "no contact of the log was confirmed: first contacts between the two thresholds are "
          + "outside support")
  }

  private func sums(
    customers: Range<Int>, groups: Int, of unit: (Int) -> (topic: Int, week: Int)
  ) -> [Sums] {
    let outcomes = setting.rewards.outcomes.count
    var result = [Sums](repeating: Sums(outcomes: outcomes), count: groups)
    var kernel = setting.kernel
    var sum = EpisodeValues(outcomes: outcomes)
    var today: [Int8] = []
    var buffer = [Double](repeating: 0, count: outcomes * OutcomeMoments.size)
    for customer in customers {
      let units = setting.episodes.unitStart[customer]..<setting.episodes.unitStart[customer + 1]
      if units.isEmpty { continue }
      kernel.load(customer: customer)
      setting.compare(&kernel, today: &today, scratch: &sum)
      let handling = kernel.contact.map { policy.handling(setting, $0).rawValue }
      var members: [(group: Int, unit: Int)] = []
      for (k, u) in units.enumerated() {
        let (topic, week) = unit(u)
        members += [(0, k), (topic, k), (week, k)]
      }
      members.sort { ($0.group, $0.unit) < ($1.group, $1.unit) }
      var at = 0
      while at < members.count {
        let group = members[at].group
        sum.clear()
        var count = 0
        while at < members.count, members[at].group == group {
          kernel.add(members[at].unit, handling, to: &sum)
          count += 1
          at += 1
        }
        result[group].customers += 1
        OutcomeMoments.write(sum, outcomes: outcomes, into: &buffer)
        result[group].moments.withUnsafeMutableBufferPointer { target in
          for (k, value) in buffer.enumerated() { target[k] += value }
        }
        for (k, value) in [
          sum.outside, sum.episodeWeight, sum.episodeWeightSquared, sum.automated,
          sum.laterOutside, sum.laterDecisions, Double(count), sum.unseen,
        ].enumerated() { result[group].shared[k] += value }
      }
    }
    return result
  }

  /// What the policy's thresholds and today's differ by.
  private var identification: [String] {
    var (thresholds, today) = (Set<Double>(), Set<Double>())
    for unit in setting.episodes.first {
      thresholds.insert(policy.threshold(setting, Int(unit)))
      let now = setting.todayThreshold[Int(unit)]
      if !now.isNaN { today.insert(now) }
    }
    return Identification.of(setting, from: today.sorted(), to: thresholds.sorted())
  }

  private func part(
    _ value: String, _ sums: Sums, _ identification: [String]
  ) -> PolicyResult.Part {
    let units = sums.shared[6]
    let support = CurveBuilder.support(
      outside: sums.shared[0], weight: sums.shared[1], squares: sums.shared[2],
      laterOutside: sums.shared[4], later: sums.shared[5], unseen: sums.shared[7],
      units: units, identification: identification)
    return PolicyResult.Part(
      value: value, firstContacts: Int(units.rounded()),
      automatedShare: units > 0 ? sums.shared[3] / units : 0, support: support,
      outcomes: setting.rewards.outcomes.enumerated().map { m, outcome in
        let at = m * OutcomeMoments.size
        return MomentEstimates(
          moments: OutcomeMoments(sums: Array(sums.moments[at..<at + OutcomeMoments.size])),
          customers: sums.customers
        ).value(
          outcome, isSupported: support.verdict != .bounded, effectiveN: support.effectiveN,
          unseenShare: support.unseenSequenceShare)
      })
  }
}
