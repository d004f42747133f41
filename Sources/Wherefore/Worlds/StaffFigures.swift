import Attribution
import SyntheticWorld

/// Whom one world's report names, and whom a ranking by raw repeat rates would have named.
public struct StaffFigures: Codable, Sendable {
  /// Members compared, named by the guard, above the mean raw rate by 2 standard errors.
  public var compared: Int
  public var named: Int
  public var ranked: Int
  /// Whether the worse member is among them; nil where the world has none.
  public var worseNamed: Bool?
  public var worseRanked: Bool?

  /// Regimes in which staff are what is looked at; in the others their comparison costs its time.
  static let regimes: Set<Regime> = [.unequalExposure, .worseMember]

  /// nil where staff were not compared.
  init?(_ outcome: AttributionOutcome, worse: String?) {
    guard let comparison = outcome.report.staffComparison else { return nil }
    compared = comparison.compared
    named = comparison.named
    ranked = comparison.rankedByRawRate
    guard let worse else { return }
    let member = outcome.staff.members.first { $0.staffID == worse }
    worseNamed = member?.isNamed ?? false
    worseRanked = member?.standsOutRaw ?? false
  }
}

extension Validation {
  /// Who is named in the worlds of one regime.
  public struct StaffResult: Codable, Sendable {
    /// Worlds in which staff were compared, in which anybody was named, and in which a ranking by raw
    /// repeat rates names somebody.
    public var worlds: Int
    public var worldsNaming: Int
    public var worldsRanking: Int
    /// Mean numbers of members.
    public var compared: Double
    public var named: Double
    public var ranked: Double
    /// Worlds in which the worse member is named, and is ranked; nil where there is none.
    public var worseNamed: Int?
    public var worseRanked: Int?
    /// Members named wrongly, all worlds together.
    public var namedWrongly: Int

    /// nil where no world compared staff.
    init?(_ worlds: [StaffFigures]) {
      guard !worlds.isEmpty else { return nil }
      self.worlds = worlds.count
      worldsNaming = worlds.count { $0.named > 0 }
      worldsRanking = worlds.count { $0.ranked > 0 }
      compared = Row.mean(worlds.map { Double($0.compared) })
      named = Row.mean(worlds.map { Double($0.named) })
      ranked = Row.mean(worlds.map { Double($0.ranked) })
      let found = worlds.compactMap(\.worseNamed)
      worseNamed = found.isEmpty ? nil : found.count { $0 }
      worseRanked = found.isEmpty ? nil : worlds.count { $0.worseRanked == true }
      namedWrongly = worlds.reduce(0) { $0 + $1.named - ($1.worseNamed == true ? 1 : 0) }
    }

    /// The result in two lines.
    var lines: [String] {
      var lines = [
        "staff: \(Validation.number(compared)) members compared; the guard names anybody in "
          + "\(worldsNaming)/\(worlds) worlds (\(Validation.number(named, digits: 2)) a world, "
          + "\(namedWrongly) wrongly in all)",
        "staff: a ranking by raw repeat rates names somebody in \(worldsRanking)/\(worlds) worlds "
          + "(\(Validation.number(ranked, digits: 2)) a world)",
      ]
      if let worseNamed, let worseRanked {
        lines.append(
          "staff: the worse member is named in \(worseNamed)/\(worlds) worlds, and ranked so by raw "
            + "rates in \(worseRanked)/\(worlds)")
      }
      return lines
    }
  }
}
