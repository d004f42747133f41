import InteractionLog

/// What the figures of a report count of each interaction beside its repeats, one entry a row of the
/// `InteractionTable`: kept with a run, so that figures open without the log.
public struct ContactFacts: Sendable {
  /// ISO week of the start in the study's zone, as `ISOWeek.ordinal`.
  public var week: [Int32]
  /// nil: not known, and left out of the rate.
  public var intentResolved: [Bool?]
  public var actionSucceeded: [Bool?]
  /// End-to-end milliseconds; NaN where unknown.
  public var latency: [Double]
  /// Whether the customary rule sees a repeat follow; nil where that is not known.
  public var repeatedByRule: [Bool?]
  /// Whether the log covers the rule's whole window: such rows make up the rule's rate.
  public var ruleWindowCovered: [Bool]
  /// In the study's currency; NaN where it cannot be told.
  public var cost: [Double]

  public init(
    week: [Int32] = [], intentResolved: [Bool?] = [], actionSucceeded: [Bool?] = [],
    latency: [Double] = [], repeatedByRule: [Bool?] = [], ruleWindowCovered: [Bool] = [],
    cost: [Double] = []
  ) {
    self.week = week
    self.intentResolved = intentResolved
    self.actionSucceeded = actionSucceeded
    self.latency = latency
    self.repeatedByRule = repeatedByRule
    self.ruleWindowCovered = ruleWindowCovered
    self.cost = cost
  }
}

/// What each failure mode brought at each interaction that carries it or may carry it: sparse, in
/// order of row and mode.
public struct ModeContributions: Sendable {
  /// A mode at a component.
  public struct Place: Sendable, Equatable {
    public var mode: String
    /// nil: the row names none.
    public var component: String?
    public init(mode: String, component: String?) {
      self.mode = mode
      self.component = component
    }
  }

  public var places: [Place] = []
  public var row: [Int32] = []
  /// Index into `places`.
  public var place: [Int32] = []
  /// Whether the mode is known to hold; else nobody looked.
  public var known: [Bool] = []
  /// Probability that it holds, 1 where known; NaN here and below where the mode was left out.
  public var probability: [Double] = []
  /// The mode's part of the interaction's expected repeats.
  public var caused: [Double] = []
  /// Drop of the interaction's expected repeats if this flag alone were off.
  public var switchedOff: [Double] = []
  /// Share of the interaction's repeats that goes with the mode and the failures that it induces.
  public var removedShare: [Double] = []

  public init() {}

  /// Entries.
  public var count: Int { row.count }

  mutating func append(
    row: Int, place: Int32, known: Bool, probability: Double, caused: Double, switchedOff: Double,
    removedShare: Double
  ) {
    self.row.append(Int32(row))
    self.place.append(place)
    self.known.append(known)
    self.probability.append(probability)
    self.caused.append(caused)
    self.switchedOff.append(switchedOff)
    self.removedShare.append(removedShare)
  }
}

/// What a study declares that a reader of a run needs: what contacts cost, and what identifies people.
public struct LedgerDeclaration: Codable, Sendable, Equatable {
  public var schemaVersion = "1"
  public var perInteraction: Double?
  public var perStaffMinute: Double?
  public var currency: String?
  /// Columns that identify people.
  public var personal: [String]

  public init(
    perInteraction: Double? = nil, perStaffMinute: Double? = nil, currency: String? = nil,
    personal: [String] = ["customer_id", "staff_id"]
  ) {
    self.perInteraction = perInteraction
    self.perStaffMinute = perStaffMinute
    self.currency = currency
    self.personal = personal
  }

  public init(_ study: Study) {
    self.init(
      perInteraction: study.costs.perInteraction, perStaffMinute: study.costs.perStaffMinute,
      currency: study.costs.currency, personal: study.personal)
  }

  enum CodingKeys: String, CodingKey {
    case currency, personal
    case schemaVersion = "schema_version"
    case perInteraction = "per_interaction"
    case perStaffMinute = "per_staff_minute"
  }
}
