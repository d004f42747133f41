import InteractionLog

/// CSV files per RFC 4180 with `\n` line ends: fields are quoted only where they must be.
package enum CSVFile {
  /// Writes a new file of `count` rows behind its header.
  ///
  /// - Parameters:
  ///   - threads: blocks of rows are put into bytes on so many threads; the file does not depend on it.
  ///   - row: appends the fields of one row.
  /// - Throws: `ReportError.cannotWrite`.
  package static func write(
    path: String, header: [String], count: Int, threads: Int = 1,
    _ row: @escaping @Sendable (inout CSVRows, Int) -> Void
  ) throws(ReportError) {
    var file = try OutputFile(path: path)
    var head = CSVRows()
    for name in header { head.field(name) }
    head.endRow()
    try file.append(head.bytes)
    try ByteBlocks.forEach(count: count, threads: threads) { range in
      var rows = CSVRows()
      for index in range {
        row(&rows, index)
        rows.endRow()
      }
      return rows.bytes
    } take: { (bytes) throws(ReportError) in
      try file.append(bytes)
    }
    try file.finish()
  }
}

/// Rows of a CSV file as bytes.
package struct CSVRows: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func field(_ text: String) {
    let start = bytes.count
    var quoted = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""):
        quoted = true
        bytes.append(byte)
        bytes.append(byte)
      case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        quoted = true
        bytes.append(byte)
      default: bytes.append(byte)
      }
    }
    if quoted {
      bytes.insert(UInt8(ascii: "\""), at: start)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: ","))
  }

  /// A blank field where the text is missing.
  package mutating func field(_ text: String?) {
    if let text { field(text) } else { bytes.append(UInt8(ascii: ",")) }
  }

  /// A blank field where the number is missing.
  package mutating func field(_ number: Double?) {
    if let number { field(number) } else { bytes.append(UInt8(ascii: ",")) }
  }

  package mutating func field(_ number: Double) {
    NumberDigits.append(number, to: &bytes)
    bytes.append(UInt8(ascii: ","))
  }

  package mutating func field(_ number: Int) {
    NumberDigits.append(number, to: &bytes)
    bytes.append(UInt8(ascii: ","))
  }

  package mutating func field(_ flag: Bool) { field(flag ? "true" : "false") }

  /// `true` or `false`; blank where the answer is unknown.
  package mutating func field(flag: Bool?) {
    if let flag { field(flag) } else { field(nil as String?) }
  }

  /// A time as ISO-8601 in UTC, with milliseconds only where there are some.
  package mutating func field(time milliseconds: Int64) {
    Timestamp.append(milliseconds, to: &bytes)
    bytes.append(UInt8(ascii: ","))
  }

  /// Ends a row of at least one field.
  package mutating func endRow() { bytes[bytes.count - 1] = UInt8(ascii: "\n") }
}
