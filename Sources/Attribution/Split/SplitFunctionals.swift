import Execution
import RepeatContacts
import Statistics

/// The log's totals as functions of the parameters: what intervals are taken of.
package struct SplitFunctionals: Sendable {
  package let effects: CellEffects
  let coverage: CoverageByCell
  private let bins: DelayBins
  private let whole: [Double]
  /// What each contact of the data counts as; nil: 1.
  package let weights: [Double]?

  package init(effects: CellEffects, data: LinkData, weights: [Double]? = nil) {
    self.init(
      effects: effects, bins: data.bins,
      coverage: CoverageByCell(
        data: data, cellCount: effects.cells.observedCount, weights: weights), weights: weights)
  }

  /// - Parameter coverage: of the contacts that the totals are of.
  package init(
    effects: CellEffects, bins: DelayBins, coverage: CoverageByCell, weights: [Double]? = nil
  ) {
    self.weights = weights
    self.effects = effects
    self.bins = bins
    self.coverage = coverage
    whole = [Double](repeating: 1, count: effects.design.form.groupCount)
  }

  /// Share of each group's delay that `left` days cover: exactly 1 where that is the whole window.
  package func exposure(delay: [[Double]], left: Double) -> [Double] {
    if left >= bins.window { return whole }
    return delay.map { mass in
      mass.indices.reduce(0) { $0 + mass[$1] * bins.coverage($1, left) }
    }
  }

  /// What a contact is expected to bring, by part of the split.
  ///
  /// - Parameters:
  ///   - exposure: of the contact, by delay group.
  ///   - effects: of its cell, as `cellEffects` gives them.
  @inline(__always) package func parts(
    ofContact i: Int, exposure: [Double], effects values: [Double]
  ) -> SIMD4<Double> {
    let width = effects.layout.count
    let weight = weights?[i] ?? 1
    var parts = SIMD4<Double>()
    for g in exposure.indices {
      let at = g * width
      parts +=
        weight * exposure[g]
        * SIMD4(values[at], values[at + 1], values[at + 2], values[at + 3])
    }
    return parts
  }

  /// Effects of every observed cell, per unit of exposure: `groups × layout.count` values each, group
  /// by group; the sum over groups weighted by each group's exposure is the cell's effect.
  package func cellEffects(
    _ parameters: LinkParameters, rates: ModeRates, weights: [Double]
  ) -> [[Double]] {
    let evaluator = EffectEvaluator(
      effects: effects, coefficients: parameters.coefficients, rates: rates, weights: weights)
    let count = effects.design.form.groupCount * effects.layout.count
    return (0..<effects.cells.observedCount).map { o in
      [Double](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = count
        if let base = buffer.baseAddress { evaluator.effects(of: o, into: base) }
      }
    }
  }

  /// The totals of this log's contacts, in the order of the effect layout.
  package func totals(_ parameters: LinkParameters, rates: ModeRates, weights: [Double])
    -> [Double]
  {
    let groups = effects.design.form.groupCount
    let exposure = coverage.exposures(parameters.delay)
    let width = effects.layout.count
    let evaluator = EffectEvaluator(
      effects: effects, coefficients: parameters.coefficients, rates: rates, weights: weights)
    let values = Scratch<Double>(count: groups * width, repeating: 0)
    var result = [Double](repeating: 0, count: width)
    for o in 0..<effects.cells.observedCount {
      let row = o * groups
      guard (0..<groups).contains(where: { exposure[row + $0] > 0 }) else { continue }
      evaluator.effects(of: o, into: values.base)
      for g in 0..<groups {
        let e = exposure[row + g]
        for k in 0..<width { result[k] += e * values.base[g * width + k] }
      }
    }
    return result
  }
}
