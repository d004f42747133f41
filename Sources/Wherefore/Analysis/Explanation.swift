import InteractionLog
import Report

/// `wherefore explain`: one interaction of a finished run, its links and its split, in words.
///
/// Reads `interactions.csv` and `links.csv` of the run; nothing is estimated anew.
public struct Explanation: Codable, Sendable {
  public struct Link: Codable, Sendable, Equatable {
    public var interaction: String
    public var hours: Double
    public var sameTopic: Bool
    public var probability: Double
    enum CodingKeys: String, CodingKey {
      case interaction, hours, probability
      case sameTopic = "same_topic"
    }
  }

  public var interaction: String
  public var customer: String
  public var startedAt: String
  /// Modes that hold, `?` behind those that nobody looked for.
  public var modes: [String]
  public var expectedRepeats: Double
  /// Parts are nil where the run does not tell them.
  public var systemDirect: Double?
  public var systemThroughStaff: Double?
  public var staffOwn: Double?
  public var baseline: Double
  /// Share of the repeat window that the log covers.
  public var exposure: Double
  /// Earlier contacts that may have brought this one, and later ones that it may have brought.
  public var broughtBy: [Link]
  public var brought: [Link]

  enum CodingKeys: String, CodingKey {
    case interaction, customer, modes, baseline, exposure, brought
    case startedAt = "started_at"
    case expectedRepeats = "expected_repeats"
    case systemDirect = "system_direct"
    case systemThroughStaff = "system_through_staff"
    case staffOwn = "staff_own"
    case broughtBy = "brought_by"
  }

  /// Finds an interaction in a run's folder.
  ///
  /// - Throws: `ReportError` where the folder is not a run or a file of it is damaged;
  ///   `ExplanationError.unknown` where no such interaction is in it.
  public init(interaction id: String, directory: String) throws {
    _ = try RunReader.report(in: directory)
    let wanted = Array(id.utf8)
    let file = try RunFile(
      path: "\(directory)/interactions.csv",
      columns: [
        "interaction_id", "customer_id", "started_at", "modes", "expected_repeats",
        "system_direct", "system_through_staff", "staff_own", "baseline", "exposure",
      ])
    repeat {
      guard try file.next() else {
        throw try Explanation.unknown(id, directory: directory)
      }
    } while !file.holds(0, wanted)
    func part(_ column: Int) throws -> Double? {
      let value = try file.numberOrBlank(column)
      return value.isNaN ? nil : value
    }
    interaction = id
    customer = file.text(1)
    startedAt = file.text(2)
    modes = file.text(3).split(separator: ";").map(String.init)
    expectedRepeats = try file.number(4)
    systemDirect = try part(5)
    systemThroughStaff = try part(6)
    staffOwn = try part(7)
    baseline = try file.number(8)
    exposure = try file.number(9)
    (broughtBy, brought) = try Explanation.links(of: wanted, directory: directory)
  }

  /// What is said of an id that no interaction has: ids like it, or that it is a customer's.
  private static func unknown(_ id: String, directory: String) throws -> ExplanationError {
    let file = try RunFile(
      path: "\(directory)/interactions.csv", columns: ["interaction_id", "customer_id"])
    let wanted = Array(id.utf8)
    var ids: [String] = []
    while try file.next() {
      if file.holds(1, wanted) { return .customer(id: id, directory: directory) }
      ids.append(file.text(0))
    }
    return .unknown(
      interaction: id, nearest: NearestName.candidates(for: id, among: ids, limit: 3),
      directory: directory)
  }

  /// The links in which an interaction is the later one, and those in which it is the earlier.
  private static func links(
    of id: [UInt8], directory: String
  ) throws -> (before: [Link], after: [Link]) {
    let file = try RunFile(
      path: "\(directory)/links.csv",
      columns: ["prior_id", "later_id", "hours", "same_topic", "probability"])
    var links: (before: [Link], after: [Link]) = ([], [])
    while try file.next() {
      let isPrior = file.holds(0, id)
      guard isPrior || file.holds(1, id) else { continue }
      let link = Link(
        interaction: file.text(isPrior ? 1 : 0), hours: try file.number(2),
        sameTopic: try file.flag(3) == 1, probability: try file.number(4))
      if isPrior { links.after.append(link) } else { links.before.append(link) }
    }
    return links
  }

  /// The explanation for a person to read.
  public var text: String {
    var lines = [
      "\(interaction), customer \(customer.isEmpty ? "unknown" : customer), \(startedAt)"
    ]
    let held = modes.filter { !$0.hasSuffix("?") }
    let unknown = modes.filter { $0.hasSuffix("?") }.map { String($0.dropLast()) }
    if !held.isEmpty {
      lines += LedgerWords.lines("What failed: \(held.joined(separator: ", ")).")
    } else {
      lines.append(
        unknown.isEmpty ? "No failure was found on it." : "No failure is known of it.")
    }
    if !unknown.isEmpty {
      lines.append(
        "Not looked for: \(unknown.joined(separator: ", ")); taken as likely as elsewhere.")
    }
    if customer.isEmpty {
      lines.append("Without a customer it cannot be linked to other contacts.")
      return lines.joined(separator: "\n")
    }
    lines.append("")
    lines.append("Contacts that may have brought it:")
    lines += Explanation.rows(broughtBy, none: "  none within the window")
    let chance = max(0, 1 - broughtBy.reduce(0) { $0 + $1.probability })
    lines.append("  \(LedgerWords.percent(chance)) that the customer came anyway")
    lines.append("")
    lines.append("Contacts that it may have brought:")
    lines += Explanation.rows(brought, none: "  none within the window")
    lines.append("")
    lines += LedgerWords.lines(
      "An interaction like it brings \(NumberWords.fixed(expectedRepeats, decimals: 3)) repeats within this log"
        + (exposure < 0.999
          ? " (\(LedgerWords.percent(exposure)) of its window is covered)" : "") + ", of which")
    for (part, words) in [
      (systemDirect, "by the system's failures directly"),
      (systemThroughStaff, "by the system's failures through staff"),
      (staffOwn, "by staff errors of their own"),
    ] {
      lines.append(
        "  \(part.map { NumberWords.fixed($0, decimals: 3) } ?? "(not told in this run)") \(words)")
    }
    lines.append("  \(NumberWords.fixed(baseline, decimals: 3)) with nothing failing")
    return lines.joined(separator: "\n")
  }

  private static func rows(_ links: [Link], none: String) -> [String] {
    let told = links.filter { $0.probability >= 0.005 }
      .sorted {
        $0.probability == $1.probability
          ? $0.interaction < $1.interaction : $0.probability > $1.probability
      }
    if told.isEmpty { return [none] }
    return told.prefix(10).map {
      "  \(LedgerWords.percent($0.probability))  \($0.interaction), "
        + "\(NumberWords.delay(hours: $0.hours)) apart, "
        + ($0.sameTopic ? "same topic" : "another topic")
    }
  }
}

/// Why an interaction cannot be explained.
public enum ExplanationError: Error, Sendable, Equatable {
  case unknown(interaction: String, nearest: [String], directory: String)
  /// The id is a customer's.
  case customer(id: String, directory: String)
}

extension ExplanationError: ExitCoded {
  public var exitCode: Int32 { 65 }

  public var description: String {
    switch self {
    case .unknown(let interaction, let nearest, let directory):
      "\(directory)/interactions.csv has no interaction '\(interaction)'."
        + (nearest.isEmpty ? "" : " Did you mean \(LedgerError.list(nearest))?")
        + " Expected an id of the log that was analysed: rows that were not used are in "
        + "\(directory)/rejected.csv."
    case .customer(let id, let directory):
      "'\(id)' is a customer: ask for 'wherefore customer \(id) --in \(directory)'."
    }
  }
}
