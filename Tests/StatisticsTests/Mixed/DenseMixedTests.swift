import LinearAlgebra
import RealModule
import Statistics
import Testing

/// Fits of three crossed terms with slopes, against the dense matrices that they stand for.
@Suite struct DenseMixedTests {
  static let levels = [14, 9, 5]

  func world(noise: Double?) -> MixedWorld {
    MixedWorld.crossed(
      rows: 260, levels: Self.levels, deviations: [0.8, 0.7, 0.9], noise: noise, seed: 50)
  }

  /// Every column of Z, and the block diagonal covariance of its effects.
  func dense(
    _ data: MixedModelData, _ terms: [RandomTermFit]
  ) -> (columns: Matrix, covariance: Matrix, modes: [Double]) {
    let total = zip(data.terms, terms).reduce(0) { $0 + $1.1.levels.count * $1.0.width }
    var columns = Matrix(rows: data.count, columns: total)
    var covariance = Matrix(rows: total, columns: total)
    var modes: [Double] = []
    var first = 0
    for (term, fit) in zip(data.terms, terms) {
      let k = term.width
      for row in 0..<data.count {
        for c in 0..<k {
          columns[row, first + Int(term.codes[row]) * k + c] = term.covariates?[row, c] ?? 1
        }
      }
      for level in fit.levels.indices {
        for c in 0..<k {
          modes.append(fit.modes[level, c])
          for r in 0..<k {
            covariance[first + level * k + r, first + level * k + c] = fit.covariance[r, c]
          }
        }
      }
      first += fit.levels.count * k
    }
    return (columns, covariance, modes)
  }

  /// −2 log-likelihood by the normal density of the response itself.
  @Test(arguments: [LinearMixedCriterion.restricted, .maximumLikelihood])
  func linear(criterion: LinearMixedCriterion) throws {
    let world = world(noise: 1)
    let data = world.data((0..<3).map { world.term($0, slope: true) })
    let fit = try LinearMixedModel(data: data, criterion: criterion).fit()
    #expect(fit.converged)
    let (z, covariance, modes) = dense(data, fit.terms)
    var marginal = Matrix.product(z * covariance, z, transposingSecond: true)
    let variance = fit.residualStandardDeviation * fit.residualStandardDeviation
    marginal.addToDiagonal([Double](repeating: variance, count: data.count))
    let factor = try CholeskyFactor(marginal)
    let information = Matrix.product(
      data.fixedEffects, factor.solve(data.fixedEffects), transposingFirst: true)
    let inverse = try CholeskyFactor(information).inverse()
    let estimate = inverse * data.fixedEffects.transposeTimes(factor.solve(data.response))
    #expect(relativeDifference(fit.coefficients, estimate) < 1e-10)
    #expect(relativeDifference(fit.covariance.storage, inverse.storage) < 1e-10)
    let fitted = data.fixedEffects * estimate
    let residuals = zip(data.response, fitted).map { $0 - $1 }
    let freedom = Double(data.count - (criterion == .restricted ? 2 : 0))
    var value =
      factor.logDeterminant + dot(residuals, factor.solve(residuals))
      + freedom * Double.log(2 * Double.pi)
    if criterion == .restricted { value += try CholeskyFactor(information).logDeterminant }
    #expect(abs(fit.deviance - value) < 1e-9)
    // b = ΨZᵀV⁻¹(y − Xβ), Var(b | y) = Ψ − ΨZᵀV⁻¹ZΨ.
    let expected = covariance * z.transposeTimes(factor.solve(residuals))
    #expect(relativeDifference(modes, expected) < 1e-9)
    let explained = Matrix.product(
      z * covariance, factor.solve(z * covariance), transposingFirst: true)
    let conditional = (covariance - explained).submatrix(rows: [2, 3], columns: [2, 3])
    #expect(
      relativeDifference(
        fit.terms[0].conditionalCovariance(ofLevel: 1).storage, conditional.storage) < 1e-10)
  }

  /// Laplace's approximation by the dense formula, and the modes by their equation.
  @Test func generalized() throws {
    let world = world(noise: nil)
    let data = world.data((0..<3).map { world.term($0, slope: true) })
    let fit = try GeneralizedLinearMixedModel(data: data, family: .binomialLogit).fit()
    #expect(fit.converged)
    let (z, covariance, modes) = dense(data, fit.terms)
    let means = fit.linearPredictor.map { logistic($0) }
    let score = zip(data.response, means).map { $0 - $1 }
    // At the mode b = ΨZᵀ(y − μ).
    #expect(relativeDifference(modes, covariance * z.transposeTimes(score)) < 1e-6)
    var likelihood = 0.0
    for (y, p) in zip(data.response, means) { likelihood += Double.log(y == 1 ? p : 1 - p) }
    // bᵀΨ⁻¹b = bᵀZᵀ(y − μ), and |I + ΛᵀZᵀWZΛ| = |I + ½(W)·ZΨZᵀ·½(W)|.
    let penalty = dot(modes, z.transposeTimes(score))
    let roots = means.map { ($0 * (1 - $0)).squareRoot() }
    var spread = Matrix.product(z * covariance, z, transposingSecond: true)
    for c in 0..<data.count {
      for r in 0..<data.count { spread[r, c] *= roots[r] * roots[c] }
    }
    spread.addToDiagonal([Double](repeating: 1, count: data.count))
    let value = -2 * likelihood + penalty + (try CholeskyFactor(spread).logDeterminant)
    #expect(abs(fit.deviance - value) < 1e-7)
    #expect(abs(fit.conditionalDeviance + 2 * likelihood) < 1e-9)
  }

  /// Without fixed effects, the offset stands for the mean.
  @Test func noFixedEffects() throws {
    let world = MixedWorld.crossed(
      rows: 300, levels: [20], deviations: [1], noise: 0.5, seed: 66)
    let data = MixedModelData(
      response: world.response, fixedEffects: Matrix(rows: 300, columns: 0), fixedNames: [],
      offset: world.covariate.map { 1 + 0.5 * $0 }, terms: [world.term(0)])
    let fit = try LinearMixedModel(data: data).fit()
    #expect(fit.converged && fit.coefficients.isEmpty)
    #expect(abs(fit.residualStandardDeviation - 0.5) < 0.1)
    #expect(abs(fit.terms[0].standardDeviations[0] - 1) < 0.6)
    let counts = world.response.map { ($0 * 2).rounded(.up) > 0 ? ($0 * 2).rounded(.up) : 0 }
    let generalized = try GeneralizedLinearMixedModel(
      data: MixedModelData(
        response: counts, fixedEffects: data.fixedEffects, fixedNames: [], terms: data.terms),
      family: .poissonLog
    ).fit()
    #expect(generalized.converged && generalized.terms[0].standardDeviations[0] > 0)
  }

  /// Counts of a hundred thousand and offsets far from zero.
  @Test func largeCounts() throws {
    let world = MixedWorld.crossed(
      rows: 200, levels: [20], deviations: [0.3], noise: 0, seed: 67)
    let counts = world.response.map { Double.exp($0 + 10).rounded() }
    let data = MixedModelData(
      response: counts, fixedEffects: world.design, fixedNames: ["(Intercept)", "x"],
      terms: [world.term(0)])
    let fit = try GeneralizedLinearMixedModel(data: data, family: .poissonLog).fit()
    #expect(fit.converged)
    #expect(abs(fit.coefficients[1] - 0.5) < 1e-3)
    let moved = try GeneralizedLinearMixedModel(
      data: MixedModelData(
        response: counts, fixedEffects: world.design, fixedNames: ["(Intercept)", "x"],
        offset: [Double](repeating: -30, count: 200), terms: [world.term(0)]),
      family: .poissonLog
    ).fit()
    #expect(abs(moved.deviance - fit.deviance) < 1e-6)
    #expect(abs(moved.coefficients[0] - fit.coefficients[0] - 30) < 1e-6)
  }
}
