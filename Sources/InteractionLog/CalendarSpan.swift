/// Whole days in a row, as somebody names them: an ISO week (`2026-W03`), a day (`2026-01-14`), or
/// from one to another of either, both included (`2026-01-01..2026-01-14`, `2026-W03..2026-W05`).
public struct CalendarSpan: Sendable, Equatable, CustomStringConvertible {
  /// What it is called: the text that it was made from.
  public let description: String
  /// Days since 1970-01-01, in the study's zone.
  public let days: Range<Int>

  /// nil where the text names no days, a day that no calendar has, or an end before its start.
  public init?(_ text: String) {
    let ends = text.components(separatedBy: "..")
    guard ends.count <= 2, let first = CalendarSpan.days(named: ends[0]),
      let last = CalendarSpan.days(named: ends[ends.count - 1]),
      first.lowerBound <= last.lowerBound
    else { return nil }
    description = text
    days = first.lowerBound..<last.upperBound
  }

  /// Days by their numbers, under a name of the caller's.
  package init(_ description: String, days: Range<Int>) {
    self.description = description
    self.days = days
  }

  public init(week: ISOWeek) {
    description = week.description
    let first = Int(week.milliseconds / 86_400_000)
    days = first..<(first + 7)
  }

  /// `2026-01-05`.
  public var firstDay: String { CalendarSpan.text(days.lowerBound) }
  /// The last day that belongs to it.
  public var lastDay: String { CalendarSpan.text(days.upperBound - 1) }

  private static func text(_ day: Int) -> String {
    String(Timestamp.text(Int64(day) * 86_400_000).prefix(10))
  }

  private static func days(named text: String) -> Range<Int>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let year = number(parts[0], digits: 4) else { return nil }
    if parts.count == 2, parts[1].first == "W", let week = number(parts[1].dropFirst(), digits: 2) {
      // Week 1 holds 4 January.
      let fourth = ISOTime.daysSince1970(year: year, month: 1, day: 4)
      let first = ISOWeek(milliseconds: Int64(fourth) * 86_400_000)
      let named = ISOWeek(ordinal: first.ordinal + week - 1)
      guard week > 0, named.year == year, named.week == week else { return nil }
      return CalendarSpan(week: named).days
    }
    guard parts.count == 3, let month = number(parts[1], digits: 2),
      let day = number(parts[2], digits: 2), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let ordinal = ISOTime.daysSince1970(year: year, month: month, day: day)
    let date = CivilDate(daysSince1970: ordinal)
    guard date.month == month, date.day == day else { return nil }
    return ordinal..<(ordinal + 1)
  }

  private static func number(_ text: some StringProtocol, digits: Int) -> Int? {
    guard text.utf8.count == digits,
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int(text)
  }
}

extension String {
  /// The pieces between occurrences of a separator.
  fileprivate func components(separatedBy separator: String) -> [String] {
    var pieces: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      pieces.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return pieces + [String(rest)]
  }
}
