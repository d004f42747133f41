import Statistics
import Testing

@Suite struct GeneralizedLinearGoldenTests {
  let goldens: [String: FitGolden]
  init() throws { goldens = try RegressionGoldens.fits() }

  /// R iterates to 1e-15 of the deviance, which leaves its coefficients 1e-8 or better.
  @Test(arguments: GoldenModel.all)
  func coefficientsAndErrorsAreThoseOfR(model: GoldenModel) throws {
    let known = try #require(goldens[model.name])
    let result = try model.fit().fit
    let fit = result.fit
    #expect(result.terms == known.terms && result.droppedTerms == known.dropped)
    #expect(relativeDifference(fit.coefficients, known.estimate) < 1e-8)
    #expect(relativeDifference(fit.standardErrors, known.se) < 1e-6)
    // The deviance of a negative binomial moves with θ, which the peer has to 2e-8.
    #expect(abs(fit.deviance / known.deviance - 1) < (known.theta == nil ? 1e-9 : 2e-8))
    #expect(abs(fit.dispersion / known.dispersion - 1) < 1e-7)
    if let null = known.nullDeviance {
      #expect(abs((fit.nullDeviance ?? .nan) / null - 1) < 2e-8)
    }
    if let loglik = known.logLikelihood, let aic = known.aic {
      #expect(abs((fit.logLikelihood ?? .nan) / loglik - 1) < 1e-9)
      #expect(abs((fit.informationCriterion ?? .nan) / aic - 1) < 1e-9)
    } else {
      #expect(fit.logLikelihood == nil)
    }
    if let theta = known.theta { #expect(abs((fit.family.theta ?? 0) / theta - 1) < 1e-6) }
  }

  @Test(arguments: GoldenModel.all)
  func robustErrorsAreThoseOfSandwich(model: GoldenModel) throws {
    let known = try #require(goldens[model.name])
    let (result, _) = try model.fit()
    let kinds: [(RobustCovariance, [Double])] = [
      (.hc0, known.hc0), (.hc1, known.hc1), (.hc2, known.hc2), (.hc3, known.hc3),
    ]
    for (kind, errors) in kinds {
      let own = try result.fit.robustCovariance(kind).diagonal.map { $0.squareRoot() }
      #expect(relativeDifference(own, errors) < 1e-6, "\(model.name) \(kind)")
    }
  }

  @Test(arguments: GoldenModel.all)
  func clusteredErrorsAreThoseOfSandwich(model: GoldenModel) throws {
    let known = try #require(goldens[model.name])
    guard let one = known.clusterG, let two = known.clusterGH else { return }
    var wider = model
    wider.further.append("h")
    let (result, _) = try wider.fit()
    let byOne = try result.covariance(.clustered(["g"])).matrix.diagonal.map { $0.squareRoot() }
    #expect(relativeDifference(byOne, one) < 1e-6)
    let byTwo = try result.covariance(.clustered(["g", "h"])).matrix
    #expect(relativeDifference(byTwo.diagonal.map { $0.squareRoot() }, two) < 1e-6)
  }

  /// Blocks do not depend on threads, so neither does a bit of the result.
  @Test func threadsDoNotMatter() throws {
    let model = try #require(GoldenModel.all.first { $0.name == "logit" })
    let (one, four) = (try model.fit(threads: 1).fit, try model.fit(threads: 4).fit)
    #expect(one.fit.coefficients == four.fit.coefficients)
    let errors = RegressionFit.Errors.clustered(["g"])
    #expect(try one.covariance(errors).matrix == four.covariance(errors).matrix)
  }
}
