/// Cuts the text of a formula into tokens.
struct FormulaLexer {
  enum Token: Equatable {
    case name(String)
    case number(Double)
    case symbol(String)
    case end

    /// The token as an error message shows it.
    var wording: String {
      switch self {
      case .name(let name): "\"\(name)\""
      case .number(let value): "\"\(FormulaNode.digits(value))\""
      case .symbol(let symbol): "\"\(symbol)\""
      case .end: "the end"
      }
    }
  }

  private let text: String
  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  /// The tokens with their byte offsets, `end` last.
  mutating func tokens() throws(FormulaFault) -> [(token: Token, position: Int)] {
    var result: [(Token, Int)] = []
    while true {
      while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) {
        index += 1
      }
      let position = index
      let token = try next()
      result.append((token, position))
      if token == .end { return result }
    }
  }

  private mutating func next() throws(FormulaFault) -> Token {
    guard index < bytes.count else { return .end }
    let byte = bytes[index]
    if byte == UInt8(ascii: "`") { return try quotedName() }
    let startsNumber =
      Self.isDigit(byte)
      || byte == UInt8(ascii: ".") && index + 1 < bytes.count && Self.isDigit(bytes[index + 1])
    if startsNumber { return try number() }
    if Self.isNameStart(byte) {
      let start = index
      while index < bytes.count, Self.isNamePart(bytes[index]) { index += 1 }
      return .name(String(decoding: bytes[start..<index], as: UTF8.self))
    }
    if byte == UInt8(ascii: "|"), index + 1 < bytes.count, bytes[index + 1] == byte {
      index += 2
      return .symbol("||")
    }
    let one = String(decoding: bytes[index...index], as: UTF8.self)
    guard "~+-*/:^()|,=".contains(one) else {
      throw fault(at: index, found: "\"\(one)\"", expected: "a column, a number or an operator")
    }
    index += 1
    return .symbol(one)
  }

  /// A name between backticks, for columns whose names are not plain.
  private mutating func quotedName() throws(FormulaFault) -> Token {
    let start = index
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "`") { index += 1 }
    guard index < bytes.count else {
      throw fault(at: start, found: "the end", expected: "a closing `")
    }
    defer { index += 1 }
    return .name(String(decoding: bytes[start + 1..<index], as: UTF8.self))
  }

  private mutating func number() throws(FormulaFault) -> Token {
    let start = index
    func isPart(_ position: Int) -> Bool {
      let byte = bytes[position]
      if Self.isDigit(byte) || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") {
        return true
      }
      // The sign in 1e-3.
      return (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")) && position > start
        && bytes[position - 1] | 0x20 == UInt8(ascii: "e")
    }
    while index < bytes.count, isPart(index) { index += 1 }
    let spelled = String(decoding: bytes[start..<index], as: UTF8.self)
    // R writes whole numbers with an L.
    if index < bytes.count, bytes[index] == UInt8(ascii: "L") { index += 1 }
    let isFollowedByName = index < bytes.count && Self.isNamePart(bytes[index])
    guard let value = Double(spelled), value.isFinite, !isFollowedByName else {
      throw fault(
        at: start, found: "\"\(spelled)\"",
        expected: "a number (a column whose name begins with a digit needs backticks)")
    }
    return .number(value)
  }

  private func fault(at position: Int, found: String, expected: String) -> FormulaFault {
    FormulaFault(
      text: text, position: position, kind: .syntax(found: found, expected: expected))
  }

  /// Whether a column's name needs no backticks.
  static func isPlainName(_ name: String) -> Bool {
    guard let first = name.utf8.first, isNameStart(first) else { return false }
    if first == UInt8(ascii: "."), let second = name.utf8.dropFirst().first, isDigit(second) {
      return false
    }
    return name.utf8.allSatisfy(isNamePart)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: ".")
      || byte >= 0x80
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
  }
}
