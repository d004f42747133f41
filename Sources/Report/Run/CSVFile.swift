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

/// Times as ISO-8601 in UTC: `2026-01-05T09:30:00Z`.
package enum Timestamp {
  package static func text(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    append(milliseconds, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func append(_ milliseconds: Int64, to bytes: inout [UInt8]) {
    let day = CivilDate.floorDivide(Int(milliseconds), 86_400_000)
    let inDay = Int(milliseconds) - day * 86_400_000
    let date = CivilDate(daysSince1970: day)
    append(date.year, width: 4, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(date.month, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(date.day, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    append(inDay / 3_600_000, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(inDay / 60_000 % 60, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(inDay / 1_000 % 60, width: 2, to: &bytes)
    if inDay % 1_000 != 0 {
      bytes.append(UInt8(ascii: "."))
      append(inDay % 1_000, width: 3, to: &bytes)
    }
    bytes.append(UInt8(ascii: "Z"))
  }

  private static func append(_ number: Int, width: Int, to bytes: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }
}
