import Execution
import RepeatContacts

/// The log's totals as functions of the parameters: what intervals are taken of.
package struct SplitFunctionals: Sendable {
  package let effects: CellEffects
  /// Contacts whose window the log covers whole, by observed cell.
  private let full: [Double]
  /// Observed cell and days left of every other contact.
  private let late: [(cell: Int32, left: Double)]
  private let bins: DelayBins

  package init(effects: CellEffects, data: LinkData) {
    self.effects = effects
    bins = data.bins
    var full = [Double](repeating: 0, count: effects.cells.observedCount)
    var late: [(cell: Int32, left: Double)] = []
    for i in 0..<data.count {
      let left = data.end - data.time[i]
      if left >= data.bins.window {
        full[Int(data.cell[i])] += 1
      } else {
        late.append((data.cell[i], left))
      }
    }
    self.full = full
    self.late = late
  }

  /// Share of each group's delay that `left` days cover.
  package func exposure(delay: [[Double]], left: Double) -> [Double] {
    delay.map { mass in
      mass.indices.reduce(0) { $0 + mass[$1] * bins.coverage($1, left) }
    }
  }

  /// Effects of every observed cell, per unit of exposure (layout of `CellEffects.effects`).
  package func cellEffects(
    _ parameters: LinkParameters, rates: ModeRates, weights: [Double], only used: [Bool]? = nil
  ) -> [[Double]] {
    let predictor = effects.design.contextPredictor(parameters.coefficients)
    return (0..<effects.cells.observedCount).map { o in
      if let used, !used[o] { return [] }
      return effects.effects(
        o, coefficients: parameters.coefficients, contextPredictor: predictor, weights: weights,
        rates: rates)
    }
  }

  /// The totals of this log's contacts, in the order of the effect layout.
  package func totals(_ parameters: LinkParameters, rates: ModeRates, weights: [Double])
    -> [Double]
  {
    let groups = effects.design.form.groupCount
    var exposure = [Double](repeating: 0, count: full.count * groups)
    for o in full.indices { for g in 0..<groups { exposure[o * groups + g] = full[o] } }
    for contact in late {
      let shares = self.exposure(delay: parameters.delay, left: contact.left)
      for g in 0..<groups { exposure[Int(contact.cell) * groups + g] += shares[g] }
    }
    let width = effects.layout.count
    var result = [Double](repeating: 0, count: width)
    let predictor = effects.design.contextPredictor(parameters.coefficients)
    for o in full.indices {
      var any = false
      for g in 0..<groups { any = any || exposure[o * groups + g] > 0 }
      guard any else { continue }
      let values = effects.effects(
        o, coefficients: parameters.coefficients, contextPredictor: predictor, weights: weights,
        rates: rates)
      for g in 0..<groups {
        let e = exposure[o * groups + g]
        for k in 0..<width { result[k] += e * values[g * width + k] }
      }
    }
    return result
  }
}
