import Foundation

/// The checkout that these tests were built from.
enum Repository {
  /// The folder that holds Package.swift.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// False where the sources were unpacked from an archive: then there is no list of tracked files.
  static let isGitCheckout = FileManager.default.fileExists(
    atPath: root.appending(path: ".git").path)

  struct GitFailure: Error, CustomStringConvertible {
    var code: Int32
    var description: String { "git ls-files ended with \(code)" }
  }

  /// Paths of the tracked files relative to the root, sorted; staged files count, ignored ones and
  /// those removed from the disk do not.
  static func trackedFiles() throws -> [String] {
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments = ["git", "-C", root.path, "ls-files", "-z"]
    let output = Pipe()
    git.standardOutput = output
    git.standardInput = FileHandle.nullDevice
    try git.run()
    let listing = try output.fileHandleForReading.readToEnd() ?? Data()
    git.waitUntilExit()
    guard git.terminationStatus == 0 else { throw GitFailure(code: git.terminationStatus) }
    return String(decoding: listing, as: UTF8.self).split(separator: "\0").map(String.init)
      .filter { FileManager.default.fileExists(atPath: root.appending(path: $0).path) }
      .sorted()
  }

  /// Paths of the Swift sources below a folder of the root, relative to the root, sorted.
  static func swiftSources(below folder: String) throws -> [String] {
    let base = root.appending(path: folder)
    return try FileManager.default.subpathsOfDirectory(atPath: base.path)
      .filter { $0.hasSuffix(".swift") }
      .map { "\(folder)/\($0)" }
      .sorted()
  }

  static func contents(of path: String) throws -> Data {
    try Data(contentsOf: root.appending(path: path))
  }

  /// The lines of a source file, which must be UTF-8.
  static func lines(of path: String) throws -> [String] {
    let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
