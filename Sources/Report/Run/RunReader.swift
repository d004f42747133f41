import Attribution

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads back what a run wrote.
public enum RunReader {
  /// The report in the folder of a run.
  ///
  /// - Throws: `ReportError.runMissing`, `ReportError.runUnreadable`.
  public static func report(in directory: String) throws(ReportError) -> AttributionReport {
    guard FileManager.default.fileExists(atPath: directory) else {
      throw .runMissing(directory: directory)
    }
    let path = directory + "/attribution.json"
    let report = try decoded(AttributionReport.self, path, reason)
    guard report.schemaVersion == "1" else {
      throw .runUnreadable(
        path: path, reason: "its schema_version is \(report.schemaVersion) and 1 was expected")
    }
    return report
  }

  /// What the study declared of costs and personal columns.
  ///
  /// - Throws: `ReportError.runFileMissing`, `ReportError.runUnreadable`.
  public static func declaration(in directory: String) throws(ReportError) -> LedgerDeclaration {
    try decoded(LedgerDeclaration.self, directory + "/ledger.json", reason)
  }

  /// What `run.json` of a run says: where its log and study were.
  ///
  /// - Throws: `ReportError.runFileMissing`, `ReportError.runUnreadable`.
  public static func record(in directory: String) throws(ReportError) -> RunRecord {
    try decoded(RunRecord.self, directory + "/run.json") { _ in "it is no record of a run" }
  }

  private static func decoded<Value: Decodable>(
    _ type: Value.Type, _ path: String, _ reason: (any Error) -> String
  ) throws(ReportError) -> Value {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .runFileMissing(path: path)
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw .runUnreadable(path: path, reason: reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\(JSONPath.text(context.codingPath + [key])) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\(JSONPath.text(context.codingPath)) is not of the expected kind"
    case DecodingError.dataCorrupted: "it is not valid JSON"
    default: "it does not follow the schema"
    }
  }
}
