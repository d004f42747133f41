import InteractionLog
import RepeatContacts
import Report

/// The customary rules, for those that import this library alone.
public typealias LinkRule = RepeatContacts.LinkRule

/// Links a log by one of the customary rules and counts what the rule calls a repeat.
public struct RuleLinking: Sendable {
  public var rule: LinkRule
  /// Longest time between two contacts that are linked, days.
  public var windowDays: Double
  /// Whether both contacts must have the same topic.
  public var sameTopic: Bool

  public init(rule: LinkRule, windowDays: Double, sameTopic: Bool) {
    self.rule = rule
    self.windowDays = windowDays
    self.sameTopic = sameTopic
  }

  /// What a linking found.
  public struct Summary: Codable, Sendable, Equatable {
    public var rule: String
    public var windowDays: Double
    public var sameTopic: Bool
    public var interactions: Int
    public var links: Int
    /// Interactions that are followed by another within the window.
    public var followed: Int
    /// Interactions of known customers whose whole window lies within the log.
    public var known: Int
    /// The share of the `known` that is followed; nil where there is none.
    public var rate: Double?
    public var rowsRejected: Int
    /// Where the links were written.
    public var out: String

    enum CodingKeys: String, CodingKey {
      case rule, interactions, links, followed, known, rate, out
      case windowDays = "window_days"
      case sameTopic = "same_topic"
      case rowsRejected = "rows_rejected"
    }
  }

  /// Links the interactions of a log and writes them as `links.csv` (the columns of the README) to `path`,
  /// which is replaced when whole.
  ///
  /// - Throws: `LogError` where the log or its study cannot be used, `ReportError` and `OutputError`
  ///   where the links cannot be written.
  public func run(
    log: LogInput, out path: String, progress: RunProgress = .silent
  ) throws -> Summary {
    let study = try log.loadStudy().ofContactsAlone
    let reading = try log.read(study: study, progress: progress, from: 0, to: 0.8)
    progress.stage("linking", from: 0.8, to: 0.9)
    // A rule blames what it sees: days that are not all in yet stay.
    let table = try IdentityResolution(
      table: reading.table, customers: nil, identity: study.identity
    ).table
    let links = rule.links(table: table, windowDays: windowDays, sameTopic: sameTopic)
    let count = RuleCount(table: table, windowDays: windowDays, sameTopic: sameTopic)
    progress.stage("writing links", from: 0.9, to: 1)
    try PartialOutput.replace(path) { partial in
      try RunTables.writeLinks(links, of: table, to: partial)
    }
    return Summary(
      rule: rule.rawValue, windowDays: windowDays, sameTopic: sameTopic,
      interactions: table.count, links: links.count, followed: count.count, known: count.known,
      rate: count.rate, rowsRejected: reading.rejected.count, out: path)
  }
}
