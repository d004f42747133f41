import InteractionLog
import Testing

@Suite("Days in a row by name")
struct CalendarSpanTests {
  @Test(
    "Weeks, days and ranges",
    arguments: [
      ("2026-W01", "2025-12-29", "2026-01-04"), ("2026-W03", "2026-01-12", "2026-01-18"),
      ("2020-W53", "2020-12-28", "2021-01-03"), ("2026-01-14", "2026-01-14", "2026-01-14"),
      ("2024-02-29", "2024-02-29", "2024-02-29"),
      ("2026-01-01..2026-01-14", "2026-01-01", "2026-01-14"),
      ("2026-W03..2026-W05", "2026-01-12", "2026-02-01"),
      ("2026-01-01..2026-W02", "2026-01-01", "2026-01-11"),
    ])
  func names(text: String, first: String, last: String) throws {
    let span = try #require(CalendarSpan(text))
    #expect(span.firstDay == first && span.lastDay == last && span.description == text)
  }

  @Test(
    "What no calendar has is refused",
    arguments: [
      "", "2026", "2026-W00", "2026-W54", "2025-W53", "2026-W3", "2026-13-01", "2026-02-29",
      "2026-01-00", "2026-1-5", "26-01-05", "2026-01-14..2026-01-01", "2026-01-01..",
      "..2026-01-01",
      "2026-01-01..2026-01-02..2026-01-03", "2026-01-01...2026-01-02", "2026-W03x", "week 3",
      "2026-0\u{661}-01",
    ])
  func refusals(text: String) { #expect(CalendarSpan(text) == nil) }

  @Test("A week's days are those of ISOWeek")
  func weeks() {
    for ordinal in 2800..<3000 {
      let week = ISOWeek(ordinal: ordinal)
      let span = CalendarSpan(week: week)
      #expect(CalendarSpan(week.description) == span && span.days.count == 7)
      #expect(ISOWeek(milliseconds: Int64(span.days.lowerBound) * 86_400_000) == week)
    }
  }
}
