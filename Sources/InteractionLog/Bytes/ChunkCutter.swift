/// Cuts a chunk of plain CSV into fields, 64 bytes at a time.
///
/// Plain is what nearly all files are: every record has as many fields as the header, quotes stand only
/// around whole fields (doubled inside), lines end in LF or CRLF. What is not is left to
/// `DelimitedRecords`, byte by byte.
final class ChunkCutter {
  /// Fields of every record.
  private let fieldCount: Int
  private let delimiter: UInt8
  /// Where fields end: delimiters and line ends outside of quotes, `fieldCount` a record.
  private(set) var ends: UnsafeMutablePointer<UInt32>
  private var endCapacity = 1 << 12
  /// Where each record begins.
  private(set) var starts: UnsafeMutablePointer<UInt32>
  private var startCapacity = 1 << 8
  private(set) var recordCount = 0
  private(set) var bytes: UnsafePointer<UInt8>
  private var hasCarriageReturns = false
  private var hasQuotes = false
  private var blankLines = 0

  init(fieldCount: Int, delimiter: UInt8) {
    self.fieldCount = fieldCount
    self.delimiter = delimiter
    ends = .allocate(capacity: endCapacity)
    starts = .allocate(capacity: startCapacity)
    bytes = UnsafePointer(ends.withMemoryRebound(to: UInt8.self, capacity: 1) { $0 })
  }

  deinit {
    ends.deallocate()
    starts.deallocate()
  }

  /// Cuts the chunk, whose bytes must live as long as fields are asked for; false where it is not plain.
  func cut(_ chunk: RecordChunk) -> Bool {
    guard chunk.count < Int(UInt32.max) else { return false }
    let base = chunk.base
    bytes = UnsafePointer(base)
    recordCount = 0
    hasCarriageReturns = false
    hasQuotes = false
    blankLines = 0
    var cursor = Cursor()
    var place = 0
    while place + 64 <= chunk.count {
      guard scan(UnsafeRawPointer(base + place), at: place, chunk.count, &cursor) else {
        return false
      }
      place += 64
    }
    if place < chunk.count {
      // The rest, filled up with bytes that cut nothing.
      let isCut = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { rest -> Bool in
        rest.initialize(repeating: delimiter == 0x20 ? 0x61 : 0x20)
        for k in 0..<(chunk.count - place) { rest[k] = base[place + k] }
        return scan(UnsafeRawPointer(rest.baseAddress ?? base), at: place, chunk.count, &cursor)
      }
      guard isCut else { return false }
    }
    guard !cursor.isQuoted else { return false }
    // A last record without a line end.
    if cursor.recordStart < chunk.count {
      reserve(cursor.endCount + 1)
      ends[cursor.endCount] = UInt32(chunk.count)
      cursor.endCount += 1
      guard close(at: chunk.count, &cursor) else { return false }
    }
    return true
  }

  /// What goes on from one 64 bytes to the next.
  private struct Cursor {
    var endCount = 0
    var recordStart = 0
    /// Index of the first end of the record at hand.
    var firstEnd = 0
    var isQuoted = false
  }

  @inline(__always) private func scan(
    _ block: UnsafeRawPointer, at place: Int, _ count: Int, _ cursor: inout Cursor
  ) -> Bool {
    let masks = ByteMasks(block, delimiter: delimiter)
    var cuts = masks.cuts
    if masks.quotes != 0 || masks.returns != 0 || cursor.isQuoted {
      guard let outside = outsideQuotes(masks, at: place, count, &cursor) else { return false }
      cuts &= outside
    }
    reserve(cursor.endCount + 64)
    while cuts != 0 {
      let bit = cuts.trailingZeroBitCount
      cuts &= cuts - 1
      ends[cursor.endCount] = UInt32(truncatingIfNeeded: place + bit)
      cursor.endCount += 1
      if masks.lineFeeds & (1 << UInt64(bit)) != 0 {
        guard close(at: place + bit, &cursor) else { return false }
      }
    }
    return true
  }

  /// Ends the record at a line end; false where it has not as many fields as it should.
  @inline(__always) private func close(at place: Int, _ cursor: inout Cursor) -> Bool {
    if cursor.endCount - cursor.firstEnd == fieldCount {
      if fieldCount == 1, isEmpty(from: cursor.recordStart, to: place) {
        cursor.endCount = cursor.firstEnd
        blankLines += 1
      } else {
        if recordCount == startCapacity { growStarts() }
        starts[recordCount] = UInt32(truncatingIfNeeded: cursor.recordStart)
        recordCount += 1
      }
    } else if cursor.endCount - cursor.firstEnd == 1, isEmpty(from: cursor.recordStart, to: place) {
      cursor.endCount = cursor.firstEnd
      blankLines += 1
    } else {
      return false
    }
    cursor.firstEnd = cursor.endCount
    cursor.recordStart = place + 1
    return true
  }

  private func isEmpty(from start: Int, to end: Int) -> Bool {
    end == start || (end == start + 1 && bytes[start] == 0x0D)
  }

  // MARK: Quotes and carriage returns

  /// The bits of bytes outside of quoted fields; nil where the block is not plain.
  private func outsideQuotes(
    _ masks: ByteMasks, at place: Int, _ count: Int, _ cursor: inout Cursor
  ) -> UInt64? {
    // 1 from an opening quote on to before its closing one.
    var inside = masks.quotes
    for shift in [1, 2, 4, 8, 16, 32] as [UInt64] { inside ^= inside << shift }
    if cursor.isQuoted { inside = ~inside }
    if masks.quotes != 0 {
      hasQuotes = true
      var quotes = masks.quotes
      while quotes != 0 {
        let bit = quotes.trailingZeroBitCount
        quotes &= quotes - 1
        let isOpening = inside & (1 << UInt64(bit)) != 0
        guard isOpening ? mayOpen(place + bit) : mayClose(place + bit, count) else { return nil }
      }
    }
    var returns = masks.returns & ~inside
    if returns != 0 {
      hasCarriageReturns = true
      while returns != 0 {
        let next = place + returns.trailingZeroBitCount + 1
        returns &= returns - 1
        guard next < count, bytes[next] == 0x0A else { return nil }
      }
    }
    cursor.isQuoted = inside >> 63 == 1
    return ~inside
  }

  /// At a field's start, or the second of a doubled quote.
  private func mayOpen(_ place: Int) -> Bool {
    guard place > 0 else { return true }
    let before = bytes[place - 1]
    return before == delimiter || before == 0x0A || before == UInt8(ascii: "\"")
  }

  /// At a field's end, or the first of a doubled quote.
  private func mayClose(_ place: Int, _ count: Int) -> Bool {
    guard place + 1 < count else { return true }
    let after = bytes[place + 1]
    return after == delimiter || after == 0x0A || after == 0x0D || after == UInt8(ascii: "\"")
  }

  // MARK: Fields

  /// Whether fields must be asked for by `unquoted`.
  var needsUnquoting: Bool { hasQuotes }

  /// A field's bytes as they stand in the file.
  @inline(__always) func field(_ column: Int, of record: Int) -> UnsafeBufferPointer<UInt8> {
    let first = record * fieldCount
    let start =
      column == 0 ? Int(starts[record]) : Int(ends[first + column - 1]) + 1
    var end = Int(ends[first + column])
    if hasCarriageReturns, column == fieldCount - 1, end > start, bytes[end - 1] == 0x0D {
      end -= 1
    }
    return UnsafeBufferPointer(start: bytes + start, count: end - start)
  }

  /// The same without the quotes around it, doubled ones undone in `scratch`.
  func unquoted(
    _ column: Int, of record: Int, _ scratch: inout [UInt8],
    _ body: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Bool {
    let quote = UInt8(ascii: "\"")
    let field = field(column, of: record)
    guard field.first == quote else { return body(field) }
    let inner = UnsafeBufferPointer(rebasing: field[1..<(field.count - 1)])
    guard inner.contains(quote) else { return body(inner) }
    scratch.removeAll(keepingCapacity: true)
    var index = 0
    while index < inner.count {
      scratch.append(inner[index])
      index += inner[index] == quote ? 2 : 1
    }
    return scratch.withUnsafeBufferPointer(body)
  }

  /// Line feeds before each record.
  func lines() -> [Int] {
    if !hasQuotes, blankLines == 0 { return Array(0..<recordCount) }
    var line = 0
    var place = 0
    return (0..<recordCount).map { record in
      let start = Int(starts[record])
      line += lineFeeds(place, start)
      place = start
      return line
    }
  }

  /// Line feeds of a stretch of the chunk.
  func lineFeeds(_ start: Int, _ end: Int) -> Int {
    var count = 0
    for place in start..<end where bytes[place] == 0x0A { count += 1 }
    return count
  }

  // MARK: Memory

  @inline(__always) private func reserve(_ count: Int) {
    if count > endCapacity { growEnds(count) }
  }

  private func growEnds(_ count: Int) {
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: count * 2)
    larger.update(from: ends, count: endCapacity)
    ends.deallocate()
    ends = larger
    endCapacity = count * 2
  }

  private func growStarts() {
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: startCapacity * 2)
    larger.update(from: starts, count: startCapacity)
    starts.deallocate()
    starts = larger
    startCapacity *= 2
  }
}

/// Which of 64 bytes are what, a bit each.
struct ByteMasks {
  /// Delimiters and line feeds.
  var cuts: UInt64 = 0
  var lineFeeds: UInt64 = 0
  var quotes: UInt64 = 0
  var returns: UInt64 = 0

  @inline(__always) init(_ block: UnsafeRawPointer, delimiter: UInt8) {
    let delimiters = SIMD16<UInt8>(repeating: delimiter)
    let feed = SIMD16<UInt8>(repeating: 0x0A)
    let quote = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
    let carriage = SIMD16<UInt8>(repeating: 0x0D)
    for part in 0..<4 {
      let bytes = block.loadUnaligned(fromByteOffset: part * 16, as: SIMD16<UInt8>.self)
      let feeds = bytes .== feed
      let shift = UInt64(part * 16)
      cuts |= Self.bits((bytes .== delimiters) .| feeds) << shift
      lineFeeds |= Self.bits(feeds) << shift
      quotes |= Self.bits(bytes .== quote) << shift
      returns |= Self.bits(bytes .== carriage) << shift
    }
  }

  /// Bit k of 16 is lane k: each lane's own power of two, the eight of a word added by a multiplication.
  @inline(__always) private static func bits(_ mask: SIMDMask<SIMD16<Int8>>) -> UInt64 {
    let powers = SIMD16<UInt8>(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128)
    let lanes = SIMD16<UInt8>(repeating: 0).replacing(with: powers, where: mask)
    let words = unsafeBitCast(lanes, to: SIMD2<UInt64>.self)
    let low = (words[0] &* 0x0101_0101_0101_0101) >> 56
    let high = (words[1] &* 0x0101_0101_0101_0101) >> 56
    return low | high << 8
  }
}
