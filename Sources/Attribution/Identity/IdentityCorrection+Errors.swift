import LinearAlgebra

extension FittedAttribution.Covariance {
  /// Turns the covariances of recorded repeats into those of all that they stand for, and adds what the
  /// declared rates are unsure of.
  ///
  /// The totals' covariance is that of corrected totals already.
  ///
  /// - Parameters:
  ///   - totals: corrected.
  ///   - plan: with corrected values.
  mutating func addIdentityErrors(
    _ fitted: FittedAttribution, totals: [Double], removals plan: FixPlan
  ) {
    guard let correction = fitted.correction else { return }
    removals = (correction.factor * correction.factor) * removals
    let values = plan.values.flatMap { $0 }
    for move in correction.moves {
      let moved = SplitFunctionals(
        effects: fitted.effects, data: fitted.data, weights: move.weights
      ).totals(fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
      let scale = move.standardError / move.step
      Self.add(zip(moved, totals).map { scale * ($0 - $1) }, to: &self.totals)
      let slope = scale * (move.factor - correction.factor) / correction.factor
      Self.add(values.map { slope * $0 }, to: &removals)
    }
  }

  /// Adds one error that all move with.
  private static func add(_ error: [Double], to covariance: inout Matrix) {
    for i in error.indices {
      for j in error.indices { covariance[i, j] += error[i] * error[j] }
    }
  }
}
