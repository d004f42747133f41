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
  /// nil, as `staffOwn`, where the run does not tell staff's part.
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
  /// - Throws: `ReportError` where the folder is not a run or a file of it is damaged; `ExplanationError.unknown` where no such
  ///   interaction is in it.
  public init(interaction id: String, directory: String) throws {
    _ = try RunReader.report(in: directory)
    let path = "\(directory)/interactions.csv"
    var found: [String]?
    try RunTables.forEachRow(of: path) { fields in
      if fields.first == id { found = fields }
    }
    guard let row = found else {
      throw ExplanationError.unknown(interaction: id, directory: directory)
    }
    let cells = RunCells(path: path, row: row, name: id)
    interaction = id
    customer = try cells.text(1)
    startedAt = try cells.text(2)
    modes = try cells.text(3).split(separator: ";").map(String.init)
    expectedRepeats = try cells.number(4)
    systemDirect = try cells.number(5)
    systemThroughStaff = try cells.numberOrBlank(6)
    staffOwn = try cells.numberOrBlank(7)
    baseline = try cells.number(8)
    exposure = try cells.number(9)
    let links = "\(directory)/links.csv"
    var before: [Link] = []
    var after: [Link] = []
    try RunTables.forEachRow(of: links) { f in
      let isPrior = f.first == id
      guard isPrior || (f.count > 1 && f[1] == id) else { return }
      let cells = RunCells(path: links, row: f, name: id)
      let link = Link(
        interaction: try cells.text(isPrior ? 1 : 0), hours: try cells.number(3),
        sameTopic: try cells.text(4) == "true", probability: try cells.number(5))
      if isPrior { after.append(link) } else { before.append(link) }
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
    if !held.isEmpty {
      lines.append("What failed: \(held.joined(separator: ", ")).")
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
    if let systemThroughStaff, let staffOwn {
      lines.append(
        "  \(Explanation.decimal(systemThroughStaff)) by the system's failures through staff")
      lines.append("  \(Explanation.decimal(staffOwn)) by staff errors of their own")
    } else {
      lines.append("  what came through staff is not told apart in this run")
    }
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

/// The cells of one row of a run's file; what is damaged is an error, not a zero.
private struct RunCells {
  let path: String
  let row: [String]
  let name: String

  func text(_ k: Int) throws(ReportError) -> String {
    guard k < row.count else {
      throw .runUnreadable(
        path: path,
        reason: "the row of '\(name)' has \(row.count) columns, at least \(k + 1) expected")
    }
    return row[k]
  }

  func number(_ k: Int) throws(ReportError) -> Double {
    let cell = try text(k)
    guard let value = Double(cell), value.isFinite else {
      throw .runUnreadable(
        path: path,
        reason: "the row of '\(name)' has '\(cell)' in column \(k + 1), a number expected")
    }
    return value
  }

  func numberOrBlank(_ k: Int) throws(ReportError) -> Double? {
    try text(k).isEmpty ? nil : try number(k)
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
