import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import Report

/// Links a log by the model: each candidate pair with the probability that the first contact brought
/// the second, against everything else that could have.
public struct ModelLinking: Sendable {
  /// nil: the study's window.
  public var windowDays: Double?
  /// Path of the customers file, or nil.
  public var customers: String?
  public var threads: Int?

  public init(windowDays: Double?, customers: String?, threads: Int?) {
    self.windowDays = windowDays
    self.customers = customers
    self.threads = threads
  }

  /// What a linking found.
  public struct Summary: Codable, Sendable, Equatable {
    public var rule = "branching"
    public var windowDays: Double
    public var interactions: Int
    /// Candidate pairs, each with its probability.
    public var links: Int
    /// Contacts with an earlier contact of the same customer within the window.
    public var laterContacts: Int
    /// Σ of the probabilities.
    public var caused: Double
    public var converged: Bool
    public var rowsRejected: Int
    public var out: String

    enum CodingKeys: String, CodingKey {
      case rule, interactions, links, caused, converged, out
      case windowDays = "window_days"
      case laterContacts = "later_contacts"
      case rowsRejected = "rows_rejected"
    }
  }

  /// Fits the model and writes the links to `path`, which is replaced when whole.
  ///
  /// - Throws: `LogError`, `FailureModeError`, `AttributionError` where the input cannot be used,
  ///   `ReportError` and `OutputError` where the links cannot be written.
  public func run(
    log: LogInput, out path: String, progress: RunProgress = .silent
  ) throws -> Summary {
    var study = try log.loadStudy()
    if let windowDays { study.repeatWindow.windowDays = windowDays }
    let (reading, fitted) = try log.fit(
      study: study, customers: customers, threads: threads, progress: progress, reading: 0.4,
      fitting: 0.9)
    let links = fitted.tree().linkTable(startedAt: reading.table.startedAt)
    progress.stage("writing links", from: 0.9, to: 1)
    try PartialOutput.replace(path) { partial in
      try RunTables.writeLinks(links, of: reading.table, to: partial)
    }
    let later = (0..<fitted.data.count).count { fitted.data.firstPrior[$0] < Int32($0) }
    return Summary(
      windowDays: study.repeatWindow.windowDays, interactions: reading.table.count,
      links: links.count, laterContacts: later, caused: links.probability.reduce(0, +),
      converged: fitted.fit.record.ending == .converged, rowsRejected: reading.rejected.count,
      out: path)
  }
}
