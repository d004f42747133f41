import InteractionLog

/// One column of a CSV file, ready to be written row by row.
package enum CSVField {
  /// Codes, and each text as it stands in the file (quoted where it must be).
  case text([Int32], [[UInt8]])
  case number([Double])
  case time([Int64])
  case flag([Int8])

  init(_ column: Column) {
    switch column {
    case .text(let text): self = .text(text.codes, text.values.map(CSVField.quoted))
    case .number(let number): self = .number(number.storage)
    case .time(let time): self = .time(time.milliseconds)
    case .flag(let flag): self = .flag(flag.storage)
    }
  }

  /// Appends the row's value; nothing where it is missing.
  @inline(__always)
  func write(_ row: Int, into bytes: inout [UInt8]) {
    switch self {
    case .text(let codes, let values):
      let code = codes[row]
      if code >= 0 { bytes.append(contentsOf: values[Int(code)]) }
    case .number(let storage):
      let value = storage[row]
      if !value.isNaN { CSVField.number(value, into: &bytes) }
    case .time(let milliseconds):
      let value = milliseconds[row]
      if value != TimeColumn.missing { Timestamp.append(value, to: &bytes) }
    case .flag(let storage):
      switch storage[row] {
      case 0: bytes.append(contentsOf: "false".utf8)
      case 1: bytes.append(contentsOf: "true".utf8)
      default: break
      }
    }
  }

  /// The text's bytes, in quotes where RFC 4180 asks for them.
  package static func quoted(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let special: Set<UInt8> = [
      UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
    ]
    guard bytes.contains(where: special.contains) else { return bytes }
    let quote = UInt8(ascii: "\"")
    return [quote] + bytes.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }

  /// The fewest digits that read back exactly.
  package static func number(_ value: Double, into bytes: inout [UInt8]) {
    let scaled = (value * 10_000).rounded()
    // Four decimals cover what the generator makes; anything else goes the general way.
    guard value >= 0, scaled < 1e15, scaled / 10_000 == value else {
      bytes.append(contentsOf: String(value).utf8)
      return
    }
    let whole = Int(scaled)
    decimalDigits(whole / 10_000, into: &bytes)
    var fraction = whole % 10_000
    guard fraction > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    var place = 1_000
    while fraction > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(fraction / place))
      fraction %= place
      place /= 10
    }
  }

  private static func decimalDigits(_ value: Int, into bytes: inout [UInt8]) {
    var place = 1
    while place <= value / 10 { place *= 10 }
    var rest = value
    while place > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest / place))
      rest %= place
      place /= 10
    }
  }
}
