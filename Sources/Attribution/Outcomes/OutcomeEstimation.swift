import LinearAlgebra
import RepeatContacts
import Statistics

/// The totals of one outcome with their covariance: the four parts, and each part's share of its
/// side, what switching it off takes away and what its removal takes away (`EffectLayout`).
package struct OutcomeEstimation: Sendable {
  package let estimates: TotalEstimates
  package let layout: EffectLayout
  package let coefficients: [Double]
  package let converged: Bool
  package let rhythm: CustomerSilence.Rhythm?
  /// Why nothing can be said of errors although the fit has converged; nil where something can.
  package let untold: String?
  /// Hazard or probability of each observed cell.
  let mean: [Double]

  /// Events that must be left open for each parameter, or errors are as good as made up.
  private static let leastOpen = 1.5

  private static func untold(_ fit: BinaryOutcomeFit) -> String? {
    guard fit.openEvents < leastOpen * fit.effectiveParameters else { return nil }
    return "no interval: failures and context leave too little open (about "
      + "\(grouped(fit.openEvents)) events, for the \(grouped(fit.effectiveParameters)) parameters that "
      + "they take)"
  }

  /// An outcome that was seen on interactions.
  package init(_ problem: OutcomeProblem, threads: Int) throws {
    let equations = problem.equations
    let fit = try BinaryOutcomeFit(equations, events: problem.events, trials: problem.trials)
    var byRow = [Double](repeating: 0, count: problem.table.count)
    for row in byRow.indices where problem.happened[row] >= 0 {
      let o = Int(problem.cells.observedOfRow[row])
      byRow[row] = fit.scoreWeight[o] * (Double(problem.happened[row]) - fit.state.mean[o])
    }
    try self.init(
      problem, coefficients: fit.coefficients, information: fit.information,
      rowScore: .init(byRow: byRow, further: []),
      scoreVariance: equations.settledCrossProduct(
        problem.trials.indices.map { o in
          let (w, m) = (fit.scoreWeight[o], fit.state.mean[o])
          return problem.trials[o] * w * w * m * (1 - m)
        }), further: 0, threads: threads, converged: fit.converged, rhythm: nil,
      mean: fit.state.mean, untold: Self.untold(fit)
    ) { cells in
      let moved = equations.state(fit.coefficients, cells: cells)
      return equations.gathered(
        problem.events.indices.map {
          fit.scoreWeight[$0] * (problem.events[$0] - problem.trials[$0] * moved.mean[$0])
        })
    }
  }

  /// Churn told from silence.
  package init(_ problem: OutcomeProblem, silence: CustomerSilence, threads: Int) throws {
    let equations = problem.equations
    let fit = try SilenceFit(equations, silence)
    var byRow = [Double](repeating: 0, count: problem.table.count)
    var further = [Double](repeating: 0, count: 2 * problem.table.count)
    for row in byRow.indices where problem.happened[row] >= 0 {
      let o = Int(problem.cells.observedOfRow[row])
      byRow[row] =
        -fit.state.slope[problem.cells.settledCell(o)] / (1 - fit.state.mean[o])
    }
    for c in silence.customers {
      let slopes = silence.slopes(c, fit.rhythm, hazard: fit.state.mean[c.cell])
      byRow[c.row] = slopes.hazard * fit.state.slope[problem.cells.settledCell(c.cell)]
      further[2 * c.row] = slopes.logShape
      further[2 * c.row + 1] = slopes.logRate
    }
    let x = fit.coefficients + [fit.rhythm.logShape, fit.rhythm.logRate]
    try self.init(
      problem, coefficients: fit.coefficients, information: fit.information,
      rowScore: .init(byRow: byRow, further: further), scoreVariance: nil, further: 2,
      threads: threads, converged: fit.converged, rhythm: fit.rhythm, mean: fit.state.mean,
      untold: nil
    ) { SilenceFit.score(x, equations, silence, cells: $0) }
  }

  private init(
    _ problem: OutcomeProblem, coefficients: [Double], information: Matrix,
    rowScore: OutcomeCovariance.RowScore, scoreVariance: Matrix?, further: Int, threads: Int,
    converged: Bool, rhythm: CustomerSilence.Rhythm?, mean: [Double], untold: String?,
    score: (ModeCells) -> [Double]
  ) throws {
    let effects = try CellEffects(
      design: problem.equations.design, cells: problem.cells, response: problem.equations.link)
    layout = effects.layout
    self.coefficients = coefficients
    self.converged = converged
    self.rhythm = rhythm
    self.mean = mean
    self.untold = untold
    let covariance = try OutcomeCovariance(
      problem: problem, effects: effects, coefficients: coefficients, information: information,
      rowScore: rowScore, scoreVariance: scoreVariance, score: score, further: further,
      threads: threads)
    estimates = TotalEstimates(
      values: Self.totals(problem, effects: effects, coefficients: coefficients),
      covariance: covariance.totals)
  }

  /// Σ over the interactions at risk.
  static func totals(
    _ problem: OutcomeProblem, effects: CellEffects, coefficients: [Double]
  ) -> [Double] {
    let width = effects.layout.count
    let evaluator = EffectEvaluator(
      effects: effects, coefficients: coefficients, rates: problem.rates,
      weights: problem.cells.mixtureWeight)
    let values = Scratch<Double>(count: width, repeating: 0)
    var result = [Double](repeating: 0, count: width)
    for o in problem.trials.indices where problem.trials[o] > 0 {
      evaluator.effects(of: o, into: values.base)
      for k in 0..<width { result[k] += problem.trials[o] * values.base[k] }
    }
    return result
  }
}
