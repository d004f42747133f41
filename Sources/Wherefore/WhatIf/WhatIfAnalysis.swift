import Attribution
import InteractionLog
import Report
import WhatIf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Thresholds to try, for those that import this library alone.
public struct ThresholdGrid: Sendable {
  let grid: WhatIf.ThresholdGrid

  /// `0.7`, several with commas between, or `FROM:TO:STEP`.
  ///
  /// - Throws: an ``ExitCoded`` error (2) that says what was expected.
  public init(parsing text: String) throws {
    grid = try WhatIf.ThresholdGrid(parsing: text)
  }
}

/// `wherefore whatif`: what other thresholds would do, as far as a log can know.
public struct WhatIfAnalysis: Sendable {
  public var input: LogInput
  public var grid: ThresholdGrid
  /// The column of the score; nil: `intent_confidence`.
  public var score: String?
  /// A column by whose values there are curves too.
  public var by: String?
  /// The folder that `whatif.json` is written to; nil: it is not.
  public var out: String?
  /// A run on this log whose links say what was caused.
  public var run: String?
  public var ceiling: Double?
  public var halfWidth: Double
  /// Hours a week that all staff may work.
  public var staffHours: Double?
  public var seed: UInt64
  public var threads: Int?

  public init(
    input: LogInput, grid: ThresholdGrid, score: String? = nil, by: String? = nil,
    out: String? = nil, run: String? = nil, ceiling: Double? = nil, halfWidth: Double = 0.01,
    staffHours: Double? = nil, seed: UInt64 = 1, threads: Int? = nil
  ) {
    (self.input, self.grid, self.score, self.by) = (input, grid, score, by)
    (self.out, self.run, self.ceiling, self.halfWidth) = (out, run, ceiling, halfWidth)
    (self.staffHours, self.seed, self.threads) = (staffHours, seed, threads)
  }

  /// What a run found: encodes as `whatif.json`.
  public struct Summary: Encodable, Sendable {
    let report: WhatIfReport
    let currency: String?

    public func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }

    /// For a terminal, at most 80 columns.
    public var text: String { WhatIfText.text(report, currency: currency) }
  }

  /// Name of a derived column that no study can have, for a score of another column.
  private static let scoreName = "whatif_score"

  /// Files that only an interrupted run leaves behind.
  public var partialOutputs: [String] {
    out.map { [PartialOutput.path(for: WhatIfAnalysis.file(in: $0))] } ?? []
  }

  private static func file(in folder: String) -> String {
    URL(filePath: folder).appending(path: "whatif.json").path
  }

  /// - Throws: `LogError`, `WhatIfError`, `ReportError` and `OutputError` where input or output cannot be
  ///   used.
  public func run(progress: RunProgress = .silent) throws -> Summary {
    var study = try input.loadStudy()
    let usesOther = score.map { $0 != "intent_confidence" } ?? false
    if usesOther, let score { study.derived[WhatIfAnalysis.scoreName] = "`\(score)` * 1" }
    for column in [by].compactMap({ $0 }) + segmentColumn(study)
    where column != "topic" && !study.context.contains(column) {
      study.context.append(column)
    }
    let reading = try read(study, progress)
    let stage = progress.stage("valuing", from: 0.6, to: 0.95)
    let table = try PreparedLog(reading.table, customers: nil, study: study).table
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let log = try DecisionLog(
      table: table, scoreColumn: usesOther ? WhatIfAnalysis.scoreName : "intent_confidence",
      shownScore: score, by: by)
    try grid.grid.check(within: log.scoreRange)
    let curveCount = by == nil ? 1 : 1 + log.groupNames.count
    guard curveCount * grid.grid.thresholds.count <= ThresholdSweep.mostPoints else {
      throw WhatIfError.tooManyPoints(
        groups: curveCount, thresholds: grid.grid.thresholds.count, most: ThresholdSweep.mostPoints)
    }
    let policies = try study.policies.map {
      (declaration) throws(WhatIfError) in try RoutingPolicy(declaration, log)
    }
    let window = study.repeatWindow.windowDays
    let setting = try WhatIfSetting(
      log, table: table,
      options: .init(
        windowDays: window, costs: study.costs, explorationRate: study.explorationRate,
        ceiling: ceiling, caused: try run.map { try CausedRepeats.byRow(run: $0, table: table) }))
    stage(0.3)
    let sweep = ThresholdSweep(setting, grid: grid.grid, byGroup: by != nil, threads: threads)
    let curves = CurveBuilder(setting, sweep: sweep, halfWidth: halfWidth).curves()
    stage(0.7)
    var report = WhatIfReport(
      setting,
      period: .init(
        from: Timestamp.text(log.span.lowerBound),
        to: Timestamp.text(log.span.upperBound)),
      windowDays: window, by: by, curves: curves,
      local: LocalEffect.all(setting, byGroup: by != nil, threads: threads))
    report.optimum =
      grid.grid.thresholds.count > 1
      ? ThresholdChoice(setting, sweep: sweep, curves: curves, seed: seed, threads: threads)?
        .report(staffHours: staffHours, currency: study.costs.currency) : nil
    report.policies = policies.map {
      PolicyValuation(setting, $0, zone: study.source.zone).result(threads: threads)
    }
    let summary = Summary(report: report, currency: study.costs.currency)
    if let out {
      try FileManager.default.createDirectory(
        atPath: out, withIntermediateDirectories: true)
      try JSONText.write(summary, to: WhatIfAnalysis.file(in: out))
    }
    return summary
  }

  /// Reads the log; a column that an option names and the log does not have is that option's fault.
  private func read(_ study: Study, _ progress: RunProgress) throws -> LogReading {
    do {
      return try input.read(study: study, progress: progress, from: 0, to: 0.6)
    } catch LogError.expression(var fault) {
      if fault.place == "derived.\(WhatIfAnalysis.scoreName)" {
        (fault.place, fault.text, fault.position) = ("--score", score ?? "", 0)
      } else if fault.place == "context", fault.text == by {
        fault.place = "--by"
      }
      throw LogError.expression(fault)
    }
  }

  /// Segments that policies name are read from the log.
  private func segmentColumn(_ study: Study) -> [String] {
    study.policies.contains { $0.exceptions.contains { $0.column == "segment" } }
      ? ["segment"] : []
  }
}

extension WhatIfError: ExitCoded {}
