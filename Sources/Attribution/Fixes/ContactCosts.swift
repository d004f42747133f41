import InteractionLog
import RepeatContacts

/// What each contact of a log cost: what every avoided one saves.
package struct ContactCosts: Sendable {
  /// Of each contact of the linked data, in the study's currency; nil where it cannot be told.
  package let byContact: [Double]?
  /// Why there is no money.
  package let note: String?
  let currency: String?
  /// Money of lost customers: the study prices them, but only an analysis of churn could count them.
  package let churn: AttributionReport.Estimate?

  /// A contact costs `per_interaction`, and `per_staff_minute` for the minutes that staff spent on it:
  /// its own `handle_seconds`, the mean over staff's contacts where its own are not known, none where
  /// staff did not handle it. Without a column `handled_by` all handling counts as staff's.
  package init(study: Study, table: InteractionTable, data: LinkData) {
    let costs = study.costs
    currency = costs.currency
    churn = costs.perChurnedCustomer.map { _ in
      .init(
        estimate: nil, ci95: nil,
        note: "the study prices a churned customer, and churn is not an outcome of this log")
    }
    guard costs.perInteraction != nil || costs.perStaffMinute != nil else {
      (byContact, note) = (nil, "the study names no costs")
      return
    }
    let each = costs.perInteraction ?? 0
    guard let perMinute = costs.perStaffMinute else {
      (byContact, note) = ([Double](repeating: each, count: data.count), nil)
      return
    }
    guard let minutes = ContactCosts.staffMinutes(table) else {
      byContact = nil
      note = "the study prices staff minutes and the log has no handle_seconds of staff"
      return
    }
    byContact = (0..<data.count).map { each + perMinute * minutes[Int(data.row[$0])] }
    note = nil
  }

  /// Staff minutes of each row; nil where staff handled interactions and no handling time is known.
  private static func staffMinutes(_ table: InteractionTable) -> [Double]? {
    guard let seconds = table.number("handle_seconds") else { return nil }
    let handled = table.text("handled_by")
    let byStaff = (0..<table.count).map { handled == nil || handled?[$0] == "staff" }
    var (sum, known) = (0.0, 0)
    for row in 0..<table.count where byStaff[row] {
      guard let value = seconds[row] else { continue }
      sum += value
      known += 1
    }
    guard known > 0 else {
      return byStaff.contains(true) ? nil : [Double](repeating: 0, count: table.count)
    }
    let mean = sum / Double(known)
    return (0..<table.count).map { byStaff[$0] ? (seconds[$0] ?? mean) / 60 : 0 }
  }
}
