import LinearAlgebra
import RealModule
import Statistics
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct CrossFittedWeightingTests {
  /// The same folds, models and scores: what is left is where each iteration stops.
  @Test func agreesWithThePeer() throws {
    let known = try EffectGoldens.load().weighting
    for effect in known.effects {
      let ours = try CrossFittedWeighting(
        estimand: try #require(.init(rawValue: effect.estimand)),
        outcomeModel: try #require(.init(rawValue: effect.model)), folds: known.folds,
        propensityBound: known.bound
      ).estimate(known.data(effect.model), plan: known.plan)
      let off = relativeDifference(ours.estimate, effect.estimate)
      #expect(off < 1e-8, "\(effect.model) \(effect.estimand): \(ours.estimate)")
      #expect(relativeDifference(ours.standardError, effect.standardError) < 1e-8)
    }
  }

  /// Without covariates every propensity is its fold's share of the others and the effect all but
  /// the difference of means; its error is Neyman's.
  @Test func withoutCovariatesIsTheDifferenceOfMeans() throws {
    var random = RandomStream(seed: 11)
    let treatment = (0..<4_000).map { Double($0 % 4 == 0 ? 1 : 0) }
    let outcome = treatment.map { 2 * $0 + random.uniform() }
    let effect = try CrossFittedWeighting().estimate(
      .init(
        covariates: Matrix(rows: 4_000, columns: 0), names: [], treatment: treatment,
        outcome: outcome))
    func arm(_ t: Double) -> (mean: Double, variance: Double) {
      let values = zip(treatment, outcome).filter { $0.0 == t }.map(\.1)
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, squares / Double(values.count) / Double(values.count))
    }
    // Folds of 800 rows differ from the whole by 1/√n of a standard deviation.
    #expect(abs(effect.estimate - (arm(1).mean - arm(0).mean)) < 1e-5)
    let neyman = (arm(1).variance + arm(0).variance).squareRoot()
    #expect(relativeDifference(effect.standardError, neyman) < 2e-3)
    #expect(effect.overlap.treated.quantiles.first == effect.overlap.treated.quantiles.last)
  }

  @Test func influencesAreTheError() throws {
    let known = try EffectGoldens.load().weighting
    for estimand in [AugmentedInverseProbability.Estimand.ate, .att] {
      let effect = try CrossFittedWeighting(estimand: estimand, folds: known.folds).estimate(
        known.data("linear"), plan: known.plan)
      let n = Double(effect.influence.count)
      #expect(abs(effect.influence.reduce(0, +)) / n < 1e-12)
      let squares = effect.influence.reduce(0) { $0 + $1 * $1 }
      #expect(relativeDifference(effect.standardError, squares.squareRoot() / n) < 1e-12)
    }
  }

  /// Clusters of one row are rows, but for G/(G − 1); a row twice in its cluster is one row.
  @Test func clusters() throws {
    let known = try EffectGoldens.load().weighting
    let n = known.treatment.count
    let weighting = CrossFittedWeighting(folds: known.folds)
    let rows = try weighting.estimate(known.data("linear"), plan: known.plan)
    let single = try weighting.estimate(
      known.data("linear", clusters: (0..<n).map { Int32($0) }), plan: known.plan)
    let factor = (Double(n) / Double(n - 1)).squareRoot()
    #expect(relativeDifference(single.standardError, rows.standardError * factor) < 1e-12)
    let twice = CrossFittedWeighting.Data(
      covariates: EffectGoldens.matrix(known.columns.map { $0 + $0 }), names: ["a", "b", "c", "d"],
      treatment: known.treatment + known.treatment, outcome: known.number + known.number,
      clusters: (0..<2 * n).map { Int32($0 % n) })
    let doubled = try weighting.estimate(
      twice, plan: FoldPlan(folds: known.fold + known.fold, count: known.folds))
    #expect(abs(doubled.estimate - rows.estimate) < 1e-9)
    #expect(relativeDifference(doubled.standardError, single.standardError) < 1e-8)
    // Left to itself the split keeps clusters whole.
    let split = try weighting.estimate(twice).folds.folds
    #expect(split[..<n].elementsEqual(split[n...]))
  }

  /// Units of a covariate and a column that others determine change nothing.
  @Test func scaleAndDependentColumnsDoNotMatter() throws {
    let known = try EffectGoldens.load().weighting
    let weighting = CrossFittedWeighting(folds: known.folds)
    let plain = try weighting.estimate(known.data("linear"), plan: known.plan)
    var columns = known.columns
    columns[0] = columns[0].map { 1e6 * $0 - 5e7 }
    columns.append(zip(known.columns[1], known.columns[2]).map { $0 + 2 * $1 })
    columns.append([Double](repeating: 3, count: known.treatment.count))
    var data = known.data("linear")
    data.covariates = EffectGoldens.matrix(columns)
    data.names = columns.indices.map { "c\($0)" }
    let other = try weighting.estimate(data, plan: known.plan)
    // The ridge of 1e-10 and standardising at a mean of 5e7.
    #expect(relativeDifference(plain.estimate, other.estimate) < 1e-7)
    #expect(other.balance.last?.raw == nil)
  }

  @Test func threadsDoNotMatter() throws {
    var random = RandomStream(seed: 2)
    let data = Confounding.data(rows: 12_000, &random)
    let one = try CrossFittedWeighting().estimate(data)
    let two = try CrossFittedWeighting().estimate(data, threads: 2)
    let three = try CrossFittedWeighting().estimate(data, threads: 3)
    #expect(one == two && two == three)
  }

  /// Raw imbalance is what confounds; weighting removes it. Shares and effective sizes by hand.
  @Test func overlapAndBalance() throws {
    var random = RandomStream(seed: 3)
    let data = Confounding.data(rows: 8_000, &random)
    let effect = try CrossFittedWeighting().estimate(data)
    let first = try #require(effect.balance.first)
    #expect(abs(try #require(first.raw)) > 0.3)
    #expect(abs(try #require(first.weighted)) < 0.05)
    let treated = data.treatment.indices.filter { data.treatment[$0] == 1 }
    let weights = treated.map { 1 / effect.propensities[$0] }
    let sum = weights.reduce(0, +)
    let size = sum * sum / weights.reduce(0) { $0 + $1 * $1 }
    #expect(relativeDifference(effect.overlap.treated.effectiveCount, size) < 1e-10)
    #expect(effect.overlap.treated.count == treated.count)
    let low = treated.count { effect.propensities[$0] < 0.05 }
    #expect(effect.overlap.treated.below5 == Double(low) / Double(treated.count))
    #expect(effect.overlap.bounded == 0)
  }

  /// Known truth: the naive difference is far off, the effect is not, and its interval covers. 1,000
  /// samples where WHEREFORE_EVIDENCE is set, else 300.
  @Test func simulationIsUnbiasedAndCovers() throws {
    let full = ProcessInfo.processInfo.environment["WHEREFORE_EVIDENCE"] != nil
    let samples = full ? 1_000 : 300
    for estimand in [AugmentedInverseProbability.Estimand.ate, .att] {
      var (bias, naive, covered) = (0.0, 0.0, 0)
      for sample in 0..<samples {
        var random = RandomStream(seed: 77, keys: UInt64(sample))
        let data = Confounding.data(rows: 1_500, &random)
        let truth = Confounding.truth(estimand)
        let effect = try CrossFittedWeighting(estimand: estimand, seed: UInt64(sample))
          .estimate(data, threads: 2)
        bias += (effect.estimate - truth) / Double(samples)
        naive += (Confounding.naive(data) - truth) / Double(samples)
        if effect.ci95.lower <= truth && truth <= effect.ci95.upper { covered += 1 }
      }
      #expect(abs(bias) < abs(naive) / 10, "\(estimand): bias \(bias), naive \(naive)")
      // Outside this a binomial count of 95 % falls with a chance below 1 % (0.5 % at each end).
      let limits = full ? 931...967 : 275...294
      #expect(limits.contains(covered), "\(estimand): \(covered) of \(samples)")
    }
  }
}

/// A treatment that depends on what the outcome depends on; its effect is 0.5 + 0.3 x for everybody.
enum Confounding {
  static func data(rows: Int, _ random: inout RandomStream) -> CrossFittedWeighting.Data {
    var (a, b, c, treatment, outcome) = ([Double](), [Double](), [Double](), [Double](), [Double]())
    for _ in 0..<rows {
      let x = 2 * (random.uniform() + random.uniform() + random.uniform() - 1.5)
      let flag = random.bernoulli(0.4) ? 1.0 : 0.0
      let other = random.uniform()
      let propensity = 1 / (1 + Double.exp(-(0.7 * x + 0.8 * flag - 0.6)))
      let treated = random.bernoulli(propensity) ? 1.0 : 0.0
      let noise = random.uniform() + random.uniform() - 1
      a.append(x)
      b.append(flag)
      c.append(other)
      treatment.append(treated)
      outcome.append(1 + 0.9 * x + 0.7 * flag - 0.2 * other + (0.5 + 0.3 * x) * treated + noise)
    }
    return CrossFittedWeighting.Data(
      covariates: EffectGoldens.matrix([a, b, c]), names: ["x", "flag", "other"],
      treatment: treatment, outcome: outcome)
  }

  /// In the population, where x has mean 0.
  static func truth(_ estimand: AugmentedInverseProbability.Estimand) -> Double {
    estimand == .ate ? 0.5 : 0.5 + 0.3 * meanOfTreated
  }

  /// E[x | treated] by summing over x's density (three uniforms) and the flag, once.
  static let meanOfTreated: Double = {
    let steps = 20_000
    var (weight, sum) = (0.0, 0.0)
    for i in 0..<steps {
      let u = 3 * (Double(i) + 0.5) / Double(steps)
      let density =
        u < 1 ? u * u / 2 : u < 2 ? (-2 * u * u + 6 * u - 3) / 2 : (3 - u) * (3 - u) / 2
      let x = 2 * (u - 1.5)
      for (flag, share) in [(0.0, 0.6), (1.0, 0.4)] {
        let w = density * share / (1 + Double.exp(-(0.7 * x + 0.8 * flag - 0.6)))
        weight += w
        sum += w * x
      }
    }
    return sum / weight
  }()

  static func naive(_ data: CrossFittedWeighting.Data) -> Double {
    var (sums, counts) = ([0.0, 0.0], [0.0, 0.0])
    for (t, y) in zip(data.treatment, data.outcome) {
      sums[Int(t)] += y
      counts[Int(t)] += 1
    }
    return sums[1] / counts[1] - sums[0] / counts[0]
  }
}
