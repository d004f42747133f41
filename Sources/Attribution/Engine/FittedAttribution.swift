import Execution
import FailureModes
import InteractionLog
import LinearAlgebra
import RepeatContacts

/// The model fitted to a log, with everything that the report is drawn from.
package struct FittedAttribution: Sendable {
  package let input: AttributionInput
  package let options: AttributionOptions
  package let context: ContextTable
  package let rates: ModeRates
  /// Modes that were looked for because customers came back.
  package let reviews: ReviewSelection
  package let cells: ModeCells
  package let data: LinkData
  package let selection: LinkSelection.Choice
  package let fit: LinkFit
  /// Fits under the other links that the data leave possible, with their weights.
  package let otherLinks: [(fit: LinkFit, weight: Double)]
  package let effects: CellEffects
  package let functionals: SplitFunctionals
  /// What recorded repeats stand for; nil where the study declares no error of identity.
  package let correction: IdentityCorrection?
  package let executor: EmbeddedExecutor
  package let fitter: LinkFitter

  /// Window and calendar of the linking.
  package var linkSettings: LinkSettings { FittedAttribution.linkSettings(input.study) }

  private static func linkSettings(_ study: Study) -> LinkSettings {
    LinkSettings(
      windowDays: study.repeatWindow.windowDays, calendar: study.calendar, zone: study.source.zone)
  }

  /// Contacts that have an earlier one of the same customer within the window.
  package var laterContacts: Int { (0..<data.count).count { data.firstPrior[$0] < Int32($0) } }

  /// Why staff's part cannot be told; nil where it can.
  package var staffNote: String? {
    note(.staff, none: "the log records no staff errors", blind: "staff errors cannot be modelled")
  }

  /// Why the system's part cannot be told; nil where it can.
  package var systemNote: String? {
    note(
      .system, none: "the log records no failures of the system",
      blind: "the system's failures cannot be modelled")
  }

  private func note(
    _ side: FailureModeDeclaration.Side, none: String, blind: String
  ) -> String? {
    Self.note(side, modes: input.modes, rates: rates, none: none, blind: blind)
  }

  /// Why a side's part cannot be told from these modes; nil where it can.
  static func note(
    _ side: FailureModeDeclaration.Side, modes table: ModeTable, rates: ModeRates, none: String,
    blind: String
  ) -> String? {
    let modes = table.modes.indices.filter { table.modes[$0].side == side }
    if modes.isEmpty { return none }
    // What was looked for everywhere and never found has brought nothing, which is an answer.
    guard let unknown = modes.first(where: { !table.neverHolds($0) }),
      modes.allSatisfy({ rates.leftOut[$0] != nil }), let reason = rates.leftOut[unknown]
    else { return nil }
    return "\(blind): \(table.modes[unknown].name) \(reason)"
  }

  /// Context of the study, topic first, and who handled the interaction: harder contacts are routed
  /// to staff, which must not look like their doing.
  static func contextNames(_ input: AttributionInput) -> [String] {
    var names = ["topic"]
    for name in input.study.context + ["channel"] where name != "intent_actual" && name != "topic" {
      if !names.contains(name) { names.append(name) }
    }
    if input.table.text("handled_by") != nil && !names.contains("handled_by") {
      names.append("handled_by")
    }
    return names
  }

  /// - Parameters:
  ///   - like: the form of this fit is taken instead of choosing one, and it starts there; its table
  ///     must have the same columns.
  ///   - revising: makes another choice of the model's form than held-out customers did.
  package init(
    _ input: AttributionInput, options: AttributionOptions, like other: FittedAttribution? = nil,
    progress: @Sendable (String, Double) -> Void = { _, _ in },
    revising: (LinkSelection.Choice) -> LinkSelection.Choice = { $0 }
  ) throws {
    guard input.modes.modes.count <= 62 else {
      throw AttributionError.tooManyModes(count: input.modes.modes.count)
    }
    self.input = input
    self.options = options
    executor = EmbeddedExecutor(threads: options.threads)
    fitter = LinkFitter(executor: executor)
    progress("modes", 0)
    context = ContextTable(table: input.table, names: FittedAttribution.contextNames(input))
    let staff = input.table.text("staff_id")
    reviews =
      other?.reviews
      ?? ReviewSelection(
        modes: input.modes, table: input.table, windowDays: input.study.repeatWindow.windowDays)
    rates = try ModeRates(
      modes: input.modes, context: context, staff: staff, leavingOut: reviews.leftOut)
    cells = ModeCells(table: input.table, modes: input.modes, context: context, rates: rates)
    let most = cells.cellParts.map(\.count).max() ?? 0
    guard most <= 16 else { throw AttributionError.tooManyModesAtOnce(count: most) }
    let settings = FittedAttribution.linkSettings(input.study)
    data = LinkData(
      table: input.table, cell: cells.observedOfRow, settings: settings,
      customers: input.customers)
    guard data.count > 0 else { throw AttributionError.noLinkedContacts }
    guard data.end >= 2 * settings.windowDays else {
      throw AttributionError.tooShort(days: data.end, windowDays: settings.windowDays)
    }
    guard data.customerCount >= 10 else {
      throw AttributionError.tooFewCustomers(count: data.customerCount)
    }
    guard data.pairBin.count >= 50 else {
      throw AttributionError.tooFewRepeats(pairs: data.pairBin.count)
    }
    progress("choosing the model", 0.05)
    let chooser = LinkSelection(fitter: fitter)
    if let other {
      selection = other.selection
      otherLinks = []
      let model = LinkModel(
        data: data, rate: RepeatRateDesign(cells: cells, form: selection.rate),
        background: selection.background)
      fit = try fitter.fit(
        model, from: chooser.translate(other.fit, to: model, fitter: fitter))
    } else {
      var choice = revising(try chooser.choose(data: data, cells: cells))
      progress("fitting", 0.4)
      let links = try LinkAlternatives(choice, data: data, cells: cells, fitter: fitter)
      choice.rate = links.fit.model.rate.form
      choice.steps += links.steps
      selection = choice
      fit = links.fit
      otherLinks = links.others
    }
    effects = try CellEffects(design: fit.model.rate, cells: cells)
    correction =
      input.study.identity.declaresErrors
      ? IdentityCorrection(
        input.study.identity, table: input.table,
        tree: LinkTree(data: data, probability: executor.probabilities(data, fit.tables)),
        delay: fit.parameters.delay[0])
      : nil
    functionals = SplitFunctionals(effects: effects, data: data, weights: correction?.weights)
    progress("fitted", 1)
  }

  /// Σ over this log's contacts in the cells that `holds` picks, each by the share of its window that
  /// the log covers, times what the cell is worth; those nobody looked at by their probability.
  func exposed(where holds: (_ cell: Int) -> Bool, worth: (_ cell: Int) -> Double = { _ in 1 })
    -> Double
  {
    let groups = fit.parameters.delay.count
    let exposure = functionals.coverage.exposures(fit.parameters.delay)
    var sum = 0.0
    for o in 0..<cells.observedCount {
      for e in Int(cells.mixtureStart[o])..<Int(cells.mixtureStart[o + 1]) {
        let cell = Int(cells.mixtureCell[e])
        guard holds(cell) else { continue }
        let group = Int(fit.model.rate.cellGroup[cell])
        sum += cells.mixtureWeight[e] * worth(cell) * exposure[o * groups + group]
      }
    }
    return sum
  }

  /// The log's own tree under the fit: one exact E step over all pairs.
  package func tree() -> LinkTree {
    LinkTree(data: data, probability: executor.probabilities(data, fit.tables))
  }

  /// System-caused and all caused repeats of this log's contacts under a fit of the same design.
  package func systemAndTotal(_ other: LinkFit) -> (system: Double, caused: Double) {
    let factor = correction?.factor ?? 1
    let totals = SplitFunctionals(effects: effects, data: other.model.data).totals(
      other.parameters, rates: rates, weights: cells.mixtureWeight
    ).map { factor * $0 }
    return (totals[0] + totals[1], totals[0] + totals[1] + totals[2] + totals[3])
  }

  /// Errors of everything that a report says, by the parameters.
  package struct Covariance: Sendable {
    package var totals: Matrix
    /// Of κ's coefficients.
    package let coefficients: Matrix
    /// Of what removals avoid, a row a removal and weighting.
    package var removals: Matrix
    /// Of the four parts for the population that the log is one instance of.
    package var population: Matrix
    /// What the first came from, with the covariance of all parameters; nil by the jackknife.
    package let sandwich: Sandwich?

    /// Of the parameters; nil by the jackknife.
    package var parameters: (layout: ScoreLayout, matrix: Matrix)? {
      sandwich.map { ($0.layout, $0.covariance) }
    }
  }

  /// Covariance of κ's coefficients by the sandwich.
  package func coefficientCovariance(
    progress: @Sendable (Double) -> Void = { _ in }
  ) throws -> Matrix {
    let (layout, sandwich) = try sandwich(progress: progress)
    return Self.coefficients(layout, sandwich)
  }

  package func sandwich(
    progress: @Sendable (Double) -> Void = { _ in }
  ) throws -> (layout: ScoreLayout, sandwich: Sandwich) {
    let layout = ScoreLayout(fit: fit, rates: rates)
    return (
      layout,
      try Sandwich(
        layout: layout, functionals: functionals, cells: cells, rates: rates,
        rateScores: rateScores(layout), executor: executor, threads: options.threads,
        progress: progress)
    )
  }

  /// Scores of the modes' rates in a layout's coordinates.
  func rateScores(_ layout: ScoreLayout) -> RateScores {
    RateScores(
      layout: layout, modes: input.modes, context: context, rates: rates,
      staff: input.table.text("staff_id"), linkedRows: data.count)
  }

  private static func coefficients(_ layout: ScoreLayout, _ sandwich: Sandwich) -> Matrix {
    let own = Array(0..<layout.coefficientCount)
    return sandwich.covariance.submatrix(rows: own, columns: own)
  }

  /// Covariance of the totals and of what removals avoid, by the sandwich or by the delete-group
  /// jackknife.
  ///
  /// - Parameter tree: the log's own, under the fit.
  package func covariance(
    of removals: [PartRemoval], _ removalTotals: RemovalTotals, tree: LinkTree,
    progress: @Sendable (Double) -> Void = { _ in }
  ) throws -> Covariance {
    try LinkUncertainty(self, removals: removals, removalTotals, tree: tree).added(
      to: parameterCovariance(of: removals, removalTotals, tree: tree, progress: progress))
  }

  /// Covariance given the link.
  private func parameterCovariance(
    of removals: [PartRemoval], _ removalTotals: RemovalTotals, tree: LinkTree,
    progress: @Sendable (Double) -> Void
  ) throws -> Covariance {
    switch options.intervals {
    case .sandwich:
      let (layout, sandwich) = try sandwich { progress(0.6 * $0) }
      let gradient = RemovalGradient(
        totals: removalTotals, layout: layout, cells: cells, rates: rates, executor: executor
      ).matrix(removals, tree: tree)
      progress(1)
      return Covariance(
        totals: sandwich.totals, coefficients: Self.coefficients(layout, sandwich),
        removals: gradient * sandwich.covariance * gradient.transposed,
        population: sandwich.population, sandwich: sandwich)
    case .jackknife:
      // Under other parameters the log's own tree has other probabilities and other fractions.
      let both = try Jackknife(self).totals(
        further: { parameters, rates, cells in
          let tables = PassTables(
            model: fit.model.replacing(cells: cells), parameters: parameters)
          let moved = LinkTree(data: data, probability: executor.probabilities(data, tables))
          return parameters.coefficients
            + removalTotals.values(
              removals, tree: moved, parameters, rates: rates, weights: cells.mixtureWeight
            ).flatMap { $0 }
        }, progress: progress)
      let first = effects.layout.count
      let second = first + fit.parameters.coefficients.count
      let last = both.rows - PartScores.count
      func block(_ range: Range<Int>) -> Matrix {
        both.submatrix(rows: Array(range), columns: Array(range))
      }
      return Covariance(
        totals: block(0..<first), coefficients: block(first..<second),
        removals: block(second..<last), population: block(last..<both.rows), sandwich: nil)
    }
  }
}
