import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import Report

/// Days in a row by name (`2026-W03`, `2026-01-14`, `2026-01-01..2026-01-14`), for those that import
/// this library alone.
public typealias CalendarSpan = InteractionLog.CalendarSpan

/// `wherefore change`: why repeats differ between two periods of a log.
public struct PeriodComparison: Sendable {
  public var input: LogInput
  public var from: CalendarSpan
  public var to: CalendarSpan
  /// Path of the customers file, or nil.
  public var customers: String?
  public var threads: Int?

  public init(
    input: LogInput, from: CalendarSpan, to: CalendarSpan, customers: String? = nil,
    threads: Int? = nil
  ) {
    self.input = input
    self.from = from
    self.to = to
    self.customers = customers
    self.threads = threads
  }

  /// Fits the whole log and compares the periods.
  ///
  /// - Throws: `LogError`, `FailureModeError`, `AttributionError` where the log cannot be used,
  ///   `ChangeError` where the periods cannot be compared.
  public func run(
    progress: RunProgress = .silent
  ) throws -> AttributionReport.ChangeDecomposition {
    let study = try input.loadStudy()
    let (_, fitted) = try input.fit(
      study: study, customers: customers, threads: threads, progress: progress, reading: 0.3,
      fitting: 0.8)
    let errors = progress.stage("intervals", from: 0.8, to: 0.95)
    let covariance = try fitted.coefficientCovariance { errors($0) }
    progress.stage("comparing", from: 0.95, to: 1)
    return try ChangeAnalysis.compare(
      fitted, from: from, to: to,
      probability: fitted.tree().probability,
      coefficientCovariance: covariance)
  }

  /// A comparison for a terminal, at most 80 columns.
  public static func text(_ change: AttributionReport.ChangeDecomposition) -> String {
    ChangeText.text(change)
  }
}
