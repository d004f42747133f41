import InteractionLog

/// What a policy leaves to staff, by hour of the day, and the queue that this makes.
///
/// Each contact of the log falls to staff with the chance that the policy gives it; contacts grow or
/// shrink with the repeats that the policy brings. A contact takes as long as staff's contacts of its
/// topic did. Contacts to be confirmed count as AI's.
struct StaffLoad {
  private let setting: WhatIfSetting
  private let policy: RoutingPolicy
  /// By hour of the day: contacts and minutes of staff over the whole log.
  private var contacts: [[Double]]
  private var minutes: [[Double]]
  private let days: Double
  private let contactsPerEpisode: Double
  let fallbackMoved: Int

  init(_ setting: WhatIfSetting, _ policy: RoutingPolicy, zone: ZoneOffsets) {
    self.setting = setting
    self.policy = policy
    let log = setting.log
    let topics = log.topicNames.count
    let place = setting.rewards.index(of: .staffMinutes)
    var (sum, n) = ([Double](repeating: 0, count: topics), [Double](repeating: 0, count: topics))
    for i in 0..<log.count where log.action[i] == 0 {
      guard let place else { break }
      sum[Int(log.topic[i])] += setting.rewards.values[place][i]
      n[Int(log.topic[i])] += 1
    }
    let common = sum.reduce(0, +) / max(1, n.reduce(0, +))
    let mean = (0..<topics).map { n[$0] > 0 ? sum[$0] / n[$0] : common }
    var (contacts, minutes) = (
      [[Double]](repeating: [Double](repeating: 0, count: 24), count: 2),
      [[Double]](repeating: [Double](repeating: 0, count: 24), count: 2)
    )
    var moved = 0
    for i in 0..<log.count {
      let local = zone.local(fromUTC: log.time[i])
      let hour = Int(((local % 86_400_000) + 86_400_000) % 86_400_000 / 3_600_000)
      let topic = Int(log.topic[i])
      let kept = setting.routing.override[topic]
      guard log.action[i] >= 0 else {
        // Without a score the log does not say what would differ: such contacts are in neither load.
        if policy.declaration.fallback != nil { moved += 1 }
        continue
      }
      let threshold = setting.todayThreshold[i]
      let now =
        threshold.isNaN
        ? (log.action[i] == 0 ? 1 : 0) : (log.score[i] >= threshold ? kept : 1)
      let then =
        switch policy.handling(setting, i) {
        case .above: kept
        case .below: 1.0
        case .unseen, .asLogged: 0.0
        }
      for (k, share) in [now, then].enumerated() {
        contacts[k][hour] += share
        minutes[k][hour] += share * mean[topic]
      }
    }
    (self.contacts, self.minutes) = (contacts, minutes)
    fallbackMoved = moved
    days = max(1, Double(log.span.upperBound - log.span.lowerBound) / 86_400_000)
    contactsPerEpisode =
      setting.episodes.length.reduce(0.0) { $0 + Double($1) }
      / Double(max(1, setting.episodes.count))
  }

  func hours(underPolicy: Bool, repeatsChange: Double) -> [PolicyResult.HourLoad] {
    let k = underPolicy ? 1 : 0
    let growth = max(0, 1 + repeatsChange / max(contactsPerEpisode, 1))
    return (0..<24).map { hour in
      let arrivals = contacts[k][hour] * growth / days
      let work = minutes[k][hour] * growth / days
      var load = PolicyResult.HourLoad(
        hour: hour, staffContacts: arrivals, staffHours: work / 60)
      guard let staff = policy.declaration.staffByHour?[hour] else { return load }
      load.staff = staff
      guard arrivals > 0, work > 0 else { return load }
      let queue = ErlangA(
        arrivals: arrivals / 60, service: arrivals / work, staff: Int(staff),
        abandoning: 1 / policy.declaration.patienceMinutes)
      load.waitProbability = queue.waitProbability
      load.meanWaitMinutes = queue.meanWait
      load.abandonment = queue.abandonment
      load.utilisation = queue.utilisation
      return load
    }
  }
}
