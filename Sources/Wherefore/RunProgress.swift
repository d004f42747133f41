/// Tells somebody how far a run is: the stage by name, and the share of the whole that is done.
///
/// Passing one on costs nothing where nobody listens (`silent`).
public struct RunProgress: Sendable {
  private let listener: (@Sendable (_ stage: String, _ done: Double) -> Void)?

  /// Nobody listens.
  public static let silent = RunProgress(listener: nil)

  /// - Parameter listener: Called from any thread with the stage and the share done, 0...1.
  public init(_ listener: @escaping @Sendable (_ stage: String, _ done: Double) -> Void) {
    self.listener = listener
  }

  private init(listener: (@Sendable (String, Double) -> Void)?) { self.listener = listener }

  /// Begins a stage that takes the run from one share of the whole to another.
  ///
  /// - Returns: What the stage calls with its own share done, 0...1; lower layers need no more than
  ///   this closure.
  @discardableResult
  public func stage(
    _ name: String, from start: Double, to end: Double
  ) -> @Sendable (Double) -> Void {
    guard let listener else { return { _ in } }
    listener(name, start)
    return { share in listener(name, start + (end - start) * min(max(share, 0), 1)) }
  }
}
