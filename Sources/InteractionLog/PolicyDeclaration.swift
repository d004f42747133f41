/// A named what-if, as a study declares it: how contacts would be routed.
public struct PolicyDeclaration: Sendable, Equatable {
  /// Thresholds of their own for values of a column.
  public struct Exception: Sendable, Equatable {
    /// `topic`, `channel` or `segment`.
    public var column: String
    public var value: String
    public var threshold: Double

    public init(column: String, value: String, threshold: Double) {
      self.column = column
      self.value = value
      self.threshold = threshold
    }
  }

  /// Who handles contacts without a score.
  public enum Fallback: String, Sendable, CaseIterable { case ai, staff }

  public var name: String
  /// AI from this score on; nil: the threshold in force last.
  public var automateFrom: Double?
  /// The first one that fits a contact takes the place of `automateFrom`.
  public var exceptions: [Exception]
  /// From this score up to the threshold AI asks the customer to confirm; nil: never.
  public var confirmFrom: Double?
  /// Nil: as they were handled.
  public var fallback: Fallback?
  /// Members of staff at work by hour of the day (of the study's zone), 24 values; nil: not stated.
  public var staffByHour: [Double]?
  /// How long customers wait on average before they give up, minutes.
  public var patienceMinutes: Double

  public init(
    name: String, automateFrom: Double? = nil, exceptions: [Exception] = [],
    confirmFrom: Double? = nil, fallback: Fallback? = nil, staffByHour: [Double]? = nil,
    patienceMinutes: Double = 5
  ) {
    self.name = name
    self.automateFrom = automateFrom
    self.exceptions = exceptions
    self.confirmFrom = confirmFrom
    self.fallback = fallback
    self.staffByHour = staffByHour
    self.patienceMinutes = patienceMinutes
  }
}
