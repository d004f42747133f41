/// Reads one flat JSON object (RFC 8259) from bytes, value by value, without building a tree.
final class JSONObjectScanner {
  private var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var index = 0
  /// Unescaped keys and values; an unescaped text is never longer than it was written.
  private var output: UnsafeMutablePointer<UInt8>
  private var capacity = 1024
  private var used = 0
  private static let maximumDepth = 64

  init() { output = .allocate(capacity: capacity) }

  deinit { output.deallocate() }

  /// Gives each key with its value to `body`, nil for null; false where this is no object.
  ///
  /// Numbers, true and false come as written. A list comes as its plain values joined by `;`, an
  /// object as its JSON. The bytes live until the next call.
  func scan(
    _ line: UnsafeBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>?) -> Void
  ) -> Bool {
    bytes = line
    index = 0
    used = 0
    // Joining a list adds no more bytes than its commas had.
    if capacity < line.count {
      output.deallocate()
      capacity = line.count * 2
      output = .allocate(capacity: capacity)
    }
    guard accept("{") else { return false }
    if accept("}") { return atEnd }
    repeat {
      skipSpace()
      guard let key = string(), accept(":"), let value = value() else { return false }
      switch value {
      case .null: body(key, nil)
      case .text(let text): body(key, text)
      }
    } while accept(",")
    return accept("}") && atEnd
  }

  private enum Value {
    case null
    case text(UnsafeBufferPointer<UInt8>)
  }

  private var atEnd: Bool {
    skipSpace()
    return index == bytes.count
  }

  private func skipSpace() {
    while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
  }

  private func accept(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
    index += 1
    return true
  }

  private func value() -> Value? {
    skipSpace()
    guard index < bytes.count else { return nil }
    switch bytes[index] {
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case UInt8(ascii: "["): return list()
    case UInt8(ascii: "{"):
      let start = index
      return skipNested(depth: 0) ? .text(UnsafeBufferPointer(rebasing: bytes[start..<index])) : nil
    default:
      guard let word = word() else { return nil }
      return word.elementsEqual("null".utf8) ? .null : .text(word)
    }
  }

  /// A number, true, false or null as written.
  private func word() -> UnsafeBufferPointer<UInt8>? {
    let start = index
    while index < bytes.count, bytes[index] > 0x20, bytes[index] != UInt8(ascii: ","),
      bytes[index] != UInt8(ascii: "}"), bytes[index] != UInt8(ascii: "]")
    {
      index += 1
    }
    let word = UnsafeBufferPointer(rebasing: bytes[start..<index])
    let isWord = ["true", "false", "null"].contains { word.elementsEqual($0.utf8) }
    return isWord || NumberText.parse(word) != nil ? word : nil
  }

  private func list() -> Value? {
    index += 1
    let start = used
    if accept("]") { return .null }
    repeat {
      skipSpace()
      guard index < bytes.count else { return nil }
      if used > start { put(UInt8(ascii: ";")) }
      switch bytes[index] {
      case UInt8(ascii: "\""):
        guard string() != nil else { return nil }
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        let from = index
        guard skipNested(depth: 0) else { return nil }
        for byte in bytes[from..<index] { put(byte) }
      default:
        guard let word = word() else { return nil }
        for byte in word { put(byte) }
      }
    } while accept(",")
    guard accept("]") else { return nil }
    return .text(UnsafeBufferPointer(start: output + start, count: used - start))
  }

  /// Steps over a list or an object.
  private func skipNested(depth: Int) -> Bool {
    guard depth < Self.maximumDepth else { return false }
    let closing: Unicode.Scalar = bytes[index] == UInt8(ascii: "[") ? "]" : "}"
    let isObject = closing == "}"
    index += 1
    if accept(closing) { return true }
    let mark = used
    defer { used = mark }
    repeat {
      skipSpace()
      if isObject {
        guard string() != nil, accept(":") else { return false }
        skipSpace()
      }
      guard index < bytes.count else { return false }
      switch bytes[index] {
      case UInt8(ascii: "\""):
        guard string() != nil else { return false }
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        guard skipNested(depth: depth + 1) else { return false }
      default:
        guard word() != nil else { return false }
      }
    } while accept(",")
    return accept(closing)
  }

  // MARK: Text

  @inline(__always) private func put(_ byte: UInt8) {
    output[used] = byte
    used += 1
  }

  /// A string's content; nil where it is not one.
  private func string() -> UnsafeBufferPointer<UInt8>? {
    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
    index += 1
    let start = used
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        return UnsafeBufferPointer(start: output + start, count: used - start)
      case UInt8(ascii: "\\"):
        guard escape() else { return nil }
      case 0..<0x20:
        return nil
      default:
        put(byte)
      }
    }
    return nil
  }

  private func escape() -> Bool {
    guard index < bytes.count else { return false }
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): put(byte)
    case UInt8(ascii: "b"): put(0x08)
    case UInt8(ascii: "f"): put(0x0C)
    case UInt8(ascii: "n"): put(0x0A)
    case UInt8(ascii: "r"): put(0x0D)
    case UInt8(ascii: "t"): put(0x09)
    case UInt8(ascii: "u"): return unicodeEscape()
    default: return false
    }
    return true
  }

  private func unicodeEscape() -> Bool {
    guard var code = hexadecimal() else { return false }
    if (0xD800..<0xDC00).contains(code), index + 1 < bytes.count,
      bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
    {
      index += 2
      guard let low = hexadecimal(), (0xDC00..<0xE000).contains(low) else { return false }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { return false }
    for byte in String(Character(scalar)).utf8 { put(byte) }
    return true
  }

  private func hexadecimal() -> UInt32? {
    guard index + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[index..<(index + 4)] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
        value = value << 4 | UInt32((byte | 0x20) - 0x57)
      default: return nil
      }
    }
    index += 4
    return value
  }
}
