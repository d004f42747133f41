import InteractionLog
import RepeatContacts
import Statistics
import Testing

private let hour: Int64 = 3_600_000
private let day: Int64 = 24 * hour
/// Monday, 2026-01-05T00:00:00Z.
private let monday: Int64 = 1_767_571_200_000

@Suite("Operational time")
struct OperationalClockTests {
  /// Open Monday to Friday 08 - 18; closed time counts a fifth.
  private static let calendar = Study.BusinessCalendar(
    openHours: (0..<168).map { $0 / 24 < 5 && (8..<18).contains($0 % 24) }, closedTimeCounts: 0.2)
  /// Mean rate of an hour before scaling: 50 open hours of 168.
  private static let mean = (50 + 0.2 * 118) / 168

  @Test("Without a calendar it is calendar time")
  func calendarTime() {
    let clock = OperationalClock(calendar: nil, origin: monday)
    #expect(clock.days(monday + 36 * hour) == 1.5)
    #expect(clock.days(monday - 6 * hour) == -0.25)
  }

  @Test(
    "Whole weeks are as long in operational as in calendar time", arguments: [-60, -1, 1, 2, 52])
  func weeks(count: Int64) {
    for start in [monday, monday + 3 * day + 7 * hour + 11_111] {
      let clock = OperationalClock(calendar: Self.calendar, origin: start)
      // Sums of 168 hourly terms; 1e-9 days is a ten-thousandth of a second.
      #expect(abs(clock.days(start + count * 7 * day) - Double(7 * count)) < 1e-9)
    }
  }

  @Test("A weekend counts as its closed hours do")
  func weekend() {
    let friday = monday + 4 * day + 18 * hour
    let clock = OperationalClock(calendar: Self.calendar, origin: friday)
    // Friday 18 to Monday 08: 62 closed hours.
    #expect(abs(clock.days(friday + 62 * hour) - 62 * 0.2 / Self.mean / 24) < 1e-12)
    // And the first open hour after it.
    #expect(
      abs(clock.days(friday + 63 * hour) - (62 * 0.2 + 1) / Self.mean / 24) < 1e-12)
  }

  @Test("Any stretch is the sum of its minutes")
  func minutes() {
    var stream = RandomStream(seed: 41)
    let clock = OperationalClock(calendar: Self.calendar, origin: monday)
    for _ in 0..<40 {
      let from = monday - 20 * day + Int64(stream.int(below: 60 * 1440)) * 60_000
      let length = stream.int(below: 12 * 1440)
      var sum = 0.0
      for minute in 0..<length {
        // Hours since a Monday 60 weeks before, so that the remainder is not negative.
        let at = from + Int64(minute) * 60_000 - (monday - 60 * 7 * day)
        let hourOfWeek = Int(at / hour % 168)
        sum += (Self.calendar.openHours[hourOfWeek] ? 1 : 0.2) / Self.mean / 1440
      }
      let found = clock.days(from + Int64(length) * 60_000) - clock.days(from)
      // Up to 17,280 added minutes.
      #expect(abs(found - sum) < 1e-9)
    }
  }

  @Test("Opening hours are those of the study's zone, summer time included")
  func zone() throws {
    let berlin = try #require(ZoneOffsets(name: "Europe/Berlin"))
    // 08 to 18 in Berlin is 07 to 17 UTC in winter and 06 to 16 UTC in July (2026-07-06, a Monday).
    for (midnight, opens) in [(monday, Int64(7)), (monday + 182 * day, Int64(6))] {
      let clock = OperationalClock(calendar: Self.calendar, zone: berlin, origin: midnight)
      func length(_ hours: Int64) -> Double {
        clock.days(midnight + (hours + 1) * hour) - clock.days(midnight + hours * hour)
      }
      for h in 0..<Int64(20) {
        let rate = (opens..<(opens + 10)).contains(h) ? 1 : 0.2
        // Differences of days since 1970, some 20,000 of them: a rounding is 4e-12.
        #expect(abs(length(h) - rate / Self.mean / 24) < 2e-11)
      }
    }
  }

  @Test("A calendar that is never open, and does not count closed time, is calendar time")
  func neverOpen() {
    let calendar = Study.BusinessCalendar(
      openHours: [Bool](repeating: false, count: 168), closedTimeCounts: 0)
    let clock = OperationalClock(calendar: calendar, origin: monday)
    #expect(abs(clock.days(monday + 36 * hour) - 1.5) < 1e-12)
  }
}

@Suite("Delay bins")
struct DelayBinsTests {
  @Test(
    "Borders run from 0 over 20 minutes to the window, evenly in log time",
    arguments: [1.0, 7, 15, 90])
  func borders(window: Double) {
    let bins = DelayBins(windowDays: window)
    #expect(bins.count == 14 && bins.edges[0] == 0 && bins.window == window)
    #expect(abs(bins.edges[1] - 20.0 / 1440) < 1e-15)
    let ratio = bins.edges[2] / bins.edges[1]
    for b in 1..<bins.count { #expect(abs(bins.edges[b + 1] / bins.edges[b] / ratio - 1) < 1e-9) }
    #expect(abs((0..<bins.count).reduce(0) { $0 + bins.width($1) } - window) < 1e-12)
  }

  @Test("A delay is in the bin that begins at or before it")
  func membership() {
    let bins = DelayBins(windowDays: 15)
    var stream = RandomStream(seed: 42)
    for _ in 0..<2_000 {
      let delay = 15 * stream.uniform() * stream.uniform() * stream.uniform()
      let linear = (0..<bins.count).last { bins.edges[$0] <= delay }
      #expect(bins.bin(delay) == linear)
    }
    for b in 0..<bins.count { #expect(bins.bin(bins.edges[b]) == b) }
    #expect(bins.bin(15) == 13)
    #expect(bins.bin(15.000001) == nil)
  }

  @Test("Coverage is the share of a bin before a time")
  func coverage() {
    let bins = DelayBins(windowDays: 15)
    for covered in stride(from: 0.0, through: 16, by: 0.37) {
      var whole = 0.0
      for b in 0..<bins.count {
        let share = bins.coverage(b, covered)
        #expect((0...1).contains(share))
        whole += share * bins.width(b)
      }
      #expect(abs(whole - min(covered, 15)) < 1e-12)
    }
  }
}
