import Statistics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Chooses the background's and κ's form by the likelihood of customers that were held out.
///
/// Customers are cut into two halves by a hash of their place in the canonical order; each candidate
/// is fitted on one half, starting from the best so far, and scored on the other. Logs with more
/// than `maximumContacts` contacts are represented by every n-th customer.
package struct LinkSelection: Sendable {
  package struct Step: Sendable, Equatable {
    package let candidate: String
    /// Gain in log-likelihood on the held-out half against the best so far.
    package let gain: Double
    package let chosen: Bool
  }

  package struct Choice: Sendable {
    package var rate: RepeatRateForm
    package var background: BackgroundForm
    package var steps: [Step]
    /// The links that were tried, with the log-likelihood of the held-out half.
    package var links: [(link: PowerLink, heldOut: Double)]
    /// Parameters of the best fit on the training half.
    package var parameters: LinkParameters
  }

  package let fitter: LinkFitter
  package var maximumContacts = 60_000
  /// What a richer form must gain on held-out customers; below it the simpler one stays.
  package static let requiredGain = 2.0
  /// Concentrations above this are no mixes of their own.
  package static let mixCeiling = 250.0

  package init(fitter: LinkFitter) { self.fitter = fitter }

  private struct State {
    var rate: RepeatRateForm
    var background: BackgroundForm
    var fit: LinkFit
    var heldOut: Double
  }

  package func choose(data: LinkData, cells: ModeCells, progress: (String) -> Void = { _ in })
    throws -> Choice
  {
    let sample = data.sampled(atMost: maximumContacts, salt: 0)
    let train = sample.restricted { mix($0 &+ 0x5bd1) & 1 == 0 }
    let test = sample.restricted { mix($0 &+ 0x5bd1) & 1 == 1 }
    var quick = fitter
    quick.tolerance = 1e-2
    quick.maximumCycles = 25
    var steps: [Step] = []

    func evaluate(
      _ rate: RepeatRateForm, _ background: BackgroundForm, from start: State?
    ) throws -> State {
      let design = RepeatRateDesign(cells: cells, form: rate)
      let model = LinkModel(data: train, rate: design, background: background)
      let first = start.map {
        translate($0.fit, to: model, fitter: quick)
      }
      let fit = try quick.fit(model, from: first)
      let held = LinkModel(data: test, rate: design, background: background)
      let sums = fitter.executor.pass(
        test, PassTables(model: held, parameters: fit.parameters))
      return State(rate: rate, background: background, fit: fit, heldOut: sums.logLikelihood)
    }

    let stated: ActivityGrid.Mode = data.activeDays == nil ? .wholeLog : .table
    var best = try evaluate(RepeatRateForm(), BackgroundForm(activity: stated), from: nil)
    /// nil where the data do not carry the form: it is not chosen then, and the others stand.
    func fitted(_ rate: RepeatRateForm, _ background: BackgroundForm) throws -> State? {
      do {
        return try evaluate(rate, background, from: best)
      } catch RegressionError.information {
        return nil
      }
    }
    /// The log-likelihood of the held-out half; nil where the candidate could not be fitted.
    @discardableResult func consider(
      _ name: String, required: Double,
      _ change: (inout RepeatRateForm, inout BackgroundForm) -> Void
    ) throws -> Double? {
      progress(name)
      var rate = best.rate
      var background = best.background
      change(&rate, &background)
      guard let candidate = try fitted(rate, background) else {
        steps.append(Step(candidate: "\(name) (could not be fitted)", gain: 0, chosen: false))
        return nil
      }
      let gain = candidate.heldOut - best.heldOut
      let sensible =
        !background.ownTopicMix
        || candidate.fit.parameters.mixConcentration < LinkSelection.mixCeiling
      let chosen = gain > required && sensible
      steps.append(Step(candidate: name, gain: gain, chosen: chosen))
      if chosen { best = candidate }
      return candidate.heldOut
    }
    let required = LinkSelection.requiredGain
    try consider("own topic mixes", required: required) { $1.ownTopicMix = true }
    if stated == .wholeLog && data.dayCount > 3 * Int(data.bins.window) {
      try consider("estimated active intervals", required: required) { $1.activity = .estimated }
    }
    try consider("two kinds of customers by rate", required: required) { $1.components = 2 }
    if best.background.components == 2 && !best.background.ownTopicMix {
      try consider("own topic mixes, again", required: required) { $1.ownTopicMix = true }
    }
    var links = [(link: best.rate.link, heldOut: best.heldOut)]
    func consider(_ link: PowerLink, _ name: String, required: Double) throws {
      if let heldOut = try consider(name, required: required, { rate, _ in rate.link = link }) {
        links.append((link, heldOut))
      }
    }
    try consider(.identity, "identity link", required: 0)
    try consider(PowerLink(exponent: 0.5), "power link (1/2)", required: 0)
    if best.rate.link == .identity {
      // Beyond the identity effects together are less than their sum: repeats saturate.
      try consider(PowerLink(exponent: 2), "power link (2), saturating", required: required)
    }
    let pairs = frequentPairs(cells: cells, data: data)
    if !pairs.isEmpty {
      try consider("interactions of \(pairs.count) mode pairs", required: required) { rate, _ in
        rate.pairs = pairs
      }
    }
    if cells.parts.count > Set(cells.parts.map(\.mode)).count {
      try consider("effects by component", required: required) { rate, _ in
        rate.componentTerms = true
      }
    }
    var gains: [(mode: Int, gain: Double)] = []
    let rows = modeRows(cells: cells, data: data)
    for mode in cells.modes.indices where rows[mode] >= 200 {
      progress("own delay of \(cells.modes[mode].name)")
      var rate = best.rate
      rate.ownDelay = [mode]
      guard let candidate = try fitted(rate, best.background) else { continue }
      gains.append((mode, candidate.heldOut - best.heldOut))
    }
    gains.sort { $0.gain == $1.gain ? $0.mode < $1.mode : $0.gain > $1.gain }
    // The best of so many gains is larger by chance: by about the logarithm of their number.
    let requiredOfBest = required + log(Double(max(gains.count, 1)))
    for (mode, gain) in gains.prefix(3) where gain > requiredOfBest {
      try consider("own delay of \(cells.modes[mode].name)", required: required) { rate, _ in
        rate.ownDelay.append(mode)
      }
    }
    if let (mode, gain) = gains.first, gain <= requiredOfBest {
      steps.append(
        Step(candidate: "own delay of \(cells.modes[mode].name)", gain: gain, chosen: false))
    }
    return Choice(
      rate: best.rate, background: best.background, steps: steps, links: links,
      parameters: best.fit.parameters)
  }

  /// A fit's parameters as a start for another form.
  package func translate(_ fit: LinkFit, to model: LinkModel, fitter: LinkFitter) -> LinkParameters
  {
    var start = fitter.start(model)
    let old = fit.parameters
    let oldLink = fit.model.rate.form.link
    let newLink = model.rate.form.link
    let centre = oldLink.mean(old.coefficients[0])
    // To first order a coefficient scales with dη'/dη at the reference's κ.
    let scale = newLink == oldLink ? 1 : pow(centre, newLink.exponent - oldLink.exponent)
    var byName: [String: Double] = [:]
    for (name, value) in zip(fit.model.rate.columnNames, old.coefficients) { byName[name] = value }
    for (k, name) in model.rate.columnNames.enumerated() {
      start.coefficients[k] = (byName[name] ?? 0) * scale
    }
    start.coefficients[0] =
      newLink == oldLink ? old.coefficients[0] : newLink.linearPredictor(centre)
    for (g, _) in start.delay.enumerated() {
      let mode = g == 0 ? nil : Optional(model.rate.form.ownDelay[g - 1])
      let from =
        mode.flatMap { fit.model.rate.form.ownDelay.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
      start.delay[g] = old.delay[from]
      start.persistence[g] = old.persistence[from]
    }
    start.topicShare = old.topicShare
    start.intensity = old.intensity
    if model.background.intensity == .constant {
      start.intensity = start.intensity.map { _ in 1 }
    }
    if model.background.components == old.prior.components.count {
      start.prior.components = old.prior.components
    } else if model.background.components == 2 {
      let one = old.prior.components[0]
      start.prior.components = [
        .init(weight: 0.8, shape: one.shape * 1.3, mean: one.mean * 0.7),
        .init(weight: 0.2, shape: one.shape * 1.3, mean: one.mean * 2.2),
      ]
    }
    if old.prior.intervalWeights.count == start.prior.intervalWeights.count
      && model.background.activity == fit.model.background.activity
    {
      start.prior.intervalWeights = old.prior.intervalWeights
    }
    if model.background.ownTopicMix && old.mixConcentration.isFinite {
      start.mixConcentration = old.mixConcentration
    }
    return start
  }

  private func modeRows(cells: ModeCells, data: LinkData) -> [Double] {
    let rows = cells.observedCounts(data)
    var result = [Double](repeating: 0, count: cells.modes.count)
    for o in rows.indices {
      for e in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let mask = cells.cellMask[Int(cells.mixtureCell[e])]
        for m in result.indices where mask & (1 << UInt64(m)) != 0 {
          result[m] += rows[o] * cells.mixtureWeight[e]
        }
      }
    }
    return result
  }

  /// The pairs of modes that occur together often enough to have a coefficient: at least 40 times,
  /// the twelve most frequent.
  private func frequentPairs(cells: ModeCells, data: LinkData) -> [RepeatRateForm.ModePair] {
    let rows = cells.observedCounts(data)
    let count = cells.modes.count
    var together = [Double](repeating: 0, count: count * count)
    for o in rows.indices {
      for e in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let mask = cells.cellMask[Int(cells.mixtureCell[e])]
        let modes = (0..<count).filter { mask & (1 << UInt64($0)) != 0 }
        for a in modes {
          for b in modes where b > a {
            together[a * count + b] += rows[o] * cells.mixtureWeight[e]
          }
        }
      }
    }
    return together.indices.filter { together[$0] >= 40 }
      .sorted { together[$0] == together[$1] ? $0 < $1 : together[$0] > together[$1] }
      .prefix(12).sorted()
      .map { .init(first: $0 / count, second: $0 % count) }
  }
}

/// A fixed scramble of a customer's number (SplitMix64's finaliser).
package func mix(_ value: Int) -> UInt64 {
  var z = UInt64(bitPattern: Int64(value)) &+ 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
