import LinearAlgebra
import RealModule
import Statistics
import Testing

/// Balanced layouts, whose restricted estimates are those of the analysis of variance (Searle,
/// Casella & McCulloch 1992, Variance Components, sections 3.6 and 4.6).
@Suite struct LinearMixedClosedFormTests {
  /// The mean of `y` by level, and of all.
  func means(_ y: [Double], _ codes: [Int32], _ levels: Int) -> [Double] {
    var (sums, counts) = (
      [Double](repeating: 0, count: levels), [Double](repeating: 0, count: levels)
    )
    for (value, code) in zip(y, codes) {
      sums[Int(code)] += value
      counts[Int(code)] += 1
    }
    return zip(sums, counts).map { $0 / $1 }
  }

  func squares(_ values: [Double], around centre: Double) -> Double {
    values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
  }

  @Test func oneWay() throws {
    let (a, n) = (12, 7)
    let world = MixedWorld.balanced([a], repeats: n, deviations: [1.5], seed: 4)
    let y = world.response
    let grand = y.reduce(0, +) / Double(a * n)
    let groups = means(y, world.groups[0], a)
    let between = Double(n) * squares(groups, around: grand) / Double(a - 1)
    let residuals = y.indices.map { y[$0] - groups[Int(world.groups[0][$0])] }
    let within = squares(residuals, around: 0) / Double(a * (n - 1))
    let data = world.interceptData([world.term(0)])
    // The search stops at a gradient of 1e-8 of the criterion, about 1e-7 of a variance.
    let fit = try LinearMixedModel(data: data).fit()
    #expect(fit.converged && !fit.isSingular)
    let variance = (between - within) / Double(n)
    #expect(abs(fit.terms[0].covariance[0, 0] / variance - 1) < 1e-6)
    let residual = fit.residualStandardDeviation
    #expect(abs(residual * residual / within - 1) < 1e-6)
    #expect(abs(fit.coefficients[0] - grand) < 1e-10)
    #expect(abs(fit.standardErrors[0] / (between / Double(a * n)).squareRoot() - 1) < 1e-6)
    // The modes shrink the groups' means by nσ_a² / (nσ_a² + σ²) = 1 − within/between.
    for (mode, mean) in zip(fit.terms[0].modes.storage, groups) {
      #expect(abs(mode - (1 - within / between) * (mean - grand)) < 1e-6)
    }
    // Var(b | y) = σ_a²σ² / (nσ_a² + σ²).
    #expect(
      abs(fit.terms[0].conditionalCovariances[3] / (variance * within / between) - 1) < 1e-6)
    // −2 log L_R of the balanced layout.
    let (freedom, rest) = (Double(a - 1), Double(a * (n - 1)))
    let criterion =
      (freedom + rest) * Double.log(2 * Double.pi) + Double.log(Double(a * n))
      + freedom * Double.log(between) + rest * Double.log(within) + freedom + rest
    #expect(abs(fit.deviance - criterion) < 1e-9)
    let likely = try LinearMixedModel(data: data, criterion: .maximumLikelihood).fit()
    let smaller = (between * freedom / Double(a) - within) / Double(n)
    #expect(abs(likely.terms[0].covariance[0, 0] / smaller - 1) < 1e-6)
    #expect(likely.logLikelihood > -1e9 && likely.deviance < fit.deviance + 10)
  }

  @Test func twoCrossedFactors() throws {
    let (a, b) = (9, 6)
    let world = MixedWorld.balanced([a, b], repeats: 1, deviations: [1.2, 2], seed: 9)
    let y = world.response
    let grand = y.reduce(0, +) / Double(a * b)
    let (rows, columns) = (means(y, world.groups[0], a), means(y, world.groups[1], b))
    let meanRows = Double(b) * squares(rows, around: grand) / Double(a - 1)
    let meanColumns = Double(a) * squares(columns, around: grand) / Double(b - 1)
    let residuals = y.indices.map {
      y[$0] - rows[Int(world.groups[0][$0])] - columns[Int(world.groups[1][$0])] + grand
    }
    let error = squares(residuals, around: 0) / Double((a - 1) * (b - 1))
    let fit = try LinearMixedModel(data: world.interceptData([world.term(0), world.term(1)])).fit()
    #expect(fit.converged)
    #expect(abs(fit.terms[0].covariance[0, 0] / ((meanRows - error) / Double(b)) - 1) < 1e-6)
    #expect(abs(fit.terms[1].covariance[0, 0] / ((meanColumns - error) / Double(a)) - 1) < 1e-6)
    #expect(abs(fit.residualStandardDeviation / error.squareRoot() - 1) < 1e-6)
  }

  /// Three stages: rows in b classes in each of a schools. The classes' codes are of the combination.
  @Test func nestedFactors() throws {
    let (a, b, n) = (8, 5, 4)
    var world = MixedWorld.balanced([b, a], repeats: n, deviations: [0, 1.5], seed: 21)
    let combined = world.response.indices.map { world.groups[1][$0] * 5 + world.groups[0][$0] }
    var random = TestRandom(state: 3)
    let classEffects = (0..<a * b).map { _ in random.normal() }
    for i in world.response.indices { world.response[i] += classEffects[Int(combined[i])] }
    world.groups[0] = combined
    let y = world.response
    let grand = y.reduce(0, +) / Double(a * b * n)
    let (classes, schools) = (means(y, combined, a * b), means(y, world.groups[1], a))
    let meanSchools = Double(b * n) * squares(schools, around: grand) / Double(a - 1)
    let deviations = (0..<a * b).map { classes[$0] - schools[$0 / b] }
    let meanClasses = Double(n) * squares(deviations, around: 0) / Double(a * (b - 1))
    let residuals = y.indices.map { y[$0] - classes[Int(combined[$0])] }
    let error = squares(residuals, around: 0) / Double(a * b * (n - 1))
    let fit = try LinearMixedModel(data: world.interceptData([world.term(0), world.term(1)])).fit()
    #expect(fit.converged)
    #expect(abs(fit.terms[0].covariance[0, 0] / ((meanClasses - error) / Double(n)) - 1) < 1e-6)
    #expect(
      abs(fit.terms[1].covariance[0, 0] / ((meanSchools - meanClasses) / Double(b * n)) - 1) < 1e-6)
    #expect(abs(fit.residualStandardDeviation / error.squareRoot() - 1) < 1e-6)
  }

  /// Groups more alike than chance leave no variance: the fit is the mean, and says it is singular.
  @Test func groupsAlikeAreSingular() throws {
    var world = MixedWorld()
    world.groups = [[]]
    for group in 0..<10 {
      for value in [-1.0, 0.5, 2] {
        world.response.append(value)
        world.groups[0].append(Int32(group))
      }
    }
    let fit = try LinearMixedModel(data: world.interceptData([world.term(0)])).fit()
    #expect(fit.isSingular && fit.converged)
    #expect(fit.terms[0].theta == [0])
    #expect(fit.terms[0].standardDeviations == [0])
    #expect(fit.terms[0].modes.storage.allSatisfy { $0 == 0 })
    let variance = squares(world.response, around: 0.5) / 29
    #expect(abs(fit.residualStandardDeviation - variance.squareRoot()) < 1e-10)
  }

  /// A factor whose columns depend on each other: a slope that follows the intercept exactly.
  @Test func perfectCorrelationIsSingular() throws {
    var world = MixedWorld.crossed(
      rows: 600, levels: [30], deviations: [0], noise: 0.5, seed: 6)
    var random = TestRandom(state: 12)
    let effects = (0..<30).map { _ in random.normal() }
    for i in world.response.indices {
      world.response[i] += effects[Int(world.groups[0][i])] * (1 + 0.7 * world.covariate[i])
    }
    let fit = try LinearMixedModel(data: world.data([world.term(0, slope: true)])).fit()
    #expect(fit.converged)
    let correlation = fit.terms[0].correlations[1, 0]
    #expect(correlation > 0.97 && correlation <= 1)
    #expect(fit.terms[0].correlations.storage.allSatisfy { $0.isFinite })
  }
}
