import Dispatch
import Synchronization

/// Two pieces of work on two threads.
enum SideBySide {
  /// The results of both; the error of the first where both fail.
  static func run<First: Sendable, Second: Sendable>(
    _ first: @escaping @Sendable () throws -> First,
    _ second: @escaping @Sendable () throws -> Second
  ) throws -> (First, Second) {
    let one = Mutex<Result<First, any Error>?>(nil)
    let two = Mutex<Result<Second, any Error>?>(nil)
    DispatchQueue.concurrentPerform(iterations: 2) { part in
      if part == 0 {
        let result = Result { try first() }
        one.withLock { $0 = result }
      } else {
        let result = Result { try second() }
        two.withLock { $0 = result }
      }
    }
    guard let a = one.withLock({ $0 }), let b = two.withLock({ $0 }) else {
      preconditionFailure("both parts have run")
    }
    return (try a.get(), try b.get())
  }
}
