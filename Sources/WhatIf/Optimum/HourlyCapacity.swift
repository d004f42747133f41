import InteractionLog

/// Staff at work by hour of the day, and when they keep up with their queue.
package struct HourlyCapacity: Sendable {
  /// Members of staff by hour of the day (of the study's zone), 24 values.
  package var staff: [Double]
  /// How long customers wait on average before they give up.
  package var patienceMinutes: Double
  /// Share of an hour's customers that may give up, at most.
  package var mostAbandoned: Double
  package var zone: ZoneOffsets

  package init(
    staff: [Double], patienceMinutes: Double = 5, mostAbandoned: Double = 0.05,
    zone: ZoneOffsets = .utc
  ) {
    (self.staff, self.patienceMinutes) = (staff, patienceMinutes)
    (self.mostAbandoned, self.zone) = (mostAbandoned, zone)
  }
}

/// What thresholds by group leave to staff in each hour of a day.
///
/// A contact falls to staff below its group's threshold, and from it on with its topic's share of
/// overrides; it takes as long as staff's contacts of its topic did. A group's contacts grow with the
/// repeats that its threshold brings. Contacts without score or handler are in no load.
struct HourlyLoad: Sendable {
  /// By group, threshold and hour; contacts of the whole log.
  private var contacts: [Double]
  private var minutes: [Double]
  /// By group and hour, under the thresholds in force last.
  private var contactsToday: [Double]
  private var minutesToday: [Double]
  private let points: Int
  private let groups: Int
  private let days: Double
  private let capacity: HourlyCapacity

  init(_ setting: WhatIfSetting, sweep: ThresholdSweep, capacity: HourlyCapacity) {
    let log = setting.log
    let mean = setting.staffMinutesByTopic
    points = sweep.grid.thresholds.count
    groups = max(1, sweep.groups - 1)
    days = setting.days
    self.capacity = capacity
    contacts = [Double](repeating: 0, count: groups * points * 24)
    minutes = contacts
    contactsToday = [Double](repeating: 0, count: groups * 24)
    minutesToday = contactsToday
    for i in 0..<log.count where log.action[i] >= 0 {
      let hour = capacity.zone.hour(log.time[i])
      let topic = Int(log.topic[i])
      let group = groups > 1 ? Int(log.group[i]) : 0
      let kept = setting.routing.override[topic]
      func add(_ share: Double, from point: Int) {
        guard point < points else { return }
        let at = (group * points + point) * 24 + hour
        contacts[at] += share
        minutes[at] += share * mean[topic]
      }
      // Automated up to the last threshold that the score reaches.
      let reached = sweep.grid.reached(by: log.score[i])
      add(reached > 0 ? kept : 1, from: 0)
      if reached > 0 { add(1 - kept, from: reached) }
      let today = setting.staffShareToday(i)
      contactsToday[group * 24 + hour] += today
      minutesToday[group * 24 + hour] += today * mean[topic]
    }
    for group in 0..<groups {
      for at in (group * points + 1) * 24..<(group + 1) * points * 24 {
        contacts[at] += contacts[at - 24]
        minutes[at] += minutes[at - 24]
      }
    }
  }

  /// The queue by hour of a day.
  ///
  /// - Parameter chosen: by group (of the sweep, from 1 where there are several) the threshold's place
  ///   and by how much its contacts grow; groups that are not there stay as today.
  func queue(_ chosen: [Int: (point: Int, growth: Double)]) -> [PolicyResult.HourLoad] {
    (0..<24).map { hour in
      var (arrivals, work) = (0.0, 0.0)
      for group in 0..<groups {
        if let choice = chosen[groups > 1 ? group + 1 : 0] {
          let at = (group * points + choice.point) * 24 + hour
          arrivals += contacts[at] * choice.growth
          work += minutes[at] * choice.growth
        } else {
          arrivals += contactsToday[group * 24 + hour]
          work += minutesToday[group * 24 + hour]
        }
      }
      return PolicyResult.HourLoad(
        hour: hour, contacts: arrivals / days, minutes: work / days, staff: capacity.staff[hour],
        patienceMinutes: capacity.patienceMinutes)
    }
  }

  func isKept(_ queue: [PolicyResult.HourLoad]) -> Bool {
    queue.allSatisfy { ($0.abandonment ?? 0) <= capacity.mostAbandoned }
  }
}
