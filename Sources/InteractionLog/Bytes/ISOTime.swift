/// Times written as ISO 8601 says, from bytes, without calendar objects.
enum ISOTime {
  /// What a written time says; `offset` is nil where it names no zone.
  struct Parts {
    var localMilliseconds: Int64
    var offset: Int?
  }

  /// `2026-01-05T09:30:00Z`, a space or `t` for `T`, seconds and fractions optional, the zone as
  /// `Z`, `+02:00`, `+0200` or `+02`; a date alone is its midnight. nil where the bytes are none of
  /// these or name a day or time that does not exist. Digits after milliseconds are dropped.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Parts? {
    guard bytes.count >= 10, let year = number(bytes, 0, 4), bytes[4] == UInt8(ascii: "-"),
      let month = number(bytes, 5, 2), bytes[7] == UInt8(ascii: "-"),
      let day = number(bytes, 8, 2),
      let midnight = midnight(year: year, month: month, day: day)
    else { return nil }
    if bytes.count == 10 { return Parts(localMilliseconds: midnight, offset: nil) }
    guard bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " "),
      bytes.count >= 16, let hour = number(bytes, 11, 2), bytes[13] == UInt8(ascii: ":"),
      let minute = number(bytes, 14, 2)
    else { return nil }
    var index = 16
    var second = 0
    var millisecond: Int64 = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
      guard bytes.count >= 19, let written = number(bytes, 17, 2) else { return nil }
      second = written
      index = 19
      if index < bytes.count, bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ",")
      {
        guard let fraction = fraction(bytes, from: index + 1) else { return nil }
        millisecond = fraction.milliseconds
        index = fraction.end
      }
    }
    guard let time = timeOfDay(hour: hour, minute: minute, second: second) else { return nil }
    let local = midnight + time + millisecond
    if index == bytes.count { return Parts(localMilliseconds: local, offset: nil) }
    guard let zone = offset(bytes, from: index), zone.end == bytes.count else { return nil }
    return Parts(localMilliseconds: local, offset: zone.offset)
  }

  /// The zone at `index`: seconds to subtract for UTC, and where it ends.
  static func offset(
    _ bytes: UnsafeBufferPointer<UInt8>, from index: Int
  ) -> (offset: Int, end: Int)? {
    guard index < bytes.count else { return nil }
    if bytes[index] | 0x20 == UInt8(ascii: "z") { return (0, index + 1) }
    guard bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-"),
      let hours = number(bytes, index + 1, 2), hours <= 18
    else { return nil }
    let sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
    var end = index + 3
    var minutes = 0
    if end < bytes.count, bytes[end] == UInt8(ascii: ":") {
      guard let written = number(bytes, end + 1, 2) else { return nil }
      minutes = written
      end += 3
    } else if let written = number(bytes, end, 2) {
      minutes = written
      end += 2
    }
    guard minutes < 60 else { return nil }
    return (sign * (hours * 3600 + minutes * 60), end)
  }

  /// Milliseconds from the digits at `index`; digits after the third are dropped.
  static func fraction(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (milliseconds: Int64, end: Int)? {
    var index = start
    var value: Int64 = 0
    var scale: Int64 = 100
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
      value += Int64(bytes[index] &- UInt8(ascii: "0")) * scale
      scale /= 10
      index += 1
    }
    return index > start ? (value, index) : nil
  }

  /// Milliseconds since 1970 at which a day begins; nil where there is no such day.
  static func midnight(year: Int, month: Int, day: Int) -> Int64? {
    guard (1...12).contains(month), day >= 1, day <= length(of: month, in: year) else { return nil }
    return Int64(daysSince1970(year: year, month: month, day: day)) * 86_400_000
  }

  /// Milliseconds since midnight; 24:00 ends the day, a leap second is the next minute's first.
  static func timeOfDay(hour: Int, minute: Int, second: Int) -> Int64? {
    guard hour <= 23 || (hour == 24 && minute == 0 && second == 0), minute <= 59, second <= 60
    else { return nil }
    return Int64(hour * 3600 + minute * 60 + second) * 1000
  }

  /// Days in the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date
  /// algorithms", `days_from_civil`).
  static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func length(of month: Int, in year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Exactly `count` digits at `start`.
  @inline(__always) static func number(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int
  ) -> Int? {
    guard start + count <= bytes.count else { return nil }
    var value = 0
    for index in start..<(start + count) {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }
}

extension ISOTime {
  /// A time as text in UTC, with milliseconds only where there are any.
  static func text(_ milliseconds: Int64) -> String {
    let (days, rest) = floorDivided(milliseconds, by: 86_400_000)
    let (year, month, day) = civil(days: days)
    let seconds = rest / 1000
    func padded(_ value: Int64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let fraction = rest % 1000 == 0 ? "" : "." + padded(rest % 1000, 3)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(seconds / 3600, 2)):"
      + "\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))\(fraction)Z"
  }

  private static func floorDivided(_ a: Int64, by b: Int64) -> (quotient: Int64, remainder: Int64) {
    let quotient = a >= 0 ? a / b : -((-a + b - 1) / b)
    return (quotient, a - quotient * b)
  }

  /// The day of a day number (H. Hinnant, `civil_from_days`).
  private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivided(days + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
    )
  }
}
