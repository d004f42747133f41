import Attribution

/// A comparison of two periods for a terminal, at most 80 columns.
package enum ChangeText {
  package static func text(_ change: AttributionReport.ChangeDecomposition) -> String {
    var lines = TerminalSummary.wrapped(change.sentence)
    lines += ["", row("Repeats per 100 (interactions)", "per 100", "caused", "coincidental")]
    for side in [change.from, change.to] {
      lines.append(
        row(
          "\(side.period) (\(NumberWords.count(side.interactions)))",
          number(side.repeatsPer100), number(side.causedPer100), number(side.coincidentalPer100)))
    }
    for side in [change.from, change.to] {
      guard let days = side.days, let within = side.daysInLog, within < days else { continue }
      lines += TerminalSummary.wrapped(
        "The log has \(NumberWords.count(within)) of the \(NumberWords.count(days)) days of "
          + "\(side.period).")
    }
    lines += ["", row("What changed", "per 100", "95% interval")]
    for share in change.mechanisms {
      lines.append(
        row(
          MechanismWords.title(share.mechanism),
          share.estimate.map(MechanismWords.signed) ?? "cannot be told", interval(share.ci95)))
      if share.mechanism == "background" {
        lines.append(part("  of it without a failure", change.baseline))
        lines.append(part("  of it coincidental", change.coincidental))
      }
    }
    lines.append(part("All", change.difference))
    if !change.moved.isEmpty {
      lines += ["", row("Failures that moved most", "per 100", "95% interval", "on contacts")]
      for failure in change.moved {
        let name =
          ModeWords.title(failure.mode) + (failure.component.map { " in \($0)" } ?? "")
        lines.append(
          row(
            name, failure.difference.estimate.map(MechanismWords.signed) ?? NumberWords.missing,
            interval(failure.difference.ci95),
            "\(NumberWords.percent(failure.shareFrom)) → \(NumberWords.percent(failure.shareTo))"))
      }
    }
    if let csat = change.csat, let value = csat.estimate, let ci = csat.ci95 {
      lines += [
        "",
        "CSAT: \(NumberWords.fixed(value, decimals: 2)) "
          + "(\(NumberWords.fixed(ci[0], decimals: 2)) to \(NumberWords.fixed(ci[1], decimals: 2)))",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private static func number(_ value: Double) -> String { NumberWords.fixed(value, decimals: 1) }

  private static func interval(_ ci: [Double]?) -> String {
    guard let ci else { return NumberWords.missing }
    return "\(number(ci[0])) to \(number(ci[1]))"
  }

  private static func part(_ title: String, _ estimate: AttributionReport.Estimate) -> String {
    row(
      title, estimate.estimate.map(MechanismWords.signed) ?? NumberWords.missing,
      interval(estimate.ci95))
  }

  /// A line: the first cell to the left, the others right-aligned in their columns.
  private static func row(_ cells: String...) -> String {
    let widths = [36, 8, 17, 17]
    var line = String(cells[0].prefix(widths[0]))
    line += String(repeating: " ", count: widths[0] - line.count)
    for (cell, width) in zip(cells.dropFirst(), widths.dropFirst()) {
      line += String(repeating: " ", count: max(1, width - cell.count)) + cell
    }
    return line
  }
}
