/// What the figures of members of staff who may be named add up: their linked contacts, in order of rows.
public struct StaffWorkLedger: Sendable {
  public struct Contact: Sendable {
    /// Row of the `InteractionTable`.
    public var row: Int32
    /// Repeats expected of the contact under the reference, and under the member's own effect.
    public var expected: Double
    public var observed: Double
  }

  public var contacts: [Contact] = []
}
