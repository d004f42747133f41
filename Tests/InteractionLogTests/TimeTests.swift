import InteractionLog
import Testing

struct TimeTests {
  private func parse(_ text: String, format: String? = nil, zone: String? = nil) -> Int64? {
    var text = text
    let parser = TimeParser(source: Study.Source(timeFormat: format, timeZone: zone))
    return text.withUTF8 { try? parser.parse($0).get() }
  }

  /// 2026-01-05T09:30:00Z
  static let moment: Int64 = 1_767_605_400_000

  @Test(arguments: [
    "2026-01-05T09:30:00Z", "2026-01-05T09:30Z", "2026-01-05 09:30:00z", "2026-01-05t09:30:00.000Z",
    "2026-01-05T11:30:00+02:00", "2026-01-05T11:30:00+0200", "2026-01-05T11:30:00+02",
    "2026-01-05T04:00:00-05:30", "2026-01-05T09:30:00.0004Z",
  ])
  func iso(_ text: String) { #expect(parse(text) == Self.moment) }

  @Test func isoEdges() {
    #expect(parse("1970-01-01T00:00:00Z") == 0)
    #expect(parse("1969-12-31T23:59:59.999Z") == -1)
    #expect(parse("2024-02-29T00:00:00Z") == 1_709_164_800_000)
    #expect(parse("2026-01-05T24:00:00Z") == parse("2026-01-06T00:00:00Z"))
    #expect(parse("2016-12-31T23:59:60Z") == parse("2017-01-01T00:00:00Z"))
    #expect(parse("2026-01-05T09:30:00,25Z") == Self.moment + 250)
    #expect(parse("2026-01-05", zone: "UTC") == Self.moment - 34_200_000)
  }

  @Test(arguments: [
    "2026-01-05T09:30:00", "2026-01-05", "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-01-05T25:00:00Z", "2026-01-05T09:60:00Z", "2026-1-5T09:30:00Z",
    "2026-01-05T09:30:00 Z", "2026-01-05T09:30:00+25:00", "2026-01-05T09:30:00.Z", "05.01.2026",
    "2026-01-05T09:30:00Zx", "", "2026-01-05T9:30Z", "1767605400",
  ])
  func noTimes(_ text: String) { #expect(parse(text) == nil) }

  @Test(arguments: [
    ("5/1/2026 09:30", "d/M/yyyy HH:mm"), ("05/01/2026 9:30", "dd/MM/yyyy H:mm"),
    ("2026-01-05T09:30:00.000Z", "yyyy-MM-dd'T'HH:mm:ss.SSSX"),
    ("01/05/26 09:30 AM", "MM/dd/yy hh:mm a"),
    ("5-Jan-2026 9:30:00", "d-MMM-yyyy H:mm:ss"), ("20260105093000", "yyyyMMddHHmmss"),
    ("1767605400", "epoch"), ("1767605400000", "epoch_ms"),
    ("5/1/2026 11:30 +0200", "d/M/yyyy HH:mm Z"),
  ])
  func formats(text: String, format: String) {
    #expect(parse(text, format: format, zone: "UTC") == Self.moment)
  }

  @Test func formatEdges() {
    #expect(
      parse("5/1/2026 12:00 AM", format: "d/M/yyyy h:mm a", zone: "UTC") == Self.moment - 34_200_000
    )
    #expect(
      parse("5/1/2026 12:30 PM", format: "d/M/yyyy h:mm a", zone: "UTC") == Self.moment + 10_800_000
    )
    #expect(parse("5/13/2026 09:30", format: "d/M/yyyy HH:mm", zone: "UTC") == nil)
    #expect(parse("5/1/2026 09:30", format: "d/M/yyyy HH:mm") == nil)
    #expect(parse("5/1/2026 09:30x", format: "d/M/yyyy HH:mm", zone: "UTC") == nil)
  }

  /// Berlin: +1 in winter, +2 in summer; 2026-03-29 02:00 → 03:00, 2026-10-25 03:00 → 02:00.
  @Test(arguments: [
    ("2026-01-05T10:30:00", "2026-01-05T09:30:00Z"),
    ("2026-07-05T10:30:00", "2026-07-05T08:30:00Z"),
    ("2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
    ("2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
    // Skipped: read on the clock before the change.
    ("2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
    ("2026-10-25T01:59:59", "2026-10-24T23:59:59Z"),
    // Shown twice: the first.
    ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
    ("2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
    ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"),
  ])
  func daylightSaving(local: String, utc: String) {
    #expect(parse(local, zone: "Europe/Berlin") == parse(utc))
  }

  @Test func zones() throws {
    #expect(parse("2026-01-05T04:30:00", zone: "America/New_York") == Self.moment)
    #expect(parse("2026-01-05T15:00:00", zone: "+05:30") == Self.moment)
    #expect(ZoneOffsets(name: "Mars/Olympus") == nil)
    #expect(ZoneOffsets(name: "CET") == nil)
    let sydney = try #require(ZoneOffsets(name: "Australia/Sydney"))
    #expect(sydney.offset(at: Self.moment) == 39_600_000)
    #expect(sydney.local(fromUTC: Self.moment) == Self.moment + 39_600_000)
    for hour in stride(from: Int64(0), to: 366 * 24, by: 7) {
      let utc = Self.moment + hour * 3_600_000
      let back = sydney.utc(fromLocal: sydney.local(fromUTC: utc))
      // Only the hour that is shown twice reads back as its first.
      #expect(back == utc || back == utc - 3_600_000)
    }
  }
}
