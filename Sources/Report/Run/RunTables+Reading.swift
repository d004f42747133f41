#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RunTables {
  /// Calls `body` with the fields of each row of one of a run's own CSV files, header left out.
  ///
  /// - Throws: `ReportError` where the file cannot be read; what `body` throws.
  package static func forEachRow(of path: String, _ body: ([String]) throws -> Void) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ReportError.runUnreadable(path: path, reason: "there is no such file")
    }
    var fields: [String] = []
    var field: [UInt8] = []
    var quoted = false
    var wasQuote = false
    var header = true
    func end() {
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    for byte in data {
      if quoted {
        if byte == UInt8(ascii: "\"") {
          (quoted, wasQuote) = (false, true)
        } else {
          field.append(byte)
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        if wasQuote { field.append(byte) }
        quoted = true
      case UInt8(ascii: ","): end()
      case UInt8(ascii: "\n"):
        end()
        if header { header = false } else { try body(fields) }
        fields.removeAll(keepingCapacity: true)
      default: field.append(byte)
      }
      wasQuote = false
    }
  }
}
