import LinearAlgebra
import Statistics
import Testing

@Suite struct RegressionGoldenTests {
  let goldens: Goldens
  init() throws { goldens = try Goldens.load() }

  @Test func poissonUnderEveryLink() throws {
    let known = goldens.poisson
    #expect(known.links.map(\.exponent) == [0, 0.5, 1])
    for link in known.links {
      let fit = try PoissonRegression(
        design: indicatorDesign(known.rows), link: PowerLink(exponent: link.exponent)
      ).fit(response: known.response, exposure: known.exposure, tolerance: 1e-18)
      #expect(fit.converged)
      // The peer stops at 1e-14 of its parameters; ours carries a ridge of 1e-10 relative.
      #expect(relativeDifference(fit.coefficients, link.coefficients) < 1e-8)
      let errors = try fit.covariance().diagonal.map { $0.squareRoot() }
      #expect(relativeDifference(errors, link.standardErrors) < 1e-8)
      #expect(abs(fit.logLikelihood - link.logLikelihood) < 1e-8)
    }
  }

  @Test func logisticOnCells() throws {
    let known = goldens.logistic
    let fit = try LogisticRegression(design: indicatorDesign(known.rows))
      .fit(successes: known.successes, trials: known.trials, tolerance: 1e-18)
    #expect(fit.converged)
    #expect(relativeDifference(fit.coefficients, known.coefficients) < 1e-8)
    let errors = try fit.covariance().diagonal.map { $0.squareRoot() }
    #expect(relativeDifference(errors, known.standardErrors) < 1e-8)
    #expect(abs(fit.logLikelihood - known.logLikelihood) < 1e-8)
  }

  /// The peer maximises the same approximation without derivatives, to about 1e-6 of a parameter.
  @Test func randomInterceptByLaplace() throws {
    let known = goldens.randomIntercept
    let fit = try RandomInterceptLogistic(
      design: indicatorDesign(known.rows), groups: known.groups, groupCount: known.groupCount
    ).fit(successes: known.successes, trials: known.trials)
    #expect(fit.converged)
    #expect(abs(fit.logLikelihood - known.logLikelihood) < 1e-8)
    #expect(fit.logLikelihood >= known.logLikelihood - 1e-9)
    #expect(relativeDifference(fit.coefficients, known.coefficients) < 1e-5)
    #expect(abs(fit.groupStandardDeviation - known.standardDeviation) < 1e-5)
  }

  @Test func doublyRobustEffects() throws {
    let known = goldens.aipw
    let design = indicatorDesign(known.rows)
    var treated = ArmMoments(cells: design.rowCount)
    var control = treated
    for (row, cell) in known.cell.enumerated() {
      if known.treated[row] == 1 {
        treated.add(known.outcome[row], cell: cell)
      } else {
        control.add(known.outcome[row], cell: cell)
      }
    }
    #expect(known.effects.count == 4)
    for effect in known.effects {
      let answer = try AugmentedInverseProbability(
        design: design, outcomeModel: effect.model == "linear" ? .linear : .poisson(.log),
        estimand: effect.estimand == "ate" ? .ate : .att
      ).estimate(treated: treated, control: control)
      #expect(answer.modelsConverged)
      #expect(abs(answer.estimate - effect.estimate) < 1e-8, "\(effect)")
      #expect(abs(answer.standardError - effect.standardError) < 1e-8, "\(effect)")
    }
  }

  @Test func wilsonIntervals() {
    for row in goldens.wilson {
      let (lower, upper) = WilsonInterval.ci95(successes: row[0], trials: row[1])
      #expect(abs(lower - row[2]) < 1e-14 && abs(upper - row[3]) < 1e-14)
    }
  }
}
