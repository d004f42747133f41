/// Everything a report shows, as `attribution.json` holds it (schema_version 1).
///
/// Nothing else in the product is the source of a number. Keys are stable: see the README.
public struct AttributionReport: Codable, Sendable {
  public var schemaVersion = "1"
  public var period: Period
  public var interactions: Int
  public var customers: Int
  public var unlinkedInteractions: Int
  public var headline: Headline
  public var repeats: Repeats
  public var metrics: Metrics
  public var split: Split
  public var weekly: [WeekOfRepeats]
  public var topics: [TopicOfRepeats]
  public var modes: [ModeResult]
  public var fixes: [Fix]
  /// Filled where staff are adjusted, shrunk and significant after FDR control.
  public var staff: [StaffResult]
  /// Members of staff compared without ids; what a raw count of staff's repeats is made up of.
  public var staffComparison: StaffComparison?
  public var staffView: StaffView?
  public var change: [ChangeResult]
  public var checks: [Check]
  /// What tried to show that the attribution is wrong; nil where that was not asked for.
  public var refuters: [Refuter]?
  public var model: Model
  public var provenance: Provenance
  /// What the intervals are of and how they were computed.
  public var inference: Inference?
  /// Outcomes beside repeats that the study declares; nil in runs of earlier versions.
  public var outcomes: [OutcomeResult]?
  /// How repeats and outcomes answer to latency; nil in runs of earlier versions.
  public var latencyDose: [LatencyDose]?
  /// nil in reports of versions that did not look at it.
  public var identity: Identity?

  public struct Period: Codable, Sendable {
    public var from: String
    public var to: String
    public init(from: String, to: String) {
      self.from = from
      self.to = to
    }
  }

  /// An estimate with its 95 % interval; both nil, with a note, where it cannot be computed.
  public struct Estimate: Codable, Sendable, Equatable {
    public var estimate: Double?
    public var ci95: [Double]?
    public var note: String?
    public init(estimate: Double?, ci95: [Double]?, note: String? = nil) {
      self.estimate = estimate
      self.ci95 = ci95
      self.note = note
    }
  }

  public struct HeadlineCount: Codable, Sendable {
    public var estimate: Double?
    public var ci95: [Double]?
    public var per100Interactions: Double?
    public var per100Ci95: [Double]?
    public var note: String?
    public init(
      estimate: Double?, ci95: [Double]?, per100Interactions: Double?, per100Ci95: [Double]?,
      note: String? = nil
    ) {
      self.estimate = estimate
      self.ci95 = ci95
      self.per100Interactions = per100Interactions
      self.per100Ci95 = per100Ci95
      self.note = note
    }
    enum CodingKeys: String, CodingKey {
      case estimate, ci95, note
      case per100Interactions = "per_100_interactions"
      case per100Ci95 = "per_100_ci95"
    }
  }

  public struct Headline: Codable, Sendable {
    public var systemCausedRepeats: HeadlineCount
    public var staffOwnCausedRepeats: HeadlineCount
    public var sentence: String
    public init(
      systemCausedRepeats: HeadlineCount, staffOwnCausedRepeats: HeadlineCount, sentence: String
    ) {
      self.systemCausedRepeats = systemCausedRepeats
      self.staffOwnCausedRepeats = staffOwnCausedRepeats
      self.sentence = sentence
    }
    enum CodingKeys: String, CodingKey {
      case systemCausedRepeats = "system_caused_repeats"
      case staffOwnCausedRepeats = "staff_own_caused_repeats"
      case sentence
    }
  }

  public struct Repeats: Codable, Sendable {
    public var windowDays: Double
    public var countedByRule: CountedByRule
    public var caused: Estimate
    public var coincidental: Estimate
    public struct CountedByRule: Codable, Sendable {
      public var rule: String
      public var count: Int
      /// Share of the interactions whose whole window the log covers; nil where there is none.
      public var rate: Double?
      public init(rule: String, count: Int, rate: Double?) {
        self.rule = rule
        self.count = count
        self.rate = rate
      }
    }
    public init(
      windowDays: Double, countedByRule: CountedByRule, caused: Estimate, coincidental: Estimate
    ) {
      self.windowDays = windowDays
      self.countedByRule = countedByRule
      self.caused = caused
      self.coincidental = coincidental
    }
    enum CodingKeys: String, CodingKey {
      case caused, coincidental
      case windowDays = "window_days"
      case countedByRule = "counted_by_rule"
    }
  }

  /// A part of the caused repeats, with its share of them.
  public struct Part: Codable, Sendable {
    public var estimate: Double?
    public var ci95: [Double]?
    public var share: Double?
    public var shareCi95: [Double]?
    public var note: String?
    public init(
      estimate: Double?, ci95: [Double]?, share: Double?, shareCi95: [Double]?, note: String? = nil
    ) {
      self.estimate = estimate
      self.ci95 = ci95
      self.share = share
      self.shareCi95 = shareCi95
      self.note = note
    }
    enum CodingKeys: String, CodingKey {
      case estimate, ci95, share, note
      case shareCi95 = "share_ci95"
    }
  }

  public struct Split: Codable, Sendable {
    public var systemDirect: Part
    public var systemThroughStaff: Part
    public var staffOwn: Part
    public var baseline: Part
    public init(systemDirect: Part, systemThroughStaff: Part, staffOwn: Part, baseline: Part) {
      self.systemDirect = systemDirect
      self.systemThroughStaff = systemThroughStaff
      self.staffOwn = staffOwn
      self.baseline = baseline
    }
    enum CodingKeys: String, CodingKey {
      case baseline
      case systemDirect = "system_direct"
      case systemThroughStaff = "system_through_staff"
      case staffOwn = "staff_own"
    }
  }

  public struct ModeResult: Codable, Sendable {
    public var mode: String
    public var side: String
    /// nil: the mode over all its components.
    public var component: String?
    /// Interactions on which the mode is known to hold.
    public var interactions: Int
    /// The mode's part of the split: its Shapley share of its side, through staff included. Modes and
    /// baseline add up to the caused repeats.
    public var caused: Estimate
    public var perInteraction: Estimate
    /// Drop of expected repeats of this log's interactions if this flag alone were off.
    public var switchedOff: Estimate
    /// Total effect: with the failures that it induces and the repeats' own repeats.
    public var ifRemoved: Estimate
    public var doublyRobust: Estimate
    public var eValue: Double?
    public var note: String?
    public init(
      mode: String, side: String, component: String?, interactions: Int, caused: Estimate,
      perInteraction: Estimate, switchedOff: Estimate, ifRemoved: Estimate,
      doublyRobust: Estimate, eValue: Double?, note: String?
    ) {
      self.mode = mode
      self.side = side
      self.component = component
      self.interactions = interactions
      self.caused = caused
      self.perInteraction = perInteraction
      self.switchedOff = switchedOff
      self.ifRemoved = ifRemoved
      self.doublyRobust = doublyRobust
      self.eValue = eValue
      self.note = note
    }
    enum CodingKeys: String, CodingKey {
      case mode, side, component, interactions, caused, note
      case perInteraction = "per_interaction"
      case switchedOff = "switched_off"
      case ifRemoved = "if_removed"
      case doublyRobust = "doubly_robust"
      case eValue = "e_value"
    }
  }

  public enum Verdict: String, Codable, Sendable {
    case pass, warn, fail
    case notApplicable = "not_applicable"
  }

  public struct Check: Codable, Sendable {
    public var name: String
    public var verdict: Verdict
    public var value: Double?
    /// In plain words: what was looked at, what was found, what follows.
    public var meaning: String
    /// Further figures of the check, by name (sensitivity rows, residuals by volume).
    public var details: [String: Double]?
    public init(
      name: String, verdict: Verdict, value: Double?, meaning: String,
      details: [String: Double]? = nil
    ) {
      self.name = name
      self.verdict = verdict
      self.value = value
      self.meaning = meaning
      self.details = details
    }
  }

  public struct Provenance: Codable, Sendable {
    public var version: String
    public var studySHA256: String
    public var logSHA256: String
    public var seed: UInt64
    public var rowsRead: Int
    public var rowsRejected: Int
    public init(
      version: String, studySHA256: String, logSHA256: String, seed: UInt64, rowsRead: Int,
      rowsRejected: Int
    ) {
      self.version = version
      self.studySHA256 = studySHA256
      self.logSHA256 = logSHA256
      self.seed = seed
      self.rowsRead = rowsRead
      self.rowsRejected = rowsRejected
    }
    enum CodingKeys: String, CodingKey {
      case version, seed
      case studySHA256 = "study_sha256"
      case logSHA256 = "log_sha256"
      case rowsRead = "rows_read"
      case rowsRejected = "rows_rejected"
    }
  }

  public init(
    period: Period, interactions: Int, customers: Int, unlinkedInteractions: Int,
    headline: Headline, repeats: Repeats, metrics: Metrics, split: Split, weekly: [WeekOfRepeats],
    topics: [TopicOfRepeats], modes: [ModeResult], fixes: [Fix], staff: [StaffResult],
    change: [ChangeResult], checks: [Check], model: Model, provenance: Provenance
  ) {
    self.period = period
    self.interactions = interactions
    self.customers = customers
    self.unlinkedInteractions = unlinkedInteractions
    self.headline = headline
    self.repeats = repeats
    self.metrics = metrics
    self.split = split
    self.weekly = weekly
    self.topics = topics
    self.modes = modes
    self.fixes = fixes
    self.staff = staff
    self.change = change
    self.checks = checks
    self.model = model
    self.provenance = provenance
  }

  enum CodingKeys: String, CodingKey {
    case period, interactions, customers, headline, repeats, metrics, split, weekly, topics, modes
    case fixes, staff, change, checks, refuters, model, provenance, inference, outcomes, identity
    case staffComparison = "staff_comparison"
    case staffView = "staff_view"
    case latencyDose = "latency_dose"
    case schemaVersion = "schema_version"
    case unlinkedInteractions = "unlinked_interactions"
  }
}
