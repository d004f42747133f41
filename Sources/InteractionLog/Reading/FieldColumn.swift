/// Why a field's bytes cannot be read as what its column is.
enum FieldFault: Sendable {
  case notUTF8, notNumber, decimalComma, outOfRange, notTime, withoutZone, unknownChoice, notFlag
  case notOrder, missingOrder
}

/// One column of the source as it is being read: the typed values of every row kept so far.
struct FieldColumn {
  /// Index of the source column.
  let column: Int
  let kind: FieldKind
  /// The kind without what it carries, which would be copied for every field.
  private let shape: Shape
  private let choices: [String]
  private let minimum: Double
  private let maximum: Double
  private let missing: MissingTokens
  private let times: TimeParser
  private(set) var dictionary = ByteDictionary()
  private(set) var codes: [Int32] = []
  private(set) var numbers: [Double] = []
  private(set) var milliseconds: [Int64] = []
  private(set) var flags: [Int8] = []

  private enum Shape { case text, choice, number, time, flag, order }

  /// Reads the column's field of every record of a chunk; false where one cannot be read: the column
  /// is of no use then.
  mutating func append(_ chunk: ChunkCutter) -> Bool {
    switch shape {
    case .text, .choice: codes.reserveCapacity(chunk.recordCount)
    case .number, .order: numbers.reserveCapacity(chunk.recordCount)
    case .time: milliseconds.reserveCapacity(chunk.recordCount)
    case .flag: flags.reserveCapacity(chunk.recordCount)
    }
    if chunk.needsUnquoting {
      var scratch: [UInt8] = []
      for record in 0..<chunk.recordCount {
        let isRead = chunk.unquoted(column, of: record, &scratch) { append($0) == nil }
        guard isRead else { return false }
      }
    } else {
      for record in 0..<chunk.recordCount {
        guard append(chunk.field(column, of: record)) == nil else { return false }
      }
    }
    return true
  }

  /// Takes over the rows of a column of the same kind, behind its own.
  mutating func append(_ rows: FieldColumn) {
    numbers.append(contentsOf: rows.numbers)
    milliseconds.append(contentsOf: rows.milliseconds)
    flags.append(contentsOf: rows.flags)
    guard !rows.codes.isEmpty || rows.dictionary.count > 0 else { return }
    let code = dictionary.merge(rows.dictionary)
    codes.append(contentsOf: rows.codes.lazy.map { $0 < 0 ? -1 : code[Int($0)] })
  }

  init(column: Int, kind: FieldKind, missing: MissingTokens, times: TimeParser) {
    self.column = column
    self.kind = kind
    var choices: [String] = []
    var (minimum, maximum) = (-Double.infinity, Double.infinity)
    switch kind {
    case .text: shape = .text
    case .choice(let allowed):
      shape = .choice
      choices = allowed
    case .number(let smallest, let largest):
      shape = .number
      (minimum, maximum) = (smallest, largest)
    case .time: shape = .time
    case .flag: shape = .flag
    case .order: shape = .order
    }
    self.choices = choices
    self.minimum = minimum
    self.maximum = maximum
    self.missing = missing
    self.times = times
  }

  /// Reads one more row; where it cannot, no row is added.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) -> FieldFault? {
    switch shape {
    case .text:
      return appendText(bytes)
    case .choice:
      return appendChoice(bytes)
    case .number:
      let bytes = bytes.trimmed
      if missing.contains(bytes) {
        numbers.append(.nan)
        return nil
      }
      guard let value = NumberText.parse(bytes) else {
        return bytes.contains(UInt8(ascii: ",")) ? .decimalComma : .notNumber
      }
      guard value >= minimum, value <= maximum else { return .outOfRange }
      numbers.append(value)
    case .time:
      let bytes = bytes.trimmed
      if missing.contains(bytes) {
        milliseconds.append(TimeColumn.missing)
        return nil
      }
      switch times.parse(bytes) {
      case .success(let value): milliseconds.append(value)
      case .failure(.malformed): return .notTime
      case .failure(.withoutZone): return .withoutZone
      }
    case .flag:
      let bytes = bytes.trimmed
      if missing.contains(bytes) {
        flags.append(-1)
        return nil
      }
      guard let value = Self.flag(bytes) else { return .notFlag }
      flags.append(value)
    case .order:
      return appendOrder(bytes.trimmed)
    }
    return nil
  }

  /// Takes the last row back.
  mutating func removeLast() {
    switch shape {
    case .text, .choice: codes.removeLast()
    case .number, .order: numbers.removeLast()
    case .time: milliseconds.removeLast()
    case .flag: flags.removeLast()
    }
  }

  /// The values read, texts in byte order.
  func finished() -> Column {
    switch kind {
    case .text, .choice:
      let (values, renumbered) = dictionary.sorted()
      return .text(
        TextColumn(codes: codes.map { $0 < 0 ? -1 : renumbered[Int($0)] }, values: values))
    case .number, .order: return .number(NumberColumn(storage: numbers))
    case .time: return .time(TimeColumn(milliseconds: milliseconds))
    case .flag: return .flag(FlagColumn(storage: flags))
    }
  }

  private mutating func appendText(_ bytes: UnsafeBufferPointer<UInt8>) -> FieldFault? {
    if missing.contains(bytes) || (bytes.first == 0x20 && missing.contains(bytes.trimmed)) {
      codes.append(-1)
      return nil
    }
    let code = dictionary.insert(bytes) { String(validating: $0, as: UTF8.self) != nil }
    guard code >= 0 else { return .notUTF8 }
    codes.append(code)
    return nil
  }

  private mutating func appendChoice(_ bytes: UnsafeBufferPointer<UInt8>) -> FieldFault? {
    let bytes = bytes.trimmed
    if missing.contains(bytes) {
      codes.append(-1)
      return nil
    }
    var code = dictionary.code(of: bytes)
    if code < 0 {
      // Only choices written as stored are in the dictionary: other spellings are folded each time.
      let folded = bytes.map {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0
      }
      guard choices.contains(where: { $0.utf8.elementsEqual(folded) }) else {
        return .unknownChoice
      }
      code = folded.withUnsafeBufferPointer { dictionary.insert($0) { _ in true } }
    }
    codes.append(code)
    return nil
  }

  private mutating func appendOrder(_ bytes: UnsafeBufferPointer<UInt8>) -> FieldFault? {
    if missing.contains(bytes) { return .missingOrder }
    if let value = NumberText.parse(bytes) {
      numbers.append(value)
      return nil
    }
    switch times.parse(bytes) {
    case .success(let value): numbers.append(Double(value))
    case .failure(.malformed): return .notOrder
    case .failure(.withoutZone): return .withoutZone
    }
    return nil
  }

  private static func flag(_ bytes: UnsafeBufferPointer<UInt8>) -> Int8? {
    if bytes.count == 1 {
      switch bytes[0] {
      case UInt8(ascii: "1"): return 1
      case UInt8(ascii: "0"): return 0
      default: return nil
      }
    }
    func isWord(_ word: StaticString) -> Bool {
      guard word.utf8CodeUnitCount == bytes.count else { return false }
      return bytes.indices.allSatisfy { bytes[$0] | 0x20 == word.utf8Start[$0] }
    }
    if isWord("true") || isWord("yes") { return 1 }
    if isWord("false") || isWord("no") { return 0 }
    return nil
  }
}

/// The texts that mean "no value".
struct MissingTokens {
  private let tokens: [[UInt8]]
  private let longest: Int
  private let emptyIsMissing: Bool

  init(_ tokens: [String]) {
    self.tokens = tokens.map { Array($0.utf8) }.filter { !$0.isEmpty }
    longest = self.tokens.map(\.count).max() ?? 0
    emptyIsMissing = tokens.contains("")
  }

  @inline(__always) func contains(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if bytes.baseAddress == nil { return true }
    if bytes.isEmpty { return emptyIsMissing }
    if bytes.count > longest { return false }
    return tokens.contains { $0.count == bytes.count && $0.elementsEqual(bytes) }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Without spaces and tabs at either end.
  @inline(__always) var trimmed: UnsafeBufferPointer<UInt8> {
    var (from, to) = (0, count)
    while from < to, self[from] == 0x20 || self[from] == 0x09 { from += 1 }
    while to > from, self[to - 1] == 0x20 || self[to - 1] == 0x09 { to -= 1 }
    return UnsafeBufferPointer(rebasing: self[from..<to])
  }
}
