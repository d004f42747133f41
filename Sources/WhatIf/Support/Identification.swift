import Statistics

/// What an estimate rests on: why some contacts of the same score went to AI and others to staff.
package enum Identification {
  /// Thresholds differed over time, by segment or from contact to contact.
  package static let changes = "threshold_changes"
  /// Traffic that was handled at random.
  package static let exploration = "exploration"
  /// Contacts that staff took although the score was above the threshold.
  package static let overrides = "overrides"
  /// Contacts of like topic and score went different ways for reasons that the log does not name.
  package static let mixed = "mixed_handling"
  /// The policy does nothing else than what was done.
  package static let asLogged = "as_logged"

  /// What tells the outcomes of thresholds apart from today's.
  static func of(_ setting: WhatIfSetting, from today: [Double], to: [Double]) -> [String] {
    let routing = setting.routing
    guard setting.log.hasThreshold else { return [mixed] }
    guard let from = today.min(), let until = today.max(), let low = to.min(),
      let high = to.max()
    else { return [overrides] }
    if from == until && low == high && low == from { return [asLogged] }
    var found: [String] = []
    let inForce = routing.history.inForce.map(\.threshold)
    if routing.history.varies, let least = inForce.first, let most = inForce.last,
      min(low, from) < most, max(high, until) > least
    {
      found.append(changes)
    }
    if setting.log.hasExplored || setting.explorationRate != nil { found.append(exploration) }
    if max(high, until) > from, routing.override.contains(where: { $0 > 0 }) {
      found.append(overrides)
    }
    return found
  }
}

/// Whether outcomes moved over time where the thresholds' changes moved nobody.
///
/// A comparison over time takes when a contact came for chance. First contacts whose score lies on the
/// same side of every threshold in force were handled alike before and after: their outcomes, against
/// those of like topic, score and handler, must not differ between the periods (a falsification test;
/// χ², errors by customer).
package struct TrendCheck: Codable, Sendable, Equatable {
  package var periods: Int
  package var firstContacts: Int
  package var statistic: Double
  package var p: Double
  package var meaning: String

  enum CodingKeys: String, CodingKey {
    case periods, statistic, p, meaning
    case firstContacts = "first_contacts"
  }

  /// Nil where thresholds did not change over time, or too few contacts tell.
  package init?(_ setting: WhatIfSetting) {
    let changes = setting.routing.history.changes
    let inForce = setting.routing.history.inForce.map(\.threshold)
    guard !changes.isEmpty, changes.count <= 20, let low = inForce.first, let high = inForce.last
    else { return nil }
    let log = setting.log
    let periods = changes.count + 1
    var (sum, n, squares) = (
      [Double](repeating: 0, count: periods), [Double](repeating: 0, count: periods),
      [Double](repeating: 0, count: periods)
    )
    var kernel = setting.kernel
    var residuals = [(period: Int, value: Double)]()
    for customer in 0..<log.customers
    where setting.episodes.unitStart[customer] < setting.episodes.unitStart[customer + 1] {
      kernel.load(customer: customer)
      residuals.removeAll(keepingCapacity: true)
      for unit in kernel.units {
        let i = kernel.contact[unit.lowerBound]
        guard log.score[i] < low || log.score[i] >= high else { continue }
        let period = changes.prefix { $0 <= log.time[i] }.count
        let value = kernel.logged(unit, 0) - kernel.predicted(unit.lowerBound, 0)
        residuals.append((period, value))
      }
      for period in Set(residuals.map(\.period)).sorted() {
        let own = residuals.filter { $0.period == period }
        let total = own.reduce(0) { $0 + $1.value }
        sum[period] += total
        n[period] += Double(own.count)
        squares[period] += total * total
      }
    }
    guard n.allSatisfy({ $0 >= 50 }) else { return nil }
    let means = zip(sum, n).map { $0 / $1 }
    let precision = zip(squares, n).map { $0 > 0 ? $1 * $1 / $0 : 0 }
    let total = precision.reduce(0, +)
    guard total > 0 else { return nil }
    let common = zip(means, precision).reduce(0) { $0 + $1.0 * $1.1 } / total
    let statistic = zip(means, precision).reduce(0) {
      $0 + $1.1 * ($1.0 - common) * ($1.0 - common)
    }
    self.periods = periods
    firstContacts = Int(n.reduce(0, +))
    self.statistic = statistic
    p = ChiSquareDistribution.upperTail(statistic, degreesOfFreedom: Double(periods - 1))
    meaning =
      p < 0.05
      ? "Repeats moved over time among contacts that no change of the threshold touched: what rests "
        + "on such changes is confounded with time."
      : "Repeats did not move over time among contacts that no change of the threshold touched."
  }
}
