/// What the two sides of each week's comparison with the week before are made of: the linked contacts
/// of weeks that can be compared, in order of rows.
public struct ChangeLedger: Sendable {
  /// Rows of the `InteractionTable`.
  public var row: [Int32] = []
  /// Repeats that the contact is expected to cause in a whole window, by what its own week says of
  /// failures and staff errors.
  public var caused: [Double] = []
  /// Probability that it is followed by a contact that nothing brought.
  public var coincidental: [Double] = []
  /// Share of its window that the log covers.
  public var exposure: [Double] = []

  public init() {}

  mutating func append(row: Int32, caused: Double, coincidental: Double, exposure: Double) {
    self.row.append(row)
    self.caused.append(caused)
    self.coincidental.append(coincidental)
    self.exposure.append(exposure)
  }
}
