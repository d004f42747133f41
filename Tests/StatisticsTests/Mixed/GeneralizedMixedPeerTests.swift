import Foundation
import LinearAlgebra
import Statistics
import Testing

/// cbpp, lme4's example of a binomial mixed model, read from R and fitted there in the same run.
///
/// The peer stops its inner iterations at 1e-7 by default, which leaves 6e-4 in the deviance here and
/// 4e-4 in the coefficients; at 1e-13 it agrees with glmmTMB and with this program.
@Suite(.enabled(if: RScript.isAvailable, "\(RScript.reason)"))
struct GeneralizedMixedPeerTests {
  static let cbpp = """
    f <- cbind(incidence, size - incidence) ~ period + (1 | herd)
    control <- glmerControl(
      optimizer = "bobyqa", optCtrl = list(rhoend = 1e-8), tolPwrss = 1e-13)
    m <- glmer(f, cbpp, binomial, control = control)
    m0 <- glmer(f, cbpp, binomial, nAGQ = 0, control = control)
    out <- list(y = cbpp$incidence, n = cbpp$size, period = cbpp$period, herd = cbpp$herd,
      deviance = -2 * logLik(m), conditional = deviance(m), beta = fixef(m),
      se = sqrt(diag(as.matrix(vcov(m)))), theta = getME(m, "theta"),
      modes = as.matrix(ranef(m)$herd), variances = attr(ranef(m)$herd, "postVar"),
      deviance0 = -2 * logLik(m0), beta0 = fixef(m0), se0 = sqrt(diag(as.matrix(vcov(m0)))),
      theta0 = getME(m0, "theta"))
    """

  @Test func cbppByBothApproximations() throws {
    let known = try RScript.numbers(Self.cbpp)
    let (y, n) = (try #require(known["y"]), try #require(known["n"]))
    let herd = LinearMixedPeerTests.codes(try #require(known["herd"]))
    let period = try #require(known["period"])
    var design = Matrix(rows: y.count, columns: 4)
    for (row, value) in period.enumerated() {
      design[row, 0] = 1
      if value > 1 { design[row, Int(value) - 1] = 1 }
    }
    let data = MixedModelData(
      response: y, fixedEffects: design,
      fixedNames: ["(Intercept)", "period2", "period3", "period4"], trials: n,
      terms: [RandomTerm(group: "herd", codes: herd.codes, levels: herd.levels)])
    let fit = try GeneralizedLinearMixedModel(data: data, family: .binomialLogit).fit()
    #expect(fit.converged)
    #expect(fit.covarianceSource == .likelihood)
    #expect(abs(fit.deviance - (known["deviance"] ?? [])[0]) < 1e-6)
    #expect(abs(fit.conditionalDeviance - (known["conditional"] ?? [])[0]) < 1e-4)
    // The peer searches without derivatives, to about 1e-6; its Hessian is by differences of values.
    #expect(relativeDifference(fit.coefficients, known["beta"] ?? []) < 1e-5)
    #expect(relativeDifference(fit.terms[0].theta, known["theta"] ?? []) < 1e-5)
    #expect(relativeDifference(fit.standardErrors, known["se"] ?? []) < 1e-4)
    #expect(relativeDifference(fit.terms[0].modes.storage, known["modes"] ?? []) < 1e-5)
    #expect(
      relativeDifference(fit.terms[0].conditionalCovariances, known["variances"] ?? []) < 1e-5)
    let fast = try GeneralizedLinearMixedModel(
      data: data, family: .binomialLogit, approximation: .fast
    ).fit()
    #expect(fast.converged)
    #expect(abs(fast.deviance - (known["deviance0"] ?? [])[0]) < 1e-6)
    #expect(relativeDifference(fast.coefficients, known["beta0"] ?? []) < 1e-5)
    #expect(relativeDifference(fast.standardErrors, known["se0"] ?? []) < 1e-5)
    #expect(relativeDifference(fast.terms[0].theta, known["theta0"] ?? []) < 1e-5)
  }
}
