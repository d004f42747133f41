import Foundation
import LinearAlgebra
import Statistics
import Testing

/// The answers of lme4 and glmmTMB; `Goldens/mixed/make_mixed_goldens.R` writes them.
struct MixedGoldens: Decodable {
  struct Answer: Decodable {
    let logLikelihood: Double
    let theta: [Double]
    let coefficients: [Double]
    let standardErrors: [Double]
  }
  struct Crossed: Decodable {
    struct Rows: Decodable {
      let staff: [Int32]
      let system: [Int32]
      let flag: [Double]
      let x: [Double]
      let trials: [Double]
      let y: [Double]
    }
    let data: Rows
    let laplace: Answer
    let fast: Answer
    let tmb: Answer
    let probit: Answer
    let cloglog: Answer
  }
  struct Counts: Decodable {
    struct Rows: Decodable {
      let shop: [Int32]
      let team: [Int32]
      let x: [Double]
      let exposure: [Double]
      let y: [Double]
    }
    let data: Rows
    let laplace: Answer
  }
  let crossed: Crossed
  let counts: Counts

  static func load() throws -> MixedGoldens {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Goldens/mixed/mixed.json")
    return try JSONDecoder().decode(MixedGoldens.self, from: Data(contentsOf: file))
  }
}

@Suite struct GeneralizedMixedGoldenTests {
  let goldens: MixedGoldens
  init() throws { goldens = try MixedGoldens.load() }

  var crossed: MixedModelData {
    let rows = goldens.crossed.data
    let ones = [Double](repeating: 1, count: rows.y.count)
    return MixedModelData(
      response: rows.y,
      fixedEffects: Matrix(rows: rows.y.count, columns: 3, storage: ones + rows.flag + rows.x),
      fixedNames: ["(Intercept)", "flag", "x"], trials: rows.trials,
      terms: [
        RandomTerm(group: "staff", codes: rows.staff, levels: (0..<40).map { "\($0)" }),
        RandomTerm(group: "system", codes: rows.system, levels: (0..<12).map { "\($0)" }),
      ])
  }

  func compare(
    _ fit: GeneralizedLinearMixedFit, _ known: MixedGoldens.Answer, theta: [Double],
    errors: Double = 1e-4
  ) {
    #expect(fit.converged)
    #expect(abs(fit.logLikelihood - known.logLikelihood) < 1e-6)
    // The peers' searches stop at about 1e-5 of a parameter, where the likelihood is flat to 1e-9.
    #expect(relativeDifference(fit.coefficients, known.coefficients) < 2e-5)
    #expect(relativeDifference(theta, known.theta) < 2e-5)
    #expect(relativeDifference(fit.standardErrors, known.standardErrors) < errors)
  }

  @Test func crossedBinomial() throws {
    let fit = try GeneralizedLinearMixedModel(data: crossed, family: .binomialLogit).fit()
    compare(fit, goldens.crossed.laplace, theta: fit.terms.flatMap(\.theta))
    compare(fit, goldens.crossed.tmb, theta: fit.terms.flatMap(\.theta))
    let fast = try GeneralizedLinearMixedModel(
      data: crossed, family: .binomialLogit, approximation: .fast
    ).fit()
    compare(fast, goldens.crossed.fast, theta: fast.terms.flatMap(\.theta))
    #expect(fast.covarianceSource == .modes && fit.covarianceSource == .likelihood)
  }

  @Test func otherLinks() throws {
    let probit = try GeneralizedLinearMixedModel(data: crossed, family: .binomialProbit).fit()
    compare(probit, goldens.crossed.probit, theta: probit.terms.flatMap(\.theta))
    let cloglog = try GeneralizedLinearMixedModel(data: crossed, family: .binomialCloglog).fit()
    compare(cloglog, goldens.crossed.cloglog, theta: cloglog.terms.flatMap(\.theta))
  }

  /// Slopes, a nested term and an offset.
  @Test func countsWithSlopes() throws {
    let rows = goldens.counts.data
    let ones = [Double](repeating: 1, count: rows.y.count)
    let design = Matrix(rows: rows.y.count, columns: 2, storage: ones + rows.x)
    let data = MixedModelData(
      response: rows.y, fixedEffects: design, fixedNames: ["(Intercept)", "x"],
      offset: rows.exposure.map { log($0) },
      terms: [
        RandomTerm(
          group: "shop", codes: rows.shop, levels: (0..<25).map { "\($0)" }, covariates: design,
          covariateNames: ["(Intercept)", "x"]),
        RandomTerm(group: "team", codes: rows.team, levels: (0..<75).map { "\($0)" }),
      ])
    let fit = try GeneralizedLinearMixedModel(data: data, family: .poissonLog).fit()
    // lme4 puts the term with more levels first.
    compare(fit, goldens.counts.laplace, theta: fit.terms[1].theta + fit.terms[0].theta)
  }

  /// One random intercept, against the search over groups that do not touch each other.
  @Test func oneTermAgreesWithTheOtherSolver() throws {
    let rows = goldens.crossed.data
    let design = indicatorDesign(rows.flag.map { $0 == 1 ? [0, 1] : [0] }, columns: 2)
    let known = try RandomInterceptLogistic(
      design: design, groups: rows.staff, groupCount: 40
    ).fit(successes: rows.y, trials: rows.trials)
    let fit = try GeneralizedLinearMixedModel(
      data: MixedModelData(
        response: rows.y,
        fixedEffects: Matrix(
          rows: rows.y.count, columns: 2,
          storage: [Double](repeating: 1, count: rows.y.count) + rows.flag),
        fixedNames: ["(Intercept)", "flag"], trials: rows.trials,
        terms: [crossed.terms[0]]),
      family: .binomialLogit
    ).fit()
    #expect(relativeDifference(fit.coefficients, known.coefficients) < 1e-6)
    #expect(abs(fit.terms[0].standardDeviations[0] - known.groupStandardDeviation) < 1e-6)
    // Rows that are alike are one: 40 staff and a flag.
    #expect(fit.cellCount <= 80)
  }
}
