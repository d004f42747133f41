extension AttributionReport {
  /// How ids were joined to customers, and what the result owes to that.
  public struct Identity: Codable, Sendable {
    /// The rule in force, in words.
    public var rule: String
    /// What the figures are of.
    public var estimand: String
    /// Interactions with and without an id.
    public var linkable: Int
    public var unlinkable: Int
    /// The result under each rule from ids as they stand to the one in force.
    public var rules: [Rule]
    /// What the study says of wrong ids; nil: nothing.
    public var declared: Declared?
    /// All interactions, those without an id taken to be like those of their kind with one.
    public var allInteractions: AllInteractions
    public var notes: [String]

    public init(
      rule: String, estimand: String, linkable: Int, unlinkable: Int, rules: [Rule],
      declared: Declared?, allInteractions: AllInteractions, notes: [String]
    ) {
      self.rule = rule
      self.estimand = estimand
      self.linkable = linkable
      self.unlinkable = unlinkable
      self.rules = rules
      self.declared = declared
      self.allInteractions = allInteractions
      self.notes = notes
    }

    enum CodingKeys: String, CodingKey {
      case rule, estimand, linkable, unlinkable, rules, declared, notes
      case allInteractions = "all_interactions"
    }
  }

  /// The result if identity went by one rule.
  public struct Rule: Codable, Sendable, Equatable {
    public var rule: String
    public var isInForce: Bool
    public var customers: Int
    /// Interactions that have another of the same customer within the repeat window before them.
    public var laterContacts: Int
    public var causedRepeats: Double?
    public var systemCausedRepeats: Double?
    /// Why figures are missing.
    public var note: String?

    public init(
      rule: String, isInForce: Bool, customers: Int, laterContacts: Int, causedRepeats: Double?,
      systemCausedRepeats: Double?, note: String? = nil
    ) {
      self.rule = rule
      self.isInForce = isInForce
      self.customers = customers
      self.laterContacts = laterContacts
      self.causedRepeats = causedRepeats
      self.systemCausedRepeats = systemCausedRepeats
      self.note = note
    }

    enum CodingKeys: String, CodingKey {
      case rule, customers, note
      case isInForce = "in_force"
      case laterContacts = "later_contacts"
      case causedRepeats = "caused_repeats"
      case systemCausedRepeats = "system_caused_repeats"
    }
  }

  /// Declared errors of identity and what they do.
  public struct Declared: Codable, Sendable, Equatable {
    public struct Rate: Codable, Sendable, Equatable {
      public var rate: Double
      public var se: Double
      public init(rate: Double, se: Double) {
        self.rate = rate
        self.se = se
      }
    }

    /// Share of the contacts with another customer's id.
    public var wrong: Rate?
    /// Share of the customers with an id of their own on each channel.
    public var split: Rate?
    /// How many repeats a recorded one stands for.
    public var factor: Double

    public init(wrong: Rate?, split: Rate?, factor: Double) {
      self.wrong = wrong
      self.split = split
      self.factor = factor
    }
  }

  /// Figures standardised to all interactions.
  public struct AllInteractions: Codable, Sendable {
    public var systemCausedRepeats: Estimate
    public var causedRepeats: Estimate
    public init(systemCausedRepeats: Estimate, causedRepeats: Estimate) {
      self.systemCausedRepeats = systemCausedRepeats
      self.causedRepeats = causedRepeats
    }
    enum CodingKeys: String, CodingKey {
      case systemCausedRepeats = "system_caused_repeats"
      case causedRepeats = "caused_repeats"
    }
  }
}
