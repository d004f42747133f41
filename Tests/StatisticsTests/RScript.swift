import Foundation

/// R, where it is installed with the packages whose data sets are read at run time.
enum RScript {
  /// Where the peers are required, as `.ci/run` does, a test without R fails and is not skipped.
  static let isAvailable: Bool = {
    if ProcessInfo.processInfo.environment["WHEREFORE_PEERS"] == "required" { return true }
    return (try? run("suppressMessages({ library(lme4); library(brglm2) }); cat(1)")) == "1"
  }()

  static let reason = "needs Rscript with lme4 and brglm2, whose data sets are not ours to copy"

  struct Failure: Error {
    let status: Int32
    let errors: String
  }

  static func run(_ code: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["Rscript", "--vanilla", "-e", code]
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (output, errors) = (folder.appending(path: "output"), folder.appending(path: "errors"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        status: process.terminationStatus, errors: try String(contentsOf: errors, encoding: .utf8))
    }
    return try String(contentsOf: output, encoding: .utf8)
  }

  /// The named numbers that `code` puts into the list `out`: one line a name, values after it.
  static func numbers(_ code: String) throws -> [String: [Double]] {
    let text = try run(
      """
      suppressMessages({ library(lme4); library(brglm2) })
      \(code)
      for (name in names(out)) cat(name, sprintf("%.17g", as.numeric(out[[name]])), "\\n")
      """)
    var numbers: [String: [Double]] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      numbers[String(fields[0])] = fields.dropFirst().compactMap { Double($0) }
    }
    return numbers
  }
}
