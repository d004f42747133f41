#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The Vega bundle that draws a report's charts: one JavaScript file, built by `make setup` and
/// installed by `make install`.
public struct VegaBundle: Sendable {
  /// The variable that names a bundle.
  public static let variable = "WHEREFORE_VEGA"

  static let fileName = "vega-embed.js"

  private let named: String?
  private let executable: String?
  private let currentDirectory: String

  /// - Parameters:
  ///   - named: The value of `WHEREFORE_VEGA`; empty counts as not set.
  ///   - executable: Path of the running program with links resolved; nil where it is not known.
  ///   - currentDirectory: The working directory.
  public init(named: String?, executable: String?, currentDirectory: String) {
    self.named = named.flatMap { $0.isEmpty ? nil : $0 }
    self.executable = executable
    self.currentDirectory = currentDirectory
  }

  /// The bundle as this process finds it.
  public init() {
    self.init(
      named: ProcessInfo.processInfo.environment[Self.variable], executable: RunningProgram.path,
      currentDirectory: FileManager.default.currentDirectoryPath)
  }

  /// Path of the bundle of this process; nil where there is none, and reports have no charts.
  public static func locate() -> String? { VegaBundle().location }

  /// Where the bundle is: what `WHEREFORE_VEGA` names, whether it can be read or not (a wrong name is
  /// for the reader to complain about), else the first of `places` that holds one.
  public var location: String? {
    named ?? places.first { FileManager.default.isReadableFile(atPath: $0) }
  }

  /// Where a bundle is looked for, in this order: beside the installed program, below the working
  /// directory, and below each folder above the program (a program run out of its build folder).
  public var places: [String] {
    let built = ".build/vega/\(Self.fileName)"
    var places: [String] = []
    var above = executable.map(Self.folders(above:)) ?? []
    if above.count > 1 { places.append("\(above[1])/share/wherefore/\(Self.fileName)") }
    places.append("\(currentDirectory)/\(built)")
    above.removeAll { $0 == currentDirectory }
    return places + above.map { "\($0)/\(built)" }
  }

  /// The folders above a path, nearest first, without the root.
  private static func folders(above path: String) -> [String] {
    var parts = path.split(separator: "/").dropLast()
    var folders: [String] = []
    while !parts.isEmpty {
      folders.append("/" + parts.joined(separator: "/"))
      parts = parts.dropLast()
    }
    return folders
  }
}

/// The program that this process runs.
enum RunningProgram {
  /// Its path with links resolved; nil where the system does not say.
  static var path: String? {
    #if os(Linux)
      // A process whose /proc is not mounted does without; nothing depends on it but convenience.
      return try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    #else
      return CommandLine.arguments.first.map {
        URL(filePath: $0).resolvingSymlinksInPath().path
      }
    #endif
  }
}
