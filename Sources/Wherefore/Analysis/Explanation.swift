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
  public var systemDirect: Double
  public var systemThroughStaff: Double
  public var staffOwn: Double
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
  /// - Throws: `ReportError` where the folder is not a run; `ExplanationError.unknown` where no such
  ///   interaction is in it.
  public init(interaction id: String, directory: String) throws {
    _ = try RunReader.report(in: directory)
    var row: [String]?
    try RunTables.forEachRow(of: "\(directory)/interactions.csv") { fields in
      if fields.first == id { row = fields }
    }
    guard let row, row.count >= 10 else {
      throw ExplanationError.unknown(interaction: id, directory: directory)
    }
    interaction = id
    customer = row[1]
    startedAt = row[2]
    modes = row[3].split(separator: ";").map(String.init)
    func number(_ k: Int) -> Double { Double(row[k]) ?? 0 }
    expectedRepeats = number(4)
    systemDirect = number(5)
    systemThroughStaff = number(6)
    staffOwn = number(7)
    baseline = number(8)
    exposure = number(9)
    var before: [Link] = []
    var after: [Link] = []
    try RunTables.forEachRow(of: "\(directory)/links.csv") { f in
      guard f.count >= 6, f[0] == id || f[1] == id else { return }
      let link = Link(
        interaction: f[0] == id ? f[1] : f[0], hours: Double(f[3]) ?? 0,
        sameTopic: f[4] == "true" || f[4] == "1", probability: Double(f[5]) ?? 0)
      if f[0] == id { after.append(link) } else { before.append(link) }
    }
    broughtBy = before
    brought = after
  }

  /// The explanation for a person to read.
  public var text: String {
    var lines = [
      "\(interaction), customer \(customer.isEmpty ? "unknown" : customer), \(startedAt)"
    ]
    let held = modes.filter { !$0.hasSuffix("?") }
    let unknown = modes.filter { $0.hasSuffix("?") }.map { String($0.dropLast()) }
    lines.append(
      held.isEmpty ? "No failure was found on it." : "What failed: \(held.joined(separator: ", "))."
    )
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
    lines.append("  \(Explanation.percent(chance)) that the customer came anyway")
    lines.append("")
    lines.append("Contacts that it may have brought:")
    lines += Explanation.rows(brought, none: "  none within the window")
    lines.append("")
    lines.append(
      "An interaction like it brings \(Explanation.decimal(expectedRepeats)) repeats within this log"
        + (exposure < 0.999
          ? " (\(Explanation.percent(exposure)) of its window is covered)" : "") + ", of which")
    lines.append("  \(Explanation.decimal(systemDirect)) by the system's failures directly")
    lines.append(
      "  \(Explanation.decimal(systemThroughStaff)) by the system's failures through staff")
    lines.append("  \(Explanation.decimal(staffOwn)) by staff errors of their own")
    lines.append("  \(Explanation.decimal(baseline)) with nothing failing")
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
      "  \(percent($0.probability))  \($0.interaction), \(hoursText($0.hours)) apart, "
        + ($0.sameTopic ? "same topic" : "another topic")
    }
  }

  private static func hoursText(_ hours: Double) -> String {
    if hours < 2 { return "\(Int((hours * 60).rounded())) minutes" }
    if hours < 72 { return "\(Int(hours.rounded())) hours" }
    return "\(Int((hours / 24).rounded())) days"
  }

  private static func percent(_ p: Double) -> String {
    let tenths = Int((p * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private static func decimal(_ x: Double) -> String {
    let thousandths = Int((abs(x) * 1000).rounded())
    let digits = String(thousandths % 1000)
    return (x < 0 && thousandths > 0 ? "−" : "") + "\(thousandths / 1000)."
      + String(repeating: "0", count: 3 - digits.count) + digits
  }
}

/// Why an interaction cannot be explained.
public enum ExplanationError: Error, Sendable, Equatable {
  case unknown(interaction: String, directory: String)
}

extension ExplanationError: ExitCoded {
  public var exitCode: Int32 { 65 }

  public var description: String {
    switch self {
    case .unknown(let interaction, let directory):
      "\(directory)/interactions.csv has no interaction '\(interaction)'. Expected an id of the log "
        + "that was analysed: rows that were not used are in \(directory)/rejected.csv."
    }
  }
}
