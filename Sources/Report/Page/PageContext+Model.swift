import Attribution

/// The appendix: how the model was fitted and what it found.
struct ModelContext {
  struct CoefficientRow {
    let term: String
    let estimate: Markup
    let se: Markup
    let interval: Markup
  }
  struct SelectionRow {
    let candidate: String
    let gain: Markup
    let chosen: String
  }
  struct DelayRow {
    let group: String
    let from: Markup
    let to: Markup
    let density: Markup
  }
  struct PersistenceRow {
    let group: String
    let estimate: Markup
  }
  struct RateRow {
    let weight: Markup
    let shape: Markup
    let mean: Markup
  }

  let link: String
  let iterations: Markup
  let ended: String
  let criterion: String
  let logLikelihood: Markup
  let coefficients: [CoefficientRow]
  let selection: [SelectionRow]
  let hasSelection: Bool
  let delays: [DelayRow]
  let persistence: [PersistenceRow]
  let background: Markup
  let rates: [RateRow]
  let topicMix: Markup
  let hasTopicMix: Bool
  let activeIntervals: String

  init(_ model: AttributionReport.Model) {
    link = Self.link(model.link)
    iterations = .count(model.iterations)
    ended = model.converged ? "converged" : "did not converge"
    criterion = model.criterion
    logLikelihood = .precise(model.logLikelihood)
    coefficients = model.coefficients.map {
      CoefficientRow(
        term: $0.term, estimate: .precise($0.estimate), se: .precise($0.se),
        interval: .interval($0.ci95, NumberWords.precise))
    }
    selection = model.selection.map {
      SelectionRow(
        candidate: $0.candidate, gain: .precise($0.heldOutGain), chosen: $0.chosen ? "yes" : "no")
    }
    hasSelection = !selection.isEmpty
    delays = model.delay.flatMap { delay in
      delay.densityPerDay.indices.map { bin in
        let (from, to) = (delay.hours[bin], delay.hours[bin + 1])
        return DelayRow(
          group: Self.group(delay.group), from: .number(from, NumberWords.delay(hours: from)),
          to: .number(to, NumberWords.delay(hours: to)),
          density: .precise(delay.densityPerDay[bin]))
      }
    }
    persistence = model.topicPersistence.map {
      PersistenceRow(group: Self.group($0.group), estimate: .percent($0.estimate))
    }
    background = .precise(model.background.contactsPerCustomer30Days)
    rates = model.background.rateComponents.map {
      RateRow(weight: .precise($0.weight), shape: .precise($0.shape), mean: .precise($0.mean))
    }
    topicMix = .precise(model.background.topicMixConcentration)
    hasTopicMix = model.background.topicMixConcentration != nil
    activeIntervals = Self.activity(model.background.activeIntervals)
  }

  private static func link(_ name: String) -> String {
    switch name {
    case "log": "log (failures multiply the repeats)"
    case "identity": "identity (failures add repeats)"
    default: "\(name) (between adding and multiplying)"
    }
  }

  private static func activity(_ source: String) -> String {
    switch source {
    case "log": "customers can make contact throughout the log"
    case "customer table": "the customers file says when customers can make contact"
    default: "when customers can make contact is estimated from the log"
    }
  }

  private static func group(_ name: String) -> String {
    name == "all" ? "all repeats" : ModeWords.title(name)
  }
}

/// Where the numbers come from.
struct ProvenanceContext {
  let version: String
  let study: String
  let log: String
  let seed: String
  let rowsRead: Markup
  let rowsRejected: Markup
  let hasRejected: Bool

  init(_ provenance: AttributionReport.Provenance) {
    version = provenance.version
    study = provenance.studySHA256
    log = provenance.logSHA256
    seed = String(provenance.seed)
    rowsRead = .count(provenance.rowsRead)
    rowsRejected = .count(provenance.rowsRejected)
    hasRejected = provenance.rowsRejected > 0
  }
}

/// The charts by their place on the page.
struct ChartPlaces {
  struct Figure {
    let name: String
    let title: String
    let reading: String
  }
  let split: Figure?
  let modes: Figure?
  let weekly: Figure?
  let delay: Figure?
  let staffFunnel: Figure?
  let latency: Figure?
  let metrics: [Figure]

  init(_ charts: [Chart]) {
    func figure(_ chart: Chart) -> Figure {
      Figure(name: chart.name, title: chart.title, reading: chart.reading)
    }
    func named(_ name: String) -> Figure? { charts.first { $0.name == name }.map(figure) }
    split = named("split")
    modes = named("modes")
    weekly = named("weekly")
    delay = named("delay")
    staffFunnel = named("staff-funnel")
    latency = named("latency")
    metrics = charts.filter { $0.name.hasPrefix("metric-") && $0.hasData }.map(figure)
  }
}

/// A chart's specification as it stands in the page: without its title, which the page shows.
struct ChartData {
  let name: String
  let specification: String

  init(_ chart: Chart) {
    name = chart.name
    specification = JSONPrinter.insideHTML(chart.specification.removing("title"))
  }
}

/// The words of the report, explained.
struct GlossaryEntry {
  let word: String
  let meaning: String

  static let all = [
    GlossaryEntry(
      word: "Interaction",
      meaning: "one contact of one customer: when, on which channel, about what, who handled it, "
        + "what was executed, how it ended"),
    GlossaryEntry(
      word: "Failure mode",
      meaning: "a named condition on an interaction, such as a timeout of an integration, with a "
        + "side (system or staff) and the component at fault"),
    GlossaryEntry(
      word: "Context",
      meaning: "what is no failure but changes how often customers come back, such as topic or "
        + "channel: taken into account, never blamed"),
    GlossaryEntry(
      word: "Caused repeat",
      meaning: "a later contact that an earlier one brought about, counted by its probability"),
    GlossaryEntry(
      word: "Coincidental repeat",
      meaning: "a later contact that would have come anyway"),
    GlossaryEntry(
      word: "Link",
      meaning: "an earlier and a later interaction of the same customer, with the probability that "
        + "the one caused the other"),
    GlossaryEntry(
      word: "Split",
      meaning: "the caused repeats in four parts that add up: system, direct; system, through "
        + "staff; staff, own; baseline"),
    GlossaryEntry(
      word: "Baseline",
      meaning: "caused repeats that no declared failure mode explains"),
    GlossaryEntry(
      word: "Caused and if removed",
      meaning: "caused is a mode's part of the split; if removed also counts the failures that the "
        + "mode brings about and the repeats' own repeats, so it is what a fix is worth"),
    GlossaryEntry(
      word: "Fix",
      meaning: "one failure mode in one component that somebody can repair"),
    GlossaryEntry(
      word: "Exposure",
      meaning: "the share of the repeat window after an interaction that the log covers; a late "
        + "interaction has not had its time yet"),
    GlossaryEntry(
      word: "95% interval",
      meaning: "the range of values that the data are compatible with: ranges made in this way "
        + "contain the true value 95 times in 100, if the assumptions hold"),
    GlossaryEntry(
      word: "E-value",
      meaning:
        "how strongly something unobserved would have to be tied to both the failure and the "
        + "repeat to explain the mode's effect away; 1 means not at all"),
    GlossaryEntry(
      word: "Study",
      meaning: "the file that declares the analysis: columns, failure modes, context, costs"),
  ]
}
