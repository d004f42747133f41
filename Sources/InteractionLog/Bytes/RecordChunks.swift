#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A stretch of a file that begins and ends where records do.
final class RecordChunk {
  /// From 0, in the order of the file.
  let index: Int
  let base: UnsafeMutablePointer<UInt8>
  let count: Int
  /// The file's error behind this chunk's records; nil where the file goes on or ends.
  let failure: LogError?
  /// The share of the file that had been read when the chunk was cut, 0...1.
  let progress: Double

  fileprivate init(
    index: Int, base: UnsafeMutablePointer<UInt8>, count: Int, failure: LogError?,
    progress: Double
  ) {
    self.index = index
    self.base = base
    self.count = count
    self.failure = failure
    self.progress = progress
  }

  deinit { base.deallocate() }
}

/// The records behind a CSV file's header in chunks of about a block, cut at record borders.
///
/// Where a record ends is known without cutting it into fields: a quote opens a quoted field only
/// where a field begins, and a record ends at a line end outside of one. Without quotes that is the
/// last line end.
final class RecordChunks {
  private let file: FileBlocks
  private let delimiter: UInt8
  private let blockSize: Int
  /// Bytes that were read and belong to the next chunk.
  private var carried: [UInt8]
  private var count = 0
  private var isAtEnd = false

  init(file: FileBlocks, carried: [UInt8], delimiter: UInt8, blockSize: Int) {
    self.file = file
    self.carried = carried
    self.delimiter = delimiter
    self.blockSize = blockSize
  }

  /// The next chunk; nil behind the last. What goes wrong with the file belongs to the chunk that it
  /// follows, so that earlier records' own errors come first.
  func next() -> RecordChunk? {
    guard !isAtEnd else { return nil }
    var capacity = carried.count + blockSize
    var buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    carried.withUnsafeBufferPointer {
      if let base = $0.baseAddress { buffer.update(from: base, count: $0.count) }
    }
    var filled = carried.count
    carried.removeAll(keepingCapacity: true)
    var failure: LogError?
    var end = 0
    while true {
      do {
        filled += try fill(buffer, from: filled, to: capacity)
      } catch {
        failure = error
        isAtEnd = true
      }
      if isAtEnd {
        end = failure == nil ? filled : lastBorder(buffer, filled)
        break
      }
      end = lastBorder(buffer, filled)
      if end > 0 { break }
      guard capacity < DelimitedRecords.maximumRecordBytes else {
        failure = .recordTooLong(
          path: file.path, line: 0, limit: DelimitedRecords.maximumRecordBytes)
        isAtEnd = true
        break
      }
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      larger.update(from: buffer, count: filled)
      buffer.deallocate()
      buffer = larger
      capacity *= 2
    }
    if !isAtEnd {
      carried.append(contentsOf: UnsafeBufferPointer(start: buffer + end, count: filled - end))
    }
    defer { count += 1 }
    return RecordChunk(
      index: count, base: buffer, count: end, failure: failure,
      progress: file.progress)
  }

  /// Reads until `capacity` bytes are there or the file ends; throws where they are not text.
  private func fill(
    _ buffer: UnsafeMutablePointer<UInt8>, from start: Int, to capacity: Int
  ) throws(LogError) -> Int {
    var filled = start
    while filled < capacity {
      let offset = file.bytesRead
      let count = try file.read(
        into: UnsafeMutableBufferPointer(start: buffer + filled, count: capacity - filled))
      if count == 0 {
        isAtEnd = true
        break
      }
      if let nul = memchr(buffer + filled, 0, count) {
        throw .binary(
          path: file.path,
          content: .nul(
            offset: offset + (UnsafeRawPointer(nul) - UnsafeRawPointer(buffer + filled))))
      }
      filled += count
    }
    return filled - start
  }

  // MARK: Borders

  /// Where the last whole record of `bytes[0 ..< count]` ends, which begin a record; 0 where none does.
  private func lastBorder(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    let quote = UInt8(ascii: "\"")
    var border = 0
    /// Start of the bytes outside of quoted fields that are looked at.
    var gap = 0
    var from = 0
    while let found = memchr(bytes + from, Int32(quote), count - from) {
      let opening = UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
      let isFieldStart =
        opening == 0 || bytes[opening - 1] == delimiter || bytes[opening - 1] == 0x0A
        || bytes[opening - 1] == 0x0D
      guard isFieldStart else {
        from = opening + 1
        continue
      }
      border = max(border, lineEnd(bytes, gap, opening))
      guard let closing = closingQuote(bytes, after: opening, count) else { return border }
      gap = closing + 1
      from = gap
    }
    return max(border, lineEnd(bytes, gap, count, isLast: true))
  }

  /// The quote that closes the field which `opening` opens; nil where it is not among the bytes, or
  /// could be the first of a doubled one.
  private func closingQuote(
    _ bytes: UnsafeMutablePointer<UInt8>, after opening: Int, _ count: Int
  ) -> Int? {
    var from = opening + 1
    while let found = memchr(bytes + from, Int32(UInt8(ascii: "\"")), count - from) {
      let place = UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
      if place + 1 == count { return nil }
      if bytes[place + 1] != UInt8(ascii: "\"") { return place }
      from = place + 2
    }
    return nil
  }

  /// The place behind the last line end of a stretch, 0 where it has none. A carriage return at the
  /// very end may be half of a line end.
  private func lineEnd(
    _ bytes: UnsafeMutablePointer<UInt8>, _ start: Int, _ end: Int, isLast: Bool = false
  ) -> Int {
    var place = end
    while place > start {
      let byte = bytes[place - 1]
      if byte == 0x0A || (byte == 0x0D && !(isLast && place == end)) { return place }
      place -= 1
    }
    return 0
  }
}
