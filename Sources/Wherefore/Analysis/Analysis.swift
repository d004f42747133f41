import Attribution
import Execution
import FailureModes
import InteractionLog
import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The pipeline as a library: `Analysis(study: study).run(log: path)` reads a log, links, fits and
/// attributes, and gives what `wherefore analyze` writes.
public struct Analysis: Sendable {
  public typealias Intervals = AttributionOptions.Intervals

  /// Contacts below which no member of staff may be compared.
  public static var leastStaffContacts: Int { StaffGuard.leastContacts }

  public var study: Study
  /// Bytes of the study file, for its hash; empty for the canonical study.
  public var studyBytes: [UInt8]
  public var maximumRejectedShare: Double
  public var options: AttributionOptions
  /// The key under which people get pseudonyms as the log is read; nil: they keep their ids.
  public var pseudonymKey: PseudonymKey?

  public init(
    study: Study = .canonical, studyBytes: [UInt8] = [], maximumRejectedShare: Double = 0.05,
    seed: UInt64 = 1, threads: Int? = nil, intervals: Intervals = .sandwich
  ) {
    self.study = study
    self.studyBytes = studyBytes
    self.maximumRejectedShare = maximumRejectedShare
    options = AttributionOptions(
      seed: seed, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
      intervals: intervals)
  }

  /// What a run gives.
  public struct Result: Sendable {
    public var report: AttributionReport
    public var table: InteractionTable
    public var ledger: InteractionLedger
    public var links: LinkTable
    /// Members of staff by name, for those who ask for it.
    public var staff: StaffTable
    public var rejected: [RejectedRow]
    /// Seconds of wall time by stage.
    public var stages: [RunRecord.Stage]
  }

  /// Reads and analyses a log.
  ///
  /// - Parameters:
  ///   - log: path of a CSV or JSON Lines file.
  ///   - customers: path of the customers file, or nil.
  /// - Throws: `LogError`, `FailureModeError`, `AttributionError` for input that cannot be used;
  ///   errors of the fits; `PseudonymError`.
  public func run(
    log: String, customers: String? = nil, progress: RunProgress = .silent
  ) throws -> Result {
    var clock = StageClock()
    let reader = LogReader(
      study: study, maximumRejectedShare: maximumRejectedShare, threads: options.threads)
    var reading = try reader.read(
      path: log, progress: progress.stage("reading", from: 0, to: 0.25))
    var customerTable = try customers.map { try CustomerTable.read(path: $0, study: study) }
    if let pseudonymKey {
      reading = try pseudonymKey.apply(to: reading, study: study)
      customerTable = customerTable.map { pseudonymKey.apply(to: $0, study: study) }
    }
    clock.mark("read")
    let prepared = try PreparedLog(reading.table, customers: customerTable, study: study)
    let input = try prepared.input(
      study: study, constantColumns: reading.constantWithinInteraction)
    clock.mark("failure modes")
    let provenance = AttributionReport.Provenance(
      version: WhereforeVersion.current, studySHA256: Analysis.hash(studyBytes),
      logSHA256: Analysis.logHash(reading, threads: options.threads), seed: options.seed,
      rowsRead: reading.rowsRead,
      rowsRejected: reading.rejected.count + (customerTable?.rejected.count ?? 0))
    clock.mark("hash")
    let stage = progress.stage("fitting", from: 0.25, to: 0.9)
    let outcome = try AttributionEngine(options: options).run(
      input, provenance: provenance, progress: { stage($1) })
    clock.mark("attribution")
    return Result(
      report: outcome.report, table: prepared.table, ledger: outcome.ledger, links: outcome.links,
      staff: outcome.staff,
      rejected: reading.rejected + (customerTable?.rejected ?? []), stages: clock.stages)
  }

  /// Hash of the log's rows in canonical order: the same whatever the order of the file.
  static func logHash(
    _ reading: LogReading, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) -> String {
    let hash = ContentHash()
    let rows = CanonicalRows(reading.table)
    ByteBlocks.forEach(count: rows.count, threads: threads) {
      rows.bytes($0)
    } take: {
      hash.update($0)
    }
    return hash.hexDigest()
  }

  static func hash(_ bytes: [UInt8]) -> String {
    let hash = ContentHash()
    hash.update(bytes)
    return hash.hexDigest()
  }
}

/// Wall time by stage, for `run.json`.
struct StageClock {
  private(set) var stages: [RunRecord.Stage] = []
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  private var last: ContinuousClock.Instant

  init() {
    started = clock.now
    last = started
  }

  mutating func mark(_ name: String) {
    let now = clock.now
    stages.append(.init(name: name, seconds: StageClock.seconds(now - last)))
    last = now
  }

  var total: Double { StageClock.seconds(clock.now - started) }

  static func seconds(_ duration: Duration) -> Double {
    let (whole, atto) = duration.components
    return Double(whole) + Double(atto) * 1e-18
  }
}
