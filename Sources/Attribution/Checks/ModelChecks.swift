import Execution
import FailureModes
import InteractionLog
import RepeatContacts
import Statistics

/// Checks that refit the model: permuted rows, poorer backgrounds.
package struct ModelChecks: Sendable {
  typealias Check = AttributionReport.Check
  let fit: LinkFit
  let rates: ModeRates
  let fitter: LinkFitter
  let seed: UInt64

  /// Contacts that the refits use at most, by whole customers.
  static let maximumContacts = 60_000

  /// 5 % of level fits to a log without any caused repeat gain more than this in twice the
  /// log-likelihood.
  private static let chanceLimit = 2.706

  private func sample() -> LinkData {
    fit.model.data.sampled(atMost: ModelChecks.maximumContacts, salt: 31)
  }

  /// Whole rows dealt out anew to the customers' places: nobody's contact can have been brought by
  /// the contact before it, so a sound model finds next to nothing.
  ///
  /// The background, the delays and the level of the repeat rates are fitted anew; the rates keep
  /// their ratios. Rates cannot be negative, so that each that is free brings chance of one sign, and
  /// their sum would say how many there are rather than whether the links are sound.
  func permutedRows() throws -> Check {
    let data = sample()
    let permuted = ModelChecks.permuted(data, seed: seed)
    let model = LinkModel(
      data: permuted, rate: fit.model.rate, background: fit.model.background)
    let selection = LinkSelection(fitter: fitter)
    var start = selection.translate(fit, to: model, fitter: fitter)
    start.coefficients = fit.model.rate.form.link.scaled(fit.parameters.coefficients, by: 0.3)
    var constrained = fitter
    constrained.freedom = .level
    let refit = try constrained.fit(model, from: start)
    constrained.freedom = .none
    start.coefficients = fit.model.rate.form.link.scaled(fit.parameters.coefficients, by: 1e-6)
    let null = try constrained.fit(model, from: start)
    // Of a level at the edge of its range: half a χ² of one degree of freedom (Self & Liang 1987).
    let gain = max(2 * (refit.logLikelihood - null.logLikelihood), 0)
    let isChance = gain < ModelChecks.chanceLimit
    let found = caused(refit)
    let original = caused(fit) * Double(data.count) / Double(max(fit.model.data.count, 1))
    let share = original > 0 ? found / original : 0
    let isSmall = share < 0.05
    let verdict: AttributionReport.Verdict =
      isSmall || isChance ? .pass : share < 0.15 || found < Double(data.count) / 100 ? .warn : .fail
    return Check(
      name: "permuted_rows", verdict: verdict, value: share,
      meaning: "When whole interactions are dealt out at random to the customers, nobody is back "
        + "because of an earlier contact, and an analysis should find next to nothing. It finds "
        + "\(grouped(found)) caused repeats there, against \(grouped(original)) in the log as it is"
        + (verdict == .pass
          ? (isSmall
            ? ": what it calls caused does not come of how contacts are spread over days and topics."
            : ", no more than chance brings in a log of this size.")
          : ": up to as many of those that it calls caused may come of how contacts are spread over "
            + "days and topics."),
      details: [
        "caused_permuted": found, "caused": original, "likelihood_ratio": gain,
      ])
  }

  /// The customers' places with whole contacts dealt out anew.
  static func permuted(_ data: LinkData, seed: UInt64) -> LinkData {
    var order = Array(0..<data.count)
    var stream = RandomStream(seed: seed, keys: 0x7065_726d)
    stream.shuffle(&order)
    return data.dealt(order: order)
  }

  /// System-caused repeats under poorer and richer backgrounds.
  func sensitivity(system: (LinkFit) throws -> (system: Double, caused: Double)) throws -> Check {
    let chosen = fit.model.background
    var variants: [(String, BackgroundForm)] = []
    var constant = chosen
    constant.intensity = .constant
    constant.ownTopicMix = false
    var daily = constant
    daily.intensity = .byDay
    var topical = constant
    topical.intensity = .byTopicAndDay
    var own = topical
    own.ownTopicMix = true
    variants = [
      ("constant", constant), ("by_day", daily), ("by_topic_and_day", topical), ("own_mix", own),
    ]
    let selection = LinkSelection(fitter: fitter)
    let data = sample()
    let scale = Double(fit.model.data.count) / Double(max(data.count, 1))
    var details: [String: Double] = [:]
    var values: [Double] = []
    for (name, form) in variants {
      let model = LinkModel(data: data, rate: fit.model.rate, background: form)
      let refit = try fitter.fit(model, from: selection.translate(fit, to: model, fitter: fitter))
      let (systemCaused, total) = try system(refit)
      details["\(name).system_caused"] = systemCaused * scale
      details["\(name).caused"] = total * scale
      details["\(name).share"] = total > 0 ? systemCaused / total : 0
      values.append(systemCaused * scale)
    }
    let (reference, total) = try system(fit)
    details["chosen.system_caused"] = reference
    details["chosen.caused"] = total
    let spread = ((values.max() ?? 0) - (values.min() ?? 0)) / max(abs(reference), 1)
    let causedValues = variants.map { details["\($0.0).caused"] ?? 0 }
    let causedSpread =
      ((causedValues.max() ?? 0) - (causedValues.min() ?? 0)) / max(total, 1)
    return Check(
      name: "background_sensitivity", verdict: spread < 0.25 ? .pass : .warn, value: spread,
      meaning:
        "What if the contacts that come anyway were modelled otherwise, from a constant stream to "
        + "customers with topics of their own? Under four such assumptions the system-caused repeats "
        + "lie between \(range(values)) (shown: \(grouped(reference))), all caused repeats between "
        + "\(range(causedValues)) (shown: \(grouped(total)))."
        + (spread < causedSpread
          ? " The system's count is the steadier figure; shares inherit the wider range." : ""),
      details: details)
  }

  private func range(_ values: [Double]) -> String {
    "\(grouped(values.min() ?? 0)) and \(grouped(values.max() ?? 0))"
  }

  /// Expected repeats within the log under a fit: Σ κ × exposure.
  func caused(_ fit: LinkFit) -> Double {
    let sums = fitter.executor.pass(fit.model.data, fit.tables)
    return sums.linked.reduce(0, +)
  }
}
