import Attribution
import Execution
import FailureModes
import InteractionLog
import RepeatContacts
import Statistics
import SyntheticWorld
import Testing

/// A world and a model whose scores are compared with differences of its log-likelihood.
struct ScoreCase: Sendable, CustomTestStringConvertible {
  var regime: Regime
  var form = RepeatRateForm()
  var background = BackgroundForm()

  var testDescription: String {
    "\(regime.rawValue), link \(form.link.exponent), own delays \(form.ownDelay), "
      + "\(background.components) gamma, own mix \(background.ownTopicMix), "
      + "active \(background.activity.rawValue)"
  }

  static let all = [
    ScoreCase(regime: .logLinear),
    ScoreCase(
      regime: .ownTopics, form: RepeatRateForm(link: PowerLink(exponent: 0.5)),
      background: BackgroundForm(ownTopicMix: true, components: 2)),
    ScoreCase(
      regime: .partlyActive, form: RepeatRateForm(ownDelay: [1]),
      background: BackgroundForm(ownTopicMix: true, activity: .estimated)),
    ScoreCase(
      regime: .qaSample,
      form: RepeatRateForm(link: .identity, pairs: [.init(first: 0, second: 6)], ownDelay: [7]),
      background: BackgroundForm(components: 2)),
  ]

  struct Prepared {
    var table: InteractionTable
    var modes: ModeTable
    var context: ContextTable
    var rates: ModeRates
    var cells: ModeCells
    var model: LinkModel
  }

  func prepared(interactions: Int) throws -> Prepared {
    let table = World(regime: regime, interactions: interactions, seed: 95)
      .generate(includeTotals: false).table
    let modes = try ModeTable.build(study: .canonical, table: table)
    let context = ContextTable(table: table, names: ["topic", "channel"])
    let rates = try ModeRates(modes: modes, context: context, staff: table.text("staff_id"))
    let cells = ModeCells(table: table, modes: modes, context: context, rates: rates)
    let data = LinkData(
      table: table, cell: cells.observedOfRow, settings: LinkSettings(windowDays: 15),
      customers: nil)
    let design = RepeatRateDesign(cells: cells, form: form)
    return Prepared(
      table: table, modes: modes, context: context, rates: rates, cells: cells,
      model: LinkModel(data: data, rate: design, background: background))
  }
}

@Suite("Customers' scores")
struct ScoreTests {
  private let executor = EmbeddedExecutor(threads: 1)

  /// A point near, but not at, the maximum, where scores are far from zero. Under links that add,
  /// the fit has cells at a mean of zero; the point is moved inside, for there is no derivative at
  /// the edge.
  private func early(_ model: LinkModel) throws -> LinkFit {
    var fitter = LinkFitter(executor: executor)
    fitter.maximumCycles = 1
    let fit = try fitter.fit(model)
    guard model.rate.form.link.exponent > 0 else { return fit }
    var inside = fit.parameters
    inside.coefficients[0] += 0.05
    fitter.maximumCycles = 0
    return try fitter.fit(model, from: inside)
  }

  @Test(
    "Scores are the derivatives of the log-likelihood, coordinate by coordinate",
    arguments: ScoreCase.all)
  func derivatives(_ scoreCase: ScoreCase) throws {
    let prepared = try scoreCase.prepared(interactions: 1_500)
    let fit = try early(prepared.model)
    let layout = ScoreLayout(fit: fit, rates: prepared.rates)
    let slopes = BackgroundSlopes(
      model: prepared.model, parameters: fit.parameters, stride: fit.tables.prior.stride)
    let score = ScoreTotal(layout: layout, model: prepared.model, executor: executor).value(
      fit.parameters, cells: prepared.cells, slopes: slopes)
    #expect(score.count == layout.linkCount)
    func logLikelihood(_ parameters: LinkParameters) -> Double {
      executor.pass(
        prepared.model.data, PassTables(model: prepared.model, parameters: parameters)
      ).logLikelihood
    }
    var largest = 0.0
    // Where modes are unknown the coefficients follow the update's estimating equation, in which
    // only interactions that were looked at tell a mode's effect, and not the likelihood.
    let first = prepared.cells.hasUnknown ? layout.coefficientCount : 0
    for k in first..<layout.linkCount {
      let scale = k < layout.coefficientCount ? prepared.model.rate.coefficientScale : 1
      // Central differences: the error is of order h² (third derivatives of some hundreds) plus the
      // rounding of a log-likelihood of some thousands divided by h, both below 1e-5 here.
      let h = 1e-4 * scale
      let up = logLikelihood(layout.moved(k, by: h))
      let down = logLikelihood(layout.moved(k, by: -h))
      let slope: Double = (up - down) / (2 * h)
      let allowed: Double = 1e-5 * max(1, abs(slope) * scale)
      let error: Double = abs(score[k] - slope) * scale
      #expect(error < allowed, "coordinate \(k) of \(layout.linkCount): \(score[k]), \(slope)")
      largest = max(largest, abs(slope) * scale)
    }
    #expect(largest > 1)
  }

  @Test("Outer products are symmetric and sum customers one by one")
  func products() throws {
    let prepared = try ScoreCase.all[0].prepared(interactions: 1_000)
    let fit = try early(prepared.model)
    let layout = ScoreLayout(fit: fit, rates: prepared.rates)
    let slopes = BackgroundSlopes(
      model: prepared.model, parameters: fit.parameters, stride: fit.tables.prior.stride)
    let plan = layout.plan(cells: prepared.cells, slopes: slopes, rateScores: SparseRows())
    let data = prepared.model.data
    let whole = executor.scoreProducts(data, fit.tables, plan)
    let n = plan.parameterCount
    // A customer alone has one score, whose products with itself are its own matrix.
    var sum = [Double](repeating: 0, count: n * n)
    for c in 0..<data.customerCount {
      let one = executor.scoreProducts(data.restricted { $0 == c }, fit.tables, plan)
      for k in sum.indices { sum[k] += one[k] }
    }
    for a in 0..<n {
      for b in 0..<n {
        let found: Double = whole[a * n + b]
        let expected: Double = sum[a * n + b]
        #expect(found == whole[b * n + a])
        #expect(abs(found - expected) < 1e-9 * max(1, abs(expected)))
      }
    }
  }
}
