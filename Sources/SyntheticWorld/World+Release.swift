/// Why a world cannot release a fix.
public enum ReleaseError: Error, Sendable, Equatable {
  /// No such failure mode at no such component, written `mode@component`.
  case unknown(name: String, known: [String])
}

extension ReleaseError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "No failure of a generated world is called '\(name)'. Expected one of "
        + "\(known.joined(separator: ", "))."
    }
  }
}

extension World {
  /// Failures that a release can take away: those that are not a matter of where a threshold lies, and
  /// the system's.
  private static let releasable: [InjectedMode] = [
    .misclassifiedIntent, .integrationTimeout, .integrationError, .slowExecution, .actionFailed,
  ]

  /// Days of the log of every regime.
  public static let days = WorldParameters().days

  /// The same world with a fix that is released on a day of the log, from 0: from then on a failure
  /// happens less often at one component, all else on the same random numbers.
  ///
  /// - Parameters:
  ///   - fix: `mode@component`.
  ///   - cut: share of the failures that no longer happen.
  /// - Throws: `ReleaseError.unknown`.
  public func releasing(_ fix: String, day: Int, cut: Double) throws(ReleaseError) -> World {
    var parameters = parameters
    for mode in World.releasable {
      for component in TruthCount.components(of: mode) where fix == "\(mode.rawValue)@\(component)"
      {
        parameters.release = WorldParameters.Release(
          mode: mode, component: component, day: day, keeps: 1 - cut)
        return World(
          regime: regime, thresholds: thresholds, parameters: parameters,
          interactions: interactions, seed: seed)
      }
    }
    throw .unknown(
      name: fix,
      known: World.releasable.flatMap { mode in
        TruthCount.components(of: mode).map { "\(mode.rawValue)@\($0)" }
      })
  }
}
