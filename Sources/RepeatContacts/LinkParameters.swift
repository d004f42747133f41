#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How rich the background is allowed to be.
package struct BackgroundForm: Sendable, Equatable {
  package enum Intensity: String, Sendable {
    case constant
    case byDay = "by day"
    case byTopicAndDay = "by topic and day"
  }
  package var intensity: Intensity
  package var ownTopicMix: Bool
  package var activity: ActivityGrid.Mode
  package var components: Int

  package init(
    intensity: Intensity = .byTopicAndDay, ownTopicMix: Bool = false,
    activity: ActivityGrid.Mode = .wholeLog, components: Int = 1
  ) {
    self.intensity = intensity
    self.ownTopicMix = ownTopicMix
    self.activity = activity
    self.components = components
  }
}

/// The two-part prior of m's factors: nearly always close to 1, gamma with this shape; with a small
/// probability anything.
package struct IntensityShrinkage: Sendable, Equatable {
  package var shape = 50.0
  package var outlierShare = 0.02
}

/// Everything of the link model that moves while it is fitted (symbols as in DESIGN: κ's
/// coefficients, g, ρ, the prior of λ and of the active interval, α of π_c, m(topic, day)).
package struct LinkParameters: Sendable, Equatable {
  package var coefficients: [Double]
  /// Probability of each delay bin, by delay group; each sums to 1.
  package var delay: [[Double]]
  /// Probability that a repeat stays on its cause's topic, by delay group.
  package var persistence: [Double]
  /// Shares of the topics in the background.
  package var topicShare: [Double]
  package var prior: RatePrior
  /// Concentration of customers' own topic mixes around `topicShare`; infinite: none.
  package var mixConcentration: Double
  /// m(topic, day) at `topic * days + day`, mean 1 for each topic over the log.
  package var intensity: [Double]
  /// How strongly m is shrunk: over all topics by day, then topic by topic; empty before the first
  /// update.
  package var shrinkage: [IntensityShrinkage] = []

  /// Unconstrained coordinates, for extrapolation: everything above but the fixed zeros.
  package func coordinates() -> [Double] {
    var x = coefficients
    for group in delay { x += group.map { log(max($0, 1e-12)) } }
    x += persistence.map { logit($0) }
    x += topicShare.map { log(max($0, 1e-12)) }
    x += prior.coordinates
    // Square roots, on which weights near 0 move as little as they matter.
    x += prior.intervalWeights.map { 2 * $0.squareRoot() }
    if mixConcentration.isFinite { x.append(log(mixConcentration)) }
    x += intensity.map { log(max($0, 1e-6)) }
    return x
  }

  /// The parameters at other coordinates; probabilities are renormalised.
  package func moved(to x: [Double]) -> LinkParameters {
    var copy = self
    var at = 0
    func take(_ n: Int) -> ArraySlice<Double> {
      defer { at += n }
      return x[at..<(at + n)]
    }
    copy.coefficients = Array(take(coefficients.count))
    for g in delay.indices { copy.delay[g] = softmax(take(delay[g].count)) }
    copy.persistence = take(persistence.count).map { 1 / (1 + exp(-min(max($0, -12), 12))) }
    copy.topicShare = softmax(take(topicShare.count))
    copy.prior = prior.moved(to: Array(take(prior.coordinates.count)))
    let weights = take(prior.intervalWeights.count).map { max($0, 0) * max($0, 0) / 4 }
    let whole = weights.reduce(0, +)
    if whole > 0 { copy.prior.intervalWeights = weights.map { max($0 / whole, 1e-9) } }
    if mixConcentration.isFinite {
      copy.mixConcentration = exp(min(max(take(1).first ?? 0, -3), 9))
    }
    copy.intensity = take(intensity.count).map { exp(min(max($0, -6), 6)) }
    return copy
  }
}

private func softmax(_ logs: ArraySlice<Double>) -> [Double] {
  guard let peak = logs.max() else { return [] }
  let values = logs.map { exp($0 - peak) }
  let total = values.reduce(0, +)
  return values.map { $0 / total }
}

func logit(_ p: Double) -> Double {
  let q = min(max(p, 1e-9), 1 - 1e-9)
  return log(q / (1 - q))
}

/// The fixed side of a model to fit: data, κ's form, the background's form.
package struct LinkModel: Sendable {
  package let data: LinkData
  package private(set) var rate: RepeatRateDesign
  package let background: BackgroundForm
  package let grid: ActivityGrid
  package let coverage: CoverageByCell
  /// Contacts of the customer who has most.
  package let mostContacts: Int

  package init(data: LinkData, rate: RepeatRateDesign, background: BackgroundForm) {
    self.data = data
    self.rate = rate
    self.background = background
    grid = ActivityGrid(
      mode: background.activity, data: data, shortestDays: 1.5 * data.bins.window)
    coverage = CoverageByCell(data: data, cellCount: rate.cells.observedCount)
    mostContacts =
      (0..<data.customerCount).map { Int(data.customerStart[$0 + 1] - data.customerStart[$0]) }
      .max() ?? 1
  }

  /// The same model with other mixture weights of its cells.
  package func replacing(cells: ModeCells) -> LinkModel {
    var copy = self
    copy.rate = rate.replacing(cells: cells)
    return copy
  }

  /// Background per customer of rate 1 on each day: Σ_topic share × m × day length.
  package func dayWeights(_ parameters: LinkParameters) -> [Double] {
    let days = data.dayCount
    return (0..<days).map { d in
      var sum = 0.0
      for k in 0..<data.topicCount {
        sum += parameters.topicShare[k] * parameters.intensity[k * days + d]
      }
      return sum * data.dayLength[d]
    }
  }

  /// Background mass of each interval of the grid.
  package func masses(_ parameters: LinkParameters) -> [Double] {
    grid.mass(dayWeights: dayWeights(parameters))
  }
}
