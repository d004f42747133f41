/// Cuts the text of an expression into tokens.
struct ExpressionLexer {
  enum Token: Equatable {
    case name(String)
    /// A name between backticks: never a keyword or a function.
    case quotedName(String)
    case number(Double)
    case text(String)
    case symbol(String)
    case end

    /// The token as an error message shows it.
    var wording: String {
      switch self {
      case .name(let name): "\"\(name)\""
      case .quotedName(let name): "`\(name)`"
      case .number(let value): Expression.Literal.number(value).description
      case .text(let text): Expression.Literal.text(text).description
      case .symbol(let symbol): "\"\(symbol)\""
      case .end: "the end"
      }
    }
  }

  static let keywords: Set<String> = ["and", "or", "not", "in", "is", "missing", "true", "false"]

  let place: String
  let text: String
  private let bytes: [UInt8]
  private var index = 0

  init(text: String, place: String) {
    self.text = text
    self.place = place
    bytes = Array(text.utf8)
  }

  /// Whether a column's name needs no backticks.
  static func isPlainName(_ name: String) -> Bool {
    guard let first = name.utf8.first, isNameStart(first), !keywords.contains(name) else {
      return false
    }
    return name.utf8.allSatisfy(isNamePart)
  }

  /// The tokens with their byte offsets, `end` last.
  mutating func tokens() throws(LogError) -> [(token: Token, position: Int)] {
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

  private mutating func next() throws(LogError) -> Token {
    guard index < bytes.count else { return .end }
    let byte = bytes[index]
    switch byte {
    case UInt8(ascii: "\""): return .text(try quoted(by: byte))
    case UInt8(ascii: "'"): return .text(try quoted(by: byte))
    case UInt8(ascii: "`"): return .quotedName(try quoted(by: byte))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "."):
      if index + 1 < bytes.count, Self.isDigit(bytes[index + 1]) { return try number() }
    default: break
    }
    if Self.isNameStart(byte) {
      let start = index
      while index < bytes.count, Self.isNamePart(bytes[index]) { index += 1 }
      return .name(String(decoding: bytes[start..<index], as: UTF8.self))
    }
    return try symbol()
  }

  private mutating func symbol() throws(LogError) -> Token {
    let two = String(decoding: bytes[index..<min(index + 2, bytes.count)], as: UTF8.self)
    if ["==", "!=", "<=", ">="].contains(two) {
      index += 2
      return .symbol(two)
    }
    let one = String(decoding: bytes[index...index], as: UTF8.self)
    if "<>+-*/()[],".contains(one) {
      index += 1
      return .symbol(one)
    }
    let hint = one == "=" ? "\"==\" (one \"=\" does not compare)" : "a name, a value or an operator"
    throw fault(at: index, found: "\"\(one)\"", expected: hint)
  }

  /// Text between two quotes; a backslash takes the next character as it is.
  private mutating func quoted(by quote: UInt8) throws(LogError) -> String {
    let start = index
    index += 1
    var content: [UInt8] = []
    while index < bytes.count, bytes[index] != quote {
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { index += 1 }
      content.append(bytes[index])
      index += 1
    }
    guard index < bytes.count else {
      let mark = String(decoding: [quote], as: UTF8.self)
      throw fault(at: start, found: "the end", expected: "a closing \(mark)")
    }
    index += 1
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func number() throws(LogError) -> Token {
    let start = index
    while index < bytes.count, Self.isNamePart(bytes[index]) || isExponentSign { index += 1 }
    let digits = bytes[start..<index]
    guard let value = digits.withUnsafeBufferPointer(NumberText.parse) else {
      let found = "\"\(String(decoding: digits, as: UTF8.self))\""
      throw fault(
        at: start, found: found, expected: "a number (a column of this name needs backticks)")
    }
    return .number(value)
  }

  /// Whether the byte is the sign in `1e-3`.
  private var isExponentSign: Bool {
    let byte = bytes[index]
    guard byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"), index > 1 else { return false }
    return bytes[index - 1] | 0x20 == UInt8(ascii: "e") && Self.isDigit(bytes[index - 2])
  }

  private func fault(at position: Int, found: String, expected: String) -> LogError {
    .expression(
      ExpressionFault(
        place: place, text: text, position: position,
        kind: .syntax(found: found, expected: expected)))
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
      || byte >= 0x80
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: ".")
  }
}
