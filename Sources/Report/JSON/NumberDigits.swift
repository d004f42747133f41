/// Numbers as text with the fewest digits that read back exactly; whole numbers without `.0`.
///
/// Valid in JSON and CSV, the same on every machine and in every locale. Not for NaN or infinity.
package enum NumberDigits {
  package static func text(_ number: Double) -> String {
    var bytes: [UInt8] = []
    append(number, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the digits of `number`. Negative zero is written as `0`.
  package static func append(_ number: Double, to bytes: inout [UInt8]) {
    precondition(number.isFinite, "a number that is not finite has no digits")
    // Whole numbers are the common case in counts and exposures, and need no search for digits.
    if number.magnitude < 1e15, number == number.rounded(.towardZero) {
      append(Int(number), to: &bytes)
      return
    }
    var description = number.description
    description.withUTF8 { digits in
      let whole =
        digits.count > 2 && digits[digits.count - 1] == UInt8(ascii: "0")
        && digits[digits.count - 2] == UInt8(ascii: ".")
      bytes.append(contentsOf: whole ? digits[..<(digits.count - 2)] : digits[...])
    }
  }

  /// Appends the digits of a whole number.
  package static func append(_ number: Int, to bytes: inout [UInt8]) {
    if number >= 0, number < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(number))
      return
    }
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    var rest = number.magnitude
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }
}
