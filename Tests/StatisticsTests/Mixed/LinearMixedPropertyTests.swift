import LinearAlgebra
import Statistics
import Testing

@Suite struct LinearMixedPropertyTests {
  /// Thousands of levels crossed, as students by lecturers by departments.
  @Test func crossedTermsRecoverTheTruth() throws {
    let world = MixedWorld.crossed(
      rows: 12_000, levels: [700, 260, 15], deviations: [0.6, 0.9, 0.3], noise: 1.2, seed: 17)
    let terms = (0..<3).map { world.term($0) }
    let fit = try LinearMixedModel(data: world.data(terms)).fit()
    #expect(fit.converged)
    // About four standard errors of a standard deviation from so many levels: sd/√(2q).
    for (term, (truth, tolerance)) in zip(fit.terms, [(0.6, 0.08), (0.9, 0.17), (0.3, 0.23)]) {
      #expect(abs(term.standardDeviations[0] - truth) < tolerance)
    }
    #expect(abs(fit.residualStandardDeviation - 1.2) < 0.04)
    #expect(abs(fit.coefficients[1] - 0.5) < 4 * fit.standardErrors[1])
  }

  @Test func threadsAndTheOrderOfTermsChangeNothing() throws {
    let world = MixedWorld.crossed(
      rows: 30_000, levels: [400, 40], deviations: [0.5, 0.5], noise: 1, seed: 2)
    let data = world.data([world.term(0, slope: true), world.term(1)])
    let one = try LinearMixedModel(data: data).fit(threads: 1)
    for threads in [2, 3, 8] {
      let other = try LinearMixedModel(data: data).fit(threads: threads)
      #expect(other.coefficients == one.coefficients && other.deviance == one.deviance)
      #expect(other.terms == one.terms && other.covariance == one.covariance)
      #expect(other.fitted == one.fitted && other.record == one.record)
    }
    let turned = try LinearMixedModel(
      data: world.data([world.term(1), world.term(0, slope: true)])
    ).fit()
    #expect(turned.deviance == one.deviance)
    #expect(turned.terms == [one.terms[1], one.terms[0]])
  }

  /// Tens of thousands of levels of two effects each, inside hundreds: no dense remainder.
  @Test func tensOfThousandsOfNestedLevels() throws {
    var world = MixedWorld.crossed(
      rows: 120_000, levels: [24_000], deviations: [0.8], noise: 1, seed: 31)
    world.groups.append(world.groups[0].map { $0 / 60 })
    var random = TestRandom(state: 8)
    let upper = (0..<400).map { _ in 0.5 * random.normal() }
    let slopes = (0..<24_000).map { _ in 0.4 * random.normal() }
    for i in world.response.indices {
      world.response[i] +=
        upper[Int(world.groups[1][i])] + slopes[Int(world.groups[0][i])] * world.covariate[i]
    }
    let data = world.data([world.term(0, slope: true), world.term(1)])
    let fit = try LinearMixedModel(data: data).fit(threads: 2)
    #expect(fit.converged)
    #expect(abs(fit.terms[0].standardDeviations[0] - 0.8) < 0.03)
    #expect(abs(fit.terms[0].standardDeviations[1] - 0.4) < 0.03)
    #expect(abs(fit.terms[0].correlations[1, 0]) < 0.1)
    #expect(abs(fit.terms[1].standardDeviations[0] - 0.5) < 0.08)
    #expect(abs(fit.residualStandardDeviation - 1) < 0.02)
    #expect(fit.terms[0].levels.count + 200 > 24_000)
  }

  /// Units of covariates change coefficients by their factor and nothing else.
  @Test func unitsDoNotMatter() throws {
    var world = MixedWorld.crossed(
      rows: 2_000, levels: [50, 20], deviations: [0.5, 0.7], noise: 1, seed: 5)
    let fit = try LinearMixedModel(
      data: world.data([world.term(0, slope: true), world.term(1)]), criterion: .maximumLikelihood
    ).fit()
    for i in world.covariate.indices { world.covariate[i] *= 1e6 }
    let scaled = try LinearMixedModel(
      data: world.data([world.term(0, slope: true), world.term(1)]), criterion: .maximumLikelihood
    ).fit()
    // The search's last digits differ with rounding; the optimum's value is flat to 1e-10.
    #expect(abs(scaled.deviance - fit.deviance) < 1e-8)
    #expect(abs(scaled.coefficients[1] * 1e6 - fit.coefficients[1]) < 1e-7)
    #expect(
      abs(scaled.terms[0].standardDeviations[1] * 1e6 - fit.terms[0].standardDeviations[1]) < 1e-6)
  }

  /// Two terms of one group without correlation, and rows counted twice by weights.
  @Test func separateTermsOfOneGroup() throws {
    let world = MixedWorld.crossed(
      rows: 1_500, levels: [40], deviations: [0.6], noise: 1, seed: 14)
    let slope = RandomTerm(
      group: "g0", codes: world.groups[0], levels: (0..<40).map { "\($0)" },
      covariates: Matrix(rows: 1_500, columns: 1, storage: world.covariate),
      covariateNames: ["x"])
    let fit = try LinearMixedModel(data: world.data([world.term(0), slope])).fit()
    #expect(fit.converged)
    #expect(fit.terms.count == 2 && fit.terms[1].covariateNames == ["x"])
    // The response minus the fit is orthogonal to nothing random, but to the fixed effects.
    let residuals = zip(world.response, fit.fitted).map { $0 - $1 }
    #expect(world.design.transposeTimes(residuals).allSatisfy { abs($0) < 1e-6 })
  }
}
