/// What the figures of one outcome beside repeats are made of: on which interactions it could happen,
/// where it did, and what each of them adds. Interactions of one cell (the same context and failures,
/// as far as they are known) add the same.
public struct OutcomeLedger: Sendable {
  /// What one interaction of a cell adds.
  public struct Cell: Sendable {
    /// Expected events; the four parts of their split add up to them.
    public var expected: Double
    /// nil where the split does not tell them.
    public var systemDirect: Double?
    public var systemThroughStaff: Double?
    public var staffOwn: Double?
    public var baseline: Double
    /// The failure modes that hold, or may hold.
    public var modes: [Mode]
  }

  public struct Mode: Sendable {
    public var place: ModeContributions.Place
    /// Its part of the split, and what its removal takes away.
    public var caused: Double
    public var removed: Double
  }

  /// A customer's last contact, where departures are told from silence.
  public struct Silence: Sendable {
    /// Row of the `InteractionTable`.
    public var row: Int32
    /// Operational days from it to the end of the log.
    public var days: Double
    /// Probability of being that long silent while still there.
    public var chance: Double
    /// Probability of having left; nil where the log does not tell it.
    public var departed: Double?
  }

  public var outcome: String
  /// By row: 1 it happened, 0 it did not, −1 the row does not count or it is not known.
  public var happened: [Int8]
  /// By row, into `cells`; −1 where nothing was estimated.
  public var cell: [Int32]
  public var cells: [Cell]
  public var silence: [Silence]
}
