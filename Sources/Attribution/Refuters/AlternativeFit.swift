import Execution
import LinearAlgebra
import RepeatContacts

/// The model fitted to the same customers under another window or link, with the customers' influences
/// on its figures: two fits of the same contacts are not independent, and the error of their
/// difference comes of the differences of influences.
struct AlternativeFit: Sendable {
  let fit: LinkFit
  /// The targets, over the contacts that were fitted.
  let values: [Double]
  /// `customer * targets + t`.
  let influence: [Double]
  /// Contacts that alternatives are fitted to at most, by whole customers.
  static let maximumContacts = 30_000

  init(
    _ fit: LinkFit, _ attempt: RefutationCase, executor: EmbeddedExecutor
  ) throws {
    let fitted = attempt.fitted
    self.fit = fit
    let data = fit.model.data
    let effects = try CellEffects(design: fit.model.rate, cells: fitted.cells)
    let functionals = SplitFunctionals(effects: effects, data: data)
    let layout = ScoreLayout(fit: fit, rates: fitted.rates)
    let sandwich = try Sandwich(
      layout: layout, functionals: functionals, cells: fitted.cells, rates: fitted.rates,
      rateScores: fitted.rateScores(layout), executor: executor, threads: executor.threads)
    let totals = functionals.totals(
      fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    let targets = attempt.targets
    values = targets.map { $0.sum(totals) }
    let tables = fit.tables
    let slopes = BackgroundSlopes(
      model: fit.model, parameters: fit.parameters, stride: tables.prior.stride)
    // The rates of modes are the same under every alternative.
    let plan = layout.plan(cells: fitted.cells, slopes: slopes, rateScores: SparseRows())
    influence = sandwich.influence(
      on: targets.map(\.indices), scores: executor.customerScores(data, tables, plan))
  }

  /// Difference of a target to `factor` times another's, and its standard error over customers.
  func difference(_ t: Int, to other: AlternativeFit, factor: Double) -> (value: Double, se: Double)
  {
    let count = values.count
    var square = 0.0
    for place in stride(from: t, to: influence.count, by: count) {
      let d = influence[place] - factor * other.influence[place]
      square += d * d
    }
    return (values[t] - factor * other.values[t], square.squareRoot())
  }

  /// Standard error of a target over the contacts that were fitted.
  func error(_ t: Int) -> Double {
    var square = 0.0
    for place in stride(from: t, to: influence.count, by: values.count) {
      square += influence[place] * influence[place]
    }
    return square.squareRoot()
  }
}
