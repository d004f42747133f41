import Attribution
import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `wherefore refute`: a log analysed, and every attempt made to show that the analysis is wrong.
public struct RefuteAnalysis: Sendable {
  public var input: LogInput
  public var customers: String?
  /// Refuters to run; all of them where none is named.
  public var only: [RefuterName]
  public var seed: UInt64
  public var threads: Int?

  public init(
    input: LogInput, customers: String? = nil, only: [RefuterName] = [], seed: UInt64 = 1,
    threads: Int? = nil
  ) {
    self.input = input
    self.customers = customers
    self.only = only
    self.seed = seed
    self.threads = threads
  }

  /// What was tried against a log's attribution and what came of it.
  public struct Summary: Codable, Sendable {
    public var interactions: Int
    public var customers: Int
    public var refuters: [AttributionReport.Refuter]
    public var provenance: AttributionReport.Provenance
  }

  /// - Throws: `LogError`, `FailureModeError`, `AttributionError` where the input cannot be used.
  public func run(progress: RunProgress = .silent) throws -> Summary {
    let (study, bytes) = try input.loadStudyWithBytes()
    var analysis = Analysis(
      study: study, studyBytes: bytes, maximumRejectedShare: input.maximumRejectedShare,
      seed: seed, threads: threads)
    analysis.options.modelChecks = false
    analysis.options.refuters = only.isEmpty ? RefuterName.allCases : only
    let report = try analysis.run(log: input.log, customers: customers, progress: progress).report
    return Summary(
      interactions: report.interactions, customers: report.customers,
      refuters: report.refuters ?? [], provenance: report.provenance)
  }
}

extension RefuteAnalysis.Summary {
  /// The summary for a terminal, at most 80 columns.
  public func text(colour: Bool) -> String { RefuterText.text(refuters, colour: colour) }

  /// Writes the JSON through a temporary name.
  public func write(to path: String) throws { try JSONText.write(self, to: path) }
}
