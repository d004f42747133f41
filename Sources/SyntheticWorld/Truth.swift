/// What is true of a generated log: expected repeats by cause, from the structural equations.
///
/// Everything under `expected` and `modesDirect` sums, over the log's contacts, their expected
/// repeats that fall inside the log given what happened on them (not what happened to come of it).
public struct Truth: Codable, Sendable, Equatable {
  /// Expected repeats of the log's contacts and their split, which adds up to `total`.
  public struct Expected: Codable, Sendable, Equatable {
    /// Y(S, H)
    public var total: Double
    /// Y(0, 0)
    public var baseline: Double
    /// Y(S, H) − Y(0, H)
    public var systemDirect: Double
    /// Y(0, H) − E[Y(0, H(0))], an observed error being kept with probability min(1, p(0) / p(S))
    public var systemThroughStaff: Double
    /// E[Y(0, H(0))] − Y(0, 0)
    public var staffOwn: Double

    enum CodingKeys: String, CodingKey {
      case total, baseline
      case systemDirect = "system_direct"
      case systemThroughStaff = "system_through_staff"
      case staffOwn = "staff_own"
    }
  }

  /// Contacts of the log by what really brought them: they add up to `triggered`.
  public struct Realised: Codable, Sendable, Equatable {
    public var baseline: Int
    public var systemDirect: Int
    public var systemThroughStaff: Int
    public var staffOwn: Int
    /// Brought by contacts before the log's start.
    public var beforeLog: Int

    enum CodingKeys: String, CodingKey {
      case baseline
      case systemDirect = "system_direct"
      case systemThroughStaff = "system_through_staff"
      case staffOwn = "staff_own"
      case beforeLog = "before_log"
    }
  }

  public struct Change: Codable, Sendable, Equatable {
    public var name: String
    public var day: Int
  }

  public struct Period: Codable, Sendable, Equatable {
    /// ISO-8601, the log's first moment.
    public var from: String
    /// ISO-8601, the first moment after the log.
    public var to: String
  }

  public var expected: Expected
  /// The same by the true topic of the contact that brings them, and by its ISO week; nil in files of
  /// earlier versions.
  public var expectedByTopic: [String: Expected]?
  public var expectedByWeek: [String: Expected]?
  /// What becomes otherwise on a day of the log, from 0; nil: nothing.
  public var change: Change?
  /// Outcomes beside repeats; nil where the world has none.
  public var outcomes: [OutcomeTruth]?
  /// By mode: drop of the expected repeats if only this flag is switched off, all else as it was.
  public var modesDirect: [String: Double]
  /// By mode and component: the parts of `modesDirect`.
  public var modesDirectByComponent: [String: [String: Double]]
  /// By mode: contacts of the log that do not happen in the twin world in which the mode never
  /// happens from the log's start on: with the failures it induces, their repeats and those'
  /// repeats, on the same random numbers. nil where it was not asked for.
  public var modesTotal: [String: Int]?
  /// The same with all system modes out at once.
  public var allSystemTotal: Int?
  /// By mode: contacts of the log on which it holds.
  public var modeContacts: [String: Int]
  /// Contacts of the log.
  public var contacts: Int
  /// Contacts of the log that an earlier contact brought, in the log or before it.
  public var triggered: Int
  public var realised: Realised
  /// Customers in the log.
  public var customers: Int
  public var regime: String
  public var seed: UInt64
  public var period: Period
  /// What thresholds on a grid bring and what is in force brings, where repeats respond to them.
  public var policies: [PolicyTruth]?
  /// Version of the generator: the same version, regime, size and seed give the same log.
  public var version: String

  enum CodingKeys: String, CodingKey {
    case expected, outcomes, contacts, triggered, realised, customers, regime, seed, period
    case policies, version, change
    case expectedByTopic = "expected_by_topic"
    case expectedByWeek = "expected_by_week"
    case modesDirect = "modes_direct"
    case modesDirectByComponent = "modes_direct_by_component"
    case modesTotal = "modes_total"
    case allSystemTotal = "all_system_total"
    case modeContacts = "mode_contacts"
  }
}
