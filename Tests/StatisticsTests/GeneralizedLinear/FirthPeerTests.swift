import Statistics
import Testing

/// Firth's penalty on the endometrial cancer grades of Heinze & Schemper (2002, Stat. Med. 21,
/// 2409 - 2419), read from R's brglm2 and fitted there in the same run.
///
/// Neovascularisation, NV, has no case without the outcome: maximum likelihood has no estimate.
@Suite(.enabled(if: RScript.isAvailable, "\(RScript.reason)"))
struct FirthPeerTests {
  static let endometrial = """
    data(endometrial)
    fit <- glm(HG ~ NV + PI + EH, binomial, endometrial,
      method = "brglmFit", type = "AS_mean", epsilon = 1e-12, maxit = 1000)
    out <- c(as.list(endometrial), list(beta = coef(fit), se = sqrt(diag(vcov(fit)))))
    """

  /// Estimates and errors of the paper's table, which logistf reproduces.
  static let published = [(2.93, 1.55), (-0.03, 0.04), (-2.60, 0.78)]

  @Test func endometrialGrades() throws {
    let known = try RScript.numbers(Self.endometrial)
    var table = DataTable(rowCount: 79)
    for name in ["HG", "NV", "PI", "EH"] {
      try table.append(name, try #require(known[name]))
    }
    let formula = try ModelFormula("HG ~ NV + PI + EH")
    let separated = #expect(throws: RegressionFault.self) {
      try RegressionRequest(formula: formula, family: .binomial).fit(table)
    }
    #expect(
      separated == .fit(.separation(columns: ["NV"], terms: ["NV"], isComplete: false)),
      "\(separated.map { "\($0)" } ?? "")")
    let fit = try RegressionRequest(formula: formula, family: .binomial, penalty: .firth)
      .fit(table).fit
    let errors = fit.covariance.diagonal.map { $0.squareRoot() }
    #expect(relativeDifference(fit.coefficients, known["beta"] ?? []) < 1e-8)
    #expect(relativeDifference(errors, known["se"] ?? []) < 1e-6)
    for (j, (estimate, error)) in Self.published.enumerated() {
      #expect(abs(fit.coefficients[j + 1] - estimate) < 0.005)
      #expect(abs(errors[j + 1] - error) < 0.005)
    }
  }
}
