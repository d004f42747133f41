/// What customers make contact about, and how the operation serves it.
///
/// Effects that are specific to a topic or channel live here; sizes that hold everywhere are in
/// `WorldParameters`.
package struct Topic: Sendable {
  package var name: String
  /// Difficulty, about −1...1: raises misclassification, staff routing and repeats.
  package var hardness: Double
  /// Added to the log of the expected repeats.
  package var repeatEffect: Double
  /// Index into `Catalogue.integrations`.
  package var integration: Int
  /// Share of the topic's contacts that call it.
  package var integrationShare: Double
  package var action: String
  /// Index into `Catalogue.teams`: who mostly handles it.
  package var homeTeam: Int
  /// Added to the log odds of a staff error.
  package var staffErrorEffect: Double
  /// Shares of the channels, in the order of `Catalogue.channels`.
  package var channelShares: [Double]
}

package struct Channel: Sendable {
  package var name: String
  /// Added to the log odds of misclassification.
  package var misclassificationEffect: Double
  /// Added to the log of the expected repeats.
  package var repeatEffect: Double
}

package struct Integration: Sendable {
  package var name: String
  /// Multiplies the base timeout rate.
  package var timeoutFactor: Double
  package var medianLatency: Double
}

/// The fixed cast of every generated world.
package enum Catalogue {
  package static let channels: [Channel] = [
    Channel(name: "voice", misclassificationEffect: 0.35, repeatEffect: 0.10),
    Channel(name: "chat", misclassificationEffect: 0.0, repeatEffect: 0.0),
    Channel(name: "email", misclassificationEffect: 0.15, repeatEffect: 0.15),
    Channel(name: "app", misclassificationEffect: -0.4, repeatEffect: -0.15),
  ]

  package static let integrations: [Integration] = [
    Integration(name: "crm", timeoutFactor: 0.7, medianLatency: 450),
    Integration(name: "billing", timeoutFactor: 1.1, medianLatency: 650),
    Integration(name: "payments", timeoutFactor: 1.4, medianLatency: 750),
    Integration(name: "orders", timeoutFactor: 0.9, medianLatency: 550),
    Integration(name: "identity", timeoutFactor: 0.8, medianLatency: 400),
  ]

  package static let teams = [
    "accounts", "billing", "deliveries", "payments", "retention", "technical",
  ]
  package static let staffPerTeam = 10

  /// In order of frequency; shares are Zipf-like (`WorldParameters.topicExponent`).
  package static let topics: [Topic] = [
    topic("order_status", -0.8, -0.20, 3, 0.90, "look_up_order", 2, -0.2, [2, 3, 2, 4]),
    topic("delivery_problem", 0.3, 0.15, 3, 0.80, "reship_order", 2, 0.1, [4, 3, 2, 1]),
    topic("billing_question", 0.1, 0.05, 1, 0.80, "explain_invoice", 1, 0.0, [3, 3, 3, 1]),
    topic("payment_failed", 0.4, 0.15, 2, 0.90, "retry_payment", 3, 0.1, [3, 3, 1, 3]),
    topic("refund", 0.5, 0.25, 2, 0.80, "issue_refund", 3, 0.2, [3, 3, 3, 1]),
    topic("password_reset", -1.0, -0.30, 4, 0.85, "reset_password", 0, -0.3, [1, 4, 1, 4]),
    topic("technical_fault", 0.9, 0.30, 0, 0.50, "open_ticket", 5, 0.3, [4, 3, 1, 2]),
    topic("plan_change", 0.0, -0.05, 1, 0.75, "change_plan", 4, 0.0, [3, 3, 2, 2]),
    topic("address_change", -0.6, -0.20, 0, 0.80, "update_address", 0, -0.2, [1, 3, 2, 4]),
    topic("cancellation", 0.6, 0.05, 1, 0.70, "cancel_contract", 4, 0.2, [4, 2, 3, 1]),
    topic("account_locked", 0.2, 0.10, 4, 0.85, "unlock_account", 0, 0.0, [4, 3, 1, 2]),
    topic("complaint", 1.0, 0.35, 0, 0.40, "log_complaint", 4, 0.3, [4, 1, 4, 1]),
  ]

  /// The twelve topics' rows above, one a line.
  private static func topic(
    _ name: String, _ hardness: Double, _ repeatEffect: Double, _ integration: Int,
    _ integrationShare: Double, _ action: String, _ homeTeam: Int, _ staffErrorEffect: Double,
    _ channelWeights: [Double]
  ) -> Topic {
    let sum = channelWeights.reduce(0, +)
    return Topic(
      name: name, hardness: hardness, repeatEffect: repeatEffect, integration: integration,
      integrationShare: integrationShare, action: action, homeTeam: homeTeam,
      staffErrorEffect: staffErrorEffect, channelShares: channelWeights.map { $0 / sum })
  }

  /// The topics' common shares: proportional to rank to the power of minus `exponent`.
  package static func topicShares(exponent: Double) -> [Double] {
    let weights = topics.indices.map { power(Double($0 + 1), -exponent) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}
