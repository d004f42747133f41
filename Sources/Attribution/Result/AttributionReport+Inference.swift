extension AttributionReport {
  /// What the intervals of a report are of and how they were computed.
  public struct Inference: Codable, Sendable {
    /// `sandwich` (the customers' scores at the fit) or `jackknife` (refits without each of 100 groups
    /// of customers).
    public var method: String
    /// What is estimated, in words.
    public var estimand: String
    public var populationCi95: Population

    /// 95 % intervals of what the same customer base brings in such a period; wider than those of
    /// this log's contacts, for which customers came with what is chance too. nil where a part cannot
    /// be told or has no interval.
    public struct Population: Codable, Sendable {
      public var systemCausedRepeats: [Double]?
      public var caused: [Double]?
      public var systemDirect: [Double]?
      public var systemThroughStaff: [Double]?
      public var staffOwn: [Double]?
      public var baseline: [Double]?

      enum CodingKeys: String, CodingKey {
        case caused, baseline
        case systemCausedRepeats = "system_caused_repeats"
        case systemDirect = "system_direct"
        case systemThroughStaff = "system_through_staff"
        case staffOwn = "staff_own"
      }

      public init(
        systemCausedRepeats: [Double]?, caused: [Double]?, systemDirect: [Double]?,
        systemThroughStaff: [Double]?, staffOwn: [Double]?, baseline: [Double]?
      ) {
        self.systemCausedRepeats = systemCausedRepeats
        self.caused = caused
        self.systemDirect = systemDirect
        self.systemThroughStaff = systemThroughStaff
        self.staffOwn = staffOwn
        self.baseline = baseline
      }
    }

    enum CodingKeys: String, CodingKey {
      case method, estimand
      case populationCi95 = "population_ci95"
    }

    public init(method: String, estimand: String, populationCi95: Population) {
      self.method = method
      self.estimand = estimand
      self.populationCi95 = populationCi95
    }
  }
}
