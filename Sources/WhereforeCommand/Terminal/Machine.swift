#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the command line asks of the machine.
enum Machine {
  /// Processors that this process may use.
  static let cores = ProcessInfo.processInfo.activeProcessorCount
}
