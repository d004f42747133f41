extension ScoreReport {
  /// The report for a terminal: tables of at most 100 columns, sentences unbroken.
  public var text: String {
    var lines = [
      "\(score): \(scored) interactions have a score; of \(reviewed) it is known whether the intent "
        + "was right.", "",
    ]
    if let all = sections.first { lines += curve(all) }
    lines += table()
    lines += ["", drift.sentence]
    for test in drift.tests { lines.append("  " + Self.line(test)) }
    lines += ["", "Thresholds in force, on the scale of the share that is right:"]
    lines += thresholds.map { "  " + Self.line($0) }
    if thresholds.isEmpty { lines.append("  none is in the log") }
    return lines.joined(separator: "\n")
  }

  private func curve(_ all: Section) -> [String] {
    guard let curve = all.curve else { return [all.note ?? ""] }
    var lines = ["score            n   mean   right   95 % of the point   95 % of the curve"]
    for point in curve.points {
      let isOff = point.meanScore < point.band95[0] || point.meanScore > point.band95[1]
      lines.append(
        Self.fixed(point.from) + " - " + Self.fixed(point.to) + Self.left("\(point.n)", 6) + "  "
          + Self.fixed(point.meanScore) + "   " + Self.fixed(point.right) + "   "
          + Self.interval(point.ci95) + "     " + Self.interval(point.band95)
          + (isOff ? "  off" : ""))
    }
    return lines + [""]
  }

  private func table() -> [String] {
    var lines = [
      "                           n   score   right   error (95 %)             Brier   skill"
    ]
    for section in sections {
      let head =
        Self.right(section.name, 20) + Self.left("\(section.n)", 8) + "   "
        + Self.fixed(section.meanScore) + "   " + Self.fixed(section.right)
      guard let error = section.error, let brier = section.brier else {
        lines.append(head + "   too few for a curve")
        continue
      }
      lines.append(
        head + "   " + Self.fixed(error.rootMeanSquare) + " "
          + Self.interval(error.rootMeanSquareCi95) + "   " + Self.fixed(brier.brier) + "   "
          + (brier.skill.map { Self.fixed($0) } ?? "-"))
    }
    return lines
  }

  private static func line(_ test: ScoreDrift.Test) -> String {
    let head = "\(test.name), \(test.from) to \(test.to): "
    guard let p = test.adjustedP, let at = test.at, let before = test.before,
      let after = test.after
    else { return head + "not tested: \(test.note ?? "no data")" }
    let what = test.name == "meaning" ? "right at score" : "scores up to"
    return head + "\(what) \(fixed(at)): \(fixed(before)), then \(fixed(after)) (p "
      + (p < 0.001 ? "< 0.001" : fixed(p)) + ")"
  }

  private static func line(_ threshold: RestatedThreshold) -> String {
    var line = threshold.group.map { "\($0): " } ?? ""
    line += "\(fixed(threshold.threshold)) asks for \(threshold.recalibrated.map(fixed) ?? "?")"
    if let there = threshold.inLastPart, let ci = threshold.inLastPartCi95 {
      line += ", as \(fixed(there)) \(interval(ci)) does now"
    }
    if let note = threshold.note { line += " (\(note))" }
    return line
  }

  /// Three decimals.
  private static func fixed(_ value: Double) -> String {
    let thousandths = Int((abs(value) * 1000).rounded())
    let rest = String(thousandths % 1000)
    return (value < 0 && thousandths > 0 ? "-" : "") + "\(thousandths / 1000)."
      + String(repeating: "0", count: 3 - rest.count) + rest
  }

  private static func interval(_ ends: [Double]) -> String {
    "[" + ends.map(fixed).joined(separator: ", ") + "]"
  }

  private static func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func right(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
