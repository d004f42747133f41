import Foundation
import LinearAlgebra

/// A peer's script as a running process: it loads its data once, then answers each line "run" with
/// one line of JSON.
final class Peer {
  /// What a script says of one run.
  struct Answer: Decodable {
    let peer: String
    let seconds: Double
    /// What is compared: estimates and their errors.
    let values: [Double]
    let notes: [String]?
  }

  /// What runs a script, with the path of its program.
  enum Language {
    case python(String)
    case r(String)

    var program: String {
      switch self {
      case .python(let path), .r(let path): path
      }
    }

    /// The peer has its own defaults: what this process set for itself is not passed on. R uses the
    /// system's OpenBLAS as we do, and gets the kernel that fits the processor; packages of Python
    /// bring their own, which choose for themselves.
    var environment: [String: String] {
      var environment = ProcessInfo.processInfo.environment
      environment["OPENBLAS_NUM_THREADS"] = nil
      environment[BLASKernelChoice.mark] = nil
      if case .python = self { environment[BLASKernelChoice.variable] = nil }
      return environment
    }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var buffer = Data()

  /// Starts `Peers/<script>` with arguments.
  init(script: String, arguments: [String], _ language: Language) throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Peers/\(script)").path
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [language.program, path] + arguments
    process.standardInput = input
    process.standardOutput = output
    process.environment = language.environment
    try process.run()
    guard try line() == "ready" else {
      throw Failure(description: "\(script) did not start; its error is above")
    }
  }

  /// One run.
  func run() throws -> Answer {
    input.fileHandleForWriting.write(Data("run\n".utf8))
    return try JSONDecoder().decode(Answer.self, from: Data(try line().utf8))
  }

  func stop() {
    input.fileHandleForWriting.closeFile()
    process.waitUntilExit()
  }

  private func line() throws -> String {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
        buffer.removeSubrange(buffer.startIndex...end)
        return line
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else {
        throw Failure(description: "the peer ended before its answer; its error is above")
      }
      buffer.append(more)
    }
  }
}
