/// What `whatif.json` holds.
package struct WhatIfReport: Codable, Sendable {
  package struct Period: Codable, Sendable {
    package var from: String
    package var to: String
    package init(from: String, to: String) { (self.from, self.to) = (from, to) }
  }

  package struct Score: Codable, Sendable {
    package var column: String
    package var minimum: Double
    package var maximum: Double
    package var decisions: Int
  }

  package struct Units: Codable, Sendable {
    package var estimand: String
    package var firstContacts: Int
    package var customers: Int
    /// Contacts that are no units, and why.
    package var leftOut: LeftOut

    package struct LeftOut: Codable, Sendable {
      package var nearStart: Int
      package var nearEnd: Int
      package var withoutDecision: Int
      package var betweenEpisodes: Int

      enum CodingKeys: String, CodingKey {
        case nearStart = "near_start"
        case nearEnd = "near_end"
        case withoutDecision = "without_decision"
        case betweenEpisodes = "between_episodes"
      }
    }

    enum CodingKeys: String, CodingKey {
      case estimand, customers
      case firstContacts = "first_contacts"
      case leftOut = "left_out"
    }
  }

  package struct Routing: Codable, Sendable {
    package struct InForce: Codable, Sendable {
      package var threshold: Double
      package var decisions: Int
    }

    /// What thresholds were a function of, beside time: `topic`, `channel`, `segment`, or `contact`
    /// where they were drawn.
    package var thresholdsBy: String?
    package var inForce: [InForce]
    package var changes: Int
    package var overrideShare: Double
    package var exploredShare: Double?

    enum CodingKeys: String, CodingKey {
      case changes
      case thresholdsBy = "thresholds_by"
      case inForce = "in_force"
      case overrideShare = "override_share"
      case exploredShare = "explored_share"
    }
  }

  package struct Absent: Codable, Sendable {
    package var outcome: PolicyOutcome
    package var reason: String
  }

  package var schemaVersion = "1"
  package var period: Period
  package var windowDays: Double
  package var score: Score
  package var units: Units
  package var routing: Routing
  /// Repeats per first contact that no bound goes above.
  package var ceiling: Double
  package var assumptions: [String]
  package var absent: [Absent]
  /// The column that `groups` are the values of.
  package var by: String?
  package var curve: ThresholdCurve
  package var groups: [ThresholdCurve]
  package var discontinuities: [LocalEffect]
  package var trendCheck: TrendCheck?
  package var optimum: OptimumReport?
  package var policies: [PolicyResult]

  enum CodingKeys: String, CodingKey {
    case period, score, units, routing, ceiling, assumptions, absent, by, curve, groups
    case discontinuities, optimum, policies
    case schemaVersion = "schema_version"
    case windowDays = "window_days"
    case trendCheck = "trend_check"
  }
}

extension WhatIfReport {
  /// A report without optimum and policies.
  package init(
    _ setting: WhatIfSetting, period: Period, windowDays: Double, by: String?,
    curves: (all: ThresholdCurve, groups: [ThresholdCurve]), local: [LocalEffect]
  ) {
    let log = setting.log
    let decisions = log.action.count { $0 >= 0 }
    let above = log.action.indices.filter {
      log.action[$0] >= 0 && log.score[$0] >= log.threshold[$0]
    }
    let overridden = above.count { log.action[$0] == 0 && log.explored[$0] == 0 }
    let out = setting.episodes.leftOut
    self.init(
      period: period, windowDays: windowDays,
      score: Score(
        column: log.scoreColumn, minimum: log.scoreRange.lowerBound,
        maximum: log.scoreRange.upperBound, decisions: decisions),
      units: Units(
        estimand:
          "mean per first contact of an episode, later contacts of it within \(windowDays) days "
          + "handled by the same policy",
        firstContacts: setting.episodes.count, customers: curves.all.customers,
        leftOut: .init(
          nearStart: out.nearStart, nearEnd: out.nearEnd, withoutDecision: out.noDecision,
          betweenEpisodes: out.between)),
      routing: Routing(
        thresholdsBy: log.hasThreshold ? setting.routing.history.dimension.rawValue : nil,
        inForce: setting.routing.history.inForce.prefix(50).map {
          .init(threshold: $0.threshold, decisions: $0.decisions)
        },
        changes: setting.routing.history.changes.count,
        overrideShare: above.isEmpty ? 0 : Double(overridden) / Double(above.count),
        exploredShare: log.hasExplored
          ? Double(log.explored.count { $0 == 1 }) / Double(max(decisions, 1))
          : setting.explorationRate),
      ceiling: setting.bounds.ceiling, assumptions: WhatIfReport.assumptions(setting),
      absent: setting.rewards.absent.map { .init(outcome: $0.outcome, reason: $0.reason) },
      by: by, curve: curves.all, groups: curves.groups, discontinuities: local,
      trendCheck: TrendCheck(setting), optimum: nil, policies: [])
  }

  private static func assumptions(_ setting: WhatIfSetting) -> [String] {
    var list = [
      "A customer's outcomes depend on how that customer's contacts were handled, not on others' "
        + "(queues apart).",
      "Given topic and score, which contacts were explored, overridden by staff or came under another "
        + "threshold has nothing else to do with their outcomes.",
      "A policy keeps the share of contacts that staff take although the score is above the "
        + "threshold, and ends exploration.",
      "A single decision weighs at most \(Int(EpisodeKernel.largestRatio)) times; one with a "
        + "propensity below \(RoutingModel.leastPropensity) is outside support.",
      "Outside support: handled alike, a contact with a higher score brings no more repeats, minutes "
        + "and money on average and no fewer successes; and no first contact brings more than the "
        + "stated ceiling of repeats on average. Later contacts of such episodes are handled as logged; "
        + "in bounds each costs between what AI's and what staff's contacts cost on average.",
    ]
    if !setting.log.hasThreshold {
      list.append(
        "The log names no threshold in force: what a policy is compared with is what was done.")
    }
    if setting.routing.history.dimension == .contact {
      list.append("Thresholds are taken for drawn contact by contact.")
    }
    return list
  }
}
