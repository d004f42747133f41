extension AttributionReport {
  /// 95 % intervals of a topic's parts of the split; nil where a part is not told, or has none.
  public struct PartIntervals: Codable, Sendable {
    /// Of both parts that begin with the system; of the direct one where staff's are not told.
    public var systemCaused: [Double]?
    public var systemDirect: [Double]?
    public var systemThroughStaff: [Double]?
    public var staffOwn: [Double]?
    public var baseline: [Double]?
    /// Why a part that is told has no interval.
    public var note: String?

    enum CodingKeys: String, CodingKey {
      case baseline, note
      case systemCaused = "system_caused"
      case systemDirect = "system_direct"
      case systemThroughStaff = "system_through_staff"
      case staffOwn = "staff_own"
    }
  }

  /// Caused repeats by the ISO week of the interaction that caused them.
  public struct WeekOfRepeats: Codable, Sendable {
    public var week: String
    public var interactions: Int
    /// nil where the split does not tell the system's part.
    public var systemDirect: Double?
    /// nil where the split does not tell the system's or staff's part.
    public var systemThroughStaff: Double?
    public var staffOwn: Double?
    public var baseline: Double
    public var csat: Double?
    /// Mean share of the repeat window that the log covers for the week's interactions, 0...1.
    public var exposure: Double
    public init(
      week: String, interactions: Int, systemDirect: Double?, systemThroughStaff: Double?,
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
    public var systemCaused: Double? { systemDirect.map { $0 + (systemThroughStaff ?? 0) } }

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
    /// nil where the split does not tell the system's part.
    public var systemDirect: Double?
    /// nil where the split does not tell the system's or staff's part.
    public var systemThroughStaff: Double?
    public var staffOwn: Double?
    public var baseline: Double
    /// nil where the intervals are the jackknife's, or nobody known made contact about the topic.
    public var ci95: PartIntervals?
    public init(
      topic: String, interactions: Int, systemDirect: Double?, systemThroughStaff: Double?,
      staffOwn: Double?, baseline: Double, ci95: PartIntervals? = nil
    ) {
      self.topic = topic
      self.interactions = interactions
      self.systemDirect = systemDirect
      self.systemThroughStaff = systemThroughStaff
      self.staffOwn = staffOwn
      self.baseline = baseline
      self.ci95 = ci95
    }
    enum CodingKeys: String, CodingKey {
      case topic, interactions, baseline, ci95
      case systemDirect = "system_direct"
      case systemThroughStaff = "system_through_staff"
      case staffOwn = "staff_own"
    }
  }
}
