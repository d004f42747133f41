extension AttributionReport {
  /// A member of staff who passed the guard: adjusted, shrunk, false discovery rate and volume.
  public struct StaffResult: Codable, Sendable {
    public var staffID: String
    /// Repeats more per contact than of the reference with the same work, shrunk.
    public var perInteraction: Estimate
    /// Linked contacts.
    public var contacts: Int
    /// Repeats expected of the same work by the reference, and of this member.
    public var expected: Double
    public var observed: Double
    /// Observed to expected, and the same shrunk towards the others.
    public var ratio: Estimate
    public var shrunkRatio: Estimate
    /// False discovery rate at which the member stands out.
    public var q: Double
    /// Odds of each staff error against the others', shrunk, at equal work; by mode.
    public var errorOdds: [String: Double]

    public init(
      staffID: String, perInteraction: Estimate, contacts: Int, expected: Double,
      observed: Double, ratio: Estimate, shrunkRatio: Estimate, q: Double,
      errorOdds: [String: Double]
    ) {
      self.staffID = staffID
      self.perInteraction = perInteraction
      self.contacts = contacts
      self.expected = expected
      self.observed = observed
      self.ratio = ratio
      self.shrunkRatio = shrunkRatio
      self.q = q
      self.errorOdds = errorOdds
    }

    enum CodingKeys: String, CodingKey {
      case contacts, expected, observed, ratio, q
      case staffID = "staff_id"
      case perInteraction = "per_interaction"
      case shrunkRatio = "shrunk_ratio"
      case errorOdds = "error_odds"
    }
  }

  /// Members of staff compared with one another; without ids.
  public struct StaffComparison: Codable, Sendable {
    /// Members with a linked contact, those compared, and those who pass the guard.
    public var members: Int
    public var compared: Int
    public var named: Int
    /// Members whose work nobody else does, or who work for a few customers only, so that they cannot
    /// be compared.
    public var notComparable: Int
    /// Members whom a ranking by raw repeat rates would call worse than the mean by 2 standard errors.
    public var rankedByRawRate: Int
    public var minimumContacts: Int
    public var minimumExpectedRepeats: Double
    public var minimumCustomers: Double
    public var adjustedFor: [String]
    /// Standard deviation of the members' log ratios: all of it, and what the funnel allows for.
    public var spread: Estimate
    public var overdispersion: Double?
    public var funnel: [FunnelPoint]
    public var notIdentifiable: [InseparablePair]
    public var note: String?

    enum CodingKeys: String, CodingKey {
      case members, compared, named, spread, overdispersion, funnel, note
      case notComparable = "not_comparable"
      case rankedByRawRate = "ranked_by_raw_rate"
      case minimumContacts = "minimum_contacts"
      case minimumExpectedRepeats = "minimum_expected_repeats"
      case minimumCustomers = "minimum_customers"
      case adjustedFor = "adjusted_for"
      case notIdentifiable = "not_identifiable"
    }
  }

  /// One compared member, nameless, in order of what is expected.
  public struct FunnelPoint: Codable, Sendable {
    /// What the ratio's error is worth in counted repeats: 1 over the square of its standard error.
    public var precision: Double
    public var ratio: Double
    public var named: Bool
  }

  /// A member of staff and a failing component that meet on nearly all contacts of both.
  public struct InseparablePair: Codable, Sendable {
    public var mode: String
    public var component: String?
    /// The member's contacts on which it fails.
    public var interactions: Int
    /// Share of what the log says of the one that is gone while the other is not known.
    public var shared: Double
    /// Repeats of these contacts that are more than without both: from none to all of them may be the
    /// member's, the rest is the component's.
    public var excess: Double
    public var memberBounds: [Double]
    public var componentBounds: [Double]

    enum CodingKeys: String, CodingKey {
      case mode, component, interactions, shared, excess
      case memberBounds = "member_bounds"
      case componentBounds = "component_bounds"
    }
  }

  /// What a count of repeats after staff's contacts shows, and where those repeats came from.
  public struct StaffView: Codable, Sendable {
    /// `staff_error`: repeats after contacts on which a staff error is known; `handled_by_staff`: after
    /// contacts of staff, where no errors are recorded.
    public var basis: String
    /// All repeats that the rule counts: what shares are of.
    public var counted: Int
    public var looksLikeStaff: Count
    public var parts: Parts
    /// 95 % intervals of shares: of both of the system's parts, and of both that the contact did not
    /// bring.
    public var systemShareCi95: [Double]?
    public var elsewhereShareCi95: [Double]?
    public var teams: [Team]
    public var sentence: String?
    public var note: String?

    public struct Count: Codable, Sendable {
      public var count: Int
      public var share: Double?
    }

    /// Expected repeats by where they came from; they add up to the raw count, the shares to its share.
    public struct Parts: Codable, Sendable {
      public var ownAccord: Part
      public var otherContact: Part
      public var baseline: Part
      public var systemDirect: Part
      public var systemThroughStaff: Part
      public var staffOwn: Part

      enum CodingKeys: String, CodingKey {
        case baseline
        case ownAccord = "own_accord"
        case otherContact = "other_contact"
        case systemDirect = "system_direct"
        case systemThroughStaff = "system_through_staff"
        case staffOwn = "staff_own"
      }
    }

    /// Repeats counted after the contacts that staff of a team handled.
    public struct Team: Codable, Sendable {
      public var team: String
      public var looksLikeStaff: Count
      public var parts: Parts

      enum CodingKeys: String, CodingKey {
        case team, parts
        case looksLikeStaff = "looks_like_staff"
      }
    }

    enum CodingKeys: String, CodingKey {
      case basis, counted, parts, teams, sentence, note
      case looksLikeStaff = "looks_like_staff"
      case systemShareCi95 = "system_share_ci95"
      case elsewhereShareCi95 = "elsewhere_share_ci95"
    }
  }
}
