import Execution
import LinearAlgebra
import RepeatContacts
import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What an analysis finds in contacts of which none was brought by another: a likelihood ratio test of
/// every figure at κ = 0.
///
/// A figure t has a part κ_t(i) in the expected repeats of each contact. With the background fitted to
/// these contacts and the delays and topics of the fit, a level θ of that part gives customer c the
/// log-likelihood log(1 + θ a_c) − θ E_c beyond the background's, with a_c = Σ_ij κ_t(i) T_ij /
/// background_j and E_c = Σ_i κ_t(i) exposure_i; exact where one contact may have been brought, to second
/// order otherwise. Repeats within minutes make a_c very long-tailed, so that the ratio is tested and not
/// the score. The level is zero or more, so the signed root is 0 in half of the logs and half normal in
/// the others (Self & Liang 1987, J. Am. Stat. Assoc. 82). The background's parameters are counted by the
/// share of the score's variance that they explain.
package struct NullLevels: Sendable {
  /// By target: repeats found (θ̂ × the figure under the fit), the figure under the fit, and the root of
  /// the likelihood ratio, 0 where none are found.
  let found: [Double]
  let full: [Double]
  let root: [Double]

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
    start.coefficients = link.scaled(fit.parameters.coefficients, by: NullLevels.level)
    var constrained = fitter
    constrained.freedom = .none
    var parameters = try constrained.fit(model, from: start).parameters
    parameters.delay = fit.parameters.delay
    parameters.persistence = fit.parameters.persistence
    let tables = PassTables(model: model, parameters: parameters)
    let plan = NullLevels.plan(attempt, model: model, parameters: parameters, tables: tables)
    let width = plan.parameterCount
    let count = attempt.targets.count
    let scores = executor.customerScores(data, tables, plan)
    let expected = NullLevels.expected(attempt, plan, data: data, groups: tables.groups)
    let background = Array(plan.priorOffset..<width)
    var nuisance = [Double](repeating: 0, count: data.customerCount * background.count)
    for c in 0..<data.customerCount {
      for (k, column) in background.enumerated() {
        nuisance[c * background.count + k] = scores[c * width + column]
      }
    }
    let inverse = ScoreField.inverse(nuisance, width: background.count)
    let totals = SplitFunctionals(effects: fitted.effects, data: data).totals(
      fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    full = attempt.targets.map { $0.sum(totals) }
    var found: [Double] = []
    var root: [Double] = []
    for t in 0..<count {
      // A figure below zero is looked for with its own sign.
      let sign = full[t] < 0 ? -1.0 : 1
      var brought: [Double] = []
      var (whole, square) = (0.0, 0.0)
      var cross = [Double](repeating: 0, count: background.count)
      for c in 0..<data.customerCount {
        let score = scores[c * width + t]
        let expectation = expected[c * count + t]
        whole += sign * expectation
        if score + expectation != 0 { brought.append(sign * (score + expectation)) }
        square += score * score
        for k in cross.indices { cross[k] += score * nuisance[c * background.count + k] }
      }
      let level = Level(brought: brought, expected: whole)
      let explained = inverse.map { dot(cross, $0 * cross) } ?? 0
      let left = square > 0 ? min(max(1 - explained / square, 0.25), 1) : 1
      found.append(level.estimate * full[t])
      root.append((2 * level.gain / left).squareRoot())
    }
    self.found = found
    self.root = root
  }

  /// The chance of a root this large or larger where nothing was brought.
  static func chance(_ root: Double) -> Double {
    root > 0 ? NormalDistribution.upperTail(root) : 1
  }

  /// The maximum of Σ log(1 + θ a) − θ E over θ ≥ 0.
  package struct Level {
    package let estimate: Double
    package let gain: Double

    /// Newton's method from 0: the slope falls and is convex, so that steps never pass the root.
    package init(brought: [Double], expected: Double) {
      let lowest = brought.min() ?? 0
      let most = lowest < 0 ? 0.99 / -lowest : .infinity
      var theta = 0.0
      for _ in 0..<60 {
        var slope = -expected
        var curvature = 0.0
        for a in brought {
          let ratio = a / (1 + theta * a)
          slope += ratio
          curvature += ratio * ratio
        }
        guard curvature > 0 else { break }
        let next = min(max(theta + slope / curvature, 0), most)
        let step = abs(next - theta)
        theta = next
        if step <= 1e-9 * (1 + theta) { break }
      }
      estimate = theta
      gain = max(brought.reduce(-theta * expected) { $0 + log(1 + theta * $1) }, 0)
    }
  }

  /// E_c of every customer and target, `customer * targets + t`.
  private static func expected(
    _ attempt: RefutationCase, _ plan: ScorePlan, data: LinkData, groups: Int
  ) -> [Double] {
    let count = attempt.targets.count
    let delay = attempt.fitted.fit.parameters.delay
    var result = [Double](repeating: 0, count: data.customerCount * count)
    for c in 0..<data.customerCount {
      for i in Int(data.customerStart[c])..<Int(data.customerStart[c + 1]) {
        let exposure = attempt.fitted.functionals.exposure(
          delay: delay, left: data.end - data.time[i])
        for g in 0..<groups {
          let row = Int(data.cell[i]) * groups + g
          for e in Int(plan.rateStart[row])..<Int(plan.rateStart[row + 1]) {
            result[c * count + Int(plan.rateColumn[e])] += plan.rateValue[e] * exposure[g]
          }
        }
      }
    }
    return result
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
