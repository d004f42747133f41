extension AttributionReport {
  /// Caused repeats by the ISO week of the interaction that caused them.
  public struct WeekOfRepeats: Codable, Sendable {
    public var week: String
    public var interactions: Int
    public var systemDirect: Double
    /// nil, as `staffOwn`, where the split does not tell staff's part.
    public var systemThroughStaff: Double?
    public var staffOwn: Double?
    public var baseline: Double
    public var csat: Double?
    /// Mean share of the repeat window that the log covers for the week's interactions, 0...1.
    public var exposure: Double
    public init(
      week: String, interactions: Int, systemDirect: Double, systemThroughStaff: Double?,
      staffOwn: Double?, baseline: Double, csat: Double?, exposure: Double
    ) {
      self.week = week
      self.interactions = interactions
      self.systemDirect = systemDirect
      self.systemThroughStaff = systemThroughStaff
      self.staffOwn = staffOwn
      self.baseline = baseline
      self.csat = csat
      self.exposure = exposure
    }
    /// Both parts that begin with the system; what goes through staff counts where it is told.
    public var systemCaused: Double { systemDirect + (systemThroughStaff ?? 0) }

    enum CodingKeys: String, CodingKey {
      case week, interactions, baseline, csat, exposure
      case systemDirect = "system_direct"
      case systemThroughStaff = "system_through_staff"
      case staffOwn = "staff_own"
    }
  }

  /// Caused repeats by the topic of the interaction that caused them.
  public struct TopicOfRepeats: Codable, Sendable {
    public var topic: String
    public var interactions: Int
    public var systemDirect: Double
    /// nil, as `staffOwn`, where the split does not tell staff's part.
    public var systemThroughStaff: Double?
    public var staffOwn: Double?
    public var baseline: Double
    public init(
      topic: String, interactions: Int, systemDirect: Double, systemThroughStaff: Double?,
      staffOwn: Double?, baseline: Double
    ) {
      self.topic = topic
      self.interactions = interactions
      self.systemDirect = systemDirect
      self.systemThroughStaff = systemThroughStaff
      self.staffOwn = staffOwn
      self.baseline = baseline
    }
    enum CodingKeys: String, CodingKey {
      case topic, interactions, baseline
      case systemDirect = "system_direct"
      case systemThroughStaff = "system_through_staff"
      case staffOwn = "staff_own"
    }
  }
}
