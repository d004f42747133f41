import Attribution

/// What changes to an operation would avoid in a log's own period, and what they share.
public struct InterventionReport: Codable, Sendable {
  public typealias Estimate = AttributionReport.Estimate

  public struct Change: Codable, Sendable {
    public var name: String
    /// Expected failures that go, on the log's linked contacts; nil where no failure is concerned.
    public var failures: Double?
    /// Contacts that do not come, with the failures that go with those taken out and the repeats'
    /// own repeats.
    public var repeatsAvoided: Estimate
    public var costAvoided: Estimate

    enum CodingKeys: String, CodingKey {
      case name, failures
      case repeatsAvoided = "repeats_avoided"
      case costAvoided = "cost_avoided"
    }
  }

  /// Two changes at once.
  public struct Pair: Codable, Sendable {
    public var first: String
    public var second: String
    public var repeatsAvoided: Estimate
    /// What both avoid together beyond the sum of each alone: below 0 where they take the same
    /// repeats.
    public var beyondSum: Estimate
    public var costBeyondSum: Estimate

    enum CodingKeys: String, CodingKey {
      case first, second
      case repeatsAvoided = "repeats_avoided"
      case beyondSum = "beyond_sum"
      case costBeyondSum = "cost_beyond_sum"
    }
  }

  /// In the order asked for.
  public var changes: [Change]
  public var pairs: [Pair]
  public var currency: String?
}
