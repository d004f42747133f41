import Execution
import RepeatContacts
import Statistics

/// The model on other scales of κ: failures multiply repeats (log), add to them (identity), or between
/// (the square root).
///
/// A scale is ruled out where the log-likelihood falls by more than a test of one parameter allows. What
/// is shown must be on a scale that is not, and scales that the log cannot tell apart must agree within
/// the figure's interval.
struct LinkChoice: Refuter {
  static let name = RefuterName.linkChoice
  static let meaning =
    "The log was analysed as if failures multiplied repeats, added to them, or something between. Where "
    + "the log cannot say which is right, the figures must not hang on the choice."

  private static let links: [(name: String, link: PowerLink)] = [
    ("multiply", .log), ("between", PowerLink(exponent: 0.5)), ("add", .identity),
  ]
  /// 95 % and 99.9 % of χ² with one degree of freedom, halved: what a scale may lose.
  private static let plausible = 3.841 / 2
  private static let refuted = 10.828 / 2

  func results(_ attempt: RefutationCase) throws -> [AttributionReport.RefuterResult] {
    let fitted = attempt.fitted
    let shown = fitted.fit.model.rate.form.link
    var links = LinkChoice.links
    if !links.contains(where: { $0.link == shown }) {
      links.append(("as fitted", shown))
    }
    let data = fitted.data.sampled(atMost: AlternativeFit.maximumContacts, salt: 61)
    let list = links
    let fits = try attempt.inParallel(list.count) { k -> (values: [Double], likelihood: Double) in
      var form = fitted.fit.model.rate.form
      form.link = list[k].link
      let model = LinkModel(
        data: data, rate: RepeatRateDesign(cells: fitted.cells, form: form),
        background: fitted.fit.model.background)
      let fitter = attempt.alone
      let fit = try fitter.fit(
        model, from: LinkSelection(fitter: fitter).translate(fitted.fit, to: model, fitter: fitter))
      let totals = SplitFunctionals(
        effects: try CellEffects(design: model.rate, cells: fitted.cells), data: fitted.data,
        weights: fitted.correction?.weights
      ).totals(fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
      return (attempt.targets.map { $0.sum(totals) }, fit.logLikelihood)
    }
    let best = fits.map(\.likelihood).max() ?? 0
    let own = list.firstIndex { $0.link == shown } ?? 0
    let behind = best - fits[own].likelihood
    let open = list.indices.filter {
      $0 != own && best - fits[$0].likelihood < LinkChoice.plausible
    }
    return attempt.targets.enumerated().map { t, target in
      // Relative to the shown scale on the same customers, carried to the shown figure.
      let moved = open.map { attempt.values[t] + fits[$0].values[t] - fits[own].values[t] }
      let farthest = moved.max {
        abs($0 - attempt.values[t]) < abs($1 - attempt.values[t])
      }
      let interval = TotalEstimates.interval(attempt.values[t], attempt.errors[t])
      let isOutside = farthest.map { $0 < interval[0] || $0 > interval[1] } ?? false
      let isRefuted = behind > LinkChoice.refuted
      let verdict: AttributionReport.Verdict = isRefuted ? .fail : isOutside ? .warn : .pass
      let figures = list.indices.map {
        "\(list[$0].name) \(grouped(attempt.values[t] + fits[$0].values[t] - fits[own].values[t]))"
      }.joined(separator: ", ")
      let meaning: String
      if isRefuted {
        meaning =
          "The log fits another scale better than the one shown (log-likelihood \(oneDecimal(behind)) "
          + "higher): \(figures)."
      } else if open.isEmpty {
        meaning = "The log rules the other scales out; they would say: \(figures)."
      } else {
        meaning =
          "The log cannot tell \(open.map { list[$0].name }.joined(separator: " and ")) from "
          + "\(list[own].name): \(figures)"
          + (isOutside
            ? ". The choice moves the figure beyond its interval."
            : ", within the figure's interval.")
      }
      return .init(
        kind: target.kind, target: target.name, verdict: verdict, expected: attempt.values[t],
        observed: farthest ?? attempt.values[t], ci95: interval, p: nil, adjustedP: nil,
        meaning: meaning)
    }
  }
}
