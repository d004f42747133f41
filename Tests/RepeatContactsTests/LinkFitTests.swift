import Execution
import FailureModes
import RepeatContacts
import Statistics
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("EM of the link model")
struct LinkFitTests {
  private let executor = EmbeddedExecutor(threads: 1)

  /// What plain updates raise: the log-likelihood with every penalty and pseudo-count of the M step.
  private func objective(_ logLikelihood: Double, _ p: LinkParameters, _ model: LinkModel) -> Double
  {
    var value = logLikelihood
    for (k, ridge) in model.rate.ridge.enumerated() {
      value -= ridge * p.coefficients[k] * p.coefficients[k] / 2
    }
    for mass in p.delay { for m in mass { value += 0.05 * log(m) } }
    for rho in p.persistence { value += 0.5 * (log(rho) + log(1 - rho)) }
    for share in p.topicShare { value += 0.01 * log(share) }
    for component in p.prior.components { value -= 0.02 * pow(log(component.shape), 2) }
    if p.mixConcentration.isFinite { value -= 0.02 * pow(log(p.mixConcentration), 2) }
    return value
  }

  /// The objective before each of a number of plain updates.
  private func path(_ model: LinkModel, from start: LinkParameters, steps: Int) throws -> [Double] {
    let update = LinkUpdate(model: model)
    var p = start
    var values: [Double] = []
    for _ in 0..<steps {
      let tables = PassTables(model: model, parameters: p)
      let sums = executor.pass(model.data, tables)
      values.append(objective(sums.logLikelihood, p, model))
      p = try update.updated(p, tables: tables, sums: sums)
    }
    return values
  }

  @Test("Plain updates never lose where every part of the M step maximises", arguments: [1, 2])
  func monotone(components: Int) throws {
    // A quiet end covers every window whole, and the intensity is constant: then each part of the
    // M step is the exact maximum or a guarded Newton step, and nothing but rounding may be lost.
    let log = try SmallLog(customers: 80, largest: 8, seed: 21, quietEnd: 9)
    let model = log.model(
      RepeatRateForm(), BackgroundForm(intensity: .constant, components: components))
    var stream = RandomStream(seed: 21)
    var start = model.randomParameters(&stream)
    start.intensity = start.intensity.map { _ in 1 }
    let values = try path(model, from: start, steps: 40)
    for (before, after) in zip(values, values.dropFirst()) {
      #expect(after > before - 1e-9 * abs(before))
    }
    #expect(values[39] > values[0] + 5)
  }

  @Test(
    "Updates of m, shares and mixes by moments lose next to nothing",
    arguments: [
      BackgroundForm(), BackgroundForm(ownTopicMix: true),
      BackgroundForm(activity: .estimated, components: 2),
    ])
  func nearlyMonotone(background: BackgroundForm) throws {
    let generated = try GeneratedModel(.logLinear, interactions: 3_000, seed: 22)
    let model = generated.model(RepeatRateForm(), background)
    let values = try path(
      model, from: LinkFitter(executor: executor).start(model), steps: 25)
    // Shares, mixes and m are updated by moments, not by maximising: of gains of some hundreds, less
    // than a tenth is ever given back, a fifth of what moves an estimate by a tenth of its error.
    for (before, after) in zip(values, values.dropFirst()) { #expect(after > before - 0.1) }
    #expect(values[24] > values[0] + 50)
  }

  @Test("Two starts end in the same fit")
  func twoStarts() throws {
    let generated = try GeneratedModel(.logLinear, interactions: 4_000, seed: 23)
    let model = generated.model(
      RepeatRateForm(), BackgroundForm(intensity: .constant))
    var fitter = LinkFitter(executor: executor)
    fitter.tolerance = 1e-4
    fitter.maximumCycles = 200
    let one = try fitter.fit(model)
    var other = fitter.start(model)
    other.coefficients[0] = -3
    for m in 1..<other.coefficients.count { other.coefficients[m] = m % 2 == 0 ? 0.5 : -0.5 }
    other.persistence = [0.2]
    other.prior.components[0].shape = 4
    other.prior.components[0].mean *= 2
    let bins = other.delay[0].count
    other.delay[0] = (0..<bins).map { Double(bins - $0) }
    let total = other.delay[0].reduce(0, +)
    other.delay[0] = other.delay[0].map { $0 / total }
    let two = try fitter.fit(model, from: other)
    #expect(one.record.ending == .converged && two.record.ending == .converged)
    #expect(abs(one.logLikelihood - two.logLikelihood) < 0.02)
    for (a, b) in zip(one.parameters.coefficients, two.parameters.coefficients) {
      #expect(abs(a - b) < 0.01)
    }
  }

  @Test("A fit gives back the constants that a log was drawn with")
  func recovers() throws {
    let generated = try GeneratedModel(.logLinear, interactions: 12_000, seed: 24)
    let model = generated.model()
    let fit = try LinkFitter(executor: executor).fit(model)
    #expect(fit.record.ending == .converged)
    // The world keeps 0.75 of its repeats on topic, and draws the others from all topics.
    #expect(abs(fit.parameters.persistence[0] - 0.75) < 0.06)
    // Effects on log κ; standard errors are about 0.1 at this size, the bound is three of them.
    for (mode, effect) in [
      ("misclassified_intent", 0.9), ("integration_timeout", 0.8), ("action_failed", 1.0),
    ] {
      let column = try #require(model.rate.columnNames.firstIndex(of: mode))
      #expect(abs(fit.parameters.coefficients[column] - effect) < 0.3, "\(mode)")
    }
  }
}
