import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The M step: parameters from the sums of one pass. Sees cells and bins, never pairs.
package struct LinkUpdate {
  let model: LinkModel
  private let regression: PoissonRegression
  /// Contacts whose window the log does not cover whole; all others have exposure 1.
  private let late: [Int]
  /// Contacts of each observed cell that are covered whole.
  private let fullCount: [Double]

  package init(model: LinkModel) {
    self.model = model
    regression = PoissonRegression(
      design: model.rate.design, link: model.rate.form.link, ridge: model.rate.ridge)
    let data = model.data
    var late: [Int] = []
    var full = [Double](repeating: 0, count: model.rate.cells.observedCount)
    for i in 0..<data.count {
      if data.end - data.time[i] >= data.bins.window {
        full[Int(data.cell[i])] += 1
      } else {
        late.append(i)
      }
    }
    self.late = late
    fullCount = full
  }

  /// Exposure of each observed cell by group: contacts times the covered mass of the group's delay.
  func exposures(_ delay: [[Double]]) -> [Double] {
    let groups = delay.count
    var result = [Double](repeating: 0, count: fullCount.count * groups)
    for o in fullCount.indices { for g in 0..<groups { result[o * groups + g] = fullCount[o] } }
    for i in late {
      let left = model.data.end - model.data.time[i]
      for g in 0..<groups {
        result[Int(model.data.cell[i]) * groups + g] += coveredMass(delay[g], left)
      }
    }
    return result
  }

  func coveredMass(_ mass: [Double], _ left: Double) -> Double {
    var sum = 0.0
    for b in mass.indices { sum += mass[b] * model.data.bins.coverage(b, left) }
    return sum
  }

  /// One M step.
  package func updated(_ current: LinkParameters, tables: PassTables, sums: PassSums) throws
    -> LinkParameters
  {
    var next = current
    next.delay = delays(tables: tables, sums: sums, current: current)
    next.coefficients = try coefficients(current, next.delay, tables: tables, sums: sums)
    for g in next.persistence.indices {
      next.persistence[g] = (sums.kept[g] + 0.5) / (sums.linked[g] + 1)
    }
    let counts = topicCounts(sums)
    next.topicShare = topicShares(counts, drawn: sums.drawn)
    let background = BackgroundUpdate(model: model)
    next.prior = current.prior.updated(
      sums.background, grid: model.grid, masses: model.masses(current))
    next.intensity = background.intensity(current, sums: sums, topicDay: counts.byDay)
    if current.mixConcentration.isFinite {
      next.mixConcentration = background.concentration(current, sums: sums)
    }
    return next
  }

  /// Own contacts by topic, and by topic and day.
  private func topicCounts(_ sums: PassSums) -> (byTopic: [Double], byDay: [Double]) {
    let days = model.data.dayCount
    var byDay = [Double](repeating: 0, count: model.data.topicCount * days)
    for j in 0..<model.data.count {
      byDay[Int(model.data.topic[j]) * days + Int(model.data.day[j])] += sums.own[j]
    }
    let byTopic = (0..<model.data.topicCount).map { k in
      byDay[(k * days)..<((k + 1) * days)].reduce(0, +)
    }
    return (byTopic, byDay)
  }

  private func topicShares(_ counts: (byTopic: [Double], byDay: [Double]), drawn: [Double])
    -> [Double]
  {
    let raw = counts.byTopic.indices.map { counts.byTopic[$0] + drawn[$0] + 0.01 }
    let total = raw.reduce(0, +)
    return raw.map { $0 / total }
  }

  private func delays(tables: PassTables, sums: PassSums, current: LinkParameters) -> [[Double]] {
    let bins = model.data.bins
    let groups = tables.groups
    var result: [[Double]] = []
    for g in 0..<groups {
      var full = 0.0
      for o in fullCount.indices { full += fullCount[o] * tables.rate[o * groups + g] }
      var exposure = [Double](repeating: full, count: bins.count)
      for i in late {
        let rate = tables.rate[Int(model.data.cell[i]) * groups + g]
        let left = model.data.end - model.data.time[i]
        for b in 0..<bins.count { exposure[b] += rate * bins.coverage(b, left) }
      }
      var mass = (0..<bins.count).map { b -> Double in
        // A group of its own leans on the common delay by five links' worth.
        let lean = g == 0 ? 0.05 : 5 * (result.first?[b] ?? 0)
        return (sums.delay[g * bins.count + b] + lean) / max(exposure[b], 1e-9)
      }
      let total = mass.reduce(0, +)
      mass = mass.map { $0 / total }
      result.append(mass)
    }
    return result
  }

  private func coefficients(
    _ current: LinkParameters, _ delay: [[Double]], tables: PassTables, sums: PassSums
  ) throws -> [Double] {
    let cells = model.rate.cells
    let groups = tables.groups
    var caused = [Double](repeating: 0, count: cells.observedCount * groups)
    for i in 0..<model.data.count {
      let o = Int(model.data.cell[i])
      for g in 0..<groups { caused[o * groups + g] += sums.caused[i * groups + g] }
    }
    let exposure = exposures(delay)
    let means = model.rate.means(current.coefficients)
    var response = [Double](repeating: 0, count: cells.cellCount)
    var total = [Double](repeating: 0, count: cells.cellCount)
    for o in 0..<cells.observedCount {
      for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[entry])
        let g = Int(model.rate.cellGroup[cell])
        let weight = cells.mixtureWeight[entry]
        let rate = tables.rate[o * groups + g]
        if rate > 0 { response[cell] += caused[o * groups + g] * weight * means[cell] / rate }
        total[cell] += weight * exposure[o * groups + g]
      }
    }
    for cell in total.indices where total[cell] <= 0 { response[cell] = 0 }
    return try regression.step(
      response: response, exposure: total, coefficients: current.coefficients)
  }
}
