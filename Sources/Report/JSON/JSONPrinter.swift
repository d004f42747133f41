/// Writes JSON so that a person can read it and a line-wise diff shows what changed: what fits on a
/// line of 100 characters is on one line, the rest is indented by two spaces.
package struct JSONPrinter {
  private var bytes: [UInt8] = []
  private let lineLength: Int
  private let safeInHTML: Bool

  /// The document's bytes, ending in a newline. Objects keep the order of their members.
  package static func document(_ value: JSONValue) -> [UInt8] {
    var printer = JSONPrinter(lineLength: 100, safeInHTML: false)
    printer.append(value, indentation: 0, used: 0)
    printer.bytes.append(UInt8(ascii: "\n"))
    return printer.bytes
  }

  /// One line of JSON that may stand inside a `<script>` element: `<`, `>` and `&` are escaped.
  package static func insideHTML(_ value: JSONValue) -> String {
    var printer = JSONPrinter(lineLength: .max, safeInHTML: true)
    printer.append(value, indentation: 0, used: 0)
    return String(decoding: printer.bytes, as: UTF8.self)
  }

  private init(lineLength: Int, safeInHTML: Bool) {
    self.lineLength = lineLength
    self.safeInHTML = safeInHTML
  }

  private mutating func append(_ value: JSONValue, indentation: Int, used: Int) {
    let start = bytes.count
    appendOnOneLine(value)
    guard bytes.count - start > lineLength - used else { return }
    switch value {
    case .array(let elements):
      bytes.removeSubrange(start...)
      appendBlock("[", "]", indentation: indentation, count: elements.count) { printer, index in
        printer.append(elements[index], indentation: indentation + 2, used: indentation + 3)
      }
    case .object(let members):
      bytes.removeSubrange(start...)
      appendBlock("{", "}", indentation: indentation, count: members.count) { printer, index in
        let member = members[index]
        let keyStart = printer.bytes.count
        printer.append(member.key)
        printer.append(raw: ": ")
        let used = indentation + 3 + printer.bytes.count - keyStart
        printer.append(member.value, indentation: indentation + 2, used: used)
      }
    default: return
    }
  }

  private mutating func appendBlock(
    _ open: StaticString, _ close: StaticString, indentation: Int, count: Int,
    element: (inout JSONPrinter, Int) -> Void
  ) {
    append(raw: open)
    for index in 0..<count {
      append(raw: index == 0 ? "\n" : ",\n")
      bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation + 2))
      element(&self, index)
    }
    append(raw: "\n")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
    append(raw: close)
  }

  private mutating func appendOnOneLine(_ value: JSONValue) {
    switch value {
    case .null: append(raw: "null")
    case .bool(let value): append(raw: value ? "true" : "false")
    case .integer(let value): NumberDigits.append(value, to: &bytes)
    case .unsigned(let value): bytes.append(contentsOf: String(value).utf8)
    case .number(let value): NumberDigits.append(value, to: &bytes)
    case .string(let value): append(value)
    case .array(let elements):
      append(raw: "[")
      for (index, element) in elements.enumerated() {
        if index > 0 { append(raw: ", ") }
        appendOnOneLine(element)
      }
      append(raw: "]")
    case .object(let members):
      append(raw: "{")
      for (index, member) in members.enumerated() {
        if index > 0 { append(raw: ", ") }
        append(member.key)
        append(raw: ": ")
        appendOnOneLine(member.value)
      }
      append(raw: "}")
    }
  }

  private mutating func append(raw text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func append(_ string: String) {
    append(raw: "\"")
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append(raw: "\\\"")
      case UInt8(ascii: "\\"): append(raw: "\\\\")
      case UInt8(ascii: "\n"): append(raw: "\\n")
      case UInt8(ascii: "\r"): append(raw: "\\r")
      case UInt8(ascii: "\t"): append(raw: "\\t")
      case 0..<0x20, 0x7F: appendEscape(byte)
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
        if safeInHTML { appendEscape(byte) } else { bytes.append(byte) }
      default: bytes.append(byte)
      }
    }
    append(raw: "\"")
  }

  private mutating func appendEscape(_ byte: UInt8) {
    let digits = Array("0123456789abcdef".utf8)
    append(raw: "\\u00")
    bytes.append(digits[Int(byte >> 4)])
    bytes.append(digits[Int(byte & 15)])
  }
}
