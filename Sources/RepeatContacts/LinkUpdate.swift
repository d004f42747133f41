import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What of the repeat rates a fit may move.
package enum RateFreedom: Sendable {
  case all
  /// The rates keep their ratios to each other, and only their common level moves.
  case level
  case none
}

/// The M step: parameters from the sums of one pass. Sees cells and bins, never pairs or contacts.
package struct LinkUpdate {
  let model: LinkModel
  private let freedom: RateFreedom
  /// The cells that have contacts in these data (a half of the customers has not all), and the
  /// regression over them.
  private let rows: [Int]
  private let regression: PoissonRegression

  package init(model: LinkModel, freedom: RateFreedom = .all) {
    self.model = model
    self.freedom = freedom
    let whole = model.rate.design
    var present = [Bool](repeating: false, count: whole.rowCount)
    for o in model.coverage.whole.indices where model.coverage.whole[o] > 0 {
      present[model.rate.cells.settledCell(o)] = true
    }
    for o in model.coverage.lateCells { present[model.rate.cells.settledCell(Int(o))] = true }
    rows = present.indices.filter { present[$0] }
    var design = IndicatorDesign(columnCount: whole.columnCount)
    for row in rows { design.append(row: Array(whole.columns(ofRow: row))) }
    regression = PoissonRegression(
      design: design, link: model.rate.form.link, ridge: model.rate.ridge)
  }

  /// One M step.
  ///
  /// - Parameter settled: m is shrunk as strongly as before, so that the steps near the end of a fit
  ///   are those of one fixed map.
  package func updated(
    _ current: LinkParameters, tables: PassTables, sums: PassSums, settled: Bool = false
  ) throws -> LinkParameters {
    var next = current
    next.delay = delays(tables: tables, sums: sums, current: current)
    next.coefficients = try coefficients(current, next.delay, tables: tables, sums: sums)
    for g in next.persistence.indices {
      next.persistence[g] = (sums.kept[g] + 0.5) / (sums.linked[g] + 1)
    }
    next.topicShare = topicShares(own: sums.own, drawn: sums.drawn)
    let background = BackgroundUpdate(model: model)
    next.prior = try current.prior.updated(
      sums.background, grid: model.grid, masses: model.masses(current))
    (next.intensity, next.shrinkage) = background.intensity(
      current, sums: sums, held: settled ? current.shrinkage : nil)
    if current.mixConcentration.isFinite {
      next.mixConcentration = background.concentration(current, sums: sums)
    }
    return next
  }

  private func topicShares(own: [Double], drawn: [Double]) -> [Double] {
    let days = model.data.dayCount
    let raw = drawn.indices.map { k in
      own[(k * days)..<((k + 1) * days)].reduce(0, +) + drawn[k] + 0.01
    }
    let total = raw.reduce(0, +)
    return raw.map { $0 / total }
  }

  private func delays(tables: PassTables, sums: PassSums, current: LinkParameters) -> [[Double]] {
    let bins = model.data.bins
    let groups = tables.groups
    var result: [[Double]] = []
    for g in 0..<groups {
      let exposure = model.coverage.binExposures(rate: tables.rate, group: g, groups: groups)
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
    if freedom == .none { return current.coefficients }
    let cells = model.rate.cells
    let groups = tables.groups
    let exposure = model.coverage.exposures(delay)
    let link = model.rate.form.link
    if freedom == .level {
      let expected = zip(exposure, tables.rate).reduce(0) { $0 + $1.0 * $1.1 }
      let level = expected > 0 ? sums.caused.reduce(0, +) / expected : 1
      return link.scaled(current.coefficients, by: max(level, 1e-3))
    }
    let means = model.rate.means(current.coefficients)
    var response = [Double](repeating: 0, count: cells.cellCount)
    var total = [Double](repeating: 0, count: cells.cellCount)
    for o in 0..<cells.observedCount {
      let settled = cells.settledCell(o)
      for entry in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[entry])
        let g = Int(model.rate.cellGroup[cell])
        let weight = cells.mixtureWeight[entry]
        let rate = tables.rate[o * groups + g]
        // An unknown mode's cell counts with the slope of its own rate; 1 where all is settled.
        let slope =
          cell == settled
          ? 1 : link.derivative(atMean: means[cell]) / link.derivative(atMean: means[settled])
        if rate > 0 {
          response[settled] += sums.caused[o * groups + g] * weight * slope * means[settled] / rate
        }
        total[settled] += weight * exposure[o * groups + g] * slope
      }
    }
    for cell in total.indices where total[cell] <= 0 { response[cell] = 0 }
    return try regression.maximum(
      response: rows.map { response[$0] }, exposure: rows.map { total[$0] },
      from: current.coefficients, tolerance: 1e-3)
  }
}
