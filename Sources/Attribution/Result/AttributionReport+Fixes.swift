extension AttributionReport {
  public struct Fix: Codable, Sendable {
    public var rank: Int
    public var component: String
    public var mode: String
    public var repeatsAvoided: Estimate
    /// In the study's currency; nil with a note where the study names no costs.
    public var costAvoided: Estimate
    public var currency: String?
    public var rankInterval: [Int]?
    /// Interactions on which the mode holds, those that brought most repeats first.
    public var examples: [String]
    public init(
      rank: Int, component: String, mode: String, repeatsAvoided: Estimate,
      costAvoided: Estimate, currency: String?, rankInterval: [Int]?, examples: [String]
    ) {
      self.rank = rank
      self.component = component
      self.mode = mode
      self.repeatsAvoided = repeatsAvoided
      self.costAvoided = costAvoided
      self.currency = currency
      self.rankInterval = rankInterval
      self.examples = examples
    }
    enum CodingKeys: String, CodingKey {
      case rank, component, mode, currency, examples
      case repeatsAvoided = "repeats_avoided"
      case costAvoided = "cost_avoided"
      case rankInterval = "rank_interval"
    }
  }

  public struct StaffResult: Codable, Sendable {
    public var staffID: String
    public var perInteraction: Estimate
    public init(staffID: String, perInteraction: Estimate) {
      self.staffID = staffID
      self.perInteraction = perInteraction
    }
    enum CodingKeys: String, CodingKey {
      case staffID = "staff_id"
      case perInteraction = "per_interaction"
    }
  }
}
