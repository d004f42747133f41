import LinearAlgebra
import RepeatContacts

/// The delete-group jackknife: the model refitted to convergence without each of 100 blocks of
/// customers, m(topic, day), shares, active intervals and the modes' rates included.
///
/// Totals are always those of this log's contacts, under the parameters that the remaining customers
/// give (Busing, Meijer & van der Leeden 1999). A check of the sandwich that takes 100 refits.
package struct Jackknife: Sendable {
  package static let groups = 100
  private let fitted: FittedAttribution

  package init(_ fitted: FittedAttribution) { self.fitted = fitted }

  /// Covariance of the totals, then of `further` functions of the parameters, then of the four parts
  /// for the population: there the contacts of a block go with it.
  package func totals(
    further: (LinkParameters, ModeRates, ModeCells) -> [Double] = { _, _, _ in [] },
    progress: (Double) -> Void = { _ in }
  ) throws -> Matrix {
    let data = fitted.data
    let groups = min(Jackknife.groups, data.customerCount)
    // A refit starts where it nearly ends: what stops it must be small beside a block's influence.
    var fitter = fitted.fitter
    fitter.tolerance /= 10
    fitter.gainTolerance /= 10
    var values: [[Double]] = []
    for g in 0..<groups {
      let inGroup = { (c: Int) in Int(mix(c &+ 4242) % UInt64(groups)) == g }
      var excluded = [Bool](repeating: false, count: fitted.input.table.count)
      for c in 0..<data.customerCount where inGroup(c) {
        for i in Int(data.customerStart[c])..<Int(data.customerStart[c + 1]) {
          excluded[Int(data.row[i])] = true
        }
      }
      let rates = try ModeRates(
        modes: fitted.input.modes.without(excluded), context: fitted.context,
        staff: fitted.input.table.text("staff_id"), like: fitted.rates)
      let cells = fitted.cells.reweighted(rates)
      let rest = data.restricted { !inGroup($0) }
      let model = LinkModel(
        data: rest, rate: fitted.fit.model.rate.replacing(cells: cells),
        background: fitted.fit.model.background)
      let refit = try fitter.fit(model, from: fitted.fit.parameters)
      let remaining = SplitFunctionals(effects: fitted.effects, data: rest).totals(
        refit.parameters, rates: rates, weights: cells.mixtureWeight)
      let whole =
        (fitted.correction?.factor ?? 1) * Double(groups) / Double(max(groups - 1, 1))
      values.append(
        fitted.functionals.totals(
          refit.parameters, rates: rates, weights: cells.mixtureWeight)
          + further(refit.parameters, rates, cells)
          + remaining.prefix(PartScores.count).map { $0 * whole })
      progress(Double(g + 1) / Double(groups))
    }
    let width = values[0].count
    let n = Double(values.count)
    let means = (0..<width).map { k in values.reduce(0) { $0 + $1[k] } / n }
    var covariance = Matrix(rows: width, columns: width)
    for value in values {
      for i in 0..<width {
        for j in 0..<width {
          covariance[i, j] += (n - 1) / n * (value[i] - means[i]) * (value[j] - means[j])
        }
      }
    }
    return covariance
  }
}
