/// The thresholds that cost least, as far as the data tell.
package struct OptimumReport: Codable, Sendable, Equatable {
  package struct Choice: Codable, Sendable, Equatable {
    /// The group's value; nil where there is one curve for all.
    package var value: String?
    package var thresholdsToday: [Double]
    /// The threshold of least cost inside support; nil where none is supported.
    package var threshold: Double?
    /// 95 % interval of it: where the least cost lies in resampled customers.
    package var ci95: [Double]?
    /// Cost per first contact less today's.
    package var change: PolicyEstimate?
    /// The same with an interval that holds for all thresholds of the curve at once.
    package var simultaneous: [Double]?
    /// The threshold whose regret over the band (95 % quantile) is least, and that regret.
    package var leastRegret: Double?
    package var regret: Double?
    /// Change of cost under it, for it alone.
    package var leastRegretChange: PolicyEstimate?
    /// The threshold under the capacity, where one was named, and the change of cost under it.
    package var underCapacity: Double?
    package var underCapacityChange: PolicyEstimate?
    /// Whether a change from today is supported.
    package var isSupported: Bool
    package var verdict: String

    enum CodingKeys: String, CodingKey {
      case value, threshold, ci95, change, simultaneous, regret, verdict
      case thresholdsToday = "thresholds_today"
      case leastRegret = "least_regret"
      case leastRegretChange = "least_regret_change"
      case underCapacity = "under_capacity"
      case underCapacityChange = "under_capacity_change"
      case isSupported = "is_supported"
    }
  }

  package struct FrontPoint: Codable, Sendable, Equatable {
    /// Repeats per first contact less today's.
    package var repeatsChange: Double
    /// Staff minutes per first contact less today's.
    package var staffMinutesChange: Double
    /// 95 % intervals of both in resampled customers, for these thresholds as if they had been named.
    package var repeatsInterval: [Double]
    package var staffMinutesInterval: [Double]
    /// By curve, in the order of `choices`; nil leaves it as today.
    package var thresholds: [Double?]

    enum CodingKeys: String, CodingKey {
      case thresholds
      case repeatsChange = "repeats_change"
      case staffMinutesChange = "staff_minutes_change"
      case repeatsInterval = "repeats_ci95"
      case staffMinutesInterval = "staff_minutes_ci95"
    }
  }

  /// All curves at their thresholds of least cost.
  package struct Together: Codable, Sendable, Equatable {
    /// Cost per first contact less today's, chosen and valued on different customers.
    package var change: PolicyEstimate
    /// Whether changing all of them is supported, whatever each tells by itself.
    package var isSupported: Bool

    enum CodingKeys: String, CodingKey {
      case change
      case isSupported = "is_supported"
    }
  }

  package struct Capacity: Codable, Sendable, Equatable {
    /// Nil where only the hours of the day are limited.
    package var staffHoursAWeek: Double?
    package var staffHoursToday: Double
    /// Under the thresholds chosen; nil where none are.
    package var staffHoursChosen: Double?
    package var isMet: Bool
    /// Money that another staff hour a week would save.
    package var shadowPrice: Double?
    /// Share of an hour's customers that may give up, at most; nil where no staff by hour were stated.
    package var mostAbandoned: Double?
    /// Staff's queue by hour of the day under the thresholds chosen, and today.
    package var queue: [PolicyResult.HourLoad]?
    package var queueToday: [PolicyResult.HourLoad]?

    enum CodingKeys: String, CodingKey {
      case staffHoursAWeek = "staff_hours_a_week"
      case staffHoursToday = "staff_hours_today"
      case staffHoursChosen = "staff_hours_chosen"
      case isMet = "is_met"
      case shadowPrice = "shadow_price"
      case mostAbandoned = "most_abandoned"
      case queueToday = "queue_today"
      case queue
    }
  }

  package var objective: String
  package var choices: [Choice]
  /// Nil where there is one curve.
  package var together: Together?
  package var capacity: Capacity?
  package var front: [FrontPoint]
  package var sentence: String
  package var note: String?
}
