/// Records of a file, one at a time, as bytes that live until the next one.
package protocol RecordSource: AnyObject {
  /// The columns' names.
  var header: [String] { get }
  /// Line on which the current record begins, from 1.
  var line: Int { get }
  /// Fields of the current record.
  var fieldCount: Int { get }
  /// What is wrong with the current record as a whole.
  var defect: RecordDefect? { get }
  /// The share of the file that has been read, 0...1; 0 where its size is not known.
  var progress: Double { get }

  /// Steps to the next record; false at the end.
  func next() throws(LogError) -> Bool

  /// A field's bytes, unescaped; a base address of nil means that there is no value at all.
  func field(_ index: Int) -> UnsafeBufferPointer<UInt8>

  /// The beginning of the record as it stands in the file.
  func excerpt() -> String
}

/// Why a record cannot be cut into fields.
package enum RecordDefect: Equatable {
  case textAfterQuote
  case wrongFieldCount(found: Int, expected: Int)
  case notJSONObject
}

/// How much of a bad value is shown.
package enum Excerpt {
  static let limit = 80

  /// The first 80 characters, with bytes that are no UTF-8 replaced.
  package static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    // Four bytes are the longest character in UTF-8; a cluster may be longer and is cut.
    let text = String(decoding: bytes.prefix(limit * 4), as: UTF8.self)
    let line = String(text.map { $0.isNewline ? " " : $0 })
    return line.count > limit ? String(line.prefix(limit - 1)) + "…" : line
  }
}
