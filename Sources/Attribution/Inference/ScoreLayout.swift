import FailureModes
import RepeatContacts
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The parameters that intervals account for, as one vector: κ's coefficients, delay logits,
/// persistence, the prior's mixture, the concentration of topic mixes, and the coefficients of the
/// modes' rates.
///
/// m(topic, day), topic shares and interval weights are held at their estimates: they are means over
/// hundreds of contacts and shrunk; the delete-group jackknife, which refits them, is the check.
package struct ScoreLayout: RateColumns {
  package let fit: LinkFit
  /// Modes whose rate is part of the vector, and where their coefficients start.
  package let rateModes: [(mode: Int, offset: Int)]
  package let coefficientCount: Int
  package let delayOffset: [Int]
  package let persistenceOffset: [Int]
  package let priorOffset: Int
  package let priorCount: Int
  package let mixOffset: Int?
  package let linkCount: Int
  package let count: Int

  package init(fit: LinkFit, rates: ModeRates) {
    self.fit = fit
    coefficientCount = fit.parameters.coefficients.count
    var at = coefficientCount
    let bins = fit.model.data.bins.count
    let delayStart = at
    delayOffset = fit.parameters.delay.indices.map { delayStart + $0 * (bins - 1) }
    at += fit.parameters.delay.count * (bins - 1)
    let persistenceStart = at
    persistenceOffset = fit.parameters.persistence.indices.map { persistenceStart + $0 }
    at += fit.parameters.persistence.count
    priorOffset = at
    priorCount = fit.parameters.prior.coordinates.count
    at += priorCount
    if fit.parameters.mixConcentration.isFinite {
      mixOffset = at
      at += 1
    } else {
      mixOffset = nil
    }
    linkCount = at
    (rateModes, count) = Self.rateModes(rates, from: at)
  }

  /// The link parameters with one of the vector's coordinates moved.
  package func moved(_ index: Int, by h: Double) -> LinkParameters {
    var p = fit.parameters
    if index < coefficientCount {
      p.coefficients[index] += h
    } else if index < persistenceOffset[0] {
      let bins = fit.model.data.bins.count
      let g = (index - coefficientCount) / (bins - 1)
      let b = (index - coefficientCount) % (bins - 1)
      p.delay[g][b] *= exp(h)
      let total = p.delay[g].reduce(0, +)
      p.delay[g] = p.delay[g].map { $0 / total }
    } else if index < priorOffset {
      let g = index - persistenceOffset[0]
      let rho = p.persistence[g]
      p.persistence[g] = 1 / (1 + (1 - rho) / rho * exp(-h))
    } else if index < priorOffset + priorCount {
      var x = p.prior.coordinates
      x[index - priorOffset] += h
      p.prior = p.prior.moved(to: x)
    } else {
      p.mixConcentration *= exp(h)
    }
    return p
  }

  /// The plan of customers' scores at the fit, in all coordinates.
  ///
  /// - Parameter further: columns after the coordinates' that `rateScores` fills too.
  package func plan(
    cells: ModeCells, slopes: BackgroundSlopes, rateScores: SparseRows, further: Int = 0
  ) -> ScorePlan {
    let model = fit.model
    let groups = model.rate.form.groupCount
    let predictor = model.rate.design.linearPredictor(fit.parameters.coefficients)
    let link = model.rate.form.link
    var start: [Int32] = [0]
    var column: [Int32] = []
    var value: [Double] = []
    for o in 0..<cells.observedCount {
      for g in 0..<groups {
        var sums: [Int32: Double] = [:]
        for e in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
          let cell = Int(cells.mixtureCell[e])
          guard Int(model.rate.cellGroup[cell]) == g else { continue }
          let settled = cells.settledCell(o)
          let slope = cells.mixtureWeight[e] * link.derivative(predictor[cell])
          for c in model.rate.design.columns(ofRow: settled) { sums[c, default: 0] += slope }
        }
        for c in sums.keys.sorted() {
          column.append(c)
          value.append(sums[c] ?? 0)
        }
        start.append(Int32(column.count))
      }
    }
    return ScorePlan(
      parameterCount: count + further, rateStart: start, rateColumn: column, rateValue: value,
      delayOffset: delayOffset, persistenceOffset: persistenceOffset, priorOffset: priorOffset,
      priorDerivative: slopes.prior, seenDerivative: slopes.seen, mixOffset: mixOffset,
      risingDerivative: slopes.rising, risingTotalDerivative: slopes.risingTotal,
      extraStart: rateScores.start, extraColumn: rateScores.column, extraValue: rateScores.value)
  }
}

/// Rows of sparse vectors.
package struct SparseRows: Sendable {
  package var start: [Int32] = [0]
  package var column: [Int32] = []
  package var value: [Double] = []

  package init() {}
}
