/// A policy's value with its error. What cannot be said is nil, and `note` says why.
package struct PolicyEstimate: Codable, Sendable, Equatable {
  package var estimate: Double?
  package var se: Double?
  package var ci95: [Double]?
  /// First contacts that it rests on.
  package var n: Double
  /// As many equally weighed first contacts would give the same error.
  package var effectiveN: Double?
  package var note: String?

  enum CodingKeys: String, CodingKey {
    case estimate, se, ci95, n, note
    case effectiveN = "effective_n"
  }
}

/// What a policy's value can be, where the log does not support an estimate.
package struct PolicyBounds: Codable, Sendable, Equatable {
  package var lower: Double
  package var upper: Double
  /// From the lower bound's lower limit to the upper bound's upper limit.
  package var ci95: [Double]
}

/// One outcome under one policy, by every estimator.
package struct OutcomeValue: Codable, Sendable, Equatable {
  package var outcome: PolicyOutcome
  package var doublyRobust: PolicyEstimate
  package var inversePropensity: PolicyEstimate
  /// The outcome model alone, without an interval: it extrapolates where the log has nothing.
  package var directMethod: PolicyEstimate
  /// The doubly robust value drawn to the direct method's as far as the two cannot be told apart, with
  /// the doubly robust value's interval; nil outside support.
  package var combined: PolicyEstimate?
  /// Nil inside support.
  package var bounds: PolicyBounds?
  /// The doubly robust value less today's policy's.
  package var change: PolicyEstimate
  package var changeBounds: PolicyBounds?
  /// Why there is neither an estimate nor a bound.
  package var note: String?

  enum CodingKeys: String, CodingKey {
    case outcome, bounds, change, combined, note
    case doublyRobust = "doubly_robust"
    case inversePropensity = "inverse_propensity"
    case directMethod = "direct_method"
    case changeBounds = "change_bounds"
  }
}

/// How far the log supports a policy.
package struct PolicySupport: Codable, Sendable, Equatable {
  package enum Verdict: String, Codable, Sendable {
    /// All first contacts are inside support.
    case supported
    /// Inside support, but intervals are not to be relied on: too few tell, or too many episodes need
    /// decisions that hardly ever follow each other in the log.
    case thin
    /// Some are outside: bounds.
    case bounded
  }

  package var verdict: Verdict
  /// Share of first contacts whose decision under the policy the log has never or hardly seen.
  package var outsideShare: Double
  /// Of first contacts inside support, by the weights of their episodes.
  package var effectiveN: Double
  package var effectiveShare: Double
  /// Share of later decisions that had to be left as logged.
  package var laterAsLoggedShare: Double
  /// Share of first contacts whose decisions under the policy, each inside support, hardly ever follow
  /// each other in the log: what they bring together is composed from single ones.
  package var unseenSequenceShare: Double
  /// What the estimates rest on: `threshold_changes`, `exploration`, `overrides`, `mixed_handling` (no
  /// threshold known), `as_logged`.
  package var identification: [String]

  enum CodingKeys: String, CodingKey {
    case verdict, identification
    case outsideShare = "outside_share"
    case effectiveN = "effective_n"
    case effectiveShare = "effective_share"
    case laterAsLoggedShare = "later_as_logged_share"
    case unseenSequenceShare = "unseen_sequence_share"
  }
}

/// How long one would have to explore for an answer.
package struct ExplorationNeed: Codable, Sendable, Equatable {
  package struct Plan: Codable, Sendable, Equatable {
    /// Share of the contacts outside support that is handled as the policy would.
    package var rate: Double
    /// Days of exploring; the window comes on top before outcomes are known.
    package var days: Double
  }

  /// Half-width of the 95 % interval of repeats per first contact that is aimed at.
  package var halfWidth: Double
  package var plans: [Plan]

  enum CodingKeys: String, CodingKey {
    case plans
    case halfWidth = "half_width"
  }
}

/// One threshold of a curve.
package struct CurvePoint: Codable, Sendable, Equatable {
  package var threshold: Double
  /// Share of first contacts that AI would handle.
  package var automatedShare: Double
  package var support: PolicySupport
  package var outcomes: [OutcomeValue]
  /// Nil inside support.
  package var exploration: ExplorationNeed?

  enum CodingKeys: String, CodingKey {
    case threshold, support, outcomes, exploration
    case automatedShare = "automated_share"
  }
}

/// Outcomes as functions of the threshold, for all contacts or those of one group.
package struct ThresholdCurve: Codable, Sendable, Equatable {
  /// The group's value; nil for all contacts.
  package var value: String?
  package var firstContacts: Int
  package var customers: Int
  /// Thresholds in force last, for the group's contacts.
  package var thresholdsToday: [Double]
  package var points: [CurvePoint]

  enum CodingKeys: String, CodingKey {
    case value, customers, points
    case firstContacts = "first_contacts"
    case thresholdsToday = "thresholds_today"
  }
}
