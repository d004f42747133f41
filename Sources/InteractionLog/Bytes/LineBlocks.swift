/// The lines of a file that are not blank, read in blocks.
final class LineBlocks {
  /// Line that ``next()`` gave last, from 1.
  private(set) var line = 0
  private let file: FileBlocks
  private let blockSize: Int
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var filled = 0
  private var start = 0
  private var atEnd = false

  init(path: String, blockSize: Int) throws(LogError) {
    file = try FileBlocks(path: path)
    self.blockSize = blockSize
    capacity = blockSize
    buffer = .allocate(capacity: capacity)
    if let content = try BinaryContent.of(path: path) {
      throw .binary(path: path, content: content)
    }
  }

  deinit { buffer.deallocate() }

  var progress: Double { file.progress }

  /// The next line without its end, alive until the next call; nil at the end of the file.
  func next() throws(LogError) -> UnsafeBufferPointer<UInt8>? {
    var searched = start
    while true {
      let rest = UnsafeBufferPointer(start: buffer + searched, count: filled - searched)
      if let offset = rest.firstIndex(of: 0x0A) {
        if let found = take(to: searched + offset, following: searched + offset + 1) {
          return found
        }
        searched = start
      } else if atEnd {
        guard start < filled else { return nil }
        if let found = take(to: filled, following: filled) { return found }
        return nil
      } else {
        let scanned = filled - start
        try refill()
        searched = start + scanned
      }
    }
  }

  /// Steps over a line; nil where it is blank.
  private func take(to end: Int, following: Int) -> UnsafeBufferPointer<UInt8>? {
    var from = start
    line += 1
    start = following
    if line == 1, end - from >= 3, buffer[from] == 0xEF, buffer[from + 1] == 0xBB,
      buffer[from + 2] == 0xBF
    {
      from += 3
    }
    let bytes = UnsafeBufferPointer(start: buffer + from, count: end - from)
    return bytes.contains { $0 > 0x20 } ? bytes : nil
  }

  private func refill() throws(LogError) {
    if start > 0 {
      buffer.update(from: buffer + start, count: filled - start)
      filled -= start
      start = 0
    }
    if filled == capacity {
      guard capacity < DelimitedRecords.maximumRecordBytes else {
        throw .recordTooLong(
          path: file.path, line: line + 1, limit: DelimitedRecords.maximumRecordBytes)
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
      throw .binary(path: file.path, content: .nul(offset: offset + nul))
    }
    filled += count
    atEnd = count == 0
  }
}
