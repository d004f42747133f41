extension AttributionReport {
  /// How repeats, or an outcome, answer to latency: over all topics, and topic by topic.
  public struct LatencyDose: Codable, Sendable {
    /// `repeats`, or the name of an outcome.
    public var response: String
    /// The column that latency is read from.
    public var column: String
    public var unit: String
    /// Interactions with a latency that count.
    public var interactions: Int
    public var overall: Curve
    public var topics: [Curve]
    /// What is said of it in one sentence.
    public var sentence: String
    public var note: String?

    /// A monotone curve, relative to the fastest.
    public struct Curve: Codable, Sendable {
      /// nil: all topics together.
      public var topic: String?
      public var interactions: Int
      /// Range of the latencies looked at: their 1st and 99th percentile.
      public var range: [Double]?
      public var points: [Point]
      /// Where it begins to cost; nil where no latency in the range is seen to.
      public var beginsAt: Double?
      public var beginsAtCi95: [Double]?
      /// Chance of a contrast this strong where latency does nothing (family over topics).
      public var p: Double?
      public var note: String?
      enum CodingKeys: String, CodingKey {
        case topic, interactions, range, points, p, note
        case beginsAt = "begins_at"
        case beginsAtCi95 = "begins_at_ci95"
      }
    }

    public struct Point: Codable, Sendable {
      public var latency: Double
      /// Repeats (odds, for an outcome) relative to the fastest interactions.
      public var ratio: Double
      public var ci95: [Double]?
    }
  }
}
