import FailureModes
import InteractionLog
import LinearAlgebra
import RepeatContacts

/// What the customary count says of staff, beside where those repeats came from.
struct StaffViewBuilder {
  let fitted: FittedAttribution
  let tree: LinkTree
  let rule: RuleCount
  /// All parameters' covariance; nil where it was not computed.
  let parameters: (layout: ScoreLayout, matrix: Matrix)?

  private static let maximumTeams = 12

  /// nil where the log does not say what staff handled, or they handled nothing.
  func view() -> (view: AttributionReport.StaffView, ledger: StaffViewLedger)? {
    let flagged = self.flagged()
    let byFlag = fitted.staffNote == nil && flagged.contains(true)
    guard let handled = handledByStaff() ?? (byFlag ? flagged : nil), handled.contains(true) else {
      return nil
    }
    let (teams, teamCount) = self.teams(handled: handled)
    let groups = [byFlag ? flagged : handled] + teams.map(\.rows)
    func repeats(_ tree: LinkTree, _ groups: [[Bool]]) -> RawStaffRepeats {
      RawStaffRepeats(
        groups: groups, following: RawStaffRepeats.following(tree.data, rule), tree: tree,
        shares: shares)
    }
    let shares = RawStaffGradient.allShares(fitted)
    let counted = repeats(tree, groups)
    let values = counted.values(tree.probability)
    let errors = standardErrors(counted, groups: groups, repeats: repeats)
    func parts(_ group: Int) -> AttributionReport.StaffView.Parts {
      func part(_ origin: RawStaffRepeats.Origin) -> AttributionReport.Part {
        self.part(
          origin, value: values[RawStaffRepeats.place(group, origin)],
          error: errors?.error(group, [origin]))
      }
      return .init(
        ownAccord: part(.ownAccord), otherContact: part(.otherContact), baseline: part(.baseline),
        systemDirect: part(.systemDirect), systemThroughStaff: part(.systemThroughStaff),
        staffOwn: part(.staffOwn))
    }
    func raw(_ group: Int) -> AttributionReport.StaffView.Count {
      let count = counted.counted[group].count
      return .init(count: count, share: rule.count > 0 ? Double(count) / Double(rule.count) : nil)
    }
    func share(_ origins: [RawStaffRepeats.Origin]) -> [Double]? {
      guard let errors, rule.count > 0, origins.allSatisfy({ note($0) == nil }) else { return nil }
      let value = origins.reduce(0) { $0 + values[RawStaffRepeats.place(0, $1)] }
      return TotalEstimates.interval(value, errors.error(0, origins)).map {
        $0 / Double(rule.count)
      }
    }
    let ledger = self.ledger(flagged: flagged, handled: handled, shares: shares)
    var view = AttributionReport.StaffView(
      basis: byFlag ? "staff_error" : "handled_by_staff", counted: rule.count,
      looksLikeStaff: raw(0), parts: parts(0),
      systemShareCi95: share([.systemDirect, .systemThroughStaff]),
      elsewhereShareCi95: share([.ownAccord, .otherContact]),
      teams: teams.indices.map {
        .init(team: teams[$0].name, looksLikeStaff: raw($0 + 1), parts: parts($0 + 1))
      }, sentence: nil, note: nil)
    if !byFlag && handled.allSatisfy({ $0 }) {
      view.note =
        "Staff handled every contact of this log, so that a raw count of repeats after their contacts "
        + "says nothing of them: \(fitted.staffNote ?? "no staff error was found")."
      return (view, ledger)
    }
    var notes: [String] = []
    if !byFlag {
      notes.append(
        "What staff caused is not told from the baseline: "
          + "\(fitted.staffNote ?? "no staff error was found").")
    }
    if teamCount > teams.count {
      notes.append(
        "Of \(grouped(teamCount)) teams the \(grouped(teams.count)) with most contacts are listed.")
    }
    view.note = notes.isEmpty ? nil : notes.joined(separator: " ")
    view.sentence = StaffViewBuilder.sentence(view)
    return (view, ledger)
  }

  /// Each counted repeat after a contact that staff handled or erred on, with where it came from.
  private func ledger(
    flagged: [Bool], handled: [Bool], shares: [Double]
  ) -> StaffViewLedger {
    let all = RawStaffRepeats(
      groups: [zip(flagged, handled).map { $0 || $1 }],
      following: RawStaffRepeats.following(tree.data, rule), tree: tree, shares: shares)
    let rows = tree.data.row
    return StaffViewLedger(
      repeats: all.counted[0].map { one in
        let values = all.origins(one)
        func value(_ origin: RawStaffRepeats.Origin) -> Double { values[origin.rawValue] }
        func told(_ origin: RawStaffRepeats.Origin) -> Double? {
          note(origin) == nil ? value(origin) : nil
        }
        return .init(
          prior: rows[Int(one.prior)], later: rows[Int(one.later)],
          hasStaffError: flagged[Int(one.prior)], handledByStaff: handled[Int(one.prior)],
          ownAccord: value(.ownAccord), otherContact: value(.otherContact),
          baseline: value(.baseline), systemDirect: told(.systemDirect),
          systemThroughStaff: told(.systemThroughStaff), staffOwn: told(.staffOwn))
      })
  }

  /// Why the repeats of an origin are not told; nil where they are.
  private func note(_ origin: RawStaffRepeats.Origin) -> String? {
    switch origin {
    case .staffOwn: fitted.staffNote
    case .systemDirect: fitted.systemNote
    case .systemThroughStaff: fitted.staffNote ?? fitted.systemNote
    case .ownAccord, .otherContact, .baseline: nil
    }
  }

  private func part(
    _ origin: RawStaffRepeats.Origin, value: Double, error: Double?
  ) -> AttributionReport.Part {
    if let note = note(origin) {
      return .init(estimate: nil, ci95: nil, share: nil, shareCi95: nil, note: note)
    }
    let interval = error.map { TotalEstimates.interval(value, $0) }
    let total = Double(rule.count)
    return .init(
      estimate: value, ci95: interval, share: total > 0 ? value / total : nil,
      shareCi95: total > 0 ? interval?.map { $0 / total } : nil,
      note: interval == nil ? "no interval: only the sandwich gives one here" : nil)
  }

  /// Parameters' errors through links and shares, and the chance of what was realised.
  private struct Errors {
    let repeats: RawStaffRepeats
    let realised: [Double]
    let spread: Matrix

    /// Standard error of a group's repeats of any of the origins.
    func error(_ group: Int, _ origins: [RawStaffRepeats.Origin]) -> Double {
      let places = origins.map { RawStaffRepeats.place(group, $0) }
      var variance =
        places.count == 1 ? realised[places[0]] : repeats.realisedVariance(group, origins)
      for i in places { for j in places { variance += spread[i, j] } }
      return max(variance, 0).squareRoot()
    }
  }

  /// nil where the parameters' errors were not computed.
  private func standardErrors(
    _ whole: RawStaffRepeats, groups: [[Bool]],
    repeats: (LinkTree, [[Bool]]) -> RawStaffRepeats
  ) -> Errors? {
    guard let parameters else { return nil }
    let weightings = groups.map { Optional($0.map { $0 ? 1.0 : 0 }) }
    let (tree, sampled) = tree.sample(
      atMost: Sandwich.maximumContacts, weightings: weightings)
    let scale = Double(self.tree.data.count) / Double(max(tree.data.count, 1))
    let some = repeats(tree, sampled.map { ($0 ?? []).map { $0 > 0 } })
    let gradient =
      scale
      * RawStaffGradient(repeats: some, fitted: fitted, layout: parameters.layout).matrix()
    return Errors(
      repeats: whole, realised: whole.realisedVariance(),
      spread: gradient * parameters.matrix * gradient.transposed)
  }

  /// By contact: a staff error is known to hold.
  private func flagged() -> [Bool] {
    let modes = fitted.input.modes
    let staff = modes.modes.indices.filter {
      modes.modes[$0].side == .staff && fitted.rates.leftOut[$0] == nil
    }
    return fitted.data.row.map { row in
      staff.contains { modes.state[$0].storage[Int(row)] == 1 }
    }
  }

  /// By contact: staff handled it; nil where the log does not say.
  private func handledByStaff() -> [Bool]? {
    let table = fitted.input.table
    let rows = fitted.data.row.map(Int.init)
    if let handler = table.text("handled_by"), let code = handler.values.firstIndex(of: "staff") {
      return rows.map { handler.codes[$0] == Int32(code) }
    }
    if let staff = table.text("staff_id") { return rows.map { staff.codes[$0] >= 0 } }
    return nil
  }

  /// The largest teams, and how many there are.
  private func teams(handled: [Bool]) -> ([(name: String, rows: [Bool])], count: Int) {
    guard let team = fitted.input.table.text("team") else { return ([], 0) }
    var counts = [Int](repeating: 0, count: team.values.count)
    for (i, row) in fitted.data.row.enumerated() where handled[i] && team.codes[Int(row)] >= 0 {
      counts[Int(team.codes[Int(row)])] += 1
    }
    let largest = counts.indices.filter { counts[$0] > 0 }
      .sorted { counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1] }
      .prefix(Self.maximumTeams).sorted()
    let rows = largest.map { code in
      (
        name: team.values[code],
        rows: fitted.data.row.enumerated().map {
          handled[$0.offset] && team.codes[Int($0.element)] == Int32(code)
        }
      )
    }
    return (rows, counts.count { $0 > 0 })
  }

  /// "Looks like staff: 31.0% … is staff: 12.0 (9.5 to 14.5) points; 14.0 points are the system's."
  static func sentence(_ view: AttributionReport.StaffView) -> String? {
    guard let looks = view.looksLikeStaff.share else { return nil }
    func points(_ share: Double?, _ interval: [Double]? = nil) -> String {
      guard let share else { return "an unknown number of" }
      let range = interval.map {
        " (\(oneDecimal(100 * $0[0])) to \(oneDecimal(100 * $0[1])))"
      }
      return oneDecimal(100 * share) + (range ?? "")
    }
    func points(_ part: AttributionReport.Part) -> String { points(part.share, part.shareCi95) }
    let parts = view.parts
    let others = (parts.ownAccord.share ?? 0) + (parts.otherContact.share ?? 0)
    if view.basis == "staff_error" {
      let system = (parts.systemDirect.share ?? 0) + (parts.systemThroughStaff.share ?? 0)
      return
        "Looks like staff: \(percent(looks)) of the repeats that the rule counts follow a contact "
        + "with a staff error. Is staff: \(points(parts.staffOwn)) points; "
        + "\(points(system, view.systemShareCi95)) points are the system's, "
        + "\(points(parts.baseline)) come after any contact, and "
        + "\(points(others, view.elsewhereShareCi95)) were not brought by that contact."
    }
    guard let direct = parts.systemDirect.share else { return nil }
    return
      "Looks like staff: \(percent(looks)) of the repeats that the rule counts follow a contact that "
      + "staff handled. Of these points \(points(direct, parts.systemDirect.shareCi95)) are the system's "
      + "and \(points(others, view.elsewhereShareCi95)) were not brought by that contact; "
      + "\(points(parts.baseline)) no recorded failure explains."
  }
}
