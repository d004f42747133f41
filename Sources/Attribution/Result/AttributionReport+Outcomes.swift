extension AttributionReport {
  /// One outcome beside repeats, split as the repeats are. Counts are events of this log's
  /// interactions; where the outcome is good, what failures took away is negative.
  public struct OutcomeResult: Codable, Sendable {
    public var outcome: String
    /// `escalation`, `churn`, `conversion` or `resolution`.
    public var kind: String
    /// Whether more of it is what one wants.
    public var good: Bool
    /// `logistic`, `hazard` or `hazard_from_silence`.
    public var model: String
    /// Interactions on which it could happen and is known.
    public var interactions: Int
    /// Counted events; nil where it is told from silence.
    public var events: Int?
    public var expected: Estimate
    public var split: Split
    public var modes: [Mode]
    public var leftOut: [LeftOut]
    public var money: Money?
    public var silence: Silence?
    public var converged: Bool
    public var note: String?

    public struct Mode: Codable, Sendable {
      public var mode: String
      public var side: String
      /// nil: the mode over all its components.
      public var component: String?
      /// Interactions at risk on which it is known to hold.
      public var interactions: Int
      /// Its part of the split; modes and baseline add up to the expected events.
      public var caused: Estimate
      /// Events that would not have happened without it and the failures that it brings about.
      public var ifRemoved: Estimate
      public var note: String?
      enum CodingKeys: String, CodingKey {
        case mode, side, component, interactions, caused, note
        case ifRemoved = "if_removed"
      }
    }

    /// A failure mode that cannot have brought this outcome about, or whose effect cannot be told.
    public struct LeftOut: Codable, Sendable {
      public var mode: String
      public var reason: String
    }

    /// Money of the events that the system's failures brought about (or took away).
    public struct Money: Codable, Sendable {
      public var perEvent: Double
      public var currency: String?
      public var system: Estimate
      enum CodingKeys: String, CodingKey {
        case currency, system
        case perEvent = "per_event"
      }
    }

    /// What silence can and cannot tell.
    public struct Silence: Codable, Sendable {
      /// Customers' mean days between contacts of their own, while they are there.
      public var meanDaysBetween: Double?
      /// Days from a typical customer's last contact to the log's end (median).
      public var medianDaysSilent: Double?
      /// Number of customers that the silences are worth: Σ (1 − chance of being that long silent).
      public var tellingCustomers: Double
      public var customers: Int
      /// Expected number that have left by the log's end.
      public var departed: Double?
      enum CodingKeys: String, CodingKey {
        case customers, departed
        case meanDaysBetween = "mean_days_between"
        case medianDaysSilent = "median_days_silent"
        case tellingCustomers = "telling_customers"
      }
    }

    enum CodingKeys: String, CodingKey {
      case outcome, kind, good, model, interactions, events, expected, split, modes, money, silence
      case converged, note
      case leftOut = "left_out"
    }
  }
}
