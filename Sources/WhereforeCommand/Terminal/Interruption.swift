import Dispatch

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

/// Leaves nothing half-written behind when the user interrupts: removes unfinished outputs, wipes the
/// progress line, then ends as the signal asks, so that a shell sees what happened.
///
/// The work is done on a queue of its own and not in a signal handler, where hardly anything is safe.
struct Interruption {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  private let sources: [any DispatchSourceSignal]

  /// Listens until `stop()`.
  ///
  /// - Parameters:
  ///   - unfinished: Paths that only an unfinished run leaves behind.
  ///   - line: The progress line to wipe.
  init(removing unfinished: [String], wiping line: ProgressLine) {
    sources = Self.signals.map { number in
      // The source hears of the signal only where its default action does not come first.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        line.finish()
        for path in unfinished {
          // It need not exist, and there is nobody left to tell.
          try? FileManager.default.removeItem(atPath: path)
        }
        signal(number, SIG_DFL)
        kill(getpid(), number)
      }
      source.resume()
      return source
    }
  }

  /// Gives the signals their usual effect again.
  func stop() {
    for (number, source) in zip(Self.signals, sources) {
      source.cancel()
      signal(number, SIG_DFL)
    }
  }
}
