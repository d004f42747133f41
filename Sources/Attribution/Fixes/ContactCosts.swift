import InteractionLog
import RepeatContacts

/// What each contact of a log cost: what every avoided one saves.
package struct ContactCosts: Sendable {
  /// Of each contact of the linked data, in the study's currency; nil where it cannot be told.
  package let byContact: [Double]?
  /// Why there is no money.
  package let note: String?
  /// Of every interaction of the log.
  let interactions: InteractionCosts
  let currency: String?
  /// Money of lost customers: the study prices them, but only an analysis of churn could count them.
  package let churn: AttributionReport.Estimate?

  /// A contact costs what its interaction did, see `InteractionCosts`.
  package init(study: Study, table: InteractionTable, data: LinkData) {
    let costs = study.costs
    currency = costs.currency
    churn = costs.perChurnedCustomer.map { _ in
      .init(
        estimate: nil, ci95: nil,
        note: "the study prices a churned customer, and churn is not an outcome of this log")
    }
    interactions = InteractionCosts(table, costs)
    byContact = interactions.byRow.map { byRow in data.row.map { byRow[Int($0)] } }
    note = interactions.note
  }
}
