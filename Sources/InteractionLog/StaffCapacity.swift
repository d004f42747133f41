/// Staff that thresholds are chosen for (`capacity:`).
public struct StaffCapacity: Sendable, Equatable {
  /// Hours a week that all staff may work; nil: no limit.
  public var staffHours: Double?
  /// Members of staff at work by hour of the day, 24 values; nil: not stated.
  public var staffByHour: [Double]?
  /// How long customers wait on average before they give up, minutes.
  public var patienceMinutes: Double?
  /// Share of an hour's customers that may give up, at most.
  public var mostGiveUp: Double?

  public init(
    staffHours: Double? = nil, staffByHour: [Double]? = nil, patienceMinutes: Double? = nil,
    mostGiveUp: Double? = nil
  ) {
    (self.staffHours, self.staffByHour) = (staffHours, staffByHour)
    (self.patienceMinutes, self.mostGiveUp) = (patienceMinutes, mostGiveUp)
  }
}
