import Attribution
import InteractionLog
import LinearAlgebra
import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `wherefore analyze`: an analysis whose result is written as a run's folder.
public struct AnalysisRun: Sendable {
  public var input: LogInput
  public var customers: String?
  public var out: String
  public var seed: UInt64
  public var threads: Int?
  public var intervals: Analysis.Intervals
  /// Where to write the figures of every compared member of staff, by name; nil: nowhere.
  public var staffTable: String?
  /// From which volume on a member of staff may be named.
  public var staffGuard = StaffGuard()
  /// Whether every refuter runs and stands in the report.
  public var refutes = false

  public init(
    input: LogInput, customers: String? = nil, out: String, seed: UInt64 = 1, threads: Int? = nil,
    intervals: Analysis.Intervals = .sandwich
  ) {
    self.input = input
    self.customers = customers
    self.out = out
    self.seed = seed
    self.threads = threads
    self.intervals = intervals
  }

  /// What a finished run tells its caller.
  public struct Summary: Codable, Sendable {
    /// The folder written, and the report in it.
    public var out: String
    public var report: String
    public var attribution: AttributionReport
    public var seconds: Double
    /// The table of all members of staff, where it was asked for.
    public var staffTable: String?
  }

  /// Analyses and writes; the folder appears when whole.
  public func run(progress: RunProgress = .silent) throws -> Summary {
    let started = Int64(Date().timeIntervalSince1970 * 1000)
    var clock = StageClock()
    // A folder that cannot be written is told before the work, not after it.
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let writer = RunWriter(directory: out, threads: threads)
    try writer.checkDirectory()
    let (study, bytes) = try input.loadStudyWithBytes()
    var analysis = Analysis(
      study: study, studyBytes: bytes, maximumRejectedShare: input.maximumRejectedShare,
      seed: seed, threads: threads, intervals: intervals)
    analysis.pseudonymKey = try input.loadPseudonymKey()
    analysis.options.staffGuard = staffGuard
    if refutes { analysis.options.refuters = RefuterName.allCases }
    let result = try analysis.run(log: input.log, customers: customers, progress: progress)
    progress.stage("writing", from: 0.9, to: 1)
    clock.mark("analysis")
    let record = RunRecord(
      started: Timestamp.text(started), stages: result.stages, totalSeconds: clock.total,
      peakMemoryBytes: AnalysisRun.peakMemory(), threads: analysis.options.threads,
      blasKernel: BLASDescription.kernel, host: AnalysisRun.host(),
      paths: .init(log: input.log, steps: nil, customers: customers, study: input.study, out: out))
    try writer.write(
      report: result.report, table: result.table, ledger: result.ledger, links: result.links,
      rejected: result.rejected, run: record, vegaBundle: VegaBundle.locate())
    if let staffTable {
      try PartialOutput.replace(staffTable) { try RunTables.writeStaff(result.staff, to: $0) }
    }
    return Summary(
      out: out, report: "\(out)/report.html", attribution: result.report, seconds: clock.total,
      staffTable: staffTable)
  }

  private static func peakMemory() -> Int? {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
    return usage.ru_maxrss * 1024
  }

  private static func host() -> RunRecord.Host {
    let information = ProcessInfo.processInfo
    #if arch(x86_64)
      let architecture = "x86_64"
    #elseif arch(arm64)
      let architecture = "arm64"
    #else
      let architecture = "other"
    #endif
    return .init(
      operatingSystem: information.operatingSystemVersionString, architecture: architecture,
      processor: Doctor.processorName(), cores: information.activeProcessorCount,
      memoryBytes: Int(information.physicalMemory))
  }
}

extension AnalysisRun.Summary {
  /// The summary for a terminal, at most 80 columns.
  public func text(colour: Bool) -> String {
    TerminalSummary.text(attribution, directory: out, colour: colour)
      + (staffTable.map(TerminalSummary.staffWarning) ?? "")
  }
}
