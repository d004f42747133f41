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
  /// Thresholds to try; nil: none, other changes only.
  public var grid: ThresholdGrid?
  /// Other changes to think through, beside those that the study names.
  public var changes: [String]
  /// Whether the text says how often the score is right; `whatif.json` always does.
  public var showsCalibration: Bool
  /// The column of the score; nil: `intent_confidence`.
  public var score: String?
  /// A column by whose values there are curves too.
  public var by: String?
  /// The folder that `whatif.json` and `charts/` are written to; nil: they are not.
  public var out: String?
  /// Whether the page `whatif.html` is written to that folder too.
  public var writesPage: Bool
  /// A run on this log whose links say what was caused.
  public var run: String?
  public var ceiling: Double?
  public var halfWidth: Double
  /// Hours a week that all staff may work; nil, here and below: as the study's `capacity` says.
  public var staffHours: Double?
  /// Members of staff at work by hour of the day, 24 values.
  public var staffByHour: [Double]?
  /// How long customers wait on average before they give up, minutes; 5 where nobody says.
  public var patienceMinutes: Double?
  /// Share of an hour's customers that may give up, at most; 0.05 where nobody says.
  public var mostAbandoned: Double?
  public var seed: UInt64
  public var threads: Int?

  public init(
    input: LogInput, grid: ThresholdGrid?, changes: [String] = [], showsCalibration: Bool = false,
    score: String? = nil, by: String? = nil,
    out: String? = nil, writesPage: Bool = false, run: String? = nil, ceiling: Double? = nil,
    halfWidth: Double = 0.01,
    staffHours: Double? = nil, staffByHour: [Double]? = nil, patienceMinutes: Double? = nil,
    mostAbandoned: Double? = nil, seed: UInt64 = 1, threads: Int? = nil
  ) {
    (self.input, self.grid, self.score, self.by) = (input, grid, score, by)
    (self.changes, self.showsCalibration) = (changes, showsCalibration)
    (self.out, self.writesPage, self.run) = (out, writesPage, run)
    (self.ceiling, self.halfWidth) = (ceiling, halfWidth)
    (self.staffHours, self.staffByHour) = (staffHours, staffByHour)
    (self.patienceMinutes, self.mostAbandoned) = (patienceMinutes, mostAbandoned)
    (self.seed, self.threads) = (seed, threads)
  }

  /// What a run found: encodes as `whatif.json`.
  public struct Summary: Encodable, Sendable {
    /// nil where no threshold was tried.
    let thresholds: WhatIfReport?
    let calibration: ScoreSection?
    let changes: InterventionReport?
    let currency: String?
    let showsCalibration: Bool

    private enum CodingKeys: String, CodingKey {
      case calibration, changes
      case schemaVersion = "schema_version"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      if let thresholds {
        try thresholds.encode(to: encoder)
      } else {
        try container.encode("1", forKey: .schemaVersion)
      }
      try container.encode(calibration, forKey: .calibration)
      try container.encode(changes, forKey: .changes)
    }

    /// What charts and page show.
    var contents: WhatIfContents {
      WhatIfContents(
        thresholds: thresholds, score: calibration?.report, scoreNote: calibration?.note,
        changes: changes, currency: currency)
    }

    /// For a terminal, at most 80 columns.
    public var text: String {
      var parts: [String] = []
      if let thresholds { parts.append(WhatIfText.text(thresholds, currency: currency)) }
      if let calibration {
        let lines = WhatIfText.calibration(calibration, whole: showsCalibration)
        if !lines.isEmpty { parts.append(lines.joined(separator: "\n")) }
      }
      if let changes { parts.append(WhatIfText.changes(changes).joined(separator: "\n")) }
      return parts.joined(separator: "\n\n")
    }
  }

  /// Name of a derived column that no study can have, for a score of another column.
  private static let scoreName = "whatif_score"

  /// Where the page is written; nil: it is not.
  public var page: String? { writesPage ? out.map { "\($0)/whatif.html" } : nil }

  /// Files that only an interrupted run leaves behind.
  public var partialOutputs: [String] {
    (out.map { [WhatIfOutput.json(in: $0), WhatIfOutput.page(in: $0)] } ?? [])
      .map(PartialOutput.path)
  }

  private var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

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
    let wanted = try (study.changes + changes).map {
      (text) throws(InterventionError) in try Intervention(parsing: text)
    }
    // A folder that cannot be written to must not cost the time of the answer.
    let output = try out.map { (folder) throws(ReportError) in
      try WhatIfOutput(folder, page: writesPage)
    }
    let reading = try read(study, progress)
    let stage = progress.stage("valuing", from: 0.6, to: wanted.isEmpty ? 0.95 : 0.7)
    let prepared = try PreparedLog(reading.table, customers: nil, study: study)
    let table = prepared.table
    let column = usesOther ? WhatIfAnalysis.scoreName : "intent_confidence"
    let summary = Summary(
      thresholds: try grid.map {
        try thresholds($0.grid, table, study, column: column, progress: stage)
      },
      calibration: grid == nil && !showsCalibration
        ? nil
        : try ScoreSection(
          table, column: column, shown: score ?? column,
          isAlone: grid == nil && wanted.isEmpty, threads: threadCount),
      changes: wanted.isEmpty
        ? nil
        : try report(
          of: wanted, prepared, constantColumns: reading.constantWithinInteraction, study, progress),
      currency: study.costs.currency, showsCalibration: showsCalibration)
    try output?.write(summary, run: run)
    return summary
  }

  /// Changes thought through on a fit of the study as it stands: columns that only `by` names are
  /// adjusted for as any of its context is.
  private func report(
    of changes: [Intervention], _ prepared: PreparedLog, constantColumns: [String],
    _ study: Study, _ progress: RunProgress
  ) throws -> InterventionReport {
    let stage = progress.stage("fitting", from: 0.7, to: 0.95)
    let fitted = try FittedAttribution(
      try prepared.input(study: study, constantColumns: constantColumns),
      options: AttributionOptions(
        seed: seed, threads: threadCount)
    ) { stage($1) }
    return try InterventionAnalysis(fitted).report(changes)
  }

  private func thresholds(
    _ grid: WhatIf.ThresholdGrid, _ table: InteractionTable, _ study: Study, column: String,
    progress stage: (Double) -> Void
  ) throws -> WhatIfReport {
    let threads = threadCount
    let log = try DecisionLog(table: table, scoreColumn: column, shownScore: score, by: by)
    try grid.check(within: log.scoreRange)
    let curveCount = by == nil ? 1 : 1 + log.groupNames.count
    guard curveCount * grid.thresholds.count <= ThresholdSweep.mostPoints else {
      throw WhatIfError.tooManyPoints(
        groups: curveCount, thresholds: grid.thresholds.count, most: ThresholdSweep.mostPoints)
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
    let sweep = ThresholdSweep(setting, grid: grid, byGroup: by != nil, threads: threads)
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
      grid.thresholds.count > 1
      ? ThresholdChoice(setting, sweep: sweep, curves: curves, seed: seed, threads: threads)?
        .report(
          staffHours: staffHours ?? study.capacity.staffHours,
          hourly: (staffByHour ?? study.capacity.staffByHour).map {
            HourlyCapacity(
              staff: $0, patienceMinutes: patienceMinutes ?? study.capacity.patienceMinutes ?? 5,
              mostAbandoned: mostAbandoned ?? study.capacity.mostGiveUp ?? 0.05,
              zone: study.source.zone)
          }, currency: study.costs.currency) : nil
    report.policies = policies.map {
      PolicyValuation(setting, $0, zone: study.source.zone).result(threads: threads)
    }
    return report
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
