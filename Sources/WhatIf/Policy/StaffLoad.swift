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
  let fallbackMoved: Int

  init(_ setting: WhatIfSetting, _ policy: RoutingPolicy, zone: ZoneOffsets) {
    self.setting = setting
    self.policy = policy
    let log = setting.log
    let mean = setting.staffMinutesByTopic
    var (contacts, minutes) = (
      [[Double]](repeating: [Double](repeating: 0, count: 24), count: 2),
      [[Double]](repeating: [Double](repeating: 0, count: 24), count: 2)
    )
    var moved = 0
    for i in 0..<log.count {
      let hour = zone.hour(log.time[i])
      let topic = Int(log.topic[i])
      let kept = setting.routing.override[topic]
      guard log.action[i] >= 0 else {
        // Without a score the log does not say what would differ: such contacts are in neither load.
        if policy.declaration.fallback != nil { moved += 1 }
        continue
      }
      let now = setting.staffShareToday(i)
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
  }

  func hours(underPolicy: Bool, repeatsChange: Double) -> [PolicyResult.HourLoad] {
    let k = underPolicy ? 1 : 0
    let growth = max(0, 1 + repeatsChange / max(setting.contactsPerEpisode, 1))
    return (0..<24).map { hour in
      PolicyResult.HourLoad(
        hour: hour, contacts: contacts[k][hour] * growth / setting.days,
        minutes: minutes[k][hour] * growth / setting.days,
        staff: policy.declaration.staffByHour?[hour],
        patienceMinutes: policy.declaration.patienceMinutes)
    }
  }
}
