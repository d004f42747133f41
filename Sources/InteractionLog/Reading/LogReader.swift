/// Reads an interaction log as a study describes it.
///
/// CSV by RFC 4180, or JSON Lines where the file's name ends in `.jsonl` or `.ndjson`. Only the
/// columns that the study needs are decoded; rows that cannot be used are listed, not guessed at.
public struct LogReader: Sendable {
  public let study: Study
  /// The largest share of rows, 0...1, that may be rejected before the log as a whole is.
  public let maximumRejectedShare: Double
  package let blockSize: Int

  public init(study: Study, maximumRejectedShare: Double = 0.05) {
    self.init(study: study, maximumRejectedShare: maximumRejectedShare, blockSize: 1 << 20)
  }

  package init(study: Study, maximumRejectedShare: Double = 0.05, blockSize: Int) {
    self.study = study
    self.maximumRejectedShare = maximumRejectedShare
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
    return try read(source, path, progress)
  }

  private func read<Source: RecordSource>(
    _ source: Source, _ path: String, _ progress: (@Sendable (Double) -> Void)?
  ) throws(LogError) -> LogReading {
    let plan = try ReadingPlanner.plan(study: study, header: source.header, path: path)
    let rows = try RowReader(plan: plan, study: study, path: path).read(source, progress: progress)
    var builder = InteractionBuilder(rows: rows, study: study)
    return try builder.build(maximumRejectedShare: maximumRejectedShare)
  }
}
