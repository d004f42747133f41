/// The repeats that the customary rule counts after contacts that staff handled, or on which a staff
/// error is known: what `staff_view` is made of. Members of staff are not in it.
public struct StaffViewLedger: Sendable {
  public struct Repeat: Sendable {
    /// Rows of the `InteractionTable`: the contact of staff, and the next one, which is counted.
    public var prior: Int32
    public var later: Int32
    public var hasStaffError: Bool
    public var handledByStaff: Bool
    /// Where the counted repeat came from, adding up to 1. Parts are nil where the split does not tell
    /// them.
    public var ownAccord: Double
    public var otherContact: Double
    public var baseline: Double
    public var systemDirect: Double?
    public var systemThroughStaff: Double?
    public var staffOwn: Double?
  }

  public var repeats: [Repeat]
}
