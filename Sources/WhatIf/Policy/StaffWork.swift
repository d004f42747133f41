import InteractionLog

extension WhatIfSetting {
  /// Mean minutes that a contact of each topic takes staff; of topics they never had, of all.
  var staffMinutesByTopic: [Double] {
    let topics = log.topicNames.count
    var (sum, n) = ([Double](repeating: 0, count: topics), [Double](repeating: 0, count: topics))
    if let place = rewards.index(of: .staffMinutes) {
      for i in 0..<log.count where log.action[i] == 0 {
        sum[Int(log.topic[i])] += rewards.values[place][i]
        n[Int(log.topic[i])] += 1
      }
    }
    let common = sum.reduce(0, +) / max(1, n.reduce(0, +))
    return (0..<topics).map { n[$0] > 0 ? sum[$0] / n[$0] : common }
  }

  /// The chance that a decision falls to staff under the thresholds in force last.
  func staffShareToday(_ i: Int) -> Double {
    let threshold = todayThreshold[i]
    if threshold.isNaN { return log.action[i] == 0 ? 1 : 0 }
    return log.score[i] >= threshold ? routing.override[Int(log.topic[i])] : 1
  }

  /// Days that the log covers, at least 1.
  var days: Double {
    max(1, Double(log.span.upperBound - log.span.lowerBound) / 86_400_000)
  }

  var contactsPerEpisode: Double {
    episodes.length.reduce(0.0) { $0 + Double($1) } / Double(max(1, episodes.count))
  }
}

extension ZoneOffsets {
  /// The hour of the day, 0 to 23.
  func hour(_ utc: Int64) -> Int {
    let local = local(fromUTC: utc)
    return Int(((local % 86_400_000) + 86_400_000) % 86_400_000 / 3_600_000)
  }
}

extension PolicyResult.HourLoad {
  /// An hour with so many contacts for staff, who need so many minutes for them, and, where it is
  /// stated how many are at work, its queue as if it had settled (Erlang-A).
  init(hour: Int, contacts: Double, minutes: Double, staff: Double?, patienceMinutes: Double) {
    self.init(hour: hour, staffContacts: contacts, staffHours: minutes / 60)
    guard let staff else { return }
    self.staff = staff
    guard contacts > 0, minutes > 0 else { return }
    let queue = ErlangA(
      arrivals: contacts / 60, service: contacts / minutes, staff: Int(staff),
      abandoning: 1 / patienceMinutes)
    waitProbability = queue.waitProbability
    meanWaitMinutes = queue.meanWait
    abandonment = queue.abandonment
    utilisation = queue.utilisation
  }
}
