import InteractionLog

/// One of a run's own CSV files, read record by record as bytes; what is damaged is an error with
/// its line, never a zero.
package final class RunFile {
  package let path: String
  private let records: DelimitedRecords
  /// Place of each wanted column in the file.
  private var place: [Int] = []
  private let names: [String]

  /// Opens a file that must have the wanted columns, in any order and with others beside them.
  ///
  /// - Throws: `ReportError.runFileMissing`, `.runUnreadable`.
  package init(path: String, columns: [String]) throws {
    self.path = path
    names = columns
    do {
      records = try DelimitedRecords(path: path, delimiter: UInt8(ascii: ","))
    } catch LogError.notFound {
      throw ReportError.runFileMissing(path: path)
    } catch {
      throw ReportError.runUnreadable(path: path, reason: RunFile.words(error))
    }
    for name in columns {
      guard let index = records.header.firstIndex(of: name) else {
        throw ReportError.runUnreadable(path: path, reason: "it has no column '\(name)'")
      }
      place.append(index)
    }
  }

  /// Steps to the next record; false at the end.
  package func next() throws -> Bool {
    do {
      guard try records.next() else { return false }
    } catch {
      throw ReportError.runUnreadable(path: path, reason: RunFile.words(error))
    }
    switch records.defect {
    case nil: return true
    case .wrongFieldCount(let found, let expected)?:
      throw damaged("it has \(found) columns and \(expected) were expected")
    case .textAfterQuote?: throw damaged("text follows a closing quote")
    case .notJSONObject?: throw damaged("it is no record")
    }
  }

  package func damaged(_ reason: String) -> ReportError {
    .runRowDamaged(path: path, line: records.line, reason: reason)
  }

  /// Bytes of a wanted column, by its place in the list given to `init`.
  @inline(__always) package func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
    records.field(place[column])
  }

  package func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

  /// Whether a wanted column holds this text.
  @inline(__always) package func holds(_ column: Int, _ text: [UInt8]) -> Bool {
    bytes(column).elementsEqual(text)
  }

  @inline(__always) package func number(_ column: Int) throws -> Double {
    guard let value = NumberText.parse(bytes(column)), value.isFinite else {
      throw damaged("\(names[column]) is '\(text(column))', a number expected")
    }
    return value
  }

  /// NaN where the field is blank.
  @inline(__always) package func numberOrBlank(_ column: Int) throws -> Double {
    bytes(column).isEmpty ? .nan : try number(column)
  }

  /// 1, 0, or −1 where the field is blank.
  package func flag(_ column: Int) throws -> Int8 {
    let field = bytes(column)
    if field.isEmpty { return -1 }
    if spells(field, "true") { return 1 }
    if spells(field, "false") { return 0 }
    throw damaged("\(names[column]) is '\(text(column))', true or false expected")
  }

  private func spells(_ field: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
    guard field.count == word.utf8CodeUnitCount else { return false }
    for index in 0..<field.count where field[index] != word.utf8Start[index] { return false }
    return true
  }

  private static func words(_ error: LogError) -> String {
    switch error {
    case .empty: "it is empty"
    case .unclosedQuote(_, let line): "a quote that opens in line \(line) is never closed"
    case .binary: "it is no text"
    case .headerNotUTF8: "its first line is no text"
    default: error.description
    }
  }
}

/// Text gathered row by row into dictionary codes.
struct TextGathering {
  private var dictionary = ByteDictionary()
  private var codes: [Int32] = []

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    codes.append(bytes.isEmpty ? -1 : dictionary.insert(bytes) { _ in true })
  }

  /// The column; its values are in byte order.
  func column() -> TextColumn {
    let (values, renumbered) = dictionary.sorted()
    return TextColumn(codes: codes.map { $0 < 0 ? -1 : renumbered[Int($0)] }, values: values)
  }
}
