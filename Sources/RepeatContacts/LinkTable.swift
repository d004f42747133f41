/// Links between interactions, one an entry: prior interaction, later interaction of the same
/// customer within the window, and the probability that the prior brought the later.
///
/// Entries are ordered by later row, then prior row; rows index the `InteractionTable`.
public struct LinkTable: Sendable, Equatable {
  public var prior: [Int32]
  public var later: [Int32]
  /// Hours of calendar time between the two starts.
  public var hours: [Double]
  public var sameTopic: [Bool]
  public var probability: [Double]

  public init(
    prior: [Int32] = [], later: [Int32] = [], hours: [Double] = [], sameTopic: [Bool] = [],
    probability: [Double] = []
  ) {
    self.prior = prior
    self.later = later
    self.hours = hours
    self.sameTopic = sameTopic
    self.probability = probability
  }

  /// Links.
  public var count: Int { prior.count }
}
