import InteractionLog
import Report

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Drafts a study for a log, and reads the log by it to see what it gives.
public struct StudyDrafting: Sendable {
  public var log: String
  /// The file that the study is written to; nil: it is only returned.
  public var out: String?

  public init(log: String, out: String? = nil) {
    self.log = log
    self.out = out
  }

  /// What came of it.
  public struct Summary: Codable, Sendable {
    public var log: String
    /// Where the study was written; nil: nowhere.
    public var out: String?
    public var yaml: String
    public var guesses: [String]
    public var notUnderstood: [String]
    /// What must be filled in before the log can be read.
    public var missing: [String]
    /// What the log holds as the draft reads it; nil where something is missing or it cannot be read.
    public var reading: Reading?
    /// Why the draft does not read the log; nil where it does.
    public var problem: String?

    public struct Reading: Codable, Sendable {
      public var interactions: Int
      public var customers: Int
      public var rowsRejected: Int
      /// First and last start, UTC.
      public var from: String
      public var to: String

      enum CodingKeys: String, CodingKey {
        case interactions, customers, from, to
        case rowsRejected = "rows_rejected"
      }
    }

    enum CodingKeys: String, CodingKey {
      case log, out, yaml, guesses, missing, reading, problem
      case notUnderstood = "not_understood"
    }
  }

  /// - Throws: `LogError` where the log cannot be looked at, `OutputError` where the study cannot be
  ///   written or the file is there already.
  public func run(progress: RunProgress = .silent) throws -> Summary {
    if let out, access(out, F_OK) == 0 { throw OutputError.exists(path: out) }
    let draft = try StudyDraft(log: log)
    var summary = Summary(
      log: log, out: out, yaml: draft.yaml, guesses: draft.guesses,
      notUnderstood: draft.notUnderstood, missing: draft.missing)
    if draft.isReady {
      do {
        summary.reading = try reading(draft, progress)
      } catch let error as LogError {
        summary.problem = "\(error)"
      }
    }
    if let out {
      try PartialOutput.replace(out) { partial in
        var file = try OutputFile(path: partial)
        try file.append(Array(draft.yaml.utf8))
        try file.finish()
      }
    }
    return summary
  }

  private func reading(_ draft: StudyDraft, _ progress: RunProgress) throws -> Summary.Reading {
    let study = try Study.parse(yaml: draft.yaml, file: out ?? "the draft")
    let table = try LogInput(log: log, study: nil, maximumRejectedShare: 1)
      .read(study: study, progress: progress, from: 0, to: 1)
    return .init(
      interactions: table.table.count,
      customers: Set(table.table.customer.codes.filter { $0 >= 0 }).count,
      rowsRejected: table.rejected.count,
      from: Timestamp.text(table.table.startedAt.min() ?? 0),
      to: Timestamp.text(table.table.startedAt.max() ?? 0))
  }
}

extension StudyDrafting.Summary {
  /// What was found, for a terminal, at most 80 columns.
  public var text: String {
    var lines: [String] = []
    if let reading {
      lines += LedgerWords.lines(
        "Read by this draft: \(NumberWords.count(Double(reading.interactions))) interactions of "
          + "\(NumberWords.count(Double(reading.customers))) customers, \(reading.from) to \(reading.to); "
          + "\(NumberWords.count(Double(reading.rowsRejected))) rows rejected.")
    }
    if let problem { lines += LedgerWords.lines("The draft does not read the log: \(problem)") }
    list("Fill in before the log can be read", missing, &lines)
    list("Guessed", guesses, &lines)
    list("Not understood, and left out", notUnderstood, &lines)
    lines.append("")
    let study = out ?? "STUDY.yaml"
    lines.append(
      missing.isEmpty && problem == nil
        ? "Next: wherefore analyze \(log) --study \(study) --out out"
        : "Edit \(study), then: wherefore analyze \(log) --study \(study) --out out")
    return lines.joined(separator: "\n")
  }

  private func list(_ title: String, _ items: [String], _ lines: inout [String]) {
    guard !items.isEmpty else { return }
    lines.append("")
    lines.append("\(title):")
    for item in items { lines += TerminalSummary.wrapped(item, first: "  - ", rest: "    ") }
  }
}
