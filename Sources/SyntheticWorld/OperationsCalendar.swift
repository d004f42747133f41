import Statistics

/// What happens on which day to everybody: outages, and how they and the weekday move contacts.
///
/// Days count from the start of the warm-up.
package struct OperationsCalendar: Sendable {
  package struct Outage: Sendable, Equatable {
    package var integration: Int
    /// Days of the log, from 0.
    package var days: Range<Int>
    package var timeoutRate: Double
  }

  package let outages: [Outage]
  /// By day and integration.
  private let timeoutRates: [Double]
  /// By day and topic: the factor on background contacts, divided by `highestFactor`.
  private let relativeFactors: [Double]
  /// The largest factor on background contacts of any day and topic.
  package let highestFactor: Double
  private let warmUpDays: Int
  /// By day: the factor on the expected repeats of its contacts.
  private let repeatFactors: [Double]

  package init(_ parameters: WorldParameters, seed: UInt64) {
    let outages = OperationsCalendar.drawOutages(parameters, seed: seed)
    let days = parameters.warmUpDays + parameters.days
    let base = parameters.execution.timeoutRate
    let topics = Catalogue.topics
    let integrations = Catalogue.integrations

    var rates: [Double] = []
    var factors: [Double] = []
    let weekday = parameters.background.weekdayFactors
    let meanWeekday = weekday.reduce(0, +) / 7
    for day in -parameters.warmUpDays..<parameters.days {
      let today = outages.filter { $0.days.contains(day) }
      for integration in integrations.indices {
        let outage = today.filter { $0.integration == integration }.map(\.timeoutRate).max()
        rates.append(outage ?? base * integrations[integration].timeoutFactor)
      }
      let weekdayFactor = weekday[((day % 7) + 7) % 7] / meanWeekday
      for topic in topics {
        let out = today.contains { $0.integration == topic.integration }
        factors.append(weekdayFactor * (out ? parameters.background.outageFactor : 1))
      }
    }
    precondition(rates.count == days * integrations.count)

    let after = parameters.repeats.afterOutage
    repeatFactors = (-parameters.warmUpDays..<parameters.days).map { day in
      guard let after else { return 1 }
      let follows = outages.contains {
        day >= $0.days.upperBound && day < $0.days.upperBound + after.days
      }
      return follows ? after.factor : 1
    }
    let highest = factors.max() ?? 1
    self.outages = outages
    timeoutRates = rates
    relativeFactors = factors.map { $0 / highest }
    highestFactor = highest
    warmUpDays = parameters.warmUpDays
  }

  /// The chance that a call to the integration times out on this day of the log.
  @inline(__always)
  package func timeoutRate(day: Int, integration: Int) -> Double {
    timeoutRates[(day + warmUpDays) * Catalogue.integrations.count + integration]
  }

  /// The share of candidate background contacts that are kept on this day of the log.
  @inline(__always)
  package func relativeFactor(day: Int, topic: Int) -> Double {
    relativeFactors[(day + warmUpDays) * Catalogue.topics.count + topic]
  }

  /// The factor on the expected repeats of a contact on this day of the log.
  @inline(__always)
  package func repeatFactor(day: Int) -> Double { repeatFactors[day + warmUpDays] }

  private static func drawOutages(_ parameters: WorldParameters, seed: UInt64) -> [Outage] {
    var stream = RandomStream(seed: seed)
    let outages = parameters.outages
    let count = outages.count.lowerBound + stream.int(below: outages.count.count)
    let drawn = (0..<count).map { _ in
      let length = outages.days.lowerBound + stream.int(below: outages.days.count)
      let start = stream.int(below: parameters.days - length + 1)
      let rates = outages.timeoutRate
      return Outage(
        integration: stream.int(below: Catalogue.integrations.count),
        days: start..<(start + length),
        timeoutRate: rates.lowerBound + stream.uniform() * (rates.upperBound - rates.lowerBound))
    }
    guard let turn = parameters.turn, let known = turn.outage else { return drawn }
    return drawn + [
      Outage(
        integration: known.integration,
        days: turn.day..<max(turn.day, min(turn.day + known.days, parameters.days)),
        timeoutRate: known.timeoutRate)
    ]
  }
}
