import OrderedCollections

/// What an analysis declares: where the columns are, what counts as a failure, what is adjusted for.
///
/// Read from YAML (CONTRACT.md's "A study, whole"); `Study.canonical` serves logs in the canonical
/// columns without one.
public struct Study: Sendable, Equatable {
  public var name: String
  public var description: String
  public var source: Source
  /// Canonical column name → column or expression of the source, as written.
  public var columns: OrderedDictionary<String, String>
  /// Further columns for conditions and context: name → expression, as written.
  public var derived: OrderedDictionary<String, String>
  public var repeatWindow: RepeatWindow
  public var calendar: BusinessCalendar?
  /// Canonical or derived columns adjusted for, never blamed.
  public var context: [String]
  /// nil: the built-in failure modes on the canonical columns.
  public var failureModes: [FailureModeDeclaration]?
  public var costs: Costs
  public var personal: [String]
  /// Topics that no failure can bring about (`negative_control_topics`): later contacts about them
  /// must not follow failures more often.
  public var negativeControlTopics: [String] = []
  /// `blank_staff_error: none`: every interaction was looked at, a blank finding means no error.
  public var blankStaffErrorMeansNone: Bool
  /// Whether the built-in failure modes join the declared ones; nil: where no mode is declared and
  /// the log has one row per interaction.
  public var builtinFailureModes: Bool?
  /// Integration latency above which `slow_execution` holds, milliseconds.
  public var slowExecutionMilliseconds: Double
  /// What else the failures may bring about: escalation, churn, conversion, resolution.
  public var outcomes: [OutcomeDeclaration] = []
  /// Named what-ifs: how contacts would be routed.
  public var policies: [PolicyDeclaration] = []
  /// Staff that the best thresholds are chosen for, where no option says otherwise.
  public var capacity = StaffCapacity()
  /// Other changes to think through, as `wherefore whatif --change` writes them.
  public var changes: [String] = []
  /// Share of the traffic that was handled the other way at random (`exploration_rate`), where no
  /// column `explored` says which.
  public var explorationRate: Double?
  /// Which ids are one customer, and how wrong ids are known to be.
  public var identity: Identity

  public struct Source: Sendable, Equatable {
    public enum Layout: String, Sendable { case interactions, events }
    public var layout: Layout
    /// Column that groups events; needed for events.
    public var interaction: String?
    /// Column that orders the events of an interaction; nil keeps the file's order.
    public var order: String?
    public var delimiter: UInt8
    public var missing: [String]
    /// nil: ISO-8601 with zone.
    public var timeFormat: String?
    /// IANA name or UTC; nil: times must carry their zone.
    public var timeZone: String?

    public init(
      layout: Layout = .interactions, interaction: String? = nil, order: String? = nil,
      delimiter: UInt8 = UInt8(ascii: ","), missing: [String] = [""], timeFormat: String? = nil,
      timeZone: String? = nil
    ) {
      self.layout = layout
      self.interaction = interaction
      self.order = order
      self.delimiter = delimiter
      self.missing = missing
      self.timeFormat = timeFormat
      self.timeZone = timeZone
    }
  }

  public struct RepeatWindow: Sendable, Equatable {
    /// Longest delay between a contact and a repeat that it can have caused, days.
    public var windowDays: Double
    /// The customary rule shown beside the model.
    public var ruleWindowDays: Double
    public var ruleSameTopic: Bool

    public init(
      windowDays: Double = 15, ruleWindowDays: Double = 7, ruleSameTopic: Bool = true
    ) {
      self.windowDays = windowDays
      self.ruleWindowDays = ruleWindowDays
      self.ruleSameTopic = ruleSameTopic
    }
  }

  /// Opening hours: how much a stretch of time counts towards delays.
  public struct BusinessCalendar: Sendable, Equatable {
    /// Open or closed for each hour of the ISO week in the study's zone: 168 values, Monday 00 first.
    public var openHours: [Bool]
    /// What closed time counts, relative to open time, 0...1.
    public var closedTimeCounts: Double

    public init(openHours: [Bool], closedTimeCounts: Double) {
      self.openHours = openHours
      self.closedTimeCounts = closedTimeCounts
    }
  }

  public struct Costs: Sendable, Equatable {
    public var perInteraction: Double?
    public var perStaffMinute: Double?
    public var perChurnedCustomer: Double?
    public var currency: String?

    public init(
      perInteraction: Double? = nil, perStaffMinute: Double? = nil, currency: String? = nil,
      perChurnedCustomer: Double? = nil
    ) {
      self.perInteraction = perInteraction
      self.perStaffMinute = perStaffMinute
      self.currency = currency
      self.perChurnedCustomer = perChurnedCustomer
    }
  }

  public init(
    name: String = "canonical", description: String = "", source: Source = Source(),
    columns: OrderedDictionary<String, String> = [:],
    derived: OrderedDictionary<String, String> = [:], repeatWindow: RepeatWindow = RepeatWindow(),
    calendar: BusinessCalendar? = nil, context: [String] = ["channel"],
    failureModes: [FailureModeDeclaration]? = nil, costs: Costs = Costs(),
    personal: [String] = ["customer_id", "staff_id"], blankStaffErrorMeansNone: Bool = false,
    builtinFailureModes: Bool? = nil, slowExecutionMilliseconds: Double = 2500,
    identity: Identity = Identity()
  ) {
    self.name = name
    self.description = description
    self.source = source
    self.columns = columns
    self.derived = derived
    self.repeatWindow = repeatWindow
    self.calendar = calendar
    self.context = context
    self.failureModes = failureModes
    self.costs = costs
    self.personal = personal
    self.blankStaffErrorMeansNone = blankStaffErrorMeansNone
    self.builtinFailureModes = builtinFailureModes
    self.slowExecutionMilliseconds = slowExecutionMilliseconds
    self.identity = identity
  }

  /// Whether an analysis of this study uses the built-in failure modes.
  public var usesBuiltinFailureModes: Bool {
    builtinFailureModes ?? (failureModes == nil && source.layout == .interactions)
  }

  /// The canonical columns, the built-in failure modes.
  public static let canonical = Study()
}

/// One failure mode as a study declares it.
public struct FailureModeDeclaration: Sendable, Equatable {
  public enum Side: String, Sendable, Codable { case system, staff }
  public var name: String
  public var side: Side
  /// A fixed component, or the name of a text column whose value is the component.
  public var component: String
  /// The condition, as written.
  public var when: String
  /// Modes that this one can bring about.
  public var causes: [String]

  public init(name: String, side: Side, component: String, when: String, causes: [String] = []) {
    self.name = name
    self.side = side
    self.component = component
    self.when = when
    self.causes = causes
  }
}
