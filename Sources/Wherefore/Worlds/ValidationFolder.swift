import Synchronization
import SyntheticWorld

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

/// What one world came to: a line of a folder.
protocol FinishedWorld: Codable, Sendable {
  var regime: String { get }
  var seed: UInt64 { get }
}

extension WorldFigures: FinishedWorld {}

/// A folder of finished worlds: `REGIME.jsonl` with one line a world, in the order in which they were
/// done, and `settings.json` with what they have in common.
///
/// A line is appended whole, in one write. What a killed run leaves behind its last line break is cut
/// off by the next one, which then does that world again. Only one run at a time has the folder.
final class ValidationFolder: Sendable {
  /// What the worlds of a folder have in common; worlds under others do not belong together.
  struct Settings: Codable, Equatable {
    /// Of the program and of the generator.
    var version: String
    var world: String
    var interactions: Int
  }

  private let path: String
  private let lock: Int32
  private let writing = Mutex(())

  /// Takes the folder, which is made if it is missing (its parent must exist).
  init(path: String, settings: Settings) throws {
    if mkdir(path, 0o755) != 0 && errno != EEXIST {
      throw ValidationFolderError.refused(path: path, code: errno)
    }
    self.path = path
    let lockPath = path + "/.lock"
    lock = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else { throw ValidationFolderError.refused(path: lockPath, code: errno) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      _ = close(lock)
      throw ValidationFolderError.inUse(path: path)
    }
    do {
      try settle(settings)
    } catch {
      release()
      throw error
    }
  }

  /// Lets the next run have the folder.
  func release() { _ = close(lock) }

  private func settle(_ settings: Settings) throws {
    let file = path + "/settings.json"
    if let bytes = try contents(file) {
      guard let found = try? JSONDecoder().decode(Settings.self, from: bytes) else {
        throw ValidationFolderError.unreadable(path: file, line: nil)
      }
      guard found == settings else {
        throw ValidationFolderError.otherSettings(path: path, found: found, asked: settings)
      }
      return
    }
    let text = try JSONText.document(settings)
    try PartialOutput.replace(file) { partial in
      try Data(text.utf8).write(to: URL(filePath: partial))
    }
  }

  /// The finished worlds of a regime by seed.
  ///
  /// Cuts off what an interrupted run left of a line. Of a seed that is there twice the first counts.
  func worlds<World: FinishedWorld>(of regime: String) throws -> [UInt64: World] {
    let file = self.file(regime)
    guard let bytes = try contents(file) else { return [:] }
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if end < bytes.count {
      guard truncate(file, off_t(end)) == 0 else {
        throw ValidationFolderError.refused(path: file, code: errno)
      }
    }
    var worlds: [UInt64: World] = [:]
    for (number, line) in bytes[..<end].split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let world = try? JSONDecoder().decode(World.self, from: Data(line)),
        world.regime == regime
      else { throw ValidationFolderError.unreadable(path: file, line: number + 1) }
      if worlds[world.seed] == nil { worlds[world.seed] = world }
    }
    return worlds
  }

  /// Appends a finished world to its regime's file.
  func append(_ world: some FinishedWorld) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = Array(try encoder.encode(world)) + [UInt8(ascii: "\n")]
    let file = self.file(world.regime)
    try writing.withLock { _ in
      let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw ValidationFolderError.refused(path: file, code: errno) }
      let written = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      let code = errno
      guard close(descriptor) == 0 else {
        throw ValidationFolderError.refused(path: file, code: errno)
      }
      guard written == line.count else {
        throw ValidationFolderError.refused(path: file, code: written < 0 ? code : ENOSPC)
      }
    }
  }

  private func file(_ regime: String) -> String { "\(path)/\(regime).jsonl" }

  /// The bytes of a file; nil where there is none.
  private func contents(_ file: String) throws -> Data? {
    guard access(file, F_OK) == 0 else { return nil }
    do {
      return try Data(contentsOf: URL(filePath: file))
    } catch {
      throw ValidationFolderError.unreadable(path: file, line: nil)
    }
  }
}

/// Why a folder of finished worlds cannot be used.
enum ValidationFolderError: ExitCoded {
  /// `code` is errno.
  case refused(path: String, code: Int32)
  case inUse(path: String)
  case unreadable(path: String, line: Int?)
  case otherSettings(
    path: String, found: ValidationFolder.Settings, asked: ValidationFolder.Settings)

  var exitCode: Int32 {
    switch self {
    case .refused(_, let code): code == ENOENT ? 66 : OutputError.exitCode(errno: code)
    case .inUse: 75
    case .unreadable, .otherSettings: 65
    }
  }

  var description: String {
    switch self {
    case .refused(let path, let code):
      "cannot write \(path): \(String(cString: strerror(code))); give --resume a folder that is "
        + "writable, in a folder that exists"
    case .inUse(let path):
      "\(path) is in use by another run of 'wherefore validate'; wait for it or give --resume "
        + "another folder"
    case .unreadable(let path, let line):
      "cannot read \(path)\(line.map { ", line \($0)" } ?? ""): it is not what 'wherefore validate' "
        + "writes; delete \(line == nil ? "the file" : "the line") and start again"
    case .otherSettings(let path, let found, let asked):
      "\(path) holds worlds of about \(found.interactions) interactions, version \(found.version), "
        + "generator \(found.world); asked for are \(asked.interactions) interactions, version "
        + "\(asked.version), generator \(asked.world); ask for the same or give --resume another "
        + "folder"
    }
  }
}
