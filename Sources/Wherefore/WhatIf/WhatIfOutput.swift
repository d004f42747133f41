import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The folder of a what-if: `whatif.json`, `charts/whatif-*.vl.json` and, where asked for, `whatif.html`.
struct WhatIfOutput {
  private let writer: WhatIfWriter
  private let hasPage: Bool

  /// - Throws: `ReportError` where the folder cannot be written to.
  init(_ directory: String, page: Bool) throws(ReportError) {
    writer = try WhatIfWriter(directory: directory)
    hasPage = page
  }

  static func json(in folder: String) -> String { path("whatif.json", in: folder) }

  static func page(in folder: String) -> String { path("whatif.html", in: folder) }

  private static func path(_ name: String, in folder: String) -> String {
    URL(filePath: folder).appending(path: name).path
  }

  /// - Parameter run: the run whose links were used; its report is linked where there is one.
  func write(_ summary: WhatIfAnalysis.Summary, run: String?) throws {
    try JSONText.write(summary, to: Self.json(in: writer.directory))
    var contents = summary.contents
    contents.attribution = run.flatMap(linkedReport)
    let charts = WhatIfCharts.all(contents)
    try writer.writeCharts(charts)
    guard hasPage else { return }
    let html = try WhatIfWriter.page(
      contents, charts: charts, vegaBundle: VegaBundle.locate())
    try PartialOutput.replace(Self.page(in: writer.directory)) { partial in
      var file = try OutputFile(path: partial)
      try file.append(html.utf8)
      try file.finish()
    }
  }

  /// The report of a run as seen from the what-if's folder; nil where it has none.
  private func linkedReport(_ run: String) -> String? {
    let report = URL(filePath: run).standardizedFileURL.appending(path: "report.html").path
    guard FileManager.default.fileExists(atPath: report) else { return nil }
    let target = report.split(separator: "/")
    let base = URL(filePath: writer.directory).standardizedFileURL.path.split(separator: "/")
    let shared = zip(target, base).prefix { $0 == $1 }.count
    return ([Substring](repeating: "..", count: base.count - shared) + target.dropFirst(shared))
      .joined(separator: "/")
  }
}
