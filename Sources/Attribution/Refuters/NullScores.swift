import Execution
import LinearAlgebra
import RepeatContacts
import Statistics

/// What an analysis finds in contacts of which none was brought by another: a score test of every
/// figure at κ = 0.
///
/// A figure t has a part κ_t(i) in the expected repeats of each contact. Against the background alone,
/// fitted to these contacts, the score of a level θ_t of that part is
/// U_t = Σ_i κ_t(i) (Σ_j T_ij / background_j − exposure_i), with the delays and topics of the fit. What
/// the background's own parameters explain is projected out over customers; θ̂ = U/V, and U/√V is
/// standard normal where the background is right. Unlike a fit, whose rates cannot fall below zero, it
/// finds too little as readily as too much.
struct NullScores: Sendable {
  /// By target: repeats found (θ̂ × the figure under the fit), the figure under the fit, z.
  let found: [Double]
  let full: [Double]
  let z: [Double]

  /// The rates are this small at the null, where scores are taken.
  private static let level = 1e-6

  /// - Parameters:
  ///   - data: contacts of the log's cells, dealt out or drawn.
  ///   - fitter: what fits the background; its executor's threads are used.
  init(
    _ data: LinkData, _ attempt: RefutationCase, fitter: LinkFitter, executor: EmbeddedExecutor
  ) throws {
    let fitted = attempt.fitted
    let fit = fitted.fit
    let model = LinkModel(data: data, rate: fit.model.rate, background: fit.model.background)
    var start = LinkSelection(fitter: fitter).translate(fit, to: model, fitter: fitter)
    let link = fit.model.rate.form.link
    start.coefficients = link.scaled(fit.parameters.coefficients, by: NullScores.level)
    var constrained = fitter
    constrained.freedom = .none
    var parameters = try constrained.fit(model, from: start).parameters
    parameters.delay = fit.parameters.delay
    parameters.persistence = fit.parameters.persistence
    let tables = PassTables(model: model, parameters: parameters)
    let plan = NullScores.plan(attempt, model: model, parameters: parameters, tables: tables)
    let width = plan.parameterCount
    let count = attempt.targets.count
    let scores = executor.customerScores(data, tables, plan)
    let background = Array(plan.priorOffset..<width)
    var sums = [Double](repeating: 0, count: count)
    var squares = sums
    var cross = [[Double]](
      repeating: [Double](repeating: 0, count: background.count), count: count)
    var nuisance = [Double](repeating: 0, count: data.customerCount * background.count)
    var nuisanceSum = [Double](repeating: 0, count: background.count)
    for c in 0..<data.customerCount {
      let first = c * width
      for (k, column) in background.enumerated() {
        let s = scores[first + column]
        nuisance[c * background.count + k] = s
        nuisanceSum[k] += s
      }
      for t in 0..<count {
        let s = scores[first + t]
        guard s != 0 else { continue }
        sums[t] += s
        squares[t] += s * s
        for (k, column) in background.enumerated() { cross[t][k] += s * scores[first + column] }
      }
    }
    let inverse = ScoreField.inverse(nuisance, width: background.count)
    let totals = SplitFunctionals(effects: fitted.effects, data: data).totals(
      fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    full = attempt.targets.map { $0.sum(totals) }
    var found: [Double] = []
    var z: [Double] = []
    for t in 0..<count {
      var (score, variance) = (sums[t], squares[t])
      if let inverse {
        let projection = inverse * cross[t]
        score -= dot(nuisanceSum, projection)
        variance -= dot(cross[t], projection)
      }
      guard variance > 1e-9 * squares[t], variance > 0 else {
        found.append(0)
        z.append(.nan)
        continue
      }
      found.append(score / variance * full[t])
      z.append(score / variance.squareRoot())
    }
    self.found = found
    self.z = z
  }

  /// Columns: the targets' levels, then delays and persistences (of no use here), then the background.
  private static func plan(
    _ attempt: RefutationCase, model: LinkModel, parameters: LinkParameters, tables: PassTables
  ) -> ScorePlan {
    let fitted = attempt.fitted
    let groups = tables.groups
    let bins = model.data.bins.count
    let targets = attempt.targets
    let effects = fitted.functionals.cellEffects(
      fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    let layout = fitted.effects.layout.count
    var start: [Int32] = [0]
    var column: [Int32] = []
    var value: [Double] = []
    for o in 0..<fitted.cells.observedCount {
      let whole = (0..<groups).reduce(0) { $0 + tables.rate[o * groups + $1] }
      let parts = targets.map { target in
        (0..<groups).reduce(0) { sum, g in
          sum + target.sum(effects[o][(g * layout)..<((g + 1) * layout)])
        }
      }
      for g in 0..<groups {
        let share = whole > 0 ? tables.rate[o * groups + g] / whole : 0
        for (t, part) in parts.enumerated() where part * share != 0 {
          column.append(Int32(t))
          value.append(part * share)
        }
        start.append(Int32(column.count))
      }
    }
    let slopes = BackgroundSlopes(
      model: model, parameters: parameters, stride: tables.prior.stride)
    let delay = targets.count
    let persistence = delay + groups * (bins - 1)
    let prior = persistence + groups
    let mix = prior + slopes.prior.count
    let hasMix = parameters.mixConcentration.isFinite
    return ScorePlan(
      parameterCount: hasMix ? mix + 1 : mix, rateStart: start, rateColumn: column,
      rateValue: value, delayOffset: (0..<groups).map { delay + $0 * (bins - 1) },
      persistenceOffset: (0..<groups).map { persistence + $0 }, priorOffset: prior,
      priorDerivative: slopes.prior, seenDerivative: slopes.seen, mixOffset: hasMix ? mix : nil,
      risingDerivative: slopes.rising, risingTotalDerivative: slopes.risingTotal,
      extraStart: [0], extraColumn: [], extraValue: [])
  }
}
