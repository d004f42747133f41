/// Something about an operation, beside its thresholds, that could be otherwise.
public enum Intervention: Codable, Sendable, Hashable {
  /// A failure happens so many times as often, 0...1, at one component or (nil) everywhere: an
  /// integration's timeouts halved, say.
  case failureRate(mode: String, component: String?, times: Double)
  /// An integration never answers later than this.
  case latencyCap(integration: String, milliseconds: Double)
  /// Intents of the second kind are no longer taken for the first.
  case intentPair(predicted: String, actual: String)
  /// Staff err on a topic as often as on the median topic, each kind of error by itself.
  case staffErrors(topic: String)

  /// In words.
  public var name: String {
    switch self {
    case .failureRate(let mode, let component, let times):
      "\(mode)\(component.map { "@\($0)" } ?? "") times \(times)"
    case .latencyCap(let integration, let milliseconds):
      "latency of \(integration) at most \(milliseconds) ms"
    case .intentPair(let predicted, let actual): "\(actual) no longer taken for \(predicted)"
    case .staffErrors(let topic): "staff errors on \(topic) as on the median topic"
    }
  }
}

/// Why a change cannot be thought through on a log.
public enum InterventionError: Error, Sendable, Equatable {
  /// Nothing in the log is called so; `what` says of which kind.
  case unknown(what: String, name: String, known: [String])
  /// Not within what it may be.
  case outside(what: String, value: Double, expected: String)
  /// The log does not say.
  case noAnswer(change: String, reason: String)
  /// Written as no change is.
  case unreadable(text: String)
  /// More than fit into a joint answer.
  case tooMany(count: Int, most: Int)
}

extension InterventionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let what, let name, let known):
      "No \(what) of this log is called '\(name)'. Expected "
        + (known.isEmpty ? "one, but the log names none." : "\(known.joined(separator: ", ")).")
    case .outside(let what, let value, let expected):
      "\(what) cannot be \(value). Expected \(expected)."
    case .noAnswer(let change, let reason):
      "What comes of '\(change)' cannot be told from this log: \(reason)."
    case .unreadable(let text):
      "'\(text)' is no change that can be thought through. Expected \(Intervention.notation)."
    case .tooMany(let count, let most):
      "\(count) changes are too many to set against each other. Expected at most \(most): ask for "
        + "fewer at once."
    }
  }
}
