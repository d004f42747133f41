import Foundation
import InteractionLog
import Testing

/// Writes a file into a folder of its own and removes both afterwards.
func withFile<Result>(
  _ content: some Sequence<UInt8>, name: String = "log.csv", _ body: (String) throws -> Result
) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("interaction-log-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appendingPathComponent(name)
  try Data(content).write(to: file)
  return try body(file.path)
}

/// Reads a log given as text; all rows may be rejected unless told otherwise.
func read(
  _ text: String, study: Study = .canonical, name: String = "log.csv",
  maximumRejectedShare: Double = 0.9, blockSize: Int = 1 << 20
) throws -> LogReading {
  try withFile(text.utf8, name: name) { path in
    try LogReader(
      study: study, maximumRejectedShare: maximumRejectedShare, blockSize: blockSize
    ).read(path: path)
  }
}

func study(_ yaml: String) throws -> Study { try Study.parse(yaml: yaml, file: "study.yaml") }

/// The message of the error that `body` throws.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing was thrown"
  } catch {
    return "\(error)"
  }
}

/// A table of a few columns for conditions.
func table(_ columns: [(String, Column)]) -> InteractionTable {
  let count = columns.first?.1.count ?? 0
  var table = InteractionTable(
    interactionID: (0..<count).map { "i\($0)" },
    customer: TextColumn(codes: Array(repeating: 0, count: count), values: ["c"]),
    startedAt: (0..<count).map { Int64($0) * 1000 },
    topic: TextColumn(codes: Array(repeating: 0, count: count), values: ["t"]), columns: [:])
  for (name, column) in columns { table.columns[name] = column }
  return table
}

func evaluate(_ condition: String, _ columns: [(String, Column)]) throws -> [Int8] {
  try table(columns).evaluate(condition: condition, place: "test", study: .canonical).storage
}
