/// Every compared member of staff with name and figures: written only where somebody asks for it.
public struct StaffTable: Sendable {
  public struct Member: Sendable {
    public var staffID: String
    /// Linked contacts.
    public var contacts: Int
    /// Repeats expected of this work by the reference, and of this member.
    public var expected: Double
    public var observed: Double
    public var ratio: Double
    public var ratioInterval: [Double]
    /// Shrunk towards the others; nil where the member is not comparable.
    public var shrunk: Double?
    public var shrunkInterval: [Double] = []
    /// One-sided, against the funnel.
    public var p: Double?
    public var q: Double?
    public var isNamed = false
    /// Share of the contacts that the customary rule sees followed, and whether a ranking by it would
    /// call the member worse than the mean.
    public var rawRate: Double?
    public var standsOutRaw: Bool
    /// By staff error, odds against the others', shrunk.
    public var errorOdds: [String: Double]
    public var note: String?

    init(
      staffID: String, contacts: Int, expected: Double, observed: Double, ratio: Double,
      ratioInterval: [Double], rawRate: Double?, standsOutRaw: Bool, errorOdds: [String: Double]
    ) {
      self.staffID = staffID
      self.contacts = contacts
      self.expected = expected
      self.observed = observed
      self.ratio = ratio
      self.ratioInterval = ratioInterval
      self.rawRate = rawRate
      self.standsOutRaw = standsOutRaw
      self.errorOdds = errorOdds
    }
  }

  public var members: [Member]

  public init(members: [Member] = []) { self.members = members }

  /// What the report says of a member who may be named.
  static func result(_ member: Member) -> AttributionReport.StaffResult {
    let perContact = member.expected / Double(max(member.contacts, 1))
    let shrunk = member.shrunk ?? 1
    return .init(
      staffID: member.staffID,
      perInteraction: .init(
        estimate: (shrunk - 1) * perContact,
        ci95: member.shrunkInterval.map { ($0 - 1) * perContact }),
      contacts: member.contacts, expected: member.expected, observed: member.observed,
      ratio: .init(estimate: member.ratio, ci95: member.ratioInterval),
      shrunkRatio: .init(estimate: shrunk, ci95: member.shrunkInterval), q: member.q ?? 1,
      errorOdds: member.errorOdds)
  }
}
