extension AttributionReport {
  public struct ChangeResult: Codable, Sendable {
    public var week: String
    /// System-caused repeats per 100 interactions, exposure-adjusted, against the week before.
    public var systemPer100: Double
    public var difference: Double?
    /// Why repeats differ from the week listed before; nil with a note where that cannot be told.
    public var decomposition: ChangeDecomposition?
    public var decompositionNote: String?
    public init(
      week: String, systemPer100: Double, difference: Double?,
      decomposition: ChangeDecomposition? = nil, decompositionNote: String? = nil
    ) {
      self.week = week
      self.systemPer100 = systemPer100
      self.difference = difference
      self.decomposition = decomposition
      self.decompositionNote = decompositionNote
    }
    enum CodingKeys: String, CodingKey {
      case week, difference, decomposition
      case systemPer100 = "system_per_100"
      case decompositionNote = "decomposition_note"
    }
  }

  /// Why repeats changed between two periods: the mechanisms' parts add up to the difference.
  ///
  /// Repeats are the later contacts within the window per 100 interactions of known customers, as had
  /// every window been covered: those that an interaction of the period caused (expected, under what
  /// the period's own data say of κ), and coincidental ones that followed one.
  public struct ChangeDecomposition: Codable, Sendable {
    public enum Verdict: String, Codable, Sendable {
      case rose, fell, flat
      case notTold = "not_told"
    }
    public var from: ComparedPeriod
    public var to: ComparedPeriod
    public var difference: Estimate
    /// `rose` or `fell` where the difference is told from none; week over week at a family error of
    /// 5 % over all weeks, so that an interval of its own may leave out 0 and the verdict be `not_told`.
    public var verdict: Verdict
    public var mechanisms: [MechanismShare]
    /// The two halves of the mechanism `background`.
    public var baseline: Estimate
    public var coincidental: Estimate
    /// The failures whose repeats changed most, largest first.
    public var moved: [FailureChange]
    /// Change of the mean satisfaction; nil where the log has none in one of the periods.
    public var csat: Estimate?
    /// `flat` where its whole interval lies within a fifth of a standard deviation.
    public var csatVerdict: Verdict
    public var sentence: String

    enum CodingKeys: String, CodingKey {
      case from, to, difference, verdict, mechanisms, baseline, coincidental, moved, csat, sentence
      case csatVerdict = "csat_verdict"
    }
  }

  /// One side of a comparison.
  public struct ComparedPeriod: Codable, Sendable {
    public var period: String
    /// First and last day.
    public var from: String
    public var to: String
    /// Days of the period, and how many of them lie within the log; nil in runs of earlier versions.
    public var days: Int?
    public var daysInLog: Int?
    /// Of known customers.
    public var interactions: Int
    public var repeatsPer100: Double
    public var causedPer100: Double
    public var coincidentalPer100: Double
    public var csat: Double?
    /// Mean share of the repeat window that the log covers, 0...1.
    public var exposure: Double

    enum CodingKeys: String, CodingKey {
      case period, from, to, days, interactions, csat, exposure
      case daysInLog = "days_in_log"
      case repeatsPer100 = "repeats_per_100"
      case causedPer100 = "caused_per_100"
      case coincidentalPer100 = "coincidental_per_100"
    }
  }

  /// What one mechanism added to the repeats per 100 interactions; nil, with a note, where the log
  /// shows nothing of it: what it did is then in the others.
  public struct MechanismShare: Codable, Sendable {
    public var mechanism: String
    public var estimate: Double?
    public var ci95: [Double]?
    public var note: String?
  }

  /// A failure in both periods: on which share of the interactions it was, and the repeats per 100
  /// interactions that would not come had it alone been off.
  public struct FailureChange: Codable, Sendable {
    public var mode: String
    public var component: String?
    public var side: String
    public var shareFrom: Double
    public var shareTo: Double
    public var per100From: Double
    public var per100To: Double
    public var difference: Estimate

    enum CodingKeys: String, CodingKey {
      case mode, component, side, difference
      case shareFrom = "share_from"
      case shareTo = "share_to"
      case per100From = "per_100_from"
      case per100To = "per_100_to"
    }
  }
}
