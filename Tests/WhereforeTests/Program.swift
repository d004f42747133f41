import Foundation

/// The built program, run as a user runs it: with no standard input and no terminal.
enum Program {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The program lies beside the test runner in the build folder.
  private static let url = URL(filePath: CommandLine.arguments[0])
    .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "wherefore")

  /// The program as it has just been started; its outputs are thrown away.
  static func start(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  /// - Parameter sink: what standard output is connected to instead of being kept.
  static func run(_ arguments: [String], output sink: String? = nil) throws -> Outcome {
    try withTemporaryFolder { folder in
      // Files and not pipes: a full pipe would stop the program.
      let output = folder.appending(path: "output")
      let errors = folder.appending(path: "errors")
      for file in [output, errors] { try Data().write(to: file) }
      let process = Process()
      process.executableURL = url
      process.arguments = arguments
      process.standardInput = FileHandle.nullDevice
      process.standardOutput =
        try sink.map { try FileHandle(forWritingTo: URL(filePath: $0)) }
        ?? FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      process.waitUntilExit()
      return Outcome(
        status: process.terminationReason == .exit
          ? process.terminationStatus : 128 + process.terminationStatus,
        output: try String(contentsOf: output, encoding: .utf8),
        errors: try String(contentsOf: errors, encoding: .utf8))
    }
  }
}
