#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes what a what-if found into a folder, beside whatever else is there.
package struct WhatIfWriter: Sendable {
  package let directory: String

  /// Makes the folder where it is not there.
  ///
  /// - Throws: `ReportError.targetIsFile`, `.cannotWrite`.
  package init(directory: String) throws(ReportError) {
    self.directory = directory
    for folder in [directory, "\(directory)/charts"] {
      var isDirectory = false
      if RunFolder.exists(folder, &isDirectory) {
        guard isDirectory else { throw .targetIsFile(directory: folder) }
        guard access(folder, W_OK) == 0 else { throw .cannotWrite(path: folder, code: errno) }
        continue
      }
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw .cannotWrite(path: folder, code: errno == 0 ? EACCES : errno)
      }
    }
  }

  /// Writes `charts/whatif-*.vl.json`; those of an earlier what-if are removed.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  package func writeCharts(_ charts: [Chart]) throws(ReportError) {
    let folder = "\(directory)/charts"
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      where name.hasPrefix("whatif-") && name.hasSuffix(".vl.json") {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
    } catch {
      throw .cannotWrite(path: folder, code: EACCES)
    }
    for chart in charts {
      var file = try OutputFile(path: "\(folder)/\(chart.name).vl.json")
      try file.append(JSONPrinter.document(chart.specification))
      try file.finish()
    }
  }

  /// The page.
  ///
  /// - Parameter vegaBundle: path of the JavaScript that draws the charts; nil: tables only.
  /// - Throws: `ReportError.cannotReadBundle`.
  package static func page(
    _ contents: WhatIfContents, charts: [Chart], vegaBundle: String?
  ) throws(ReportError) -> String {
    let bundle: String? =
      if let vegaBundle { try RunWriter.bundle(vegaBundle) } else { nil }
    return WhatIfPage.html(contents, charts: charts, bundle: bundle)
  }
}
