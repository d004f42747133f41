import RepeatContacts
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Time-rescaling residuals: contacts that came against contacts that the model expected, given
/// nothing but the past, by how many contacts the customer had made and by the time since the last.
///
/// Between contacts the compensator of the background is minus the log probability that the
/// customer's own contacts stay away, with rate and active interval integrated over what the past says
/// of them; that of the triggers is Σ κ G. Where the model is right, observed minus expected is a
/// martingale and the ratios are near 1 in every band (Brown et al. 2002, time rescaling).
package struct GoodnessOfFit: Sendable {
  let fit: LinkFit
  static let volumeNames = ["1", "2", "3_4", "5_9", "10_and_more"]
  static let delayNames = ["to_1_day", "1_to_3_days", "3_to_7_days", "7_to_15_days", "later"]
  static let delayBorders = [1.0, 3.0, 7.0, 15.0]

  struct Residuals {
    var observedByVolume = [Double](repeating: 0, count: 5)
    var expectedByVolume = [Double](repeating: 0, count: 5)
    var observedByDelay = [Double](repeating: 0, count: 5)
    var expectedByDelay = [Double](repeating: 0, count: 5)
  }

  /// Residuals over the customers of `data` (same log, possibly fewer customers).
  func residuals(_ data: LinkData) -> Residuals {
    let model = LinkModel(data: data, rate: fit.model.rate, background: fit.model.background)
    let past = Past(model: model, parameters: fit.parameters)
    var result = Residuals()
    for c in 0..<data.customerCount {
      let first = Int(data.customerStart[c])
      let end = Int(data.customerStart[c + 1])
      guard end - first <= PassTables.exactLimit else { continue }
      var own = 1.0
      var byTopic: [Int32: Double] = [data.topic[first]: 1]
      let state = past.state(customer: c, first: first)
      for j in first..<end {
        let volume = GoodnessOfFit.volumeBand(j - first + 1)
        let next = j + 1 < end ? data.time[j + 1] : data.end
        // The compensator from this contact to the next, cut at the delay bands' borders.
        var from = data.time[j]
        for band in 0..<5 {
          let border =
            band < 4 ? data.time[j] + GoodnessOfFit.delayBorders[band] : Double.infinity
          let to = min(next, border)
          guard to > from else { continue }
          let expected =
            state.background(from: from, to: to, own: own)
            + past.triggers(first: first, last: j, from: from, to: to)
          result.expectedByVolume[volume] += expected
          result.expectedByDelay[band] += expected
          from = to
        }
        guard j + 1 < end else { break }
        result.observedByVolume[volume] += 1
        let delay = data.time[j + 1] - data.time[j]
        result.observedByDelay[GoodnessOfFit.delayBorders.count { delay > $0 }] += 1
        let share = past.topicShare(data.topic[j + 1], own: own, byTopic: byTopic)
        let rate = state.rate(at: data.time[j + 1], own: own)
        let p = past.ownProbability(j + 1, rate: rate, share: share)
        own += p
        byTopic[data.topic[j + 1], default: 0] += p
      }
    }
    return result
  }

  static func volumeBand(_ n: Int) -> Int { n < 2 ? 0 : n < 3 ? 1 : n < 5 ? 2 : n < 10 ? 3 : 4 }

  /// Both families of residuals as checks; a band warns when it is off by more than a tenth and by
  /// more than four standard deviations of a Poisson count.
  package func checks(maximumContacts: Int) -> [AttributionReport.Check] {
    let r = residuals(fit.model.data.sampled(atMost: maximumContacts, salt: 13))
    return [
      check(
        "residuals_by_volume", GoodnessOfFit.volumeNames, r.observedByVolume, r.expectedByVolume,
        "by the number of contacts a customer had made"),
      check(
        "residuals_by_delay", GoodnessOfFit.delayNames, r.observedByDelay, r.expectedByDelay,
        "by the time since the last contact"),
    ]
  }

  private func check(
    _ name: String, _ bands: [String], _ observed: [Double], _ expected: [Double], _ by: String
  ) -> AttributionReport.Check {
    var details: [String: Double] = [:]
    var worst = 1.0
    var bad: [String] = []
    for (k, band) in bands.enumerated() where expected[k] > 0 {
      let ratio = observed[k] / expected[k]
      details["\(band).observed"] = observed[k]
      details["\(band).expected"] = expected[k]
      let deviation = abs(observed[k] - expected[k]) / expected[k].squareRoot()
      if expected[k] >= 30 && abs(ratio - 1) > abs(worst - 1) { worst = ratio }
      if abs(ratio - 1) > 0.1 && deviation > 4 && expected[k] >= 30 {
        bad.append(
          "\(band.split(separator: "_").joined(separator: " ")) (×\((ratio * 100).rounded() / 100))"
        )
      }
    }
    return AttributionReport.Check(
      name: name, verdict: bad.isEmpty ? .pass : .warn, value: worst,
      meaning: "Contacts that came against contacts expected from the past, \(by): "
        + (bad.isEmpty
          ? "the two agree in every band."
          : "off in \(bad.joined(separator: ", ")), where 1 would be right. The model does not describe "
            + "these customers well; figures for them deserve doubt."),
      details: details)
  }
}

/// What the past of a customer says of its rate and active interval.
private struct Past {
  let model: LinkModel
  let parameters: LinkParameters
  let tables: PassTables
  /// Background mass of rate 1 from the log's start to each day's start.
  let cumulative: [Double]

  init(model: LinkModel, parameters: LinkParameters) {
    self.model = model
    self.parameters = parameters
    tables = PassTables(model: model, parameters: parameters)
    var sums = [0.0]
    for weight in model.dayWeights(parameters) { sums.append(sums[sums.count - 1] + weight) }
    cumulative = sums
  }

  func mass(_ time: Double) -> Double {
    let starts = model.data.dayStart
    var low = 0
    var high = starts.count - 2
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= time { low = middle } else { high = middle - 1 }
    }
    let length = max(starts[low + 1] - starts[low], 1e-12)
    let share = min(max((time - starts[low]) / length, 0), 1)
    return cumulative[low] + share * (cumulative[low + 1] - cumulative[low])
  }

  struct Customer {
    let past: Past
    /// Possible intervals: weight, mass at the lower border, upper border's mass and time.
    let intervals: [(logWeight: Double, lower: Double, upper: Double, end: Double)]

    /// log Σ over intervals and components of weight × (b + mass)^−(a + r), and the expected rate.
    func evaluate(at time: Double, since: Double, own: Double) -> (log: Double, rate: Double) {
      let m = past.mass(time)
      var peak = -Double.infinity
      var logs: [(value: Double, rate: Double)] = []
      for interval in intervals where interval.end > since {
        let mass = min(m, interval.upper) - interval.lower
        for component in past.parameters.prior.components where component.weight > 0 {
          let b = component.shape / component.mean
          let value =
            interval.logWeight + log(component.weight)
            + GammaFunctions.logGamma(component.shape + own)
            - GammaFunctions.logGamma(component.shape) + component.shape * log(b)
            - (component.shape + own) * log(b + mass)
          let rate = interval.end > time ? (component.shape + own) / (b + mass) : 0
          logs.append((value, rate))
          peak = max(peak, value)
        }
      }
      var sum = 0.0
      var rate = 0.0
      for entry in logs {
        let w = exp(entry.value - peak)
        sum += w
        rate += w * entry.rate
      }
      return sum > 0 ? (peak + log(sum), rate / sum) : (0, 0)
    }

    func background(from: Double, to: Double, own: Double) -> Double {
      // Intervals that ended before `from` are still possible for stretches after the last contact.
      max(
        evaluate(at: from, since: lastContact, own: own).log
          - evaluate(at: to, since: lastContact, own: own).log, 0)
    }

    var lastContact: Double { contact.time }
    let contact: ContactTime

    func rate(at time: Double, own: Double) -> Double {
      let value = evaluate(at: time, since: lastContact, own: own).rate
      contact.time = time
      return value
    }
  }

  /// The customer's latest contact so far.
  final class ContactTime {
    var time: Double
    init(time: Double) { self.time = time }
  }

  func state(customer: Int, first: Int) -> Customer {
    let data = model.data
    let grid = model.grid
    var intervals: [(logWeight: Double, lower: Double, upper: Double, end: Double)] = []
    let day = Int(data.day[first])
    var picked = [Double](repeating: 0, count: grid.classCount)
    picked[Int(grid.customerClass[customer])] = 1
    let stated = grid.mode == .table ? grid.intervalTotals(picked) : []
    for (k, interval) in grid.intervals.enumerated() {
      let lower = grid.borders[interval.lower]
      let upper = grid.borders[interval.upper]
      switch grid.mode {
      case .table: guard stated[k] > 0 else { continue }
      case .estimated, .wholeLog: guard lower <= day, upper > day else { continue }
      }
      let weight = grid.mode == .estimated ? parameters.prior.intervalWeights[k] : 1
      intervals.append(
        (
          log(max(weight, 1e-300)), cumulative[lower], cumulative[upper],
          upper >= data.dayCount ? .infinity : data.dayStart[upper]
        ))
    }
    return Customer(past: self, intervals: intervals, contact: ContactTime(time: data.time[first]))
  }

  func topicShare(_ topic: Int32, own: Double, byTopic: [Int32: Double]) -> Double {
    let common = parameters.topicShare[Int(topic)]
    guard parameters.mixConcentration.isFinite else { return common }
    let alpha = parameters.mixConcentration
    return (alpha * common + (byTopic[topic] ?? 0)) / (alpha + own)
  }

  /// Expected repeats of the contacts first...last between two times.
  func triggers(first: Int, last: Int, from: Double, to: Double) -> Double {
    let data = model.data
    var sum = 0.0
    var i = last
    while i >= first && from - data.time[i] < data.bins.window {
      for g in 0..<tables.groups {
        let rate = tables.rate[Int(data.cell[i]) * tables.groups + g]
        guard rate > 0 else { continue }
        for b in 0..<data.bins.count {
          let share =
            data.bins.coverage(b, to - data.time[i]) - data.bins.coverage(b, from - data.time[i])
          sum += rate * tables.mass[g * data.bins.count + b] * share
        }
      }
      i -= 1
    }
    return sum
  }

  /// Probability that contact j is the customer's own given the past.
  func ownProbability(_ j: Int, rate: Double, share: Double) -> Double {
    let data = model.data
    let topic = Int(data.topic[j])
    let background =
      rate * share * tables.intensity[topic * data.dayCount + Int(data.day[j])]
    var triggered = 0.0
    var pair = data.pairStart[j]
    for i in Int(data.firstPrior[j])..<j {
      let bin = Int(data.pairBin[pair])
      pair += 1
      for g in 0..<tables.groups {
        let rho = tables.persistence[g]
        let drawn = (1 - rho) * tables.topicShare[topic]
        triggered +=
          tables.rate[Int(data.cell[i]) * tables.groups + g]
          * tables.density[g * data.bins.count + bin]
          * (data.topic[i] == data.topic[j] ? rho + drawn : drawn)
      }
    }
    return background + triggered > 0 ? background / (background + triggered) : 1
  }
}
