import WhatIf

/// Staff's queue by hour of the day, beside today's.
struct QueueTable {
  struct Row {
    let hour: String
    let hoursToday: Markup
    let hours: Markup
    let staff: Markup
    let waiting: Markup
    let wait: Markup
    let lost: Markup
  }
  let rows: [Row]

  /// nil where nobody said who is at work.
  init?(_ queue: [PolicyResult.HourLoad], today: [PolicyResult.HourLoad]) {
    guard queue.contains(where: { $0.staff != nil }) else { return nil }
    rows = zip(queue, today).filter {
      $0.0.staffContacts > 0 || $0.1.staffContacts > 0
    }.map { then, now in
      Row(
        hour: "\(then.hour):00", hoursToday: .decimals(now.staffHours, 1),
        hours: .decimals(then.staffHours, 1), staff: .count(then.staff),
        waiting: .percent(then.waitProbability), wait: .decimals(then.meanWaitMinutes, 1),
        lost: .percent(then.abandonment))
    }
  }
}

/// Whether staff keep up with the thresholds chosen, in sentences.
package enum CapacityWords {
  package static func sentences(_ capacity: OptimumReport.Capacity) -> [String] {
    let hours = capacity.staffHoursAWeek.map {
      "\(NumberWords.count($0)) staff hours a week"
    }
    let queue = capacity.mostAbandoned.map {
      "at most \(NumberWords.percent($0)) of an hour's customers giving up"
    }
    let limit = [hours, queue].compactMap { $0 }.joined(separator: " and ")
    guard capacity.isMet else {
      return ["No thresholds inside support keep to \(limit)."]
    }
    var list: [String] = []
    if let chosen = capacity.staffHoursChosen {
      list.append(
        "Kept to \(limit), the best thresholds take \(NumberWords.count(chosen)) staff hours a "
          + "week; today's take \(NumberWords.count(capacity.staffHoursToday)).")
    }
    if let worst = (capacity.queue ?? []).max(by: {
      ($0.abandonment ?? 0) < ($1.abandonment ?? 0)
    }), let lost = worst.abandonment {
      let now = capacity.queueToday?.first { $0.hour == worst.hour }?.abandonment
      list.append(
        "At the worst hour, \(worst.hour):00, \(NumberWords.percent(lost)) give up"
          + (now.map { "; with today's thresholds \(NumberWords.percent($0))" } ?? "") + ".")
    }
    return list
  }
}
