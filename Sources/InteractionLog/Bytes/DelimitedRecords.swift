/// CSV by RFC 4180, read in blocks.
///
/// Quoted fields may hold delimiters, doubled quotes and line ends; records end in LF, CRLF or CR;
/// a byte order mark is skipped, and so are empty lines. A quote inside an unquoted field is text.
/// Works over bytes: UTF-8 never holds an ASCII byte inside another character.
package final class DelimitedRecords: RecordSource {
  package private(set) var header: [String] = []
  package private(set) var line = 0
  package private(set) var fieldCount = 0
  package private(set) var defect: RecordDefect?

  private struct Field {
    var start: Int
    var end: Int
    /// Whether it holds doubled quotes, still to be undone.
    var doubled: Bool
  }

  /// nil where all bytes are there from the start.
  private let file: FileBlocks?
  private let path: String
  private let delimiter: UInt8
  private let blockSize: Int
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var filled = 0
  /// Where the current record begins, and the one after it.
  private var start = 0
  private var following = 0
  private var nextLine = 1
  private var atEnd = false
  private var fields: UnsafeMutablePointer<Field>
  private var fieldCapacity = 64

  static let maximumRecordBytes = 64 << 20

  /// Opens a file and reads its header.
  package init(path: String, delimiter: UInt8, blockSize: Int = 1 << 20) throws(LogError) {
    file = try FileBlocks(path: path)
    self.path = path
    self.delimiter = delimiter
    self.blockSize = blockSize
    capacity = blockSize
    buffer = .allocate(capacity: capacity)
    fields = .allocate(capacity: fieldCapacity)
    try skipByteOrderMark()
    guard try next() else { throw .empty(path: path) }
    header = try readHeader()
  }

  /// The records of a part of a file that begins with one. Lines count from 0.
  ///
  /// The bytes stay their owner's, must outlive this and are changed: doubled quotes are undone there.
  init(_ chunk: RecordChunk, header: [String], path: String, delimiter: UInt8) {
    file = nil
    self.path = path
    self.delimiter = delimiter
    blockSize = 0
    capacity = chunk.count
    filled = chunk.count
    atEnd = true
    nextLine = 0
    buffer = chunk.base
    fields = .allocate(capacity: fieldCapacity)
    self.header = header
  }

  deinit {
    if file != nil { buffer.deallocate() }
    fields.deallocate()
  }

  package var progress: Double { file?.progress ?? 0 }

  /// What follows the current record as chunks, and the line on which they begin. Nothing can be read
  /// from here any more.
  func chunks() -> (chunks: RecordChunks, firstLine: Int)? {
    guard let file else { return nil }
    let carried = [UInt8](
      UnsafeBufferPointer(start: buffer + following, count: filled - following))
    return (
      RecordChunks(file: file, carried: carried, delimiter: delimiter, blockSize: blockSize),
      nextLine
    )
  }

  /// The line behind the current record.
  var followingLine: Int { nextLine }

  package func field(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    if fields[index].doubled { undouble(index) }
    let field = fields[index]
    return UnsafeBufferPointer(start: buffer + field.start, count: field.end - field.start)
  }

  package func excerpt() -> String {
    var end = following
    while end > start, buffer[end - 1] == 0x0A || buffer[end - 1] == 0x0D { end -= 1 }
    return Excerpt.of(UnsafeBufferPointer(start: buffer + start, count: end - start))
  }

  package func next() throws(LogError) -> Bool {
    while true {
      start = following
      line = nextLine
      if start == filled {
        if atEnd { return false }
        try refill()
        continue
      }
      switch scan() {
      case .needsMore:
        try refill()
        continue
      case .unclosedQuote:
        throw .unclosedQuote(path: path, line: line)
      case .record:
        let isEmptyLine =
          fieldCount == 1 && fields[0].start == fields[0].end && fields[0].start == start
        if isEmptyLine { continue }
      }
      if !header.isEmpty, defect == nil, fieldCount != header.count {
        defect = .wrongFieldCount(found: fieldCount, expected: header.count)
      }
      return true
    }
  }

  // MARK: Cutting

  private enum Scan { case record, needsMore, unclosedQuote }

  /// Cuts the record at `start` into fields.
  private func scan() -> Scan {
    let bytes = buffer
    let (filled, atEnd, delimiter) = (filled, atEnd, delimiter)
    let quote = UInt8(ascii: "\"")
    var index = start
    var count = 0
    var newlines = 0
    defect = nil
    while true {
      if count == fieldCapacity { growFields(count) }
      if index < filled, bytes[index] == quote {
        index += 1
        let from = index
        var doubled = false
        while true {
          while index < filled, bytes[index] != quote {
            if bytes[index] == 0x0A { newlines += 1 }
            index += 1
          }
          if index == filled { return atEnd ? .unclosedQuote : .needsMore }
          if index + 1 == filled, !atEnd { return .needsMore }
          guard index + 1 < filled, bytes[index + 1] == quote else { break }
          doubled = true
          index += 2
        }
        fields[count] = Field(start: from, end: index, doubled: doubled)
        index += 1
        while index < filled, bytes[index] != delimiter, bytes[index] != 0x0A, bytes[index] != 0x0D
        {
          defect = .textAfterQuote
          index += 1
        }
      } else {
        let from = index
        while index < filled {
          let byte = bytes[index]
          if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
          index += 1
        }
        fields[count] = Field(start: from, end: index, doubled: false)
      }
      count += 1
      if index == filled {
        guard atEnd else { return .needsMore }
        break
      }
      if bytes[index] == delimiter {
        index += 1
        if index == filled, !atEnd { return .needsMore }
        continue
      }
      if bytes[index] == 0x0D {
        if index + 1 == filled, !atEnd { return .needsMore }
        if index + 1 < filled, bytes[index + 1] == 0x0A { index += 1 }
      }
      index += 1
      newlines += 1
      break
    }
    fieldCount = count
    following = index
    nextLine = line + newlines
    return .record
  }

  private func growFields(_ count: Int) {
    let larger = UnsafeMutablePointer<Field>.allocate(capacity: fieldCapacity * 2)
    larger.moveInitialize(from: fields, count: count)
    fields.deallocate()
    fields = larger
    fieldCapacity *= 2
  }

  /// Turns `""` into `"` in place.
  private func undouble(_ index: Int) {
    var target = fields[index].start
    var source = fields[index].start
    while source < fields[index].end {
      buffer[target] = buffer[source]
      source += buffer[source] == UInt8(ascii: "\"") ? 2 : 1
      target += 1
    }
    fields[index].end = target
    fields[index].doubled = false
  }

  // MARK: Blocks

  /// Reads one more block behind what is left of the last one.
  private func refill() throws(LogError) {
    guard let file else { return }
    if start > 0 {
      buffer.update(from: buffer + start, count: filled - start)
      filled -= start
      start = 0
      following = 0
    }
    if filled == capacity {
      guard capacity < Self.maximumRecordBytes else {
        throw .recordTooLong(path: path, line: line, limit: Self.maximumRecordBytes)
      }
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: buffer, count: filled)
      buffer.deallocate()
      buffer = larger
      capacity *= 2
    }
    let room = UnsafeMutableBufferPointer(
      start: buffer + filled, count: min(blockSize, capacity - filled))
    let offset = file.bytesRead
    let count = try file.read(into: room)
    if let nul = room.prefix(count).firstIndex(of: 0) {
      throw .binary(path: path, content: .nul(offset: offset + nul))
    }
    filled += count
    atEnd = count == 0
  }

  private func skipByteOrderMark() throws(LogError) {
    do {
      while filled < 4, !atEnd { try refill() }
    } catch .binary(_, let content) {
      // The first bytes say more than that there is a NUL among them.
      throw .binary(path: path, content: try BinaryContent.of(path: path) ?? content)
    }
    let first = UnsafeBufferPointer(start: buffer, count: filled)
    if let content = BinaryContent.of(first) { throw .binary(path: path, content: content) }
    if first.starts(with: [0xEF, 0xBB, 0xBF]) { following = 3 }
  }

  private func readHeader() throws(LogError) -> [String] {
    var names: [String] = []
    for index in 0..<fieldCount {
      guard let name = String(validating: field(index), as: UTF8.self) else {
        throw .headerNotUTF8(path: path)
      }
      names.append(name.trimmingSpaces())
    }
    for (index, name) in names.enumerated() where !name.isEmpty {
      let positions = names.indices.filter { names[$0] == name }
      if positions.count > 1, positions[0] == index {
        throw .duplicateHeader(path: path, name: name, positions: positions.map { $0 + 1 })
      }
    }
    return names
  }
}

extension String {
  fileprivate func trimmingSpaces() -> String {
    let bytes = Array(utf8)
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
      let last = bytes.lastIndex(where: { $0 > 0x20 })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}

extension BinaryContent {
  /// What the first bytes of a file give away, nil where nothing.
  static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> BinaryContent? {
    if bytes.starts(with: Array("PAR1".utf8)) { return .parquet }
    if bytes.starts(with: [0x1F, 0x8B]) { return .gzip }
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .zip }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .utf16 }
    return nil
  }

  /// The same for a file.
  static func of(path: String) throws(LogError) -> BinaryContent? {
    let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64)
    defer { block.deallocate() }
    let count = try FileBlocks(path: path).read(into: block)
    let bytes = UnsafeBufferPointer(rebasing: block[0..<count])
    return of(bytes) ?? bytes.firstIndex(of: 0).map { .nul(offset: $0) }
  }
}
