import RepeatContacts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Walks a block's customers: triggers, posterior, and the sums over candidate pairs.
struct BlockWalker {
  let data: LinkData
  let tables: PassTables
  let customers: Range<Int>
  private var posterior: CustomerPosterior
  private var base: [Double]
  private var places: [Int]
  private var topics: [Int32]
  private let binCount: Int
  private let days: Int

  init(data: LinkData, tables: PassTables, customers: Range<Int>) {
    self.data = data
    self.tables = tables
    self.customers = customers
    var largest = 1
    for c in customers {
      largest = max(largest, Int(data.customerStart[c + 1] - data.customerStart[c]))
    }
    posterior = CustomerPosterior(
      limit: min(tables.exactLimit, max(largest, 1)), contacts: largest)
    base = [Double](repeating: 0, count: largest)
    places = [Int](repeating: 0, count: largest)
    topics = [Int32](repeating: 0, count: largest)
    binCount = data.bins.count
    days = data.dayCount
  }

  /// The trigger of pair (i, j) by delay group.
  @inline(__always)
  private func trigger(_ i: Int, _ j: Int, _ bin: Int, _ group: Int) -> Double {
    let rate = tables.rate[Int(data.cell[i]) * tables.groups + group]
    let topic = Int(data.topic[j])
    let rho = tables.persistence[group]
    let drawn = (1 - rho) * tables.topicShare[topic]
    let topicFactor = data.topic[i] == data.topic[j] ? rho + drawn : drawn
    return rate * tables.density[group * binCount + bin] * topicFactor
  }

  /// Fills the posterior of one customer and returns its log-likelihood without the compensator of
  /// the triggers; `histogram` is called with r and probability, `topicHistogram` with topic too.
  private mutating func solve(
    _ c: Int, histogram: (Int, Double) -> Void, topicHistogram: (Int, Int, Double) -> Void
  ) -> (logLikelihood: Double, heavy: Bool) {
    let first = Int(data.customerStart[c])
    let n = Int(data.customerStart[c + 1]) - first
    var any = false
    for k in 0..<n {
      let j = first + k
      var sum = 0.0
      let low = Int(data.firstPrior[j])
      if low < j {
        var pair = data.pairStart[j]
        for i in low..<j {
          let bin = Int(data.pairBin[pair])
          for g in 0..<tables.groups { sum += trigger(i, j, bin, g) }
          pair += 1
        }
      }
      posterior.triggered[k] = sum
      any = any || sum > 0
      base[k] = tables.intensity[Int(data.topic[j]) * days + Int(data.day[j])]
    }
    let customerClass = Int(tables.customerClass[c])
    let mixed = tables.mixConcentration.isFinite
    if n > tables.exactLimit {
      for k in 0..<n { base[k] *= tables.topicShare[Int(data.topic[first + k])] }
      let value = base.withUnsafeBufferPointer {
        posterior.solveHeavy(n: n, base: $0.baseAddress.unsafelyUnwrapped, tables: tables)
      }
      return (value, true)
    }
    if !any {
      // Every contact is the customer's own: no polynomial to build.
      var value = tables.prior.logWeight[customerClass * tables.prior.stride + n]
      for k in 0..<n {
        posterior.own[k] = 1
        value += log(base[k])
      }
      histogram(n, 1)
      if mixed {
        let stride = tables.logRisingTotal.count
        value -= tables.logRisingTotal[n]
        var k = 0
        while k < n {
          let topic = data.topic[Int(data.byTopic[first + k])]
          var size = 0
          while k < n && data.topic[Int(data.byTopic[first + k])] == topic {
            size += 1
            k += 1
          }
          value += tables.logRising[Int(topic) * stride + size]
          topicHistogram(Int(topic), size, 1)
        }
      } else {
        for k in 0..<n { value += log(tables.topicShare[Int(data.topic[first + k])]) }
      }
      return (value, false)
    }
    var value: Double
    if mixed {
      for k in 0..<n {
        places[k] = Int(data.byTopic[first + k]) - first
        topics[k] = data.topic[first + k]
      }
      value = base.withUnsafeBufferPointer { base in
        places.withUnsafeBufferPointer { places in
          topics.withUnsafeBufferPointer { topics in
            posterior.solveWithTopics(
              n: n, intensity: base.baseAddress.unsafelyUnwrapped,
              places: places.baseAddress.unsafelyUnwrapped,
              topics: topics.baseAddress.unsafelyUnwrapped, customerClass: customerClass,
              tables: tables, topicPosterior: topicHistogram)
          }
        }
      }
    } else {
      for k in 0..<n { base[k] *= tables.topicShare[Int(data.topic[first + k])] }
      value = base.withUnsafeBufferPointer {
        posterior.solve(
          n: n, base: $0.baseAddress.unsafelyUnwrapped, customerClass: customerClass,
          tables: tables)
      }
    }
    for r in 0...n { histogram(r, posterior.ownCount[r]) }
    return (value, false)
  }

  /// Expected repeats of contact i within the log, by group: κ times the covered delay mass.
  @inline(__always)
  private func covered(_ i: Int, _ group: Int) -> Double {
    let left = data.end - data.time[i]
    if left >= data.bins.window { return 1 }
    var sum = 0.0
    for b in 0..<binCount {
      let share = data.bins.coverage(b, left)
      if share == 0 { break }
      sum += tables.mass[group * binCount + b] * share
    }
    return sum
  }

  mutating func sums() -> EmbeddedExecutor.BlockSums {
    let first = Int(data.customerStart[customers.lowerBound])
    let count = Int(data.customerStart[customers.upperBound]) - first
    let groups = tables.groups
    let stride = tables.prior.stride
    let risingStride = tables.logRisingTotal.count
    var sums = EmbeddedExecutor.BlockSums(
      caused: [Double](repeating: 0, count: count * groups),
      own: [Double](repeating: 0, count: count),
      delay: [Double](repeating: 0, count: tables.mass.count),
      linked: [Double](repeating: 0, count: groups), kept: [Double](repeating: 0, count: groups),
      drawn: [Double](repeating: 0, count: data.topicCount),
      histogram: [Double](repeating: 0, count: tables.prior.logWeight.count),
      topicHistogram: [Double](repeating: 0, count: tables.logRising.count))
    for c in customers {
      let customerClass = Int(tables.customerClass[c])
      let (value, heavy) = solve(
        c, histogram: { sums.histogram[customerClass * stride + $0] += $1 },
        topicHistogram: { sums.topicHistogram[$0 * risingStride + $1] += $2 })
      sums.logLikelihood += value - (heavy ? 0 : tables.prior.logSeen)
      if heavy { sums.heavy += 1 } else { sums.seen += 1 }
      let range = Int(data.customerStart[c])..<Int(data.customerStart[c + 1])
      for j in range {
        for g in 0..<groups {
          sums.logLikelihood -= tables.rate[Int(data.cell[j]) * groups + g] * covered(j, g)
        }
        let own = posterior.own[j - range.lowerBound]
        sums.own[j - first] = own
        let low = Int(data.firstPrior[j])
        let triggered = posterior.triggered[j - range.lowerBound]
        guard low < j, triggered > 0 else { continue }
        let scale = (1 - own) / triggered
        var pair = data.pairStart[j]
        let topic = Int(data.topic[j])
        for i in low..<j {
          let bin = Int(data.pairBin[pair])
          pair += 1
          for g in 0..<groups {
            let p = scale * trigger(i, j, bin, g)
            guard p > 0 else { continue }
            sums.caused[(i - first) * groups + g] += p
            sums.delay[g * binCount + bin] += p
            sums.linked[g] += p
            var kept = 0.0
            if data.topic[i] == data.topic[j] {
              let rho = tables.persistence[g]
              kept = p * rho / (rho + (1 - rho) * tables.topicShare[topic])
              sums.kept[g] += kept
            }
            sums.drawn[topic] += p - kept
          }
        }
      }
    }
    return sums
  }

  /// The probability of every candidate pair of the block.
  mutating func probabilities() -> [Double] {
    var result: [Double] = []
    for c in customers {
      _ = solve(c, histogram: { _, _ in }, topicHistogram: { _, _, _ in })
      let range = Int(data.customerStart[c])..<Int(data.customerStart[c + 1])
      for j in range {
        let low = Int(data.firstPrior[j])
        let triggered = posterior.triggered[j - range.lowerBound]
        let scale = triggered > 0 ? (1 - posterior.own[j - range.lowerBound]) / triggered : 0
        var pair = data.pairStart[j]
        for i in low..<j {
          var sum = 0.0
          for g in 0..<tables.groups { sum += trigger(i, j, Int(data.pairBin[pair]), g) }
          result.append(scale * sum)
          pair += 1
        }
      }
    }
    return result
  }

  /// Scores of the block's customers.
  mutating func scores(_ plan: ScorePlan, products: Bool) -> ScoreSums {
    let n = plan.parameterCount
    let groups = tables.groups
    let stride = tables.prior.stride
    let risingStride = tables.logRisingTotal.count
    var result = ScoreSums(
      total: [Double](repeating: 0, count: n),
      products: [Double](repeating: 0, count: products ? n * n : 0))
    var score = [Double](repeating: 0, count: n)
    var caused = [Double](repeating: 0, count: base.count * groups)
    for c in customers {
      for k in 0..<n { score[k] = 0 }
      let customerClass = Int(tables.customerClass[c])
      let (_, heavy) = solve(
        c,
        histogram: { r, p in
          for (k, derivative) in plan.priorDerivative.enumerated() {
            score[plan.priorOffset + k] += p * derivative[customerClass * stride + r]
          }
          if let mix = plan.mixOffset { score[mix] -= p * plan.risingTotalDerivative[r] }
        },
        topicHistogram: { topic, r, p in
          if let mix = plan.mixOffset {
            score[mix] += p * plan.risingDerivative[topic * risingStride + r]
          }
        })
      if !heavy {
        for k in plan.priorDerivative.indices {
          score[plan.priorOffset + k] -= plan.seenDerivative[k]
        }
      }
      let range = Int(data.customerStart[c])..<Int(data.customerStart[c + 1])
      for k in 0..<(range.count * groups) { caused[k] = 0 }
      for j in range {
        let low = Int(data.firstPrior[j])
        let triggered = posterior.triggered[j - range.lowerBound]
        guard low < j, triggered > 0 else { continue }
        let scale = (1 - posterior.own[j - range.lowerBound]) / triggered
        var pair = data.pairStart[j]
        let share = tables.topicShare[Int(data.topic[j])]
        for i in low..<j {
          let bin = Int(data.pairBin[pair])
          pair += 1
          for g in 0..<groups {
            let p = scale * trigger(i, j, bin, g)
            caused[(i - range.lowerBound) * groups + g] += p
            if bin < binCount - 1 { score[plan.delayOffset[g] + bin] += p }
            for b in 0..<(binCount - 1) {
              score[plan.delayOffset[g] + b] -= p * tables.mass[g * binCount + b]
            }
            let rho = tables.persistence[g]
            score[plan.persistenceOffset[g]] +=
              p
              * (data.topic[i] == data.topic[j]
                ? rho * (1 - rho) * (1 - share) / (rho + (1 - rho) * share) : -rho)
          }
        }
      }
      for i in range {
        let cell = Int(data.cell[i])
        let left = data.end - data.time[i]
        for g in 0..<groups {
          let rate = tables.rate[cell * groups + g]
          let row = cell * groups + g
          let exposure = covered(i, g)
          if rate > 0 {
            let residual = caused[(i - range.lowerBound) * groups + g] / rate - exposure
            for e in Int(plan.rateStart[row])..<Int(plan.rateStart[row + 1]) {
              score[Int(plan.rateColumn[e])] += plan.rateValue[e] * residual
            }
          }
          if left < data.bins.window && rate > 0 {
            for b in 0..<(binCount - 1) {
              score[plan.delayOffset[g] + b] -=
                rate * tables.mass[g * binCount + b] * (data.bins.coverage(b, left) - exposure)
            }
          }
        }
        let contact = Int(data.row[i])
        if contact + 1 < plan.extraStart.count {
          for e in Int(plan.extraStart[contact])..<Int(plan.extraStart[contact + 1]) {
            score[Int(plan.extraColumn[e])] += plan.extraValue[e]
          }
        }
      }
      for k in 0..<n { result.total[k] += score[k] }
      if products {
        for a in 0..<n where score[a] != 0 {
          let s = score[a]
          for b in 0..<n { result.products[a * n + b] += s * score[b] }
        }
      }
    }
    return result
  }
}
