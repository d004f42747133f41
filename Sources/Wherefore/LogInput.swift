import InteractionLog

/// A log, the study that says how to read it, and how much of it may be unusable.
public struct LogInput: Sendable {
  /// Path of the log.
  public var log: String
  /// Path of the study; nil for logs in the canonical columns.
  public var study: String?
  /// Share of the rows that may be rejected before that is an error, 0...1.
  public var maximumRejectedShare: Double

  public init(log: String, study: String? = nil, maximumRejectedShare: Double = 0.05) {
    self.log = log
    self.study = study
    self.maximumRejectedShare = maximumRejectedShare
  }
}
