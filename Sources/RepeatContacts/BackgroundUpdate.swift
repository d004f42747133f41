import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Updates of the background's intensity m(topic, day) and of the concentration of topic mixes.
struct BackgroundUpdate {
  let model: LinkModel

  /// m(topic, day) from own contacts against what rates and shares expect, shrunk.
  ///
  /// First a factor per day over all topics, then a factor per topic and day around it. Each is the
  /// posterior mean under a two-part prior: nearly always close to 1 (gamma, its spread estimated),
  /// now and then anything (gamma with shape 1: an outage, a campaign), the share of such days
  /// estimated too. A single gamma would shrink a real outage by half or let every day wander.
  ///
  /// - Parameter held: how strongly to shrink, where that was settled before; else it is estimated.
  func intensity(
    _ current: LinkParameters, sums: PassSums, held: [IntensityShrinkage]? = nil
  ) -> (factors: [Double], shrinkage: [IntensityShrinkage]) {
    let days = model.data.dayCount
    let topics = model.data.topicCount
    var result = [Double](repeating: 1, count: topics * days)
    guard model.background.intensity != .constant else { return (result, []) }
    let topicDay = sums.own
    let expected = expectedPerDay(current, sums: sums)
    var observedDay = [Double](repeating: 0, count: days)
    for k in 0..<topics { for d in 0..<days { observedDay[d] += topicDay[k * days + d] } }
    let totalObserved = observedDay.reduce(0, +)
    let scale = totalObserved / max(expected.reduce(0, +), 1e-9)
    let baseline = expected.map { $0 * scale }
    let (day, ofDays) = shrunkFactors(
      observed: observedDay, expected: baseline, held: held?.first)
    var shrinkage = [ofDays]
    for k in 0..<topics {
      var ofTopic = IntensityShrinkage()
      let observed = Array(topicDay[(k * days)..<((k + 1) * days)])
      let total = observed.reduce(0, +)
      var factors = day
      if model.background.intensity == .byTopicAndDay && total > Double(days) / 4 {
        let weight = zip(baseline, day).reduce(0) { $0 + $1.0 * $1.1 }
        let around = (0..<days).map { baseline[$0] * day[$0] * total / max(weight, 1e-9) }
        let (own, estimated) = shrunkFactors(
          observed: observed, expected: around, held: held?[k + 1])
        factors = zip(day, own).map { $0 * $1 }
        ofTopic = estimated
      }
      shrinkage.append(ofTopic)
      // Mean 1 over the log, so that shares and rates keep their meaning.
      var mass = 0.0
      var length = 0.0
      for d in 0..<days {
        mass += factors[d] * model.data.dayLength[d]
        length += model.data.dayLength[d]
      }
      for d in 0..<days { result[k * days + d] = max(factors[d] * length / mass, 1e-3) }
    }
    return (result, shrinkage)
  }

  /// Expected own contacts of each day at intensity 1: who is active, at what rate.
  private func expectedPerDay(_ current: LinkParameters, sums: PassSums) -> [Double] {
    let rates = current.prior.intervalRates(
      sums.background, grid: model.grid, masses: model.masses(current))
    var expected = [Double](repeating: 0, count: model.data.dayCount)
    for (k, interval) in model.grid.intervals.enumerated() {
      for d in model.grid.borders[interval.lower]..<model.grid.borders[interval.upper] {
        expected[d] += rates[k] * model.data.dayLength[d]
      }
    }
    return expected
  }

  /// Posterior mean factors of Poisson counts around expectations under the two-part prior.
  ///
  /// A (possibly fractional) count n of mean e is negative binomial under either part:
  ///
  ///     log NB(n; e, s) = lnΓ(n + s) − lnΓ(s) − lnΓ(n + 1) + s log s + n log e − (n + s) log(s + e)
  ///
  /// of which the gamma functions cancel under shape 1, and n log e in the ratio of the two.
  func shrunkFactors(
    observed: [Double], expected: [Double], held: IntensityShrinkage? = nil
  ) -> (factors: [Double], shrinkage: IntensityShrinkage) {
    var prior = held ?? IntensityShrinkage()
    var factors = [Double](repeating: 1, count: observed.count)
    let places = observed.indices.filter { expected[$0] > 1e-9 }
    // What does not depend on the prior: both less n log e.
    let outlier = places.map { -(observed[$0] + 1) * log(1 + expected[$0]) }
    let factorial = places.map { GammaFunctions.logGamma(observed[$0] + 1) }
    for _ in 0..<(held == nil ? 4 : 1) {
      var outliers = 0.0
      var excess = 0.0
      var square = 0.0
      let s = prior.shape
      let common =
        s * log(s) - GammaFunctions.logGamma(s) + log(1 - prior.outlierShare)
        - log(prior.outlierShare)
      for (k, d) in places.enumerated() {
        let n = observed[d]
        let e = expected[d]
        let usual = common + GammaFunctions.logGamma(n + s) - factorial[k] - (n + s) * log(s + e)
        let w = 1 / (1 + exp(usual - outlier[k]))
        factors[d] = (1 - w) * (n + s) / (e + s) + w * (n + 1) / (e + 1)
        outliers += w
        excess += (1 - w) * ((n - e) * (n - e) - n)
        square += (1 - w) * e * e
      }
      guard held == nil else { break }
      prior.outlierShare = min(max((outliers + 0.2) / (Double(observed.count) + 10), 1e-3), 0.3)
      prior.shape = square / max(excess, square / 1e4)
    }
    return (factors, prior)
  }

  /// The concentration α that maximises the expected Dirichlet-multinomial log-likelihood, one
  /// damped Newton step in log α from the current one.
  func concentration(_ current: LinkParameters, sums: PassSums) -> Double {
    func objective(_ logAlpha: Double) -> Double {
      let alpha = exp(logAlpha)
      var value = -RatePrior.logPenalty * logAlpha * logAlpha / 2
      let stride = sums.topicHistogram.count / max(model.data.topicCount, 1)
      for k in 0..<model.data.topicCount {
        var rising = 0.0
        for r in 1..<max(stride, 2) where r < stride {
          rising += log(alpha * max(current.topicShare[k], 1e-9) + Double(r - 1))
          let n = sums.topicHistogram[k * stride + r]
          if n > 0 { value += n * rising }
        }
      }
      let width = sums.background.stride
      var rising = 0.0
      var totals = [Double](repeating: 0, count: width)
      for (index, n) in sums.background.histogram.enumerated() { totals[index % width] += n }
      for r in 1..<width {
        rising += log(alpha + Double(r - 1))
        value -= totals[r] * rising
      }
      return value
    }
    let x = log(current.mixConcentration)
    let h = 1e-3
    let f = objective(x)
    let up = objective(x + h)
    let down = objective(x - h)
    let gradient = (up - down) / (2 * h)
    let curvature = (up - 2 * f + down) / (h * h)
    var step = max(-0.7, min(0.7, gradient / max(-curvature, abs(gradient) / 0.7, 1e-6)))
    for _ in 0..<6 {
      if objective(x + step) >= f { return exp(min(max(x + step, -3), 9)) }
      step /= 2
    }
    return current.mixConcentration
  }
}
