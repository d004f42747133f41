import FailureModes
import InteractionLog
import RepeatContacts
import SyntheticWorld

/// A generated log made ready to be fitted, without the choice of a model.
struct GeneratedModel {
  let table: InteractionTable
  let modes: ModeTable
  let cells: ModeCells
  let data: LinkData

  init(_ regime: Regime, interactions: Int, seed: UInt64) throws {
    table =
      World(regime: regime, interactions: interactions, seed: seed)
      .generate(includeTotals: false).table
    modes = try ModeTable.build(study: .canonical, table: table)
    let context = ContextTable(table: table, names: ["topic", "channel"])
    let rates = try ModeRates(modes: modes, context: context, staff: table.text("staff_id"))
    cells = ModeCells(table: table, modes: modes, context: context, rates: rates)
    data = LinkData(
      table: table, cell: cells.observedOfRow, settings: LinkSettings(windowDays: 15),
      customers: nil)
  }

  func model(
    _ form: RepeatRateForm = RepeatRateForm(), _ background: BackgroundForm = BackgroundForm()
  ) -> LinkModel {
    LinkModel(
      data: data, rate: RepeatRateDesign(cells: cells, form: form), background: background)
  }
}
