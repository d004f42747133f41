import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The model fitted to all customers under each link that the held-out ones leave possible.
///
/// Half of the customers choose a form well, but links have as many parameters as each other, so that
/// all customers may judge between them by the likelihood as it is. Where they do not settle it either,
/// figures move with the link, and that belongs to their errors: each link counts with its weight
/// w ∝ likelihood (Akaike weights of equal size; Buckland, Burnham & Augustin 1997, Biometrics 53).
package struct LinkAlternatives: Sendable {
  /// The most likely fit.
  package let fit: LinkFit
  /// The other links' fits with their weights, 1 being all links together.
  package let others: [(fit: LinkFit, weight: Double)]
  /// What all customers changed of what the held-out ones had chosen.
  package let steps: [LinkSelection.Step]

  /// Held-out customers are half of all: a link that loses more than this among them has next to no
  /// chance among all.
  static let heldOutLoss = 6.0
  /// Weights below this are not worth a place.
  static let leastWeight = 0.01

  /// Fits the chosen form, and the same under the other links that are within reach.
  ///
  /// - Throws: errors of the chosen form's fit; another link that cannot be fitted, or whose fit does
  ///   not converge, is left out.
  package init(
    _ choice: LinkSelection.Choice, data: LinkData, cells: ModeCells, fitter: LinkFitter
  ) throws {
    let selection = LinkSelection(fitter: fitter)
    func model(_ link: PowerLink) -> LinkModel {
      var form = choice.rate
      form.link = link
      return LinkModel(
        data: data, rate: RepeatRateDesign(cells: cells, form: form),
        background: choice.background)
    }
    let chosen = try fitter.fit(model(choice.rate.link), from: choice.parameters)
    var fits = [chosen]
    let most = choice.links.map(\.heldOut).max() ?? 0
    for (link, heldOut) in choice.links
    where link != choice.rate.link && most - heldOut < LinkAlternatives.heldOutLoss {
      let other = model(link)
      do {
        let fit = try fitter.fit(
          other, from: selection.translate(chosen, to: other, fitter: fitter))
        if fit.record.ending == .converged { fits.append(fit) }
      } catch RegressionError.information {
        continue
      }
    }
    var best = 0
    for k in fits.indices where fits[k].logLikelihood > fits[best].logLikelihood { best = k }
    let likelihoods = fits.map { exp($0.logLikelihood - fits[best].logLikelihood) }
    let total = likelihoods.reduce(0, +)
    fit = fits[best]
    others = fits.indices.filter {
      $0 != best && likelihoods[$0] / total >= LinkAlternatives.leastWeight
    }.map { (fits[$0], likelihoods[$0] / total) }
    steps =
      best == 0
      ? []
      : [
        LinkSelection.Step(
          candidate: "link with exponent \(fit.model.rate.form.link.exponent), by all customers",
          gain: fit.logLikelihood - chosen.logLikelihood, chosen: true)
      ]
  }
}
