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

/// The folder of a run: written beside its place under a hidden name, put in place when whole.
///
/// A reader sees the earlier run or the new one, never half of one.
struct RunFolder {
  /// What a run writes; a folder that holds anything else is not replaced.
  static let entries: Set<String> = [
    "attribution.json", "links.csv", "interactions.csv", "rejected.csv", "charts", "report.html",
    "run.json", "contacts.csv", "modes.csv", "joint_removals.csv", "ledger.json", "outcomes.csv",
    "outcome_cells.csv", "outcome_modes.csv", "staff_view.csv", "staff_work.csv", "change.csv",
    "latency_dose.csv",
  ]

  let target: String
  let partial: String
  private let aside: String

  /// Checks that `directory` can become a run's folder; creates nothing.
  ///
  /// - Throws: `ReportError.parentMissing`, `.targetIsFile`, `.targetNotARun`, `.cannotWrite`.
  init(directory: String) throws(ReportError) {
    let url = URL(filePath: directory).standardizedFileURL
    let parent = url.deletingLastPathComponent()
    let name = url.lastPathComponent
    target = Self.path(url)
    partial = Self.path(parent.appending(path: ".\(name).partial-\(getpid())"))
    aside = Self.path(parent.appending(path: ".\(name).replaced-\(getpid())"))
    var isDirectory = false
    guard Self.exists(Self.path(parent), &isDirectory), isDirectory else {
      throw .parentMissing(directory: directory, parent: Self.path(parent))
    }
    if Self.exists(target, &isDirectory) {
      guard isDirectory else { throw .targetIsFile(directory: directory) }
      let present: [String]
      do {
        present = try FileManager.default.contentsOfDirectory(atPath: target)
      } catch {
        throw .cannotWrite(path: target, code: EACCES)
      }
      let foreign = present.filter { !Self.entries.contains($0) }.sorted()
      guard foreign.isEmpty, present.isEmpty || present.contains("attribution.json") else {
        throw .targetNotARun(
          directory: directory, foreign: foreign.isEmpty ? present.sorted() : foreign)
      }
    }
    guard access(Self.path(parent), W_OK) == 0 else {
      throw .cannotWrite(path: directory, code: errno)
    }
  }

  /// Lets `body` fill the hidden folder and puts it in place; on an error nothing is left behind and
  /// an earlier run stays as it was.
  func replace(with body: (_ folder: String) throws -> Void) throws {
    try Self.remove(partial)
    do {
      try Self.createFolder(partial)
      try body(partial)
      try publish()
    } catch {
      // The first error is the one that matters; a rest that stays is named `.partial`.
      try? Self.remove(partial)
      throw error
    }
  }

  static func createFolder(_ path: String) throws(ReportError) {
    guard mkdir(path, 0o755) == 0 else { throw .cannotWrite(path: path, code: errno) }
  }

  private func publish() throws(ReportError) {
    var isDirectory = false
    let replaces = Self.exists(target, &isDirectory)
    if replaces {
      try Self.remove(aside)
      try Self.move(target, to: aside)
    }
    do {
      try Self.move(partial, to: target)
    } catch {
      if replaces { try Self.move(aside, to: target) }
      throw error
    }
    if replaces { try Self.remove(aside) }
  }

  private static func move(_ from: String, to: String) throws(ReportError) {
    guard rename(from, to) == 0 else { throw .cannotWrite(path: to, code: errno) }
  }

  private static func remove(_ path: String) throws(ReportError) {
    var isDirectory = false
    guard exists(path, &isDirectory) else { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw .cannotWrite(path: path, code: EACCES)
    }
  }

  static func exists(_ path: String, _ isDirectory: inout Bool) -> Bool {
    FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
  }

  /// The path without a slash at its end.
  private static func path(_ url: URL) -> String {
    let path = url.path
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}
