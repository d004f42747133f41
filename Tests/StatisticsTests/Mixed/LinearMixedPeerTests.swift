import Foundation
import LinearAlgebra
import Statistics
import Testing

/// The classical examples of lme4, read from R and fitted there in the same run.
@Suite(.enabled(if: RScript.isAvailable, "\(RScript.reason)"))
struct LinearMixedPeerTests {
  static func codes(_ values: [Double]) -> (codes: [Int32], levels: [String]) {
    let distinct = Set(values).sorted()
    return (
      values.map { value in Int32(distinct.firstIndex(of: value) ?? 0) },
      distinct.map { "\(Int($0))" }
    )
  }

  static func intercept(_ count: Int) -> Matrix { Matrix(rows: count, columns: 1, repeating: 1) }

  static let sleepstudy = """
    m <- function(reml) lmer(Reaction ~ Days + (Days | Subject), sleepstudy, REML = reml,
      control = lmerControl(
          optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9)))
    reml <- m(TRUE); ml <- m(FALSE)
    out <- list(y = sleepstudy$Reaction, x = sleepstudy$Days, g = sleepstudy$Subject,
      reml = REMLcrit(reml), thetaReml = getME(reml, "theta"), ml = -2 * logLik(ml),
      thetaMl = getME(ml, "theta"), beta = fixef(reml), se = sqrt(diag(as.matrix(vcov(reml)))),
      sigma = sigma(reml), modes = as.matrix(ranef(reml)$Subject),
      variances = attr(ranef(reml, condVar = TRUE)$Subject, "postVar"))
    """

  @Test func sleepstudyByBothCriteria() throws {
    let known = try RScript.numbers(Self.sleepstudy)
    let (y, x) = (try #require(known["y"]), try #require(known["x"]))
    let subject = Self.codes(try #require(known["g"]))
    let ones = [Double](repeating: 1, count: y.count)
    let design = Matrix(rows: y.count, columns: 2, storage: ones + x)
    let data = MixedModelData(
      response: y, fixedEffects: design, fixedNames: ["(Intercept)", "Days"],
      terms: [
        RandomTerm(
          group: "Subject", codes: subject.codes, levels: subject.levels, covariates: design,
          covariateNames: ["(Intercept)", "Days"])
      ])
    let fit = try LinearMixedModel(data: data).fit()
    #expect(fit.converged)
    #expect(abs(fit.deviance - (known["reml"] ?? [])[0]) < 1e-6)
    // The peer searches without derivatives, to about 1e-6 of θ.
    #expect(largest(fit.terms[0].theta, known["thetaReml"]) < 1e-4)
    #expect(relativeDifference(fit.coefficients, known["beta"] ?? []) < 1e-8)
    #expect(relativeDifference(fit.standardErrors, known["se"] ?? []) < 1e-5)
    #expect(abs(fit.residualStandardDeviation - (known["sigma"] ?? [])[0]) < 1e-4)
    #expect(largest(fit.terms[0].modes.storage, known["modes"]) < 1e-3)
    #expect(
      relativeDifference(fit.terms[0].conditionalCovariances, known["variances"] ?? []) < 1e-4)
    let likely = try LinearMixedModel(data: data, criterion: .maximumLikelihood).fit()
    #expect(abs(likely.deviance - (known["ml"] ?? [])[0]) < 1e-6)
    #expect(largest(likely.terms[0].theta, known["thetaMl"]) < 1e-4)
  }

  @Test func penicillinCrossed() throws {
    let known = try RScript.numbers(
      """
      m <- function(reml) lmer(diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin, REML = reml,
        control = lmerControl(
          optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9)))
      reml <- m(TRUE); ml <- m(FALSE)
      out <- list(y = Penicillin$diameter, plate = Penicillin$plate, sample = Penicillin$sample,
        reml = REMLcrit(reml), thetaReml = getME(reml, "theta"), ml = -2 * logLik(ml),
        thetaMl = getME(ml, "theta"), beta = fixef(reml), sigma = sigma(reml),
        se = sqrt(diag(as.matrix(vcov(reml)))), plates = as.matrix(ranef(reml)$plate))
      """)
    let y = try #require(known["y"])
    let plate = Self.codes(try #require(known["plate"]))
    let sample = Self.codes(try #require(known["sample"]))
    let data = MixedModelData(
      response: y, fixedEffects: Self.intercept(y.count), fixedNames: ["(Intercept)"],
      terms: [
        RandomTerm(group: "plate", codes: plate.codes, levels: plate.levels),
        RandomTerm(group: "sample", codes: sample.codes, levels: sample.levels),
      ])
    let fit = try LinearMixedModel(data: data).fit()
    #expect(fit.converged)
    #expect(abs(fit.deviance - (known["reml"] ?? [])[0]) < 1e-6)
    #expect(largest(fit.terms.flatMap(\.theta), known["thetaReml"]) < 1e-4)
    #expect(relativeDifference(fit.coefficients, known["beta"] ?? []) < 1e-8)
    #expect(relativeDifference(fit.standardErrors, known["se"] ?? []) < 1e-4)
    #expect(largest(fit.terms[0].modes.storage, known["plates"]) < 1e-4)
    let likely = try LinearMixedModel(data: data, criterion: .maximumLikelihood).fit()
    #expect(abs(likely.deviance - (known["ml"] ?? [])[0]) < 1e-6)
    #expect(largest(likely.terms.flatMap(\.theta), known["thetaMl"]) < 1e-4)
  }

  /// Two nested terms, in both of which slopes vary, and a crossed one: no closed form, but a peer.
  @Test func nestedSlopesWithACrossedTerm() throws {
    let known = try RScript.numbers(
      """
      set.seed(11); n <- 900; a <- sample(12, n, TRUE); b <- a * 10 + sample(5, n, TRUE)
      c <- sample(7, n, TRUE); x <- round(rnorm(n), 3); w <- round(runif(n, 0.5, 2), 3)
      y <- 2 + 0.5 * x + rnorm(12)[a] + rnorm(200, 0, 0.7)[b] + rnorm(200, 0, 0.4)[b] * x +
        rnorm(12, 0, 0.6)[a] * x + rnorm(7, 0, 0.5)[c] + rnorm(n) / sqrt(w)
      d <- data.frame(y, x, w, a = factor(a), b = factor(b), c = factor(c))
      m <- lmer(y ~ x + (x | b) + (x | a) + (x | c), d, weights = w, control = lmerControl(
        calc.derivs = FALSE, check.conv.singular = "ignore",
        optimizer = "bobyqa", optCtrl = list(rhoend = 1e-8, maxfun = 1e5)))
      out <- list(y = y, x = x, w = w, a = a, b = b, c = c, reml = REMLcrit(m),
        beta = fixef(m), se = sqrt(diag(as.matrix(vcov(m)))), theta = getME(m, "theta"))
      """)
    let (y, x) = (try #require(known["y"]), try #require(known["x"]))
    let design = Matrix(
      rows: y.count, columns: 2, storage: [Double](repeating: 1, count: y.count) + x)
    let terms = try ["b", "a", "c"].map { name in
      let group = Self.codes(try #require(known[name]))
      return RandomTerm(
        group: name, codes: group.codes, levels: group.levels, covariates: design,
        covariateNames: ["(Intercept)", "x"])
    }
    let data = MixedModelData(
      response: y, fixedEffects: design, fixedNames: ["(Intercept)", "x"], weights: known["w"],
      terms: terms)
    let fit = try LinearMixedModel(data: data).fit()
    #expect(fit.converged)
    #expect(abs(fit.deviance - (known["reml"] ?? [])[0]) < 1e-5)
    #expect(relativeDifference(fit.coefficients, known["beta"] ?? []) < 1e-4)
    #expect(relativeDifference(fit.standardErrors, known["se"] ?? []) < 1e-3)
    #expect(largest(fit.terms.flatMap(\.theta), known["theta"]) < 1e-3)
  }

  func largest(_ a: [Double], _ b: [Double]?) -> Double {
    guard let b, a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) }.max() ?? 0
  }
}
