import Attribution
import InteractionLog

/// What a policy brings about, per first contact of an episode.
package enum PolicyOutcome: String, Sendable, CaseIterable, Codable {
  /// Later contacts of the customer within the window.
  case repeats
  /// Repeats that the attribution's links put down to the episode's contacts.
  case causedRepeats = "caused_repeats"
  /// Minutes of staff, on the first contact and on those that followed within the window.
  case staffMinutes = "staff_minutes"
  /// Money of the first contact and of those that followed.
  case cost
  /// Whether the first contact's intent was resolved.
  case intentResolution = "intent_resolution"
  /// Whether the first contact's action succeeded.
  case actionSuccess = "action_success"
  /// Seconds from the first contact's start to its end.
  case latency = "latency_seconds"

  /// Whether it adds up over the episode; else it is the first contact's alone.
  package var isOfEpisode: Bool {
    switch self {
    case .repeats, .causedRepeats, .staffMinutes, .cost: true
    case .intentResolution, .actionSuccess, .latency: false
    }
  }

  /// Whether each contact brings its own by how it is handled, whatever follows it.
  var isOfContact: Bool { self == .staffMinutes || self == .cost }

  /// A share of first contacts, from 0 to 1.
  package var isShare: Bool { self == .intentResolution || self == .actionSuccess }
}

/// The rewards of each contact, by outcome: what is counted when a policy is valued.
///
/// A reward belongs to the decision that it follows: a later contact to the decision before it, minutes
/// and money to the contact itself.
package struct PolicyRewards: Sendable {
  /// Outcomes of the episode first.
  package let outcomes: [PolicyOutcome]
  /// How many of them add up over the episode.
  package let ofEpisode: Int
  /// By outcome: one reward a contact, NaN where unknown (first-contact outcomes only).
  package let values: [[Double]]
  /// Why an outcome is not among them.
  package let absent: [(outcome: PolicyOutcome, reason: String)]

  /// - Parameter caused: by row of the table, repeats that an attribution puts down to it.
  package init(
    _ log: DecisionLog, _ episodes: Episodes, table: InteractionTable, costs: Study.Costs,
    caused: [Double]? = nil
  ) {
    var (found, absent) = (
      [(PolicyOutcome, [Double])](), [(outcome: PolicyOutcome, reason: String)]()
    )
    var follows = [Double](repeating: 0, count: log.count)
    for u in 0..<episodes.count {
      let first = Int(episodes.first[u])
      for i in first..<first + Int(episodes.length[u]) - 1 { follows[i] = 1 }
    }
    found.append((.repeats, follows))
    if let caused {
      found.append((.causedRepeats, log.row.map { caused[Int($0)] }))
    } else {
      absent.append((.causedRepeats, "no run was named whose links say what was caused"))
    }
    if let minutes = InteractionCosts.staffMinutes(table) {
      found.append((.staffMinutes, log.row.map { minutes[Int($0)] }))
    } else {
      absent.append((.staffMinutes, "the log has no handle_seconds of staff"))
    }
    let money = InteractionCosts(table, costs)
    if let byRow = money.byRow {
      found.append((.cost, log.row.map { byRow[Int($0)] }))
    } else {
      absent.append((.cost, money.note ?? "costs cannot be told"))
    }
    func flags(_ outcome: PolicyOutcome, _ values: [Bool?], _ reason: String) {
      let column = log.row.map { values[Int($0)].map { $0 ? 1.0 : 0 } ?? .nan }
      if column.allSatisfy(\.isNaN) {
        absent.append((outcome, reason))
      } else {
        found.append((outcome, column))
      }
    }
    flags(
      .intentResolution, MetricsCalculator.resolutions(table),
      "the log has neither resolved nor both intents")
    flags(
      .actionSuccess, MetricsCalculator.actionSuccesses(table), "the log has no action_status")
    let latencies = MetricsCalculator.latencies(table)
    let seconds = log.row.map { latencies[Int($0)] / 1_000 }
    if seconds.allSatisfy(\.isNaN) {
      absent.append((.latency, "the log has no ended_at and no handle_seconds"))
    } else {
      found.append((.latency, seconds))
    }
    outcomes = found.map(\.0)
    values = found.map(\.1)
    ofEpisode = found.count { $0.0.isOfEpisode }
    self.absent = absent
  }

  package func index(of outcome: PolicyOutcome) -> Int? { outcomes.firstIndex(of: outcome) }
}
