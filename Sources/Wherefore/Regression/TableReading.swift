import InteractionLog
import Statistics

/// Any CSV as a table of numbers and text.
///
/// A column is numeric where every value that is not missing is a number, else text. Whole numbers of
/// more digits than a double holds are names: two ids must not become one. An empty field and `NA`
/// are missing, and so is `NaN` in a column of numbers. Records are cut as in interaction
/// logs (RFC 4180); a record with another number of fields than the header is an error.
public struct TableReading: Sendable {
  public let path: String
  public let table: DataTable
  /// The line of the file on which each row begins, from 1.
  public let lines: [Int32]
  /// For each text column the first value that is no number: where a slip of the pen would be.
  public let firstTexts: [FirstText]

  /// Why a column is text.
  public struct FirstText: Sendable, Equatable {
    public let column: String
    public let line: Int
    public let value: String

    /// What is wrong with the value as a number.
    public var reason: String {
      value.utf8.dropFirst(value.first == "-" || value.first == "+" ? 1 : 0)
        .allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        ? "\"\(value)\" has more digits than a number holds, so that the column is read as names"
        : "\"\(value)\" is no number"
    }
  }

  /// Reads a file.
  ///
  /// - Parameter delimiter: the byte between fields; nil takes the one of `,` `;` tab and `|` that
  ///   the header has, in this order.
  /// - Throws: `LogError` for a file that cannot be read as text, `TableError` for a record.
  public static func read(path: String, delimiter: UInt8? = nil) throws -> TableReading {
    let source = try records(path: path, delimiter: delimiter)
    var builders = source.header.map { _ in ColumnBuilder() }
    var lines: [Int32] = []
    while try source.next() {
      if let defect = source.defect {
        throw TableError.record(
          path: path, line: source.line, reason: RejectionReason.of(defect))
      }
      for index in builders.indices {
        builders[index].append(source.field(index), line: source.line)
      }
      lines.append(Int32(clamping: source.line))
    }
    guard !lines.isEmpty else { throw LogError.headerOnly(path: path) }
    let names = columnNames(source.header)
    var table = DataTable(rowCount: lines.count)
    var texts: [FirstText] = []
    for (name, builder) in zip(names, builders) {
      if let line = builder.invalidLine {
        throw TableError.notUTF8(path: path, line: line, column: name)
      }
      if let first = builder.firstText {
        let (levels, codes) = builder.levels()
        try table.append(name, try DataTable.Text(codes: codes, levels: levels))
        texts.append(FirstText(column: name, line: first.line, value: first.value))
      } else {
        try table.append(name, builder.numbers)
      }
    }
    return TableReading(path: path, table: table, lines: lines, firstTexts: texts)
  }

  private static func records(
    path: String, delimiter: UInt8?
  ) throws(LogError) -> DelimitedRecords {
    if let delimiter { return try DelimitedRecords(path: path, delimiter: delimiter) }
    let byComma = try DelimitedRecords(path: path, delimiter: UInt8(ascii: ","))
    guard byComma.header.count == 1, let only = byComma.header.first else { return byComma }
    for other in [UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")] where only.utf8.contains(other) {
      return try DelimitedRecords(path: path, delimiter: other)
    }
    return byComma
  }

  /// The header's names; a column without one, as R writes for row names, is called by its place.
  private static func columnNames(_ header: [String]) -> [String] {
    var names = header
    for index in names.indices where names[index].isEmpty {
      var name = "column_\(index + 1)"
      while names.contains(name) { name += "_" }
      names[index] = name
    }
    return names
  }
}

/// One column while it is read: numbers until a value is none.
private struct ColumnBuilder {
  private(set) var numbers: [Double] = []
  /// What the numbers were read from, needed again should the column turn out to be text.
  private var spellings: [UInt8] = []
  private var lengths: [UInt8] = []
  private var dictionary = ByteDictionary()
  private var codes: [Int32] = []
  private(set) var firstText: (line: Int, value: String)?
  /// The first line whose text is no UTF-8.
  private(set) var invalidLine: Int?

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) {
    if firstText != nil { return appendText(bytes, line: line) }
    if let number = Self.number(bytes) {
      numbers.append(number)
      spellings.append(contentsOf: bytes)
      lengths.append(UInt8(bytes.count))
    } else {
      firstText = (line, Excerpt.of(bytes))
      becomeText()
      appendText(bytes, line: line)
    }
  }

  /// The levels in byte order and the codes in terms of them.
  func levels() -> (levels: [String], codes: [Int32]) {
    let (levels, renumbered) = dictionary.sorted()
    return (levels, codes.map { $0 < 0 ? -1 : renumbered[Int($0)] })
  }

  private mutating func becomeText() {
    var start = 0
    spellings.withUnsafeBufferPointer { all in
      for length in lengths {
        let end = start + Int(length)
        appendText(UnsafeBufferPointer(rebasing: all[start..<end]), line: 0)
        start = end
      }
    }
    (numbers, spellings, lengths) = ([], [], [])
  }

  private mutating func appendText(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) {
    if Self.isMissing(bytes) {
      codes.append(-1)
      return
    }
    var valid = true
    codes.append(
      dictionary.insert(bytes) {
        valid = String(validating: $0, as: UTF8.self) != nil
        return valid
      })
    if !valid, invalidLine == nil { invalidLine = line }
  }

  private static func isMissing(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.isEmpty || (bytes.count == 2 && bytes.elementsEqual("NA".utf8))
  }

  /// The number of a field, NaN for a missing one; nil where it is text. Infinities count as
  /// numbers so that they can be refused by name where they are used.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    if isMissing(bytes) { return .nan }
    guard bytes.count < 256 else { return nil }
    if let value = NumberText.parse(bytes) { return isLongName(bytes, value) ? nil : value }
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return overflowing(bytes)
    }
  }

  /// Whether digits alone spell a whole number that the double is not.
  private static func isLongName(_ bytes: UnsafeBufferPointer<UInt8>, _ value: Double) -> Bool {
    guard value.magnitude >= 0x1p53 else { return false }
    let signs = bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") ? 1 : 0
    guard bytes.dropFirst(signs).allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
    guard let whole = Int64(String(decoding: bytes, as: UTF8.self)) else { return true }
    return Int64(exactly: value) != whole
  }

  /// ±∞ for digits that spell a number too large for a double (`1e999`).
  private static func overflowing(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let first = bytes[0]
    let startsAsNumber =
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || first == UInt8(ascii: "-")
      || first == UInt8(ascii: "+") || first == UInt8(ascii: ".")
    let digitsOnly = bytes.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    guard startsAsNumber, digitsOnly,
      let value = Double(String(decoding: bytes, as: UTF8.self)), value.isInfinite
    else { return nil }
    return value
  }
}
