import Dispatch
import Synchronization

/// Reads a CSV file of one row per interaction by chunks, several at once.
///
/// A chunk whose records are plain and whose fields can all be read is taken a column at a time;
/// any other goes through `RowReader`, record by record, which knows what to say of it. Either way the
/// rows come out as `RowReader` alone would give them, in the order of the file, whatever the number of
/// threads.
struct ChunkedRowReader {
  let plan: ReadingPlan
  let study: Study
  let path: String
  let threads: Int

  /// Reads what follows the header; throws the first error of the file.
  func read(
    _ source: DelimitedRecords, progress: (@Sendable (Double) -> Void)?
  ) throws(LogError) -> ReadRows {
    guard let (chunks, firstLine) = source.chunks() else {
      return try RowReader(plan: plan, study: study, path: path).read(source, progress: progress)
    }
    let shared = SharedReading(
      chunks: chunks, merged: MergedRows(reader: self, firstLine: firstLine), progress: progress)
    let workers = max(1, threads)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      let cutter = ChunkCutter(fieldCount: plan.header.count, delimiter: study.source.delimiter)
      let columns = plan.emptyColumns(study.source)
      while let chunk = shared.next() { shared.add(rows(of: chunk, cutter, columns)) }
    }
    return try shared.finish(path: path)
  }

  /// A chunk's rows. Lines count from 0 at its start.
  private func rows(
    of chunk: RecordChunk, _ cutter: ChunkCutter, _ empty: [FieldColumn]
  ) -> ChunkRows {
    if cutter.cut(chunk) {
      var columns = empty
      if columns.indices.allSatisfy({ columns[$0].append(cutter) }), hasIdentifiers(columns) {
        return ChunkRows(
          index: chunk.index, columns: columns, lines: cutter.lines(),
          rowsRead: cutter.recordCount, rejections: [],
          lineCount: cutter.lineFeeds(0, chunk.count), failure: chunk.failure,
          progress: chunk.progress)
      }
    }
    let source = DelimitedRecords(
      chunk, header: plan.header, path: path, delimiter: study.source.delimiter)
    let reader = RowReader(plan: plan, study: study, path: path)
    var rows = ChunkRows(
      index: chunk.index, columns: empty, lines: [], rowsRead: 0,
      rejections: [], lineCount: 0, failure: chunk.failure, progress: chunk.progress)
    do {
      var rejections = RejectionLog(file: path)
      rows.rowsRead = try reader.append(
        source, to: &rows.columns, lines: &rows.lines, rejections: &rejections)
      rows.rejections = rejections.rows
    } catch {
      rows.failure = error
    }
    rows.lineCount = source.followingLine
    return rows
  }

  private func hasIdentifiers(_ columns: [FieldColumn]) -> Bool {
    guard let index = plan.requests.firstIndex(of: plan.identifier) else { return false }
    return columns[index].codes.allSatisfy { $0 >= 0 }
  }
}

/// The rows of one chunk.
private struct ChunkRows {
  let index: Int
  var columns: [FieldColumn]
  /// Line of each row kept, from 0.
  var lines: [Int]
  var rowsRead: Int
  var rejections: [RejectedRow]
  /// Lines of the chunk.
  var lineCount: Int
  var failure: LogError?
  let progress: Double
}

/// The file's rows as far as its chunks have come in without a gap.
private struct MergedRows {
  private let reader: ChunkedRowReader
  private var columns: [FieldColumn]
  private var lines: [Int] = []
  private var line: Int
  private var rowsRead = 0
  private var rejections: RejectionLog
  private var waiting: [Int: ChunkRows] = [:]
  private var nextIndex = 0
  private(set) var failure: LogError?

  init(reader: ChunkedRowReader, firstLine: Int) {
    self.reader = reader
    columns = reader.plan.emptyColumns(reader.study.source)
    line = firstLine
    rejections = RejectionLog(file: reader.path)
  }

  /// Adds a chunk's rows, as soon as those before it are there; the share of the file that is.
  mutating func add(_ rows: ChunkRows) -> Double? {
    waiting[rows.index] = rows
    var progress: Double?
    while failure == nil, let next = waiting.removeValue(forKey: nextIndex) {
      nextIndex += 1
      for index in columns.indices { columns[index].append(next.columns[index]) }
      lines.append(contentsOf: next.lines.lazy.map { [line] in $0 + line })
      for row in next.rejections {
        rejections.add(
          line: row.line + line, column: row.column, value: row.value, reason: row.reason)
      }
      rowsRead += next.rowsRead
      failure = next.failure?.movedDown(by: line)
      line += next.lineCount
      progress = next.progress
    }
    return progress
  }

  func result() throws(LogError) -> ReadRows {
    if let failure { throw failure }
    guard rowsRead > 0 else { throw .headerOnly(path: reader.path) }
    return ReadRows(
      plan: reader.plan,
      columns: Dictionary(uniqueKeysWithValues: zip(reader.plan.requests, columns)),
      lines: lines, rowsRead: rowsRead, rejections: rejections, constant: [])
  }
}

/// What the threads share: the file, and what has come of it.
private final class SharedReading: @unchecked Sendable {
  // Each is only touched under its own lock.
  private let chunks: RecordChunks
  private let reading = Mutex(())
  private var merged: MergedRows
  private let merging = Mutex(())
  private let progress: (@Sendable (Double) -> Void)?

  init(
    chunks: RecordChunks, merged: MergedRows, progress: (@Sendable (Double) -> Void)?
  ) {
    self.chunks = chunks
    self.merged = merged
    self.progress = progress
  }

  func next() -> RecordChunk? { reading.withLock { _ in chunks.next() } }

  func add(_ rows: ChunkRows) {
    let share = merging.withLock { _ in merged.add(rows) }
    // The end is told once all is in order.
    if let share, share < 1 { progress?(share) }
  }

  func finish(path: String) throws(LogError) -> ReadRows {
    let rows = try merged.result()
    progress?(1)
    return rows
  }
}

extension LogError {
  /// The same error of a part of a file, of the file: its lines stand so many lines further down.
  fileprivate func movedDown(by lines: Int) -> LogError {
    switch self {
    case .unclosedQuote(let path, let line): .unclosedQuote(path: path, line: line + lines)
    case .recordTooLong(let path, let line, let limit):
      .recordTooLong(path: path, line: line + lines, limit: limit)
    default: self
    }
  }
}
