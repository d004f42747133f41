/// Reads an interaction log as a study describes it.
///
/// CSV by RFC 4180, or JSON Lines where the file's name ends in `.jsonl` or `.ndjson`. Only the
/// columns that the study needs are decoded; rows that cannot be used are listed, not guessed at.
public struct LogReader: Sendable {
  public let study: Study
  /// The largest share of rows, 0...1, that may be rejected before the log as a whole is.
  public let maximumRejectedShare: Double
  /// Threads that read a file of one row per interaction; the result does not depend on it.
  public let threads: Int
  package let blockSize: Int
  /// Whether a file of one row per interaction is read by chunks; else record by record.
  package var readsByChunks = true

  public init(study: Study, maximumRejectedShare: Double = 0.05, threads: Int = 1) {
    self.init(
      study: study, maximumRejectedShare: maximumRejectedShare, threads: threads,
      blockSize: 1 << 20)
  }

  package init(
    study: Study, maximumRejectedShare: Double = 0.05, threads: Int = 1, blockSize: Int
  ) {
    self.study = study
    self.maximumRejectedShare = maximumRejectedShare
    self.threads = threads
    self.blockSize = blockSize
  }

  /// The interactions of a log in canonical order.
  ///
  /// `progress` hears the share of the file that has been read, 0...1. Throws ``LogError``. Time is
  /// linear in the file; memory holds the decoded columns, not the file.
  public func read(
    path: String, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(LogError) -> LogReading {
    if path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") {
      return try read(try JSONLineRecords(path: path, blockSize: blockSize), path, progress)
    }
    let source = try DelimitedRecords(
      path: path, delimiter: study.source.delimiter, blockSize: blockSize)
    guard readsByChunks, study.source.layout == .interactions else {
      return try read(source, path, progress)
    }
    let plan = try ReadingPlanner.plan(study: study, header: source.header, path: path)
    return try interactions(
      of: try ChunkedRowReader(plan: plan, study: study, path: path, threads: threads)
        .read(source, progress: progress))
  }

  private func read<Source: RecordSource>(
    _ source: Source, _ path: String, _ progress: (@Sendable (Double) -> Void)?
  ) throws(LogError) -> LogReading {
    let plan = try ReadingPlanner.plan(study: study, header: source.header, path: path)
    return try interactions(
      of: try RowReader(plan: plan, study: study, path: path).read(source, progress: progress))
  }

  private func interactions(of rows: ReadRows) throws(LogError) -> LogReading {
    var builder = InteractionBuilder(rows: rows, study: study)
    return try builder.build(maximumRejectedShare: maximumRejectedShare)
  }
}
