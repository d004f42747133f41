import Statistics

/// Who a customer is: how often they make contact, about what, and when.
package struct Customer: Sendable {
  package var key: UInt64
  /// Background contacts a day while active, before the calendar's factors.
  package var dailyRate: Double
  /// Days of the log on which background contacts can come; nil: always.
  package var active: ClosedRange<Double>?
  /// Cumulative topic shares of the background contacts.
  package var cumulativeTopicShares: [Double]
  /// Factor on the expected repeats of all their contacts.
  package var frailty = 1.0
}

/// Draws customers.
package struct Population: Sendable {
  private let background: WorldParameters.Background
  private let frailty: WorldParameters.Frailty?
  private let firstDay: Double
  private let lastDay: Double
  private let commonShares: [Double]
  package let cumulativeCommonShares: [Double]

  package init(_ parameters: WorldParameters) {
    background = parameters.background
    frailty = parameters.repeats.frailty
    firstDay = -Double(parameters.warmUpDays)
    lastDay = Double(parameters.days)
    commonShares = Catalogue.topicShares(exponent: parameters.topicExponent)
    cumulativeCommonShares = Population.cumulative(commonShares)
  }

  /// The customer of this key.
  package func customer(key: UInt64) -> Customer {
    var stream = RandomStream(seed: StreamKey.traits.below(key))
    let rate: Double
    switch background.rates {
    case .gamma(let shape, let mean):
      rate = mean * stream.gamma(shape: shape) / shape
    case .heavyTailed(let mean, let logSD, let heavyShare, let heavyMean):
      if stream.bernoulli(heavyShare) {
        rate = heavyMean * stream.gamma(shape: 4) / 4
      } else {
        rate = mean * exponential(logSD * stream.normal() - 0.5 * logSD * logSD)
      }
    }
    var active: ClosedRange<Double>?
    if stream.bernoulli(background.partlyActiveShare) {
      let lengths = background.activeDays
      let length =
        lengths.lowerBound + stream.uniform() * (lengths.upperBound - lengths.lowerBound)
      // From an interval before all days to the last day, so that no day has fewer active customers.
      let earliest = firstDay - lengths.upperBound
      let start = earliest + stream.uniform() * (lastDay - earliest)
      active = start...(start + length)
    }
    var cumulative = cumulativeCommonShares
    if let concentration = background.ownTopicConcentration {
      cumulative = Population.cumulative(stream.dirichlet(commonShares.map { concentration * $0 }))
    }
    return Customer(
      key: key, dailyRate: rate / background.ratePeriod, active: active,
      cumulativeTopicShares: cumulative, frailty: drawFrailty(key))
  }

  /// Gamma, drawn anew until it is within its limit.
  private func drawFrailty(_ key: UInt64) -> Double {
    guard let frailty else { return 1 }
    var stream = RandomStream(seed: StreamKey.frailty.below(key))
    while true {
      let drawn = stream.gamma(shape: frailty.shape) / frailty.shape
      if drawn <= frailty.limit { return drawn }
    }
  }

  private static func cumulative(_ shares: [Double]) -> [Double] {
    var sum = 0.0
    return shares.map {
      sum += $0
      return sum
    }
  }
}

/// The first index whose cumulative share exceeds `uniform`; the last where rounding leaves none.
@inline(__always)
func pick(_ uniform: Double, _ cumulative: [Double]) -> UInt8 {
  var index = 0
  while index < cumulative.count - 1 && uniform >= cumulative[index] { index += 1 }
  return UInt8(truncatingIfNeeded: index)
}
