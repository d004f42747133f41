import LinearAlgebra
import Statistics
import Testing

@Suite struct GeneralizedMixedPropertyTests {
  @Test func threadsChangeNothing() throws {
    let world = MixedWorld.crossed(
      rows: 25_000, levels: [300, 30], deviations: [0.5, 0.6], noise: nil, seed: 3)
    let model = GeneralizedLinearMixedModel(
      data: world.data([world.term(0), world.term(1)]), family: .binomialLogit)
    let one = try model.fit(threads: 1)
    #expect(one.converged)
    for threads in [2, 5] {
      let other = try model.fit(threads: threads)
      #expect(other.coefficients == one.coefficients && other.deviance == one.deviance)
      #expect(other.terms == one.terms && other.covariance == one.covariance)
      #expect(other.linearPredictor == one.linearPredictor && other.record == one.record)
    }
    // Four standard errors, and a standard deviation's own of sd/√(2q).
    #expect(abs(one.coefficients[1] - 0.5) < 4 * one.standardErrors[1])
    #expect(abs(one.terms[0].standardDeviations[0] - 0.5) < 0.11)
    #expect(abs(one.terms[1].standardDeviations[0] - 0.6) < 0.32)
  }

  /// Equal rows, their sum as trials, and weights are the same likelihood but for its constant.
  @Test func repeatedRowsAreTrialsAreWeights() throws {
    var random = TestRandom(state: 77)
    var single = MixedWorld()
    var summed = MixedWorld()
    single.groups = [[], []]
    summed.groups = [[], []]
    for a in 0..<15 {
      for b in 0..<6 {
        let x = Double((a + b) % 2)
        let p = logistic(-0.4 + 0.8 * x + 0.1 * Double(a % 5) - 0.2 * Double(b % 3))
        var successes = 0.0
        for _ in 0..<8 {
          let y = random.uniform() < p ? 1.0 : 0
          successes += y
          single.response.append(y)
          single.covariate.append(x)
          single.groups[0].append(Int32(a))
          single.groups[1].append(Int32(b))
        }
        summed.response.append(successes)
        summed.covariate.append(x)
        summed.groups[0].append(Int32(a))
        summed.groups[1].append(Int32(b))
        summed.trials.append(8)
      }
    }
    func fit(_ world: MixedWorld, _ trials: [Double]?) throws -> GeneralizedLinearMixedFit {
      try GeneralizedLinearMixedModel(
        data: world.data([world.term(0), world.term(1)], trials: trials), family: .binomialLogit
      ).fit()
    }
    let (rows, sums) = (try fit(single, nil), try fit(summed, summed.trials))
    #expect(rows.cellCount == 90 && sums.cellCount == 90)
    #expect(relativeDifference(rows.coefficients, sums.coefficients) < 1e-9)
    #expect(relativeDifference(rows.standardErrors, sums.standardErrors) < 1e-9)
    #expect(sums.logLikelihood > rows.logLikelihood)
  }

  @Test func groupsAlikeAreSingular() throws {
    var world = MixedWorld()
    world.groups = [[]]
    for group in 0..<30 {
      for x in [0.0, 1] {
        world.response.append(x == 1 ? 5 : 2)
        world.trials.append(10)
        world.covariate.append(x)
        world.groups[0].append(Int32(group))
      }
    }
    for approximation in [MixedApproximation.laplace, .fast] {
      let fit = try GeneralizedLinearMixedModel(
        data: world.data([world.term(0)], trials: world.trials), family: .binomialLogit,
        approximation: approximation
      ).fit()
      #expect(fit.isSingular && fit.converged)
      #expect(fit.terms[0].theta == [0])
      // log(0.2/0.8), log(0.5/0.5) − log(0.2/0.8).
      #expect(abs(fit.coefficients[0] + 1.3862943611198906) < 1e-7)
      #expect(abs(fit.coefficients[1] - 1.3862943611198906) < 1e-7)
      #expect(fit.standardErrors.allSatisfy { $0.isFinite && $0 > 0 })
    }
  }

  /// Tens of thousands of levels of one term with a slope.
  @Test func tensOfThousandsOfLevels() throws {
    let world = MixedWorld.crossed(
      rows: 100_000, levels: [20_000], deviations: [0.9], noise: nil, seed: 41)
    let fit = try GeneralizedLinearMixedModel(
      data: world.data([world.term(0)]), family: .binomialLogit, approximation: .fast
    ).fit(threads: 2)
    #expect(fit.converged)
    #expect(abs(fit.coefficients[1] - 0.5) < 0.06)
    // Laplace's approximation is biased downwards with five binary rows a level.
    #expect(fit.terms[0].standardDeviations[0] > 0.7 && fit.terms[0].standardDeviations[0] < 0.95)
  }
}
