/// Times as ISO-8601 in UTC: `2026-01-05T09:30:00Z`.
package enum Timestamp {
  package static func text(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    append(milliseconds, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func append(_ milliseconds: Int64, to bytes: inout [UInt8]) {
    let day = CivilDate.floorDivide(Int(milliseconds), 86_400_000)
    let inDay = Int(milliseconds) - day * 86_400_000
    let date = CivilDate(daysSince1970: day)
    append(date.year, width: 4, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(date.month, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(date.day, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    append(inDay / 3_600_000, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(inDay / 60_000 % 60, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(inDay / 1_000 % 60, width: 2, to: &bytes)
    if inDay % 1_000 != 0 {
      bytes.append(UInt8(ascii: "."))
      append(inDay % 1_000, width: 3, to: &bytes)
    }
    bytes.append(UInt8(ascii: "Z"))
  }

  private static func append(_ number: Int, width: Int, to bytes: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }
}
