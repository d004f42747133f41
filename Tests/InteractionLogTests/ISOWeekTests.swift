import InteractionLog
import Testing

/// Days from 1970-01-01, by Hinnant's `days_from_civil`: the inverse of what is tested.
private func milliseconds(_ year: Int, _ month: Int, _ day: Int, hour: Int = 0) -> Int64 {
  let marchYear = month <= 2 ? year - 1 : year
  let era = CivilDate.floorDivide(marchYear, 400)
  let yearOfEra = marchYear - era * 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return (Int64(era * 146_097 + dayOfEra - 719_468) * 24 + Int64(hour)) * 3_600_000
}

@Suite struct ISOWeekTests {
  // The examples of ISO 8601 around New Year, as Wikipedia's "ISO week date" tabulates them.
  @Test(arguments: [
    (1977, 1, 1, "1976-W53"), (1977, 1, 2, "1976-W53"), (1977, 12, 31, "1977-W52"),
    (1978, 1, 1, "1977-W52"), (1978, 1, 2, "1978-W01"), (1978, 12, 31, "1978-W52"),
    (1979, 1, 1, "1979-W01"), (1979, 12, 30, "1979-W52"), (1979, 12, 31, "1980-W01"),
    (1980, 12, 28, "1980-W52"), (1980, 12, 29, "1981-W01"), (1981, 12, 31, "1981-W53"),
    (1982, 1, 3, "1981-W53"), (1969, 12, 29, "1970-W01"), (1969, 12, 28, "1969-W52"),
    (2000, 2, 29, "2000-W09"), (2026, 1, 5, "2026-W02"), (2020, 12, 31, "2020-W53"),
  ])
  func numbersWeeksAroundNewYear(_ year: Int, _ month: Int, _ day: Int, _ expected: String) {
    #expect(ISOWeek(milliseconds: milliseconds(year, month, day)).description == expected)
    #expect(ISOWeek(milliseconds: milliseconds(year, month, day, hour: 23)).description == expected)
  }

  @Test func beginsOnMondayMidnight() {
    let monday = milliseconds(2026, 1, 5)
    #expect(ISOWeek(milliseconds: monday).milliseconds == monday)
    #expect(ISOWeek(milliseconds: monday - 1) < ISOWeek(milliseconds: monday))
    #expect(ISOWeek(milliseconds: monday - 1).ordinal + 1 == ISOWeek(milliseconds: monday).ordinal)
  }

  @Test func datesEveryDayOfFourCenturies() {
    var day = Int(milliseconds(1900, 1, 1) / 86_400_000)
    for year in 1900..<2300 {
      for month in 1...12 {
        let next = month == 12 ? milliseconds(year + 1, 1, 1) : milliseconds(year, month + 1, 1)
        var dayOfMonth = 1
        while day < Int(next / 86_400_000) {
          let date = CivilDate(daysSince1970: day)
          guard date.year == year, date.month == month, date.day == dayOfMonth else {
            Issue.record("day \(day) is \(date)")
            return
          }
          day += 1
          dayOfMonth += 1
        }
      }
    }
  }
}
