import InteractionLog

/// A CSV file per RFC 4180 with `\n` line ends: fields are quoted only where they must be.
package struct CSVFile: ~Copyable {
  private var file: OutputFile
  private var row: [UInt8] = []

  private init(file: consuming OutputFile) { self.file = file }

  /// A new file with its header.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  package static func create(path: String, header: [String]) throws(ReportError) -> CSVFile {
    var file = CSVFile(file: try OutputFile(path: path))
    for name in header { file.field(name) }
    try file.endRow()
    return file
  }

  package mutating func field(_ text: String) {
    let start = row.count
    var quoted = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""):
        quoted = true
        row.append(byte)
        row.append(byte)
      case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        quoted = true
        row.append(byte)
      default: row.append(byte)
      }
    }
    if quoted {
      row.insert(UInt8(ascii: "\""), at: start)
      row.append(UInt8(ascii: "\""))
    }
    row.append(UInt8(ascii: ","))
  }

  /// A blank field where the text is missing.
  package mutating func field(_ text: String?) {
    if let text { field(text) } else { row.append(UInt8(ascii: ",")) }
  }

  /// A blank field where the number is missing.
  package mutating func field(_ number: Double?) {
    if let number { field(number) } else { row.append(UInt8(ascii: ",")) }
  }

  package mutating func field(_ number: Double) {
    NumberDigits.append(number, to: &row)
    row.append(UInt8(ascii: ","))
  }

  package mutating func field(_ number: Int) {
    NumberDigits.append(number, to: &row)
    row.append(UInt8(ascii: ","))
  }

  package mutating func field(_ flag: Bool) { field(flag ? "true" : "false") }

  /// A time as ISO-8601 in UTC, with milliseconds only where there are some.
  package mutating func field(time milliseconds: Int64) {
    Timestamp.append(milliseconds, to: &row)
    row.append(UInt8(ascii: ","))
  }

  package mutating func endRow() throws(ReportError) {
    row[row.count - 1] = UInt8(ascii: "\n")
    try file.append(row)
    row.removeAll(keepingCapacity: true)
  }

  package consuming func finish() throws(ReportError) { try file.finish() }
}
