import Report

/// What commands print for machines: one JSON document, keys sorted, `null` where a value is missing,
/// numbers with the fewest digits that read back exactly.
public enum JSONText {
  /// - Throws: `ReportError.notFinite` for NaN and infinity.
  public static func document(_ value: some Encodable) throws -> String {
    String(decoding: JSONPrinter.document(try JSONTreeEncoder.tree(value)), as: UTF8.self)
  }

  /// Writes the document to a file, through a temporary name.
  static func write(_ value: some Encodable, to path: String) throws {
    let text = try document(value)
    try PartialOutput.replace(path) { partial in
      var file = try OutputFile(path: partial)
      try file.append(text.utf8)
      try file.finish()
    }
  }
}
