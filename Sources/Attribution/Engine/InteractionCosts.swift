import InteractionLog

/// What each interaction of a log cost, in the study's currency; NaN where it cannot be told.
///
/// `per_interaction`, and `per_staff_minute` for the minutes that staff spent: the interaction's own
/// `handle_seconds`, the mean over staff's interactions where its own are not known, none where staff
/// did not handle it. Without a column `handled_by` all handling counts as staff's.
enum InteractionCosts {
  static func byRow(_ table: InteractionTable, _ costs: Study.Costs) -> [Double] {
    let unknown = [Double](repeating: .nan, count: table.count)
    guard costs.perInteraction != nil || costs.perStaffMinute != nil else { return unknown }
    let each = costs.perInteraction ?? 0
    guard let perMinute = costs.perStaffMinute else {
      return [Double](repeating: each, count: table.count)
    }
    guard let seconds = table.number("handle_seconds") else { return unknown }
    let handled = table.text("handled_by")
    let byStaff = (0..<table.count).map { handled == nil || handled?[$0] == "staff" }
    var (sum, known) = (0.0, 0)
    for row in 0..<table.count where byStaff[row] {
      guard let value = seconds[row] else { continue }
      sum += value
      known += 1
    }
    guard known > 0 || !byStaff.contains(true) else { return unknown }
    let mean = known > 0 ? sum / Double(known) : 0
    return (0..<table.count).map {
      each + (byStaff[$0] ? perMinute * (seconds[$0] ?? mean) / 60 : 0)
    }
  }
}
