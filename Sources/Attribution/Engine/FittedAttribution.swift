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
  package let cells: ModeCells
  package let data: LinkData
  package let selection: LinkSelection.Choice
  package let fit: LinkFit
  package let effects: CellEffects
  package let functionals: SplitFunctionals
  package let executor: EmbeddedExecutor
  package let fitter: LinkFitter

  /// Why staff's part cannot be told; nil where it can.
  package var staffNote: String? {
    let modes = input.modes.modes
    let staff = modes.indices.filter { modes[$0].side == .staff }
    if staff.isEmpty { return "the log records no staff errors" }
    guard staff.allSatisfy({ rates.leftOut[$0] != nil }) else { return nil }
    return "staff errors cannot be modelled: " + (rates.leftOut[staff[0]] ?? "")
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

  package init(
    _ input: AttributionInput, options: AttributionOptions,
    progress: @Sendable (String, Double) -> Void = { _, _ in }
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
    rates = try ModeRates(modes: input.modes, context: context, staff: staff)
    cells = ModeCells(table: input.table, modes: input.modes, context: context, rates: rates)
    let most = cells.cellParts.map(\.count).max() ?? 0
    guard most <= 16 else { throw AttributionError.tooManyModesAtOnce(count: most) }
    let settings = LinkSettings(
      windowDays: input.study.repeatWindow.windowDays, calendar: input.study.calendar,
      zone: input.study.source.zone)
    data = LinkData(
      table: input.table, cell: cells.observedOfRow, settings: settings,
      customers: input.customers)
    guard data.count > 0 else { throw AttributionError.noLinkedContacts }
    guard data.end >= 2 * settings.windowDays else {
      throw AttributionError.tooShort(days: data.end, windowDays: settings.windowDays)
    }
    guard data.pairBin.count >= 50 else {
      throw AttributionError.tooFewRepeats(pairs: data.pairBin.count)
    }
    progress("choosing the model", 0.05)
    selection = try LinkSelection(fitter: fitter).choose(data: data, cells: cells)
    progress("fitting", 0.4)
    let design = RepeatRateDesign(cells: cells, form: selection.rate)
    let model = LinkModel(data: data, rate: design, background: selection.background)
    fit = try fitter.fit(model, from: selection.parameters)
    effects = try CellEffects(design: design, cells: cells)
    functionals = SplitFunctionals(effects: effects, data: data)
    progress("fitted", 1)
  }

  /// System-caused and all caused repeats of this log's contacts under a fit of the same design.
  package func systemAndTotal(_ other: LinkFit) -> (system: Double, caused: Double) {
    let totals = SplitFunctionals(effects: effects, data: other.model.data).totals(
      other.parameters, rates: rates, weights: cells.mixtureWeight)
    return (totals[0] + totals[1], totals[0] + totals[1] + totals[2] + totals[3])
  }

  /// Covariance of the totals by the sandwich or by the delete-group jackknife.
  package func covariance(progress: @Sendable (Double) -> Void = { _ in }) throws -> (
    totals: Matrix, coefficients: Matrix?
  ) {
    switch options.intervals {
    case .sandwich:
      let layout = ScoreLayout(fit: fit, rates: rates)
      let scores = RateScores(
        layout: layout, modes: input.modes, context: context, rates: rates,
        staff: input.table.text("staff_id"), linkedRows: data.count)
      let sandwich = try Sandwich(
        layout: layout, functionals: functionals, cells: cells, rates: rates, rateScores: scores,
        executor: executor, threads: options.threads, progress: progress)
      let count = layout.coefficientCount
      let block = sandwich.covariance.submatrix(
        rows: Array(0..<count), columns: Array(0..<count))
      return (sandwich.totals, block)
    case .jackknife:
      return (try Jackknife(self).totals(progress: progress), nil)
    }
  }
}
