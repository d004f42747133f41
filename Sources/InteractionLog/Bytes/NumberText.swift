/// Decimal numbers from bytes, without locale.
package enum NumberText {
  /// The number that the bytes spell (`-12.5e3`), correctly rounded; nil where they spell none.
  ///
  /// Hexadecimal, infinities, NaN, grouping and decimal commas are no numbers here. Up to 15
  /// significant digits and powers of ten up to 22 are exact in one operation (Clinger 1990, "How
  /// to read floating point numbers accurately"); the rest goes through the standard library.
  package static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let count = bytes.count
    var index = 0
    var negative = false
    if index < count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      negative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var significant = 0
    var exponent = 0
    func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    func take(_ byte: UInt8) {
      digits += 1
      if significant > 0 || byte != UInt8(ascii: "0") { significant += 1 }
      if significant <= 15 { mantissa = mantissa * 10 + UInt64(byte &- UInt8(ascii: "0")) }
    }
    while index < count, isDigit(bytes[index]) {
      take(bytes[index])
      index += 1
    }
    if index < count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      while index < count, isDigit(bytes[index]) {
        take(bytes[index])
        exponent -= 1
        index += 1
      }
    }
    guard digits > 0 else { return nil }
    if index < count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      var sign = 1
      if index < count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
        sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
        index += 1
      }
      let start = index
      var written = 0
      while index < count, isDigit(bytes[index]) {
        written = min(written * 10 + Int(bytes[index] &- UInt8(ascii: "0")), 100_000)
        index += 1
      }
      guard index > start else { return nil }
      exponent += sign * written
    }
    guard index == count else { return nil }
    if significant <= 15, (-22...22).contains(exponent) {
      let exact = Double(mantissa)
      let value = exponent < 0 ? exact / powersOfTen[-exponent] : exact * powersOfTen[exponent]
      return negative ? -value : value
    }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
