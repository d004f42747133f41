/// A week by ISO 8601: Monday to Sunday, numbered so that week 1 holds the year's first Thursday.
///
/// Written as `2026-W02`. Days are those of UTC; add a zone's offset to the milliseconds for another.
public struct ISOWeek: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Weeks since the one that began on Monday, 1969-12-29.
  public let ordinal: Int

  /// The week `ordinal` weeks after the one that holds 1970-01-01.
  public init(ordinal: Int) { self.ordinal = ordinal }

  /// The week that holds a time, given as milliseconds since 1970-01-01T00:00:00Z.
  public init(milliseconds: Int64) {
    let day = CivilDate.floorDivide(Int(milliseconds), 86_400_000)
    ordinal = CivilDate.floorDivide(day + 3, 7)
  }

  /// The ISO year, which differs from the calendar's around New Year.
  public var year: Int { CivilDate(daysSince1970: thursday).year }

  /// The number of the week in its ISO year, 1 to 53.
  public var week: Int { (CivilDate(daysSince1970: thursday).dayOfYear - 1) / 7 + 1 }

  /// Start of the week's Monday, milliseconds since 1970-01-01T00:00:00Z.
  public var milliseconds: Int64 { Int64(thursday - 3) * 86_400_000 }

  public var description: String {
    "\(CivilDate.padded(year, to: 4))-W\(CivilDate.padded(week, to: 2))"
  }

  public static func < (left: ISOWeek, right: ISOWeek) -> Bool { left.ordinal < right.ordinal }

  /// The week's Thursday in days since 1970-01-01 (itself a Thursday).
  private var thursday: Int { ordinal * 7 }
}

/// A day of the proleptic Gregorian calendar.
package struct CivilDate: Sendable, Equatable {
  package let year: Int
  package let month: Int
  package let day: Int

  /// The date of a day counted from 1970-01-01.
  ///
  /// Eras of 400 years that begin in March (Hinnant, "chrono-compatible low-level date algorithms",
  /// `civil_from_days`).
  package init(daysSince1970: Int) {
    let shifted = daysSince1970 + 719_468
    let era = CivilDate.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfMarchYear + 2) / 153
    day = dayOfMarchYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Day of the year, from 1.
  package var dayOfYear: Int {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return before[month - 1] + day + (leap && month > 2 ? 1 : 0)
  }

  /// The quotient rounded down, so that times before 1970 fall in the right day.
  package static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
  }

  /// A number of at least `width` digits, with leading zeros.
  package static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
