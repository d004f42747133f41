import InteractionLog

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Operational time: closed hours count only in part, so that a delay over a weekend is as short as
/// the customer's chances to come back were few.
///
/// The clock's unit is a day and its mean rate over a week is 1, so that windows of whole weeks are as
/// long in operational as in calendar time. Without a calendar it is calendar time.
package struct OperationalClock: Sendable {
  /// Rate of each hour of the ISO week, Monday 00 first; nil: calendar time.
  private let rates: [Double]?
  /// Operational days from Monday 00 to the start of each hour of the week (169 values).
  private let cumulative: [Double]
  private let zone: ZoneOffsets
  private let origin: Int64

  package static let millisecondsPerDay = 86_400_000.0

  /// - Parameters:
  ///   - calendar: opening hours in the study's zone, or nil.
  ///   - zone: the zone of the opening hours.
  ///   - origin: the time that reads 0, milliseconds since 1970.
  package init(
    calendar: Study.BusinessCalendar?, zone: ZoneOffsets = .utc, origin: Int64
  ) {
    self.zone = zone
    self.origin = origin
    guard let calendar else {
      rates = nil
      cumulative = []
      return
    }
    let raw = calendar.openHours.map { $0 ? 1.0 : calendar.closedTimeCounts }
    let mean = raw.reduce(0, +) / Double(raw.count)
    let scaled = mean > 0 ? raw.map { $0 / mean } : raw.map { _ in 1.0 }
    var sums = [0.0]
    for rate in scaled { sums.append(sums[sums.count - 1] + rate / 24) }
    rates = scaled
    cumulative = sums
  }

  /// Operational days from the origin to a time in milliseconds since 1970.
  package func days(_ milliseconds: Int64) -> Double {
    guard rates != nil else {
      return Double(milliseconds - origin) / OperationalClock.millisecondsPerDay
    }
    return sinceEpochMonday(milliseconds) - sinceEpochMonday(origin)
  }

  private func sinceEpochMonday(_ milliseconds: Int64) -> Double {
    guard let rates else { return 0 }
    // 1970-01-01 was a Thursday: the Monday before is three days earlier.
    let shifted = zone.local(fromUTC: milliseconds) + 3 * 86_400_000
    let week = 7 * 86_400_000
    var weeks = shifted / Int64(week)
    var rest = shifted % Int64(week)
    if rest < 0 {
      rest += Int64(week)
      weeks -= 1
    }
    let hour = Int(rest / 3_600_000)
    let fraction = Double(rest % 3_600_000) / 3_600_000
    return Double(weeks) * 7 + cumulative[hour] + fraction * rates[hour] / 24
  }
}

/// The log-spaced bins over which delay densities are constant.
package struct DelayBins: Sendable, Equatable {
  /// Bin borders in operational days, from 0 to the window: `count + 1` values.
  package let edges: [Double]
  /// Bins.
  package var count: Int { edges.count - 1 }
  package var window: Double { edges[edges.count - 1] }

  /// Borders at 0 and at `count` points evenly spaced in log time from 20 minutes to the window.
  package init(windowDays: Double, count: Int = 14) {
    let first = min(20.0 / 1440, windowDays / 2)
    let step = exp2Root(windowDays / first, count - 1)
    var edges = [0.0, first]
    for _ in 1..<(count - 1) { edges.append(edges[edges.count - 1] * step) }
    edges.append(windowDays)
    self.edges = edges
  }

  package func width(_ bin: Int) -> Double { edges[bin + 1] - edges[bin] }

  /// The bin of a delay in operational days; nil beyond the window.
  package func bin(_ delay: Double) -> Int? {
    guard delay <= window else { return nil }
    var low = 0
    var high = count - 1
    while low < high {
      let middle = (low + high) / 2
      if delay < edges[middle + 1] { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The share of a bin's width that lies before `covered` days.
  @inline(__always) package func coverage(_ bin: Int, _ covered: Double) -> Double {
    if covered >= edges[bin + 1] { return 1 }
    if covered <= edges[bin] { return 0 }
    return (covered - edges[bin]) / (edges[bin + 1] - edges[bin])
  }
}

/// The `n`-th root of a ratio.
private func exp2Root(_ ratio: Double, _ n: Int) -> Double { pow(ratio, 1 / Double(n)) }
