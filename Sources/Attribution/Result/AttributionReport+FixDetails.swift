extension AttributionReport.Fix {
  public typealias Estimate = AttributionReport.Estimate

  /// What is gained where the failure happens half as often.
  public struct Halved: Codable, Sendable {
    public var repeatsAvoided: Estimate
    public var costAvoided: Estimate
    public init(repeatsAvoided: Estimate, costAvoided: Estimate) {
      self.repeatsAvoided = repeatsAvoided
      self.costAvoided = costAvoided
    }
    enum CodingKeys: String, CodingKey {
      case repeatsAvoided = "repeats_avoided"
      case costAvoided = "cost_avoided"
    }
  }

  /// Another fix, and by how much this one avoids less when that one is done first.
  public struct Overlap: Codable, Sendable, Equatable {
    public var mode: String
    public var component: String
    /// Repeats; below zero where the two help each other.
    public var lowersBy: Double
    /// The same in money; nil where costs are not known.
    public var lowersCostBy: Double?
    public init(mode: String, component: String, lowersBy: Double, lowersCostBy: Double?) {
      self.mode = mode
      self.component = component
      self.lowersBy = lowersBy
      self.lowersCostBy = lowersCostBy
    }
    enum CodingKeys: String, CodingKey {
      case mode, component
      case lowersBy = "lowers_by"
      case lowersCostBy = "lowers_cost_by"
    }
  }

  /// A fix's place in the order in which each next repair pays most.
  public struct Greedy: Codable, Sendable {
    /// From 1.
    public var step: Int
    /// Repeats that it avoids beyond those of the steps before.
    public var gain: Estimate
    public var costGain: Estimate
    /// Repeats that it and all steps before avoid together.
    public var together: Estimate
    public var costTogether: Estimate
    public init(
      step: Int, gain: Estimate, costGain: Estimate, together: Estimate, costTogether: Estimate
    ) {
      self.step = step
      self.gain = gain
      self.costGain = costGain
      self.together = together
      self.costTogether = costTogether
    }
    enum CodingKeys: String, CodingKey {
      case step, gain, together
      case costGain = "cost_gain"
      case costTogether = "cost_together"
    }
  }

  /// An interaction on which the mode holds, with the later contacts that it may have brought.
  public struct Example: Codable, Sendable, Equatable {
    public var interaction: String
    /// Repeats that it brought, expected given the log.
    public var brought: Double
    /// Likeliest first, those of half a per cent or more, at most ten.
    public var links: [Link]
    public init(interaction: String, brought: Double, links: [Link]) {
      self.interaction = interaction
      self.brought = brought
      self.links = links
    }
  }

  public struct Link: Codable, Sendable, Equatable {
    public var interaction: String
    public var probability: Double
    public var hours: Double
    public init(interaction: String, probability: Double, hours: Double) {
      self.interaction = interaction
      self.probability = probability
      self.hours = hours
    }
  }
}
