/// How much staff can take on, as a study declares it: what the best thresholds must keep to.
public struct StaffCapacity: Sendable, Equatable {
  /// Hours a week that all staff may work; nil: not stated.
  public var hoursPerWeek: Double?
  /// Members of staff at work by hour of the day (of the study's zone), 24 values; nil: not stated.
  public var staffByHour: [Double]?
  /// How long customers wait on average before they give up, minutes; nil: 5.
  public var patienceMinutes: Double?
  /// Share of an hour's customers that may give up, at most; nil: 0.05.
  public var mostAbandoned: Double?

  public init(
    hoursPerWeek: Double? = nil, staffByHour: [Double]? = nil, patienceMinutes: Double? = nil,
    mostAbandoned: Double? = nil
  ) {
    self.hoursPerWeek = hoursPerWeek
    self.staffByHour = staffByHour
    self.patienceMinutes = patienceMinutes
    self.mostAbandoned = mostAbandoned
  }
}

extension StaffCapacity {
  /// The values stated here, and another's where none is.
  public func filled(from other: StaffCapacity) -> StaffCapacity {
    StaffCapacity(
      hoursPerWeek: hoursPerWeek ?? other.hoursPerWeek,
      staffByHour: staffByHour ?? other.staffByHour,
      patienceMinutes: patienceMinutes ?? other.patienceMinutes,
      mostAbandoned: mostAbandoned ?? other.mostAbandoned)
  }
}
