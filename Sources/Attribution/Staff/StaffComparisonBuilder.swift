import FailureModes
import InteractionLog
import LinearAlgebra
import RepeatContacts
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// From which volume on a member of staff may be named at all.
public struct StaffGuard: Sendable, Equatable {
  /// Linked contacts.
  public var minimumContacts: Int
  /// Repeats expected of the member's work.
  public var minimumExpectedRepeats: Double
  /// Effective number of customers: what a few customers do cannot be told from what a member does.
  public var minimumCustomers = 20.0
  public static let falseDiscoveryRate = 0.05
  /// Fewer linked contacts say nothing of a person.
  public static let leastContacts = 30

  public init(minimumContacts: Int = 100, minimumExpectedRepeats: Double = 5) {
    self.minimumContacts = minimumContacts
    self.minimumExpectedRepeats = minimumExpectedRepeats
  }
}

/// Members of staff compared with one another, at equal work, and who of them may be named.
///
/// Named is who has the volume, does work that others do too, shares no failing component alone, is
/// above the funnel at a false discovery rate of 5 %, and is above the others after shrinkage.
struct StaffComparisonBuilder {
  let fitted: FittedAttribution
  let rule: RuleCount
  let limits: StaffGuard

  struct Result {
    var comparison: AttributionReport.StaffComparison
    var named: [AttributionReport.StaffResult] = []
    var table = StaffTable()
    var work = StaffWorkLedger()
  }

  private static let leastMembers = 5

  func result() throws -> Result {
    let table = fitted.input.table
    guard
      let columns = StaffColumns(
        table: table, data: fitted.data, zone: fitted.input.study.source.zone,
        minimumContacts: limits.minimumContacts)
    else { return Result(comparison: empty(0, note: "the log does not say which member of staff")) }
    guard columns.members.count >= Self.leastMembers else {
      return Result(
        comparison: empty(
          columns.memberCount,
          note:
            "\(columns.members.count) members of staff have \(limits.minimumContacts) contacts or "
            + "more; a comparison needs \(Self.leastMembers) (a longer log, or --staff-minimum, which "
            + "may be \(StaffGuard.leastContacts) or more)"))
    }
    do {
      let model = try StaffModel(fitted, columns: columns)
      return result(columns, model, try Separability(model))
    } catch AttributionError.notIdentified(let reason) {
      return Result(
        comparison: empty(
          columns.memberCount, note: "members of staff cannot be told apart: \(reason)"))
    } catch let error as LinearAlgebraError {
      return Result(
        comparison: empty(
          columns.memberCount, note: "members of staff cannot be told apart: \(error)"))
    }
  }

  private func empty(_ members: Int, note: String) -> AttributionReport.StaffComparison {
    .init(
      members: members, compared: 0, named: 0, notComparable: 0, rankedByRawRate: 0,
      minimumContacts: limits.minimumContacts,
      minimumExpectedRepeats: limits.minimumExpectedRepeats,
      minimumCustomers: limits.minimumCustomers, adjustedFor: [],
      spread: .init(estimate: nil, ci95: nil, note: note), overdispersion: nil, funnel: [],
      notIdentifiable: [], note: note)
  }

  private func result(
    _ columns: StaffColumns, _ model: StaffModel, _ separability: Separability
  ) -> Result {
    let count = columns.members.count
    let paired = Set(separability.pairs.map(\.member))
    let alone = (0..<count).map {
      separability.left[$0] < Separability.leastLeft || paired.contains($0)
        || columns.customers[$0] < limits.minimumCustomers
    }
    let errors = (0..<count).map { max(model.covariance[$0, $0], 1e-12).squareRoot() }
    // Who cannot be compared says nothing of how much the others differ.
    let compared = (0..<count).filter { !alone[$0] }
    let enough = (0..<count).map {
      !alone[$0] && columns.contacts[$0] >= limits.minimumContacts
        && model.expected[$0] >= limits.minimumExpectedRepeats
    }
    guard compared.count >= Self.leastMembers else {
      var comparison = empty(
        columns.memberCount,
        note:
          "\(compared.count) members of staff do work that others do too, for enough customers; a comparison needs "
          + "\(Self.leastMembers)")
      comparison.notComparable = count - compared.count
      comparison.notIdentifiable = pairs(separability, model)
      return Result(comparison: comparison)
    }
    let test = FunnelTest(
      logRatios: compared.map { model.logRatios[$0] }, errors: compared.map { errors[$0] },
      tested: compared.map { enough[$0] })
    let hierarchy = NormalHierarchy(
      values: compared.map { model.logRatios[$0] },
      variances: compared.map { errors[$0] * errors[$0] })
    let raw = rankedByRawRate(columns)
    var members: [StaffTable.Member] = []
    for k in 0..<count {
      var member = StaffTable.Member(
        staffID: fitted.input.table.text("staff_id")?.values[Int(columns.members[k])] ?? "",
        contacts: columns.contacts[k], expected: model.expected[k], observed: model.observed[k],
        ratio: exp(model.logRatios[k]), ratioInterval: ratio(model.logRatios[k], errors[k]),
        rawRate: raw.rates[k], standsOutRaw: raw.flagged[k],
        errorOdds: errorOdds(columns.members[k]))
      if let place = compared.firstIndex(of: k) {
        let (mean, sd) = (hierarchy.shrunk[place], hierarchy.deviation[place])
        member.shrunk = exp(mean)
        member.shrunkInterval = ratio(mean, sd)
        member.p = test.p[place]
        member.q = test.q[place]
        member.isNamed =
          enough[k] && test.q[place] <= StaffGuard.falseDiscoveryRate
          && member.shrunkInterval[0] > 1
      } else {
        member.note =
          paired.contains(k)
          ? "meets a failing component on nearly all contacts of both: not told apart"
          : columns.customers[k] < limits.minimumCustomers
            ? "works for a few customers, whose ways are not told from the member's"
            : "does work that nobody else does: not comparable"
      }
      if member.note == nil && !enough[k] { member.note = "too few expected repeats to be named" }
      members.append(member)
    }
    let named = members.filter(\.isNamed)
    let spread = AttributionReport.Estimate(
      estimate: hierarchy.spread, ci95: hierarchy.spreadCI95)
    let funnel = compared.map { k in
      AttributionReport.FunnelPoint(
        precision: 1 / (errors[k] * errors[k]), ratio: exp(model.logRatios[k]),
        named: members[k].isNamed)
    }.sorted { ($0.precision, $0.ratio) < ($1.precision, $1.ratio) }
    let context = StaffColumns.contextNames(FittedAttribution.contextNames(fitted.input))
    var comparison = AttributionReport.StaffComparison(
      members: columns.memberCount, compared: compared.count, named: named.count,
      notComparable: count - compared.count, rankedByRawRate: raw.flagged.count { $0 },
      minimumContacts: limits.minimumContacts,
      minimumExpectedRepeats: limits.minimumExpectedRepeats,
      minimumCustomers: limits.minimumCustomers,
      adjustedFor: context.dropLast().map {
        $0 == StaffColumns.shift ? "shift" : $0 == StaffColumns.day ? "weekday or weekend" : $0
      } + ["failures of the system"], spread: spread, overdispersion: test.overdispersion,
      funnel: funnel, notIdentifiable: pairs(separability, model), note: columns.limitNote)
    if model.fit.record.ending != .converged {
      comparison.note =
        "the fit with members of staff stopped at its limit of \(model.fit.record.cycles) cycles; nobody "
        + "is named from it"
      comparison.named = 0
      for k in members.indices { members[k].isNamed = false }
      for k in comparison.funnel.indices { comparison.funnel[k].named = false }
    }
    return Result(
      comparison: comparison,
      named: members.filter(\.isNamed).sorted { $0.staffID < $1.staffID }.map(StaffTable.result),
      table: StaffTable(members: members),
      work: StaffWorkLedger(
        contacts: model.contacts(of: members.indices.filter { members[$0].isNamed }, fitted)))
  }

  private func ratio(_ value: Double, _ error: Double) -> [Double] {
    TotalEstimates.interval(value, error).map { exp($0) }
  }

  private func errorOdds(_ staff: Int32) -> [String: Double] {
    var odds: [String: Double] = [:]
    for (m, rate) in fitted.rates.rates.enumerated() {
      guard let rate, fitted.rates.leftOut[m] == nil, Int(staff) < rate.staffEffects.count else {
        continue
      }
      odds[fitted.input.modes.modes[m].name] = exp(rate.staffEffects[Int(staff)])
    }
    return odds
  }

  private func pairs(
    _ separability: Separability, _ model: StaffModel
  ) -> [AttributionReport.InseparablePair] {
    separability.pairs.map { pair in
      let part = model.cells.parts[pair.part]
      let bounds = [min(pair.excess, 0), max(pair.excess, 0)]
      return .init(
        mode: model.cells.modes[part.mode].name, component: part.component,
        interactions: pair.contacts, shared: pair.shared, excess: pair.excess,
        memberBounds: bounds, componentBounds: bounds)
    }
  }

  /// Raw repeat rates by the rule, and who is more than 2 standard errors above the mean.
  private func rankedByRawRate(_ columns: StaffColumns) -> (rates: [Double?], flagged: [Bool]) {
    let staff = columns.table.text("staff_id")
    var place = [Int](repeating: -1, count: staff?.values.count ?? 0)
    for (k, member) in columns.members.enumerated() { place[Int(member)] = k }
    var known = [Double](repeating: 0, count: columns.members.count)
    var followed = known
    for row in 0..<columns.table.count {
      guard let code = staff?.codes[row], code >= 0, place[Int(code)] >= 0,
        let isFollowed = rule.followedInWholeWindow[row]
      else { continue }
      known[place[Int(code)]] += 1
      if isFollowed { followed[place[Int(code)]] += 1 }
    }
    let mean = followed.reduce(0, +) / max(known.reduce(0, +), 1)
    let rates = zip(followed, known).map { $1 > 0 ? $0 / $1 : nil }
    let flagged = zip(rates, known).map { rate, n -> Bool in
      guard let rate, n > 0 else { return false }
      return rate - mean > 2 * (mean * (1 - mean) / n).squareRoot()
    }
    return (rates, flagged)
  }
}
