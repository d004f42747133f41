import RepeatContacts
import Statistics

extension BlockWalker {
  /// Σ s sᵀ over the block's customers, `parameterCount²` values.
  func scoreProducts(_ plan: ScorePlan, data: LinkData) -> [Double] {
    let n = plan.parameterCount
    let products = Scratch<Double>(count: n * n, repeating: 0)
    let active = Scratch<Int32>(count: n, repeating: 0)
    forEachScore(plan, data: data) { _, score in
      var count = 0
      for k in 0..<n where score[k] != 0 {
        active.base[count] = Int32(k)
        count += 1
      }
      for a in 0..<count {
        let row = products.base + Int(active.base[a]) * n
        let s = score[Int(active.base[a])]
        for b in a..<count { row[Int(active.base[b])] += s * score[Int(active.base[b])] }
      }
    }
    for a in 0..<n {
      for b in 0..<a { products.base[a * n + b] = products.base[b * n + a] }
    }
    return products.array
  }

  /// The score of each of the block's customers, one after the other, `parameterCount` values each.
  func customerScores(_ plan: ScorePlan, data: LinkData) -> [Double] {
    let n = plan.parameterCount
    var scores = [Double](repeating: 0, count: customers.count * n)
    scores.withUnsafeMutableBufferPointer { scores in
      forEachScore(plan, data: data) { customer, score in
        let first = (customer - customers.lowerBound) * n
        for k in 0..<n { scores[first + k] = score[k] }
      }
    }
    return scores
  }

  /// Calls `body` with each customer of the block and its score.
  private func forEachScore(
    _ plan: ScorePlan, data: LinkData, _ body: (Int, UnsafeMutablePointer<Double>) -> Void
  ) {
    let n = plan.parameterCount
    let groups = tables.groups
    let bins = contacts.bins
    let score = Scratch<Double>(count: n, repeating: 0)
    let pairs = Scratch<Double>(count: (largest + bins + 2) * groups, repeating: 0)
    let caused = pairs.base
    let target = PairSums(
      caused: caused, delay: caused + largest * groups,
      linked: caused + (largest + bins) * groups, kept: caused + (largest + bins + 1) * groups)
    for c in customers {
      let range = contacts.range(c)
      for k in 0..<n { score.base[k] = 0 }
      for k in 0..<pairs.count { pairs.base[k] = 0 }
      let (_, solution) = solve(c)
      addBackground(c, solution, plan, to: score.base)
      if solution != .allOwn {
        sumPairs(range, into: target) { _, _ in }
        for g in 0..<groups {
          let linked = target.linked[g]
          score.base[plan.persistenceOffset[g]] += target.kept[g] - tables.persistence[g] * linked
          for b in 0..<(bins - 1) {
            score.base[plan.delayOffset[g] + b] +=
              target.delay[g * bins + b] - linked * tables.mass[g * bins + b]
          }
        }
      }
      addContacts(range, caused: caused, plan, data: data, to: score.base)
      body(c, score.base)
    }
  }

  /// The background's part: the prior's coordinates and the concentration of topic mixes.
  private func addBackground(
    _ c: Int, _ solution: Solution, _ plan: ScorePlan, to score: UnsafeMutablePointer<Double>
  ) {
    guard solution != .heavy else { return }
    let n = Int(contacts.customerStart[c + 1] - contacts.customerStart[c])
    let row = Int(tables.customerClass[c]) * tables.stride
    let counts = solution == .allOwn ? n...n : 0...n
    for r in counts {
      let p = solution == .allOwn ? 1 : posterior.ownCount[r]
      for k in plan.priorDerivative.indices {
        score[plan.priorOffset + k] += p * plan.priorDerivative[k][row + r]
      }
      if let mix = plan.mixOffset { score[mix] -= p * plan.risingTotalDerivative[r] }
    }
    for k in plan.seenDerivative.indices { score[plan.priorOffset + k] -= plan.seenDerivative[k] }
    if let mix = plan.mixOffset {
      forEachTopicCount(solution) { topic, r, p in
        score[mix] += p * plan.risingDerivative[topic * tables.stride + r]
      }
    }
  }

  /// The contacts' part: κ's coefficients, the delay of what the log does not cover, and the rates of
  /// modes.
  private func addContacts(
    _ range: Range<Int>, caused: UnsafeMutablePointer<Double>, _ plan: ScorePlan, data: LinkData,
    to score: UnsafeMutablePointer<Double>
  ) {
    let groups = tables.groups
    let bins = contacts.bins
    for i in range {
      let left = data.end - contacts.time[i]
      for g in 0..<groups {
        let row = Int(contacts.cell[i]) * groups + g
        let rate = tables.rate[row]
        guard rate > 0 else { continue }
        let mass = tables.mass + g * bins
        var exposure = 1.0
        if left < data.bins.window {
          exposure = 0
          for b in 0..<bins { exposure += mass[b] * data.bins.coverage(b, left) }
          for b in 0..<(bins - 1) {
            score[plan.delayOffset[g] + b] -=
              rate * mass[b] * (data.bins.coverage(b, left) - exposure)
          }
        }
        let residual = caused[(i - range.lowerBound) * groups + g] / rate - exposure
        for e in Int(plan.rateStart[row])..<Int(plan.rateStart[row + 1]) {
          score[Int(plan.rateColumn[e])] += plan.rateValue[e] * residual
        }
      }
      let contact = Int(data.row[i])
      if contact + 1 < plan.extraStart.count {
        for e in Int(plan.extraStart[contact])..<Int(plan.extraStart[contact + 1]) {
          score[Int(plan.extraColumn[e])] += plan.extraValue[e]
        }
      }
    }
  }
}
