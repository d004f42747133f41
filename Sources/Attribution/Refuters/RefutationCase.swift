import Execution
import LinearAlgebra
import RepeatContacts
import Statistics

/// An attribution to be refuted, with what several refuters need of it.
package struct RefutationCase: Sendable {
  package let fitted: FittedAttribution
  /// Totals with their errors.
  let estimates: TotalEstimates
  let modes: [AttributionReport.ModeResult]
  let tree: LinkTree
  package let targets: [RefuterTarget]
  /// Estimates of the targets and their standard errors.
  package let values: [Double]
  package let errors: [Double]
  /// The customers' scores and influences at the fit.
  package let field: ScoreField

  var seed: UInt64 { fitted.options.seed }
  var threads: Int { fitted.options.threads }

  package init(
    _ fitted: FittedAttribution, estimates: TotalEstimates,
    modes: [AttributionReport.ModeResult], tree: LinkTree, sandwich: Sandwich
  ) {
    self.fitted = fitted
    self.estimates = estimates
    self.modes = modes
    self.tree = tree
    targets = RefuterTarget.all(fitted)
    let combined = targets.map { target in
      estimates.combination(target.indices.map { ($0, 1) })
    }
    values = combined.map(\.value)
    errors = combined.map(\.se)
    field = ScoreField(fitted, sandwich: sandwich, targets: targets, tree: tree)
  }

  /// The targets among the log's totals under other parameters of the same model.
  func totals(_ parameters: LinkParameters) -> [Double] {
    let totals = fitted.functionals.totals(
      parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    return targets.map { $0.sum(totals) }
  }

  /// A fitter for one of several fits that run at once.
  var alone: LinkFitter {
    var fitter = LinkFitter(executor: EmbeddedExecutor(threads: 1))
    fitter.tolerance = fitted.fitter.tolerance
    fitter.gainTolerance = fitted.fitter.gainTolerance
    return fitter
  }

  /// What `work` gives at 0 ..< count, on all threads; the first error in order is thrown.
  func inParallel<Result: Sendable>(
    _ count: Int, _ work: @escaping @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    try parallelMap(count: count, threads: threads) { k in
      Swift.Result { try work(k) }
    }.map { try $0.get() }
  }
}
