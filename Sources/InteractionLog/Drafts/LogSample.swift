/// The first rows of a file, as far as they tell what its columns are.
package struct LogSample: Sendable {
  package let path: String
  package let delimiter: UInt8
  package let isJSON: Bool
  package let columns: [ColumnProfile]
  /// Rows looked at.
  package let rows: Int
  /// Texts that stand for "no value" in at least one column.
  package let missing: [String]

  /// Rows that are looked at.
  package static let mostRows = 20_000

  /// - Throws: `LogError` where the file cannot be opened, is empty or is no text.
  package init(path: String) throws(LogError) {
    self.path = path
    isJSON = path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson")
    delimiter = isJSON ? UInt8(ascii: ",") : try Self.delimiter(path)
    var columns: [ColumnProfile]
    if isJSON {
      columns = try Self.profiles(try JSONLineRecords(path: path))
    } else {
      columns = try Self.profiles(try DelimitedRecords(path: path, delimiter: delimiter))
    }
    rows = columns.first?.rows ?? 0
    guard rows > 0 else { throw .headerOnly(path: path) }
    missing = ColumnProfile.missingTexts.filter { text in
      columns.contains { $0.missingTextsFound.contains(text) }
    }
    for k in columns.indices { columns[k].finish(missing: Set(missing)) }
    self.columns = columns
  }

  package func column(_ name: String) -> ColumnProfile? { columns.first { $0.name == name } }

  private static func profiles<Source: RecordSource>(
    _ source: Source
  ) throws(LogError) -> [ColumnProfile] {
    var columns = source.header.map(ColumnProfile.init)
    var rows = 0
    while rows < mostRows, try source.next() {
      guard source.defect == nil else { continue }
      rows += 1
      for k in columns.indices { columns[k].add(source.field(k)) }
    }
    return columns
  }

  /// The mark that cuts the header into most columns, in which the first rows have as many fields.
  private static func delimiter(_ path: String) throws(LogError) -> UInt8 {
    var best: (delimiter: UInt8, columns: Int) = (UInt8(ascii: ","), 1)
    for mark in [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")] {
      let source = try DelimitedRecords(path: path, delimiter: mark)
      let count = source.header.count
      guard count > best.columns else { continue }
      var (rows, whole) = (0, 0)
      while rows < 100, try source.next() {
        rows += 1
        if source.defect == nil { whole += 1 }
      }
      if rows == 0 || whole * 10 >= rows * 9 { best = (mark, count) }
    }
    return best.delimiter
  }
}
