extension AttributionReport {
  /// One repair: a system mode at a component, or as a whole where it has none.
  public struct Fix: Codable, Sendable {
    public var rank: Int
    public var component: String
    public var mode: String
    /// If it is removed: with the failures that it induces and the repeats' own repeats.
    public var repeatsAvoided: Estimate
    /// In the study's currency; nil with a note where the study names no costs.
    public var costAvoided: Estimate
    public var currency: String?
    /// 95 % interval of the rank, from 1, all comparisons at once.
    public var rankInterval: [Int]?
    /// Interactions on which the mode holds, those that brought most repeats first.
    public var examples: [String]
    /// If it happens half as often; nil in runs of earlier versions, like all that follows.
    public var halved: Halved?
    /// Money of customers who would not have left; nil where the study does not price them.
    public var churnCostAvoided: Estimate?
    /// The other first fixes, by how much doing each before lowers this one.
    public var overlap: [Overlap]?
    /// Where it comes in the order in which each next repair pays most; nil where it does not.
    public var greedy: Greedy?
    /// The examples with the contacts that they may have brought.
    public var examplesWithLinks: [Example]?
    public init(
      rank: Int, component: String, mode: String, repeatsAvoided: Estimate,
      costAvoided: Estimate, currency: String?, rankInterval: [Int]?, examples: [String],
      halved: Halved? = nil, churnCostAvoided: Estimate? = nil, overlap: [Overlap]? = nil,
      greedy: Greedy? = nil, examplesWithLinks: [Example]? = nil
    ) {
      self.rank = rank
      self.component = component
      self.mode = mode
      self.repeatsAvoided = repeatsAvoided
      self.costAvoided = costAvoided
      self.currency = currency
      self.rankInterval = rankInterval
      self.examples = examples
      self.halved = halved
      self.churnCostAvoided = churnCostAvoided
      self.overlap = overlap
      self.greedy = greedy
      self.examplesWithLinks = examplesWithLinks
    }
    enum CodingKeys: String, CodingKey {
      case rank, component, mode, currency, examples, halved, overlap, greedy
      case churnCostAvoided = "churn_cost_avoided"
      case examplesWithLinks = "examples_with_links"
      case repeatsAvoided = "repeats_avoided"
      case costAvoided = "cost_avoided"
      case rankInterval = "rank_interval"
    }
  }
}
