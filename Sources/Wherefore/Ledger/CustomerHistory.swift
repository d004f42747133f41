import InteractionLog
import Report

/// `wherefore customer`: all contacts of a customer in order of time, which brought which, what failed
/// and what each cost. Read from a run; nothing is estimated anew.
public struct CustomerHistory: Codable, Sendable {
  public struct Contact: Codable, Sendable {
    public var interaction: String
    public var startedAt: String
    /// Since the contact before; nil for the first.
    public var hoursSincePrevious: Double?
    public var topic: String?
    public var channel: String?
    public var handledBy: String?
    public var team: String?
    /// nil unless asked for.
    public var staff: String?
    public var failures: [ModeOnContact]
    /// Earlier contacts within the window, each with the probability that it brought this one.
    public var broughtBy: [FigureAnswer.Pair]
    /// Probability that the customer came anyway: what is left.
    public var cameAnyway: Double
    /// Repeats that it brought: its probabilities over the later contacts.
    public var brought: Double
    /// Repeats that an interaction like it brings within the log, and the parts of the split; parts
    /// are nil where the run does not tell them.
    public var expectedRepeats: Double
    public var systemDirect: Double?
    public var systemThroughStaff: Double?
    public var staffOwn: Double?
    public var baseline: Double
    /// nil where the study names no costs, or they cannot be told.
    public var cost: Double?
    /// Later contacts' costs, each by the probability that this contact brought it.
    public var costOfRepeats: Double?

    enum CodingKeys: String, CodingKey {
      case interaction, topic, channel, team, staff, failures, brought, baseline, cost
      case startedAt = "started_at"
      case hoursSincePrevious = "hours_since_previous"
      case handledBy = "handled_by"
      case broughtBy = "brought_by"
      case cameAnyway = "came_anyway"
      case expectedRepeats = "expected_repeats"
      case systemDirect = "system_direct"
      case systemThroughStaff = "system_through_staff"
      case staffOwn = "staff_own"
      case costOfRepeats = "cost_of_repeats"
    }
  }

  public var customer: String
  /// Contacts in the log, first and last start.
  public var contacts: Int
  public var from: String
  public var to: String
  /// Over all contacts: what they cost, how many of them earlier ones brought, how many each part of
  /// the split is expected to bring.
  public var cost: Double?
  public var currency: String?
  public var costNote: String?
  public var broughtByEarlier: Double
  public var expectedRepeats: Double
  public var systemDirect: Double?
  public var systemThroughStaff: Double?
  public var staffOwn: Double?
  public var baseline: Double
  /// Contacts at the beginning that the timeline leaves out.
  public var leftOut: Int
  public var timeline: [Contact]
  public var seconds: FigureAnswer.Seconds

  enum CodingKeys: String, CodingKey {
    case customer, contacts, from, to, cost, currency, baseline, timeline, seconds
    case costNote = "cost_note"
    case broughtByEarlier = "brought_by_earlier"
    case expectedRepeats = "expected_repeats"
    case systemDirect = "system_direct"
    case systemThroughStaff = "system_through_staff"
    case staffOwn = "staff_own"
    case leftOut = "left_out"
  }
}

extension LoadedRun {
  /// The history of a customer.
  ///
  /// - Parameters:
  ///   - limit: how many contacts the timeline holds; the latest where there are more.
  ///   - showStaff: whether members of staff are named.
  /// - Throws: `LedgerError.unknownCustomer`.
  public func history(
    customer id: String, limit: Int = 50, showStaff: Bool = false
  ) throws(LedgerError) -> CustomerHistory {
    let clock = StageClock()
    let processor = ProcessorClock()
    let rows = ledger.rows
    guard let code = rows.customers.find(id) else {
      if let row = rows.id.firstIndex(of: id), rows.customer[row] >= 0 {
        throw .unknownCustomer(
          id: id, nearest: [], customerOf: rows.customers[Int(rows.customer[row])],
          directory: ledger.directory)
      }
      throw .unknownCustomer(
        id: id, nearest: nearestCustomers(id), directory: ledger.directory)
    }
    let range = Int(rows.customerStart[code])..<Int(rows.customerStart[code + 1])
    let detail = ContactDetail(ledger: ledger, showStaff: showStaff)
    let shown = range.suffix(max(limit, 0))
    func sum(_ values: [Double]) -> Double { CompensatedSum.of(Array(values[range])) }
    let links = ledger.links
    let brought = range.reduce(0.0) { total, row in
      links.pairs(before: row).reduce(total) { $0 + links.probability[$1] }
    }
    let cost = sum(ledger.contacts.cost)
    return CustomerHistory(
      customer: id, contacts: range.count, from: detail.startedAt(range.lowerBound),
      to: detail.startedAt(range.upperBound - 1), cost: cost.isNaN ? nil : cost,
      currency: ledger.declaration.currency, costNote: cost.isNaN ? costNote : nil,
      broughtByEarlier: brought, expectedRepeats: sum(rows.expectedRepeats),
      systemDirect: rows.systemDirect.map(sum),
      systemThroughStaff: rows.systemThroughStaff.map(sum), staffOwn: rows.staffOwn.map(sum),
      baseline: sum(rows.baseline), leftOut: range.count - shown.count,
      timeline: shown.map { contact($0, first: range.lowerBound, detail) },
      seconds: .init(
        load: loadSeconds, query: clock.total, queryProcessor: processor.total))
  }

  private var costNote: String {
    let declared = ledger.declaration
    return declared.perInteraction == nil && declared.perStaffMinute == nil
      ? "the study names no costs"
      : "the study prices staff minutes and the log has no handle_seconds of staff"
  }

  private func contact(
    _ row: Int, first: Int, _ detail: ContactDetail
  ) -> CustomerHistory.Contact {
    let rows = ledger.rows
    let costs = ledger.contacts.cost
    let before = detail.before(row)
    var brought = 0.0
    var costOfRepeats = 0.0
    for (later, pair) in ledger.links.pairs(after: row, in: rows) {
      brought += ledger.links.probability[pair]
      costOfRepeats += ledger.links.probability[pair] * costs[later]
    }
    return .init(
      interaction: detail.id(row), startedAt: detail.startedAt(row),
      hoursSincePrevious: row > first
        ? Double(rows.startedAt[row] - rows.startedAt[row - 1]) / 3_600_000 : nil,
      topic: detail.topic(row), channel: detail.channel(row), handledBy: detail.handledBy(row),
      team: detail.team(row), staff: detail.staff(row), failures: detail.failures(row),
      broughtBy: before, cameAnyway: max(0, 1 - before.reduce(0) { $0 + $1.probability }),
      brought: brought, expectedRepeats: rows.expectedRepeats[row],
      systemDirect: rows.systemDirect?[row], systemThroughStaff: rows.systemThroughStaff?[row],
      staffOwn: rows.staffOwn?[row], baseline: rows.baseline[row],
      cost: costs[row].isNaN ? nil : costs[row],
      costOfRepeats: costOfRepeats.isNaN ? nil : costOfRepeats)
  }

  private func nearestCustomers(_ id: String) -> [String] {
    let customers = ledger.rows.customers
    return NearestName.candidates(
      for: id, among: (0..<customers.count).lazy.map { customers[$0] }, limit: 3)
  }
}
