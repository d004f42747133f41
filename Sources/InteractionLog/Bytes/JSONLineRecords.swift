/// JSON Lines: one flat object a line, read in blocks; its keys are the columns.
///
/// The keys are collected in a first pass over the file and sorted, so that they do not depend on
/// the order of the lines. A key that a line lacks, and null, have no value; of a key that a line
/// has twice the last counts.
final class JSONLineRecords: RecordSource {
  let header: [String]
  private(set) var defect: RecordDefect?
  var line: Int { lines.line }
  var fieldCount: Int { header.count }
  var progress: Double { lines.progress }

  private let lines: LineBlocks
  private let scanner = JSONObjectScanner()
  private let keys: ByteDictionary
  /// Column of each key code.
  private let columns: [Int]
  private var current = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var values: [UnsafeBufferPointer<UInt8>]
  private static var none: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: nil, count: 0) }

  init(path: String, blockSize: Int = 1 << 20) throws(LogError) {
    var keys = ByteDictionary()
    let scan = try LineBlocks(path: path, blockSize: blockSize)
    var hasLines = false
    while let line = try scan.next() {
      hasLines = true
      // A line that is no object is rejected in the second pass; its keys until then do no harm.
      _ = scanner.scan(line) { key, _ in
        _ = keys.insert(key) { String(validating: $0, as: UTF8.self) != nil }
      }
    }
    guard hasLines else { throw .empty(path: path) }
    let (header, renumbered) = keys.sorted()
    self.header = header
    self.keys = keys
    columns = renumbered.map(Int.init)
    values = Array(repeating: Self.none, count: header.count)
    lines = try LineBlocks(path: path, blockSize: blockSize)
  }

  func next() throws(LogError) -> Bool {
    guard let bytes = try lines.next() else { return false }
    current = bytes
    for column in values.indices { values[column] = Self.none }
    let isObject = scanner.scan(bytes) { key, value in
      let code = keys.code(of: key)
      if code >= 0 { values[columns[Int(code)]] = value ?? Self.none }
    }
    defect = isObject ? nil : .notJSONObject
    return true
  }

  func field(_ index: Int) -> UnsafeBufferPointer<UInt8> { values[index] }

  func excerpt() -> String { Excerpt.of(current) }
}
