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
    addUnseen(plan.values, factor: correction.factor)
    for move in correction.moves {
      let moved = SplitFunctionals(
        effects: fitted.effects, data: fitted.data, weights: move.weights
      ).totals(fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
      let scale = move.standardError / move.step
      let errors = zip(moved, totals).map { scale * ($0 - $1) }
      Self.add(errors, to: &self.totals)
      Self.add(Array(errors.prefix(PartScores.count)), to: &population)
      let slope = scale * (move.factor - correction.factor) / correction.factor
      Self.add(values.map { slope * $0 }, to: &removals)
    }
  }

  /// Which of the avoided contacts the record shows is chance too: of N with a chance of 1 / F each, F
  /// times the recorded ones have variance N (F − 1) around N. Costs as if every contact had the mean
  /// one.
  private mutating func addUnseen(_ values: [[Double]], factor: Double) {
    let width = values.first?.count ?? 0
    for (k, value) in values.enumerated() {
      for w in 0..<width {
        let each = value[0] != 0 ? value[w] / value[0] : 0
        removals[k * width + w, k * width + w] += max(factor - 1, 0) * each * each * abs(value[0])
      }
    }
  }

  /// Adds one error that all move with.
  private static func add(_ error: [Double], to covariance: inout Matrix) {
    for i in error.indices {
      for j in error.indices { covariance[i, j] += error[i] * error[j] }
    }
  }
}
