import Attribution
import InteractionLog

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes the folder of a run: everything that `analyze` leaves behind.
///
/// The folder is written beside its place under a hidden name and renamed when whole; an earlier run
/// is replaced, anything else is left alone with an error. The same report gives the same bytes,
/// `run.json` apart.
public struct RunWriter: Sendable {
  public let directory: String
  /// Threads that put tables into bytes; the files do not depend on it.
  public let threads: Int

  public init(directory: String, threads: Int = 1) {
    self.directory = directory
    self.threads = threads
  }

  /// Fails where `write` would: for a caller that wants to know before a long analysis.
  ///
  /// - Throws: `ReportError`.
  public func checkDirectory() throws(ReportError) { _ = try RunFolder(directory: directory) }

  /// Writes the run.
  ///
  /// - Parameters:
  ///   - table: The interactions; `ledger` has one entry a row, `links` index its rows.
  ///   - vegaBundle: Path of the JavaScript that draws the charts; nil where there is none, and the
  ///     page has its tables only.
  ///   - progress: Called with the name of each file before it is written.
  /// - Throws: `ReportError`.
  public func write(
    report: AttributionReport, table: InteractionTable, ledger: InteractionLedger,
    links: LinkTable, rejected: [RejectedRow], run: RunRecord, vegaBundle: String?,
    progress: (_ file: String) -> Void = { _ in }
  ) throws {
    let folder = try RunFolder(directory: directory)
    // Made first: a report that cannot be written must not cost the time of the tables.
    let attribution = JSONPrinter.document(try JSONTreeEncoder.tree(report))
    let bundle = try vegaBundle.map(Self.bundle)
    let charts = Charts.all(report)
    try folder.replace { path in
      progress("attribution.json")
      try Self.write(attribution, to: "\(path)/attribution.json")
      progress("links.csv")
      try RunTables.writeLinks(links, of: table, to: "\(path)/links.csv", threads: threads)
      progress("interactions.csv")
      try RunTables.writeInteractions(
        table, ledger: ledger, to: "\(path)/interactions.csv", threads: threads)
      progress("contacts.csv")
      try RunTables.writeContacts(
        table, facts: ledger.facts, to: "\(path)/contacts.csv", threads: threads)
      progress("modes.csv")
      try RunTables.writeModes(
        table, contributions: ledger.contributions, to: "\(path)/modes.csv", threads: threads)
      progress("joint_removals.csv")
      try RunTables.writeJointRemovals(
        table, ledger.jointRemovals, to: "\(path)/joint_removals.csv", threads: threads)
      try RunTables.writeFigures(
        table, ledger, to: path, threads: threads, progress: progress)
      progress("ledger.json")
      try Self.write(
        JSONPrinter.document(try JSONTreeEncoder.tree(ledger.declaration)),
        to: "\(path)/ledger.json")
      progress("rejected.csv")
      try RunTables.writeRejected(rejected, to: "\(path)/rejected.csv")
      progress("charts")
      try RunFolder.createFolder("\(path)/charts")
      for chart in charts {
        try Self.write(
          JSONPrinter.document(chart.specification), to: "\(path)/charts/\(chart.name).vl.json")
      }
      progress("report.html")
      try Self.write(
        Page.html(report, charts: charts, bundle: bundle).utf8, to: "\(path)/report.html")
      progress("run.json")
      try Self.write(
        JSONPrinter.document(try JSONTreeEncoder.tree(run)), to: "\(path)/run.json")
    }
  }

  private static func write(_ bytes: some Sequence<UInt8>, to path: String) throws(ReportError) {
    var file = try OutputFile(path: path)
    try file.append(bytes)
    try file.finish()
  }

  static func bundle(_ path: String) throws(ReportError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .cannotReadBundle(path: path)
    }
    return String(decoding: data, as: UTF8.self)
  }
}
