import Statistics

/// Models with random terms: their families, methods and results.
extension RegressionAnalysis {
  /// How a model with random terms is fitted.
  public enum Method: String, Sendable, CaseIterable {
    /// A linear model by its likelihood, or by that of contrasts free of the fixed effects.
    case ml, reml
    /// Another family by Laplace's approximation, or with the fixed effects at their joint mode with
    /// the random ones (`nAGQ = 0` of lme4): faster, a little biased.
    case laplace, fast
  }

  /// Families and links that random terms go with, the family's own link first.
  public static func mixedLinks(of family: Family) -> [Link] {
    switch family {
    case .gaussian: [.identity]
    case .binomial: [.logit, .probit, .cloglog]
    case .poisson: [.log]
    default: []
    }
  }

  /// The methods that random terms are fitted by in a family, the default first.
  public static func mixedMethods(of family: Family) -> [Method] {
    family == .gaussian ? [.reml, .ml] : [.laplace, .fast]
  }

  /// The request of a model with random terms; family, link and method go together.
  func mixedRequest() -> MixedModelRequest {
    let method = method ?? Self.mixedMethods(of: family)[0]
    let kind: MixedModelRequest.Kind
    if family == .gaussian {
      kind = .linear(method == .ml ? .maximumLikelihood : .restricted)
    } else {
      let mixed: MixedFamily =
        switch (family, link ?? family.defaultLink) {
        case (.poisson, _): .poissonLog
        case (_, .probit): .binomialProbit
        case (_, .cloglog): .binomialCloglog
        default: .binomialLogit
        }
      kind = .generalized(mixed, method == .fast ? .fast : .laplace)
    }
    return MixedModelRequest(
      formula: formula, kind: kind, weights: weights, offset: offset, threads: threads)
  }
}

extension RegressionAnalysis.Result {
  /// Coefficients with normal tests and intervals, as is usual for mixed models.
  init(_ analysis: RegressionAnalysis, _ result: MixedRegressionFit) {
    formula = analysis.formula.text
    family = analysis.family.name
    link = (analysis.link ?? analysis.family.defaultLink).rawValue
    n = result.rowCount
    rowsDropped = result.droppedRowCount
    let (names, estimates, deviations, terms): ([String], [Double], [Double], [RandomTermFit])
    switch result.fit {
    case .linear(let fit):
      (names, estimates, deviations, terms) = (
        fit.fixedNames, fit.coefficients, fit.standardErrors, fit.terms
      )
      residualSD = fit.residualStandardDeviation
      (logLikelihood, deviance, aic) = (fit.logLikelihood, fit.deviance, fit.akaike)
    case .generalized(let fit):
      (names, estimates, deviations, terms) = (
        fit.fixedNames, fit.coefficients, fit.standardErrors, fit.terms
      )
      residualSD = nil
      (logLikelihood, deviance, aic) = (fit.logLikelihood, fit.deviance, fit.akaike)
    }
    coefficients = names.indices.map { index in
      let (estimate, error) = (estimates[index], deviations[index])
      let statistic = error > 0 ? estimate / error : nil
      let margin = NormalDistribution.quantile975 * error
      return Coefficient(
        term: names[index], estimate: estimate, se: error, statistic: statistic,
        p: statistic.map(NormalDistribution.twoSided), ci95: [estimate - margin, estimate + margin])
    }
    randomEffects = terms.flatMap { term in
      zip(term.covariateNames, term.standardDeviations).map {
        RandomEffect(group: term.group, term: $0, sd: $1, levels: term.levels.count)
      }
    }
    singularGroups = terms.filter(\.isSingular).map(\.group)
    method = (analysis.method ?? RegressionAnalysis.mixedMethods(of: analysis.family)[0]).rawValue
    residualDegreesOfFreedom = result.rowCount - names.count
    (nullDeviance, theta, penalty) = (nil, nil, nil)
    droppedTerms = result.droppedTerms
    (errors, clusters) = ("model", [])
    iterations = result.fit.record.iterations
    converged = result.fit.record.converged
  }
}
