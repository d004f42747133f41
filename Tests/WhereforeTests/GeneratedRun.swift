import Attribution
import Foundation
import InteractionLog
import Statistics
import SyntheticWorld
import Wherefore

/// A generated log on disk and what the pipeline makes of it.
struct GeneratedRun {
  /// What was written, by file name.
  var files: [String: Data]
  var report: AttributionReport

  /// The rows of one of the run's CSV files, header left out.
  func rows(of name: String) throws -> [[String]] {
    guard let data = files[name] else { throw CocoaError(.fileNoSuchFile) }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  /// The CSV of a generated log.
  static func csv(_ log: GeneratedLog) throws -> String {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "log.csv")
      try log.writeCSV(to: path.path)
      return try String(contentsOf: path, encoding: .utf8)
    }
  }

  /// The same CSV with its rows in another order.
  static func shuffled(_ csv: String, seed: UInt64) -> String {
    var lines = csv.split(separator: "\n").map(String.init)
    let header = lines.removeFirst()
    var stream = RandomStream(seed: seed)
    stream.shuffle(&lines)
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  /// Analyses a CSV into a folder; `body` sees the folder before it is removed.
  static func analyze(
    _ csv: String, threads: Int, intervals: Analysis.Intervals = .sandwich,
    body: (String) throws -> Void = { _ in }
  ) throws -> GeneratedRun {
    try withTemporaryFolder { folder in
      let log = folder.appending(path: "log.csv")
      let out = folder.appending(path: "run")
      try Data(csv.utf8).write(to: log)
      let summary = try AnalysisRun(
        input: LogInput(log: log.path), out: out.path, threads: threads, intervals: intervals
      ).run()
      var files: [String: Data] = [:]
      for name in [
        "attribution.json", "interactions.csv", "links.csv", "rejected.csv", "contacts.csv",
        "modes.csv", "joint_removals.csv", "ledger.json",
      ] {
        files[name] = try Data(contentsOf: out.appending(path: name))
      }
      // Not every run has these.
      for name in ["staff_view.csv", "change.csv", "latency_dose.csv"] {
        files[name] = FileManager.default.contents(atPath: out.appending(path: name).path)
      }
      try body(out.path)
      return GeneratedRun(files: files, report: summary.attribution)
    }
  }
}
