import Attribution
import FailureModes
import InteractionLog
import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `wherefore follow`: whether a released fix did what a run before it predicted.
public struct FollowAnalysis: Sendable {
  /// `mode@component`, a mode that has one fix only, or a rank.
  public var fix: String
  /// The day or moment of the release, ISO-8601; without zone in the study's, else UTC.
  public var released: String
  /// The folder of the run that predicted.
  public var directory: String
  /// The log after the release, with the time before it or without.
  public var input: LogInput
  /// The log before the release; nil: the one that the run read, where it is needed.
  public var before: String?
  /// Share of the failures that the release was to take away.
  public var expectedCut: Double

  public init(
    fix: String, released: String, directory: String, input: LogInput, before: String? = nil,
    expectedCut: Double = 1
  ) {
    self.fix = fix
    self.released = released
    self.directory = directory
    self.input = input
    self.before = before
    self.expectedCut = expectedCut
  }

  /// Reads the run and the log, and compares.
  ///
  /// - Throws: `ReportError` for the run, `LogError` and `FailureModeError` for the log, `FollowError`
  ///   and `FollowInputError` where they do not fit together.
  public func run(progress: RunProgress = .silent) throws -> FollowUp {
    let report = try RunReader.report(in: directory)
    let prediction = try FixPrediction(fix, in: report)
    let study = try study(report)
    let moment = try moment(study)
    var reading = try input.read(study: study, progress: progress, from: 0, to: 0.5)
    reading.table = try PreparedLog(reading.table, customers: nil, study: study).table
    let modes = try ModeTable.build(study: study, table: reading.table)
    let note = note(report, moment)
    let covers = (reading.table.startedAt.min() ?? moment) < moment
    guard before != nil || !covers else {
      let design = try design(prediction, modes, study, reading.table)
      var result = try compare(
        prediction, design, study, moment,
        FollowRecord.records(design, modes: modes, study: study, table: reading.table))
      result.note = note
      return result
    }
    var earlier = input
    earlier.log = try beforePath()
    var other = try earlier.read(study: study, progress: progress, from: 0.5, to: 0.8)
    if before == nil, Analysis.logHash(other) != report.provenance.logSHA256 {
      throw FollowInputError.logChanged(path: earlier.log, directory: directory)
    }
    other.table = try PreparedLog(other.table, customers: nil, study: study).table
    let otherModes = try ModeTable.build(study: study, table: other.table)
    let design = try design(prediction, otherModes, study, other.table)
    let late = FollowRecord.records(design, modes: modes, study: study, table: reading.table)
    let known = Set(late.map(\.id))
    let early = FollowRecord.records(
      design, modes: otherModes, study: study, table: other.table
    ).filter { !known.contains($0.id) }
    var result = try compare(prediction, design, study, moment, early + late)
    result.note = note
    return result
  }

  private func design(
    _ prediction: FixPrediction, _ modes: ModeTable, _ study: Study, _ table: InteractionTable
  ) throws -> FollowDesign {
    try FollowDesign(
      mode: prediction.mode, component: prediction.component, modes: modes, study: study,
      table: table)
  }

  private func compare(
    _ prediction: FixPrediction, _ design: FollowDesign, _ study: Study, _ moment: Int64,
    _ records: [FollowRecord]
  ) throws -> FollowUp {
    try FollowUp(
      prediction, design: design, records: records, released: moment, expectedCut: expectedCut,
      windowDays: study.repeatWindow.windowDays)
  }

  /// A run whose log reaches more than a day beyond the release has seen what it is held against.
  private func note(_ report: AttributionReport, _ moment: Int64) -> String? {
    let day: Int64 = 86_400_000
    let times = TimeParser(source: Study.Source())
    let last = Array(report.period.to.utf8).withUnsafeBufferPointer { times.parse($0) }
    guard case .success(let end) = last, end > moment + day else { return nil }
    return
      "The run \(directory) reaches to \(report.period.to.prefix(10)), \((end - moment) / day) days "
      + "beyond the release: its prediction has seen what it is compared with. Analyse the log up to "
      + "the release for one that has not."
  }

  /// The study that is named; else the one that the run was made with.
  private func study(_ report: AttributionReport) throws -> Study {
    let (study, bytes) = try input.loadStudyWithBytes()
    guard input.study == nil, Analysis.hash(bytes) != report.provenance.studySHA256 else {
      return study
    }
    guard let path = try RunReader.record(in: directory).paths.study,
      FileManager.default.fileExists(atPath: path)
    else { throw FollowInputError.studyMissing(directory: directory) }
    let (own, ownBytes) = try Study.loadWithBytes(path: path)
    guard Analysis.hash(ownBytes) == report.provenance.studySHA256 else {
      throw FollowInputError.studyMissing(directory: directory)
    }
    return own
  }

  private func moment(_ study: Study) throws -> Int64 {
    var source = study.source
    source.timeFormat = nil
    source.timeZone = study.source.timeZone ?? "UTC"
    let parsed = Array(released.utf8).withUnsafeBufferPointer {
      TimeParser(source: source).parse($0)
    }
    guard case .success(let moment) = parsed else {
      throw FollowInputError.badDate(released)
    }
    return moment
  }

  private func beforePath() throws -> String {
    if let before { return before }
    let path = try RunReader.record(in: directory).paths.log
    guard FileManager.default.fileExists(atPath: path) else {
      throw FollowInputError.logMissing(path: path, directory: directory)
    }
    return path
  }
}

/// Why the inputs of a follow-up do not fit together.
public enum FollowInputError: Error, Sendable, Equatable {
  case badDate(String)
  case studyMissing(directory: String)
  case logMissing(path: String, directory: String)
  case logChanged(path: String, directory: String)
}

extension FollowInputError: ExitCoded {
  public var exitCode: Int32 {
    switch self {
    case .badDate: 2
    case .studyMissing, .logMissing: 66
    case .logChanged: 65
    }
  }

  public var description: String {
    switch self {
    case .badDate(let text):
      "--released is '\(text)', expected a date such as 2026-03-02 or a time such as "
        + "2026-03-02T09:00:00Z."
    case .studyMissing(let directory):
      "The run \(directory) was made with a study that is not where it was or has changed: name it "
        + "with --study."
    case .logMissing(let path, let directory):
      "The log begins after the release, and the log that the run \(directory) read is not at \(path) "
        + "any more: name it with --before, or give one log of the time before and after."
    case .logChanged(let path, let directory):
      "The log begins after the release, and \(path) is no longer the log that the run \(directory) "
        + "read: name that with --before, or give one log of the time before and after."
    }
  }
}

extension FollowError: ExitCoded {}
