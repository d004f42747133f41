import InteractionLog

/// A log prepared for valuing policies: decisions, episodes, how it routed, what came of it.
package struct WhatIfSetting: Sendable {
  package let log: DecisionLog
  package let episodes: Episodes
  package let rewards: PolicyRewards
  package let routing: RoutingModel
  package let bounds: OutcomeBounds
  let model: OutcomeModel
  /// By contact: the threshold in force last for one like it; NaN where none is known.
  package let todayThreshold: [Double]
  /// Share of the traffic that was said to be explored, where no column tells which.
  package let explorationRate: Double?
  /// Days in which units can begin.
  package let coveredDays: Double
  /// Hours that staff handled contacts of known customers, a week; 0 where handling times are unknown.
  package let staffHoursAWeek: Double
  /// Variance of repeats over units.
  package let repeatVariance: Double

  /// What an analysis may state beside the log.
  package struct Options: Sendable {
    package var windowDays: Double
    package var costs: Study.Costs
    /// Share of the traffic handled the other way at random, where no column says which.
    package var explorationRate: Double?
    /// Later contacts that no first contact brings more of on average; nil: from the log.
    package var ceiling: Double?
    /// By row of the table: repeats that an attribution puts down to the contact.
    package var caused: [Double]?

    package init(
      windowDays: Double = 15, costs: Study.Costs = .init(), explorationRate: Double? = nil,
      ceiling: Double? = nil, caused: [Double]? = nil
    ) {
      self.windowDays = windowDays
      self.costs = costs
      self.explorationRate = explorationRate
      self.ceiling = ceiling
      self.caused = caused
    }
  }

  package init(
    _ log: DecisionLog, table: InteractionTable, options: Options = Options()
  ) throws(WhatIfError) {
    self.log = log
    let episodes = try Episodes(log, windowDays: options.windowDays)
    let rewards = PolicyRewards(
      log, episodes, table: table, costs: options.costs, caused: options.caused)
    let routing = RoutingModel(log, episodes, explorationRate: options.explorationRate)
    (self.episodes, self.rewards, self.routing) = (episodes, rewards, routing)
    model = OutcomeModel(log, episodes, rewards, routing)
    bounds = OutcomeBounds(log, episodes, rewards, routing, ceiling: options.ceiling)
    explorationRate = options.explorationRate
    let starts = episodes.first.map { log.time[Int($0)] }
    coveredDays =
      max(1, Double((starts.max() ?? 0) - (starts.min() ?? 0)) / 86_400_000)
    let weeks = max(1.0 / 7, Double(log.span.upperBound - log.span.lowerBound) / 604_800_000)
    let minutes = rewards.index(of: .staffMinutes).map { rewards.values[$0].reduce(0, +) } ?? 0
    staffHoursAWeek = minutes / 60 / weeks
    let repeats = episodes.length.map { Double($0) - 1 }
    let mean = repeats.reduce(0, +) / Double(repeats.count)
    repeatVariance =
      repeats.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, repeats.count - 1))
    todayThreshold = (0..<log.count).map { i in
      log.action[i] < 0 || !log.hasThreshold ? .nan : routing.history.last(log, i) ?? .nan
    }
  }

  var kernel: EpisodeKernel {
    EpisodeKernel(
      log: log, episodes: episodes, rewards: rewards, routing: routing, model: model,
      bounds: bounds)
  }

  /// Today's handling of the kernel's customer, and its value as what is compared with: the thresholds
  /// in force last, overrides kept, exploration over; what was done where no threshold is known.
  func compare(_ kernel: inout EpisodeKernel, today: inout [Int8], scratch: inout EpisodeValues) {
    today.removeAll(keepingCapacity: true)
    for i in kernel.contact {
      let threshold = todayThreshold[i]
      today.append(
        log.action[i] < 0
          ? Handling.asLogged.rawValue
          : threshold.isNaN
            ? (log.action[i] == 1 ? Handling.above : .below).rawValue
            : (log.score[i] >= threshold ? Handling.above : .below).rawValue)
    }
    if log.hasThreshold {
      kernel.takeToday(today, scratch: &scratch)
    } else {
      kernel.takeLogged()
    }
  }
}
