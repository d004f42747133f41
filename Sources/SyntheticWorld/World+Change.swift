/// Something that becomes otherwise on a day of the log: a known cause of a change in repeats. Ordinary
/// outages, which would change repeats as well, do not happen.
public enum WorldChange: String, CaseIterable, Sendable {
  /// AI handles from a confidence of 0.80 on instead of 0.95; what AI handles less than 0.08 above the
  /// threshold brings more repeats, before and after.
  case thresholdLowered = "threshold-lowered"
  /// A new team that errs more takes over half of the contacts of staff.
  case newTeam = "new-team"
  /// The integration of payments times out on 60 % of its calls for two weeks.
  case outage
  /// A failed action brings more repeats than it did.
  case worseFailures = "worse-failures"

  /// What it makes of a world.
  package func edit(_ parameters: inout WorldParameters, day: Int) {
    parameters.outages.count = 0...0
    var turn = WorldParameters.Turn(day: day)
    turn.name = rawValue
    switch self {
    case .thresholdLowered:
      parameters.repeats.effects[InjectedMode.nearThresholdAutomation.index] = 1.2
      parameters.classification.threshold = 9_500
      turn.threshold = 8_000
    case .newTeam:
      parameters.repeats.effects[InjectedMode.wrongInformation.index] = 1.4
      turn.newTeam = .init(share: 0.5, logOdds: 2)
    case .outage:
      let payments = Catalogue.integrations.firstIndex { $0.name == "payments" } ?? 0
      turn.outage = .init(integration: payments, days: 14, timeoutRate: 0.6)
    case .worseFailures:
      turn.effects = parameters.repeats.effects
      turn.effects?[InjectedMode.actionFailed.index] = 1.9
    }
    parameters.turn = turn
  }
}

extension World {
  /// The world with something that becomes otherwise on a day of the log, from 0.
  public func changing(_ change: WorldChange, day: Int) -> World {
    var parameters = parameters
    change.edit(&parameters, day: day)
    return World(
      regime: regime, thresholds: thresholds, parameters: parameters, interactions: interactions,
      seed: seed)
  }
}
