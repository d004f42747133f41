/// The failure modes of a generated world, in an order in which a mode never causes an earlier one.
///
/// Raw values are the names of the built-in failure modes on the canonical columns.
public enum InjectedMode: String, CaseIterable, Sendable {
  case misclassifiedIntent = "misclassified_intent"
  case integrationTimeout = "integration_timeout"
  case integrationError = "integration_error"
  case slowExecution = "slow_execution"
  case nearThresholdAutomation = "near_threshold_automation"
  case unneededEscalation = "unneeded_escalation"
  case actionFailed = "action_failed"
  case wrongInformation = "wrong_information"
  case procedureMissed = "procedure_missed"

  /// The mode's place in `allCases`.
  package var index: Int {
    switch self {
    case .misclassifiedIntent: 0
    case .integrationTimeout: 1
    case .integrationError: 2
    case .slowExecution: 3
    case .nearThresholdAutomation: 4
    case .unneededEscalation: 5
    case .actionFailed: 6
    case .wrongInformation: 7
    case .procedureMissed: 8
    }
  }

  /// The set of this mode alone.
  package var flag: ModeSet { ModeSet(rawValue: 1 << UInt16(index)) }
}

/// A set of failure modes, one bit a mode by its place in `InjectedMode.allCases`.
package struct ModeSet: OptionSet, Sendable, Hashable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let misclassified = ModeSet(rawValue: 1 << 0)
  package static let timeout = ModeSet(rawValue: 1 << 1)
  package static let error = ModeSet(rawValue: 1 << 2)
  package static let slow = ModeSet(rawValue: 1 << 3)
  package static let nearThreshold = ModeSet(rawValue: 1 << 4)
  package static let unneededEscalation = ModeSet(rawValue: 1 << 5)
  package static let actionFailed = ModeSet(rawValue: 1 << 6)
  package static let wrongInformation = ModeSet(rawValue: 1 << 7)
  package static let procedureMissed = ModeSet(rawValue: 1 << 8)

  package static let staff: ModeSet = [.wrongInformation, .procedureMissed]
  package static let system: ModeSet = [
    .misclassified, .timeout, .error, .slow, .nearThreshold, .unneededEscalation, .actionFailed,
  ]
  /// Modes that no other mode induces.
  package static let upstream: ModeSet = [
    .misclassified, .timeout, .error, .slow, .nearThreshold, .unneededEscalation,
  ]
  /// How many sets there are.
  package static let combinations = 1 << 9
}
