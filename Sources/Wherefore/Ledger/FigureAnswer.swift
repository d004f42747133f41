/// A figure of a run, opened: the interactions and pairs that make it up.
public struct FigureAnswer: Codable, Sendable {
  public struct Pair: Codable, Sendable, Equatable {
    /// The other interaction.
    public var interaction: String
    public var hours: Double
    public var sameTopic: Bool?
    public var probability: Double
    /// What the pair adds, where pairs add up to the interaction's contribution.
    public var contribution: Double?
    enum CodingKeys: String, CodingKey {
      case interaction, hours, probability, contribution
      case sameTopic = "same_topic"
    }
  }

  public struct Item: Codable, Sendable, Equatable {
    public var interaction: String
    public var startedAt: String
    public var topic: String?
    public var channel: String?
    public var handledBy: String?
    /// nil, too, where the study calls the column personal and it was not asked for.
    public var team: String?
    /// nil unless asked for.
    public var staff: String?
    public var failures: [ModeOnContact]
    /// The quantity's own value: a score, 1 or 0 of a rate, milliseconds.
    public var value: Double
    /// What the interaction adds to the figure; nil for quantiles.
    public var contribution: Double?
    public var pairs: [Pair]
    enum CodingKeys: String, CodingKey {
      case interaction, topic, channel, team, staff, failures, value, contribution, pairs
      case startedAt = "started_at"
      case handledBy = "handled_by"
    }
  }

  /// A figure of the report that is the same as what was selected.
  public struct Published: Codable, Sendable, Equatable {
    public var figure: String
    public var value: Double
  }

  public struct Seconds: Codable, Sendable, Equatable {
    public var load: Double
    public var query: Double
    /// Of the processor, which a busy machine does not lengthen.
    public var queryProcessor: Double
    enum CodingKeys: String, CodingKey {
      case load, query
      case queryProcessor = "query_processor"
    }
  }

  /// What a figure is of its interactions.
  public enum Kind: String, Codable, Sendable {
    case sum, count, mean, ratio, quantile
  }

  /// In which order interactions are listed.
  public enum Order: String, Codable, Sendable {
    /// Those that add, or take away, most first.
    case largest
    /// Those with the smallest values first: what fell short.
    case lowest
    /// Those at a quantile and above it.
    case upwards
  }

  public var figure: String
  public var meaning: String
  public var kind: Kind
  /// As attribution.json has it.
  public var value: Double
  /// From the run's interactions; within 1e-9 of `value`, relative to it where it is above 1.
  public var sum: Double
  public var difference: Double
  public var filter: InteractionFilter
  /// What the filter leaves: the same as `sum` without one; nil where nothing is left of a mean.
  public var selected: Double?
  public var published: Published?
  /// Interactions that add to what was selected.
  public var interactions: Int
  /// Of a rate: interactions that count for it and against it.
  public var countFor: Int?
  public var countAgainst: Int?
  /// Pairs after (`later`) or before (`earlier`) those interactions, or with the contact that the rule
  /// counts after each (`counted`), and their probabilities' sum; `none` where no pairs are part of it.
  public var pairs: Int
  public var pairsAre: String
  public var pairProbability: Double
  public var listedAre: Order
  public var listed: [Item]
  public var seconds: Seconds

  enum CodingKeys: String, CodingKey {
    case figure, meaning, kind, value, sum, difference, filter, selected, published, interactions,
      pairs
    case listed, seconds
    case countFor = "count_for"
    case countAgainst = "count_against"
    case pairsAre = "pairs_are"
    case listedAre = "listed_are"
    case pairProbability = "pair_probability"
  }
}

/// A failure mode on an interaction.
public struct ModeOnContact: Codable, Sendable, Equatable {
  public var mode: String
  public var component: String?
  /// Whether it is known to hold; else nobody looked, and `probability` says how likely it is.
  public var known: Bool
  public var probability: Double?

  public init(mode: String, component: String?, known: Bool, probability: Double?) {
    self.mode = mode
    self.component = component
    self.known = known
    self.probability = probability
  }
}
