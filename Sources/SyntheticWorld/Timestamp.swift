/// Times as the log writes them: `2026-01-05T09:30:00Z`.
package enum Timestamp {
  /// The 20 bytes of a time in milliseconds since 1970, to the second, years 0000 to 9999.
  ///
  /// Days to civil date: Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
  package static func write(_ milliseconds: Int64, into bytes: inout [UInt8]) {
    let seconds = floorDivide(milliseconds, 1_000)
    let days = floorDivide(seconds, 86_400)
    let second = Int(seconds - days * 86_400)
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    let month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
    let year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    digits(year / 100, &bytes)
    digits(year % 100, &bytes)
    bytes.append(UInt8(ascii: "-"))
    digits(month, &bytes)
    bytes.append(UInt8(ascii: "-"))
    digits(day, &bytes)
    bytes.append(UInt8(ascii: "T"))
    digits(second / 3_600, &bytes)
    bytes.append(UInt8(ascii: ":"))
    digits(second / 60 % 60, &bytes)
    bytes.append(UInt8(ascii: ":"))
    digits(second % 60, &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }

  package static func text(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    write(milliseconds, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func digits(_ value: Int, _ bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "0") + UInt8(value / 10))
    bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
  }

  private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    a >= 0 ? a / b : (a - b + 1) / b
  }
}
