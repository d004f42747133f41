#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RunReader {
  /// What `run.json` of a run says: where its log and study were.
  ///
  /// - Throws: `ReportError.runFileMissing`, `ReportError.runUnreadable`.
  public static func record(in directory: String) throws(ReportError) -> RunRecord {
    let path = directory + "/run.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .runFileMissing(path: path)
    }
    do {
      return try JSONDecoder().decode(RunRecord.self, from: data)
    } catch {
      throw .runUnreadable(path: path, reason: "it is no record of a run")
    }
  }
}
