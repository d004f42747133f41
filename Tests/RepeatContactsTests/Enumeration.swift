import RepeatContacts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One customer's contacts by brute force: every subset of them as the customer's own, the rest
/// brought by earlier contacts. Shares no recursion, no scaling and no table with the pass.
///
/// A subset of r own contacts weighs Π m(topic, day) over its members, times the gamma moment
/// E[λ^r e^(−λB)], times the Dirichlet moment of its topics, times Π T_j over the others.
struct Enumeration {
  private(set) var logLikelihood = 0.0
  /// Probability that each contact is the customer's own.
  private(set) var own: [Double]
  /// Probability of r own contacts, and of r own contacts on topic k.
  private(set) var ownCount: [Double]
  private(set) var topicCount: [[Double]]
  /// `triggers[j]`: earlier contact, delay group, delay bin and weight of whatever can have brought j.
  private(set) var triggers: [[(prior: Int, group: Int, bin: Int, weight: Double)]] = []

  init(customer c: Int, model: LinkModel, parameters p: LinkParameters) {
    let data = model.data
    let first = Int(data.customerStart[c])
    let n = Int(data.customerStart[c + 1]) - first
    own = [Double](repeating: 0, count: n)
    ownCount = [Double](repeating: 0, count: n + 1)
    topicCount = [[Double]](
      repeating: [Double](repeating: 0, count: n + 1), count: data.topicCount)
    let rates = (0..<n).map { Enumeration.rates(contact: first + $0, model: model, p) }
    for j in 0..<n {
      triggers.append(Enumeration.triggers(of: first + j, first: first, rates, data: data, p))
    }
    let brought = triggers.map { $0.reduce(0) { $0 + $1.weight } }
    let moments = Enumeration.rateMoments(customer: c, count: n, model: model, p)
    var total = 0.0
    for subset in 0..<(1 << n) {
      var weight = 1.0
      var members = [Int](repeating: 0, count: data.topicCount)
      for j in 0..<n {
        if subset & (1 << j) != 0 {
          let topic = Int(data.topic[first + j])
          weight *= p.intensity[topic * data.dayCount + Int(data.day[first + j])]
          members[topic] += 1
        } else {
          weight *= brought[j]
        }
      }
      let r = members.reduce(0, +)
      weight *= moments[r] * Enumeration.topicMoment(members, p)
      total += weight
      ownCount[r] += weight
      for (k, count) in members.enumerated() { topicCount[k][count] += weight }
      for j in 0..<n where subset & (1 << j) != 0 { own[j] += weight }
    }
    own = own.map { $0 / total }
    ownCount = ownCount.map { $0 / total }
    topicCount = topicCount.map { $0.map { $0 / total } }
    logLikelihood = log(total) - Enumeration.logSeen(model, p)
    for j in 0..<n {
      for g in p.delay.indices {
        let left = data.end - data.time[first + j]
        let covered = p.delay[g].indices.reduce(0.0) { sum, b in
          let (low, high) = (data.bins.edges[b], data.bins.edges[b + 1])
          return sum + p.delay[g][b] * min(max((left - low) / (high - low), 0), 1)
        }
        logLikelihood -= rates[j][g] * covered
      }
    }
  }

  /// κ of a contact by delay group, over the cells that it may be in.
  private static func rates(contact: Int, model: LinkModel, _ p: LinkParameters) -> [Double] {
    let cells = model.rate.cells
    let o = Int(model.data.cell[contact])
    let predictor = model.rate.design.linearPredictor(p.coefficients)
    var rates = [Double](repeating: 0, count: p.delay.count)
    for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
      let cell = Int(cells.mixtureCell[entry])
      rates[model.rate.form.group(mask: cells.cellMask[cell])] +=
        cells.mixtureWeight[entry]
        * model.rate.form.link.mean(predictor[cell])
    }
    return rates
  }

  private static func triggers(
    of j: Int, first: Int, _ rates: [[Double]], data: LinkData, _ p: LinkParameters
  ) -> [(prior: Int, group: Int, bin: Int, weight: Double)] {
    var list: [(prior: Int, group: Int, bin: Int, weight: Double)] = []
    for i in first..<j where data.time[j] - data.time[i] <= data.bins.window {
      let delay = data.time[j] - data.time[i]
      let bin = (0..<data.bins.count).last { data.bins.edges[$0] <= delay } ?? 0
      for g in p.delay.indices {
        let density = p.delay[g][bin] / (data.bins.edges[bin + 1] - data.bins.edges[bin])
        let share = (1 - p.persistence[g]) * p.topicShare[Int(data.topic[j])]
        let topic = share + (data.topic[i] == data.topic[j] ? p.persistence[g] : 0)
        list.append((i - first, g, bin, rates[i - first][g] * density * topic))
      }
    }
    return list
  }

  /// E[λ^r e^(−λB)] for r = 0...n over the gamma mixture and the intervals that hold the contacts.
  private static func rateMoments(
    customer c: Int, count n: Int, model: LinkModel, _ p: LinkParameters
  ) -> [Double] {
    let data = model.data
    let firstDay = Int(data.day[Int(data.customerStart[c])])
    let lastDay = Int(data.day[Int(data.customerStart[c + 1]) - 1])
    return (0...n).map { r in
      intervals(model, p).reduce(0.0) { sum, interval in
        let holds: Bool
        if let stated = data.activeDays?[c], model.grid.mode == .table {
          holds = interval.number == tableInterval(stated, model)
        } else {
          holds = interval.from <= firstDay && interval.to > lastDay
        }
        return holds ? sum + interval.weight * gammaMoment(p.prior, r, interval.mass) : sum
      }
    }
  }

  /// The interval of the grid whose borders are nearest to a stated one, border by border.
  private static func tableInterval(_ stated: ClosedRange<Int>, _ model: LinkModel) -> Int? {
    let width = Double(model.data.dayCount) / Double(model.grid.borders.count - 1)
    let lower = Int((Double(stated.lowerBound) / width).rounded())
    let upper = max(lower + 1, Int((Double(stated.upperBound + 1) / width).rounded()))
    return model.grid.intervals.firstIndex { $0.lower == lower && $0.upper == upper }
  }

  private static func intervals(_ model: LinkModel, _ p: LinkParameters)
    -> [(number: Int, from: Int, to: Int, weight: Double, mass: Double)]
  {
    let data = model.data
    return model.grid.intervals.enumerated().map { number, interval in
      let from = model.grid.borders[interval.lower]
      let to = model.grid.borders[interval.upper]
      var mass = 0.0
      for k in 0..<data.topicCount {
        for d in from..<to {
          mass += p.topicShare[k] * p.intensity[k * data.dayCount + d] * data.dayLength[d]
        }
      }
      let weight = model.grid.mode == .estimated ? p.prior.intervalWeights[number] : 1
      return (number, from, to, weight, mass)
    }
  }

  private static func gammaMoment(_ prior: RatePrior, _ r: Int, _ mass: Double) -> Double {
    prior.components.reduce(0.0) { sum, component in
      let a = component.shape
      let b = component.shape / component.mean
      var value = component.weight * pow(b / (b + mass), a)
      for s in 0..<r { value *= (a + Double(s)) / (b + mass) }
      return sum + value
    }
  }

  /// E[Π π_k^r_k], by rising factorials where customers have topic mixes of their own.
  private static func topicMoment(_ members: [Int], _ p: LinkParameters) -> Double {
    var value = 1.0
    var taken = 0
    for (k, r) in members.enumerated() {
      for s in 0..<r {
        if p.mixConcentration.isFinite {
          let alpha = p.mixConcentration
          value *= (alpha * p.topicShare[k] + Double(s)) / (alpha + Double(taken))
          taken += 1
        } else {
          value *= p.topicShare[k]
        }
      }
    }
    return value
  }

  /// log P(at least one own contact); 0 where the customer base is known.
  private static func logSeen(_ model: LinkModel, _ p: LinkParameters) -> Double {
    guard model.grid.mode != .table else { return 0 }
    return log(
      1
        - intervals(model, p).reduce(0.0) {
          $0 + $1.weight * gammaMoment(p.prior, 0, $1.mass)
        })
  }
}
