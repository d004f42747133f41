import Attribution
import FailureModes
import InteractionLog

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A log, the study that says how to read it, and how much of it may be unusable.
public struct LogInput: Sendable {
  /// Path of the log.
  public var log: String
  /// Path of the study; nil for logs in the canonical columns.
  public var study: String?
  /// Share of the rows that may be rejected before that is an error, 0...1.
  public var maximumRejectedShare: Double
  /// Path of the key under which people get pseudonyms as the log is read; nil: they keep their ids.
  public var pseudonymKey: String?

  public init(log: String, study: String? = nil, maximumRejectedShare: Double = 0.05) {
    self.log = log
    self.study = study
    self.maximumRejectedShare = maximumRejectedShare
  }

  /// The study: the file's, or the canonical one.
  ///
  /// - Throws: `LogError` where the file cannot be read or used.
  public func loadStudy() throws(LogError) -> Study { try loadStudyWithBytes().study }

  /// The study and the bytes of its file; no bytes for the canonical one.
  func loadStudyWithBytes() throws(LogError) -> (study: Study, bytes: [UInt8]) {
    if let study { try Study.loadWithBytes(path: study) } else { (.canonical, []) }
  }

  /// Reads the log as the study says; reading takes the run's progress from one share to another.
  ///
  /// - Throws: `LogError` where the log cannot be read or used, `PseudonymError`.
  public func read(
    study: Study, progress: RunProgress, from start: Double, to end: Double
  ) throws -> LogReading {
    let key = try loadPseudonymKey()
    let reader = LogReader(
      study: study, maximumRejectedShare: maximumRejectedShare,
      threads: ProcessInfo.processInfo.activeProcessorCount)
    let reading = try reader.read(
      path: log, progress: progress.stage("reading", from: start, to: end))
    return try key?.apply(to: reading, study: study) ?? reading
  }

  /// The key that people get pseudonyms under, where one is named.
  func loadPseudonymKey() throws(PseudonymError) -> PseudonymKey? {
    if let pseudonymKey { try PseudonymKey(path: pseudonymKey) } else { nil }
  }

  /// Reads the log and fits the link model to it; the run's progress is `reading` after the one and
  /// `fitting` after the other.
  ///
  /// - Throws: `LogError`, `FailureModeError`, `AttributionError` where the input cannot be used.
  func fit(
    study: Study, customers: String?, threads: Int?, progress: RunProgress, reading: Double,
    fitting: Double
  ) throws -> (reading: LogReading, fitted: FittedAttribution) {
    var log = try read(study: study, progress: progress, from: 0, to: reading)
    let key = try loadPseudonymKey()
    let customerTable = try customers.map { path in
      let read = try CustomerTable.read(path: path, study: study)
      return key?.apply(to: read, study: study) ?? read
    }
    let prepared = try PreparedLog(log.table, customers: customerTable, study: study)
    log.table = prepared.table
    let stage = progress.stage("fitting", from: reading, to: fitting)
    let fitted = try FittedAttribution(
      try prepared.input(study: study, constantColumns: []),
      options: AttributionOptions(
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    ) { stage($1) }
    return (log, fitted)
  }
}
