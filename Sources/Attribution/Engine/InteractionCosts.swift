import InteractionLog

/// What each interaction of a log cost, in the study's currency.
///
/// `per_interaction`, and `per_staff_minute` for the minutes that staff spent: the interaction's own
/// `handle_seconds`, the mean over staff's interactions where its own are not known, none where staff
/// did not handle it. Without a column `handled_by` all handling counts as staff's.
package struct InteractionCosts: Sendable {
  /// By row; nil where costs cannot be told.
  package let byRow: [Double]?
  /// Why there are none.
  package let note: String?

  package init(_ table: InteractionTable, _ costs: Study.Costs) {
    guard costs.perInteraction != nil || costs.perStaffMinute != nil else {
      (byRow, note) = (nil, "the study names no costs")
      return
    }
    let each = costs.perInteraction ?? 0
    guard let perMinute = costs.perStaffMinute else {
      (byRow, note) = ([Double](repeating: each, count: table.count), nil)
      return
    }
    guard let minutes = InteractionCosts.staffMinutes(table) else {
      byRow = nil
      note = "the study prices staff minutes and the log has no handle_seconds of staff"
      return
    }
    (byRow, note) = (minutes.map { each + perMinute * $0 }, nil)
  }

  /// Staff minutes of each row; nil where staff handled interactions and no handling time is known.
  package static func staffMinutes(_ table: InteractionTable) -> [Double]? {
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
