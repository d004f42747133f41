import LinearAlgebra
import RepeatContacts

/// `model` of the report: what was fitted, how it ended, what was tried on held-out customers.
struct ModelDescription {
  let fitted: FittedAttribution

  init(_ fitted: FittedAttribution) { self.fitted = fitted }

  func model(_ covariance: Matrix) -> AttributionReport.Model {
    let fit = fitted.fit
    let parameters = fit.parameters
    let form = fit.model.rate.form
    let groups = ["all"] + form.ownDelay.map { fitted.cells.modes[$0].name }
    return .init(
      link: form.link.exponent == 0
        ? "log"
        : form.link.exponent == 1 ? "identity" : "power(\(NumberText.plain(form.link.exponent)))",
      coefficients: fit.model.rate.columnNames.enumerated().map { k, name in
        let se = max(covariance[k, k], 0).squareRoot()
        return .init(
          term: name, estimate: parameters.coefficients[k], se: se,
          ci95: TotalEstimates.interval(parameters.coefficients[k], se))
      },
      delay: groups.enumerated().map { g, name in
        let bins = fitted.data.bins
        return .init(
          group: name, hours: bins.edges.map { $0 * 24 },
          densityPerDay: parameters.delay[g].indices.map {
            parameters.delay[g][$0] / bins.width($0)
          })
      },
      topicPersistence: groups.enumerated().map { g, name in
        .init(group: name, estimate: parameters.persistence[g])
      },
      background: .init(
        contactsPerCustomer30Days: 30 * parameters.prior.meanRate,
        rateComponents: parameters.prior.components.map {
          .init(weight: $0.weight, shape: $0.shape, mean: $0.mean)
        },
        topicMixConcentration: parameters.mixConcentration.isFinite
          ? parameters.mixConcentration : nil,
        activeIntervals: fit.model.background.activity.rawValue),
      iterations: fit.record.passes, converged: fit.record.ending == .converged,
      criterion: fit.record.criterion, logLikelihood: fit.logLikelihood,
      selection: fitted.selection.steps.map {
        .init(candidate: $0.candidate, heldOutGain: $0.gain, chosen: $0.chosen)
      })
  }
}
