/// What a released fix changed, beside what was predicted of it: `wherefore follow`.
///
/// `{…}` estimates are `AttributionReport.Estimate`s: 95 % intervals, null with a note where they
/// cannot be computed.
public struct FollowUp: Codable, Sendable {
  public typealias Estimate = AttributionReport.Estimate

  public enum Verdict: String, Codable, Sendable {
    case asPredicted = "as predicted"
    case lessThanPredicted = "less than predicted"
    case moreThanPredicted = "more than predicted"
    case cannotTell = "cannot tell yet"
  }

  public struct Fix: Codable, Sendable, Equatable {
    public var mode: String
    public var component: String
    public var rank: Int
    /// Share of the failures that the release was to take away.
    public var expectedCut: Double
    enum CodingKeys: String, CodingKey {
      case mode, component, rank
      case expectedCut = "expected_cut"
    }
  }

  /// How often the failure happens.
  public struct Failures: Codable, Sendable {
    /// Per interaction looked at.
    public var before: Double
    public var after: Double
    /// After, had nothing been released: as the controls moved.
    public var expectedAfter: Double
    /// Share of the failures that the release took away.
    public var cut: Estimate
    public var verdict: Verdict
    /// Variance against that of Poisson counts, by series and week.
    public var dispersion: Double
    public var errors: String
    /// Change a week of the fix's series against its controls before the release, on the log scale, and
    /// the p value of none; null with fewer than four weeks.
    public var slopeBefore: Double?
    public var slopeBeforeP: Double?
    enum CodingKeys: String, CodingKey {
      case before, after, cut, verdict, dispersion, errors
      case expectedAfter = "expected_after"
      case slopeBefore = "slope_before"
      case slopeBeforeP = "slope_before_p"
    }
  }

  /// Repeats that did not come after the release.
  public struct Repeats: Codable, Sendable {
    /// Episodes after the release whose whole repeat window is in the log: what figures are of. An
    /// episode is a contact without an earlier one of its customer within the window, with what follows.
    public var episodes: Int
    /// Failures to be expected in them without the release.
    public var expectedFailures: Double
    /// By the run before the release; the interval holds the chance of what a period really shows.
    public var predicted: Estimate
    /// By later contacts, counted raw.
    public var realised: Estimate
    /// Failures that did not happen times what each of them brought by the run before the release, with
    /// the same chance.
    public var byFailures: Estimate
    public var verdict: Verdict
    enum CodingKeys: String, CodingKey {
      case episodes, predicted, realised, verdict
      case expectedFailures = "expected_failures"
      case byFailures = "by_failures"
    }
  }

  public struct Week: Codable, Sendable, Equatable {
    /// From the release; 0 is the first after it.
    public var week: Int
    public var from: String
    public var interactions: Double
    public var failures: Double
    public var controlInteractions: Double
    public var controlFailures: Double
    enum CodingKeys: String, CodingKey {
      case week, from, interactions, failures
      case controlInteractions = "control_interactions"
      case controlFailures = "control_failures"
    }
  }

  public var fix: Fix
  public var released: String
  public var period: AttributionReport.Period
  public var weeksBefore: Int
  public var weeksAfter: Int
  public var controls: [String]
  /// `other components`, or `other failure modes` where the mode has one component only.
  public var controlsAre: String
  public var failures: Failures
  public var repeats: Repeats
  public var verdict: Verdict
  /// About how many weeks more it takes to tell the predicted repeats from none; null where that is
  /// told, or where no wait will do.
  public var moreWeeks: Int?
  public var sentence: String
  /// What to know of the prediction; null where it is one.
  public var note: String?
  public var weekly: [Week]

  enum CodingKeys: String, CodingKey {
    case fix, released, period, controls, failures, repeats, verdict, sentence, note, weekly
    case weeksBefore = "weeks_before"
    case weeksAfter = "weeks_after"
    case controlsAre = "controls_are"
    case moreWeeks = "more_weeks"
  }
}
