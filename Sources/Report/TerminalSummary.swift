import Attribution

/// What a person at a terminal is told when a run is done: at most 80 columns.
public struct TerminalSummary {
  /// The headline, the split with intervals, the first three fixes, the checks that ask for
  /// attention, and where the report is.
  ///
  /// - Parameter colour: Whether to set parts off by ANSI escapes.
  public static func text(
    _ report: AttributionReport, directory: String, colour: Bool
  ) -> String {
    let style = Style(colour: colour)
    let rule = report.repeats.countedByRule
    var lines = wrapped(report.headline.sentence).map(style.bold)
    lines.append("")
    lines += split(report, style)
    lines.append("")
    lines += wrapped(
      "The customary rule (\(rule.rule)) counts \(NumberWords.count(rule.count)); of all later "
        + "contacts within \(NumberWords.precise(report.repeats.windowDays)) days "
        + "\(words(report.repeats.coincidental)) are coincidental.", first: "", rest: "")
    lines += report.staffView.flatMap(StaffWords.line).map { wrapped($0) } ?? []
    lines.append("")
    lines += fixes(report.fixes, style)
    lines.append("")
    lines += checks(report.checks, style)
    lines.append("")
    if let refuters = report.refuters, !refuters.isEmpty {
      lines += attempts(refuters, style)
      lines.append("")
    }
    // A path is never broken: it is copied from here.
    lines.append("Report: \(printable(directory))/report.html")
    return lines.joined(separator: "\n") + "\n"
  }

  private static let width = 80

  private static func split(_ report: AttributionReport, _ style: Style) -> [String] {
    func row(_ title: String, _ cells: [String]) -> String {
      let widths = [10, 22, 10]
      return "  " + title + String(repeating: " ", count: max(1, 24 - title.count))
        + zip(cells, widths).map { String(repeating: " ", count: max(1, $1 - $0.count)) + $0 }
        .joined()
    }
    func interval(_ bounds: [Double]?) -> String {
      guard let bounds else { return NumberWords.missing }
      return "\(NumberWords.count(bounds[0])) to \(NumberWords.count(bounds[1]))"
    }
    let caused = report.repeats.caused
    let parts = SplitPart.allCases.map { part in
      let value = part.part(of: report.split)
      return row(
        part.title,
        [
          value.estimate.map(NumberWords.count) ?? NumberWords.missing, interval(value.ci95),
          value.share.map(NumberWords.percent) ?? NumberWords.missing,
        ])
    }
    return [style.dim(row("Caused repeats", ["expected", "95% interval", "share"]))] + parts + [
      style.bold(
        row(
          "All",
          [caused.estimate.map(NumberWords.count) ?? NumberWords.missing, interval(caused.ci95)]))
    ]
  }

  private static func fixes(_ fixes: [AttributionReport.Fix], _ style: Style) -> [String] {
    let clear = fixes.filter(\.isClear)
    guard !clear.isEmpty else { return ["No fix stands out from this log."] }
    return [style.bold("Fix first")]
      + clear.prefix(3).flatMap { fix in
        var text =
          "\(ModeWords.title(fix.mode)) in \(fix.component): "
          + "\(words(fix.repeatsAvoided)) repeats avoided"
        if let cost = fix.costAvoided.estimate {
          text +=
            ", worth \(NumberWords.count(cost, fix.costAvoided.ci95))"
            + (fix.currency.map { " \($0)" } ?? "")
        }
        return wrapped(text, first: "  \(fix.rank). ", rest: "     ")
      }
  }

  private static func checks(_ checks: [AttributionReport.Check], _ style: Style) -> [String] {
    [style.bold(CheckRow.summary(checks))]
      + checks.filter { $0.verdict == .fail || $0.verdict == .warn }.flatMap {
        verdict($0.verdict, of: $0.name, $0.meaning, style)
      }
  }

  private static func attempts(
    _ refuters: [AttributionReport.Refuter], _ style: Style
  ) -> [String] {
    [style.bold(wrapped(RefuterText.summary(refuters)).joined(separator: "\n"))]
      + RefuterText.attention(refuters).flatMap {
        verdict($0.verdict, of: $0.refuter, RefuterText.worst($0), style)
      }
  }

  private static func verdict(
    _ verdict: AttributionReport.Verdict, of name: String, _ meaning: String, _ style: Style
  ) -> [String] {
    wrapped(
      "\(ModeWords.title(name)): \(meaning)", first: "  \(VerdictText.mark(verdict))  ",
      rest: "        "
    ).map { VerdictText.paint($0, verdict, colour: style.colour) }
  }

  /// `803 (701 to 905)`.
  private static func words(_ estimate: AttributionReport.Estimate) -> String {
    estimate.estimate.map { NumberWords.count($0, estimate.ci95) } ?? "an unknown number of"
  }

  /// Lines of at most 80 columns, broken at spaces; a longer word is broken where it must be.
  package static func wrapped(_ text: String, first: String = "", rest: String = "") -> [String] {
    var lines = [first]
    for word in printable(text).split(separator: " ") {
      var word = word
      let isEmpty = lines[lines.count - 1].count == (lines.count == 1 ? first : rest).count
      if !isEmpty, lines[lines.count - 1].count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
        continue
      }
      if !isEmpty { lines.append(rest) }
      while lines[lines.count - 1].count + word.count > width {
        let room = width - lines[lines.count - 1].count
        lines[lines.count - 1] += word.prefix(room)
        word = word.dropFirst(room)
        lines.append(rest)
      }
      lines[lines.count - 1] += word
    }
    return lines
  }

  /// Text of the data without control characters, which a terminal would obey.
  package static func printable(_ text: String) -> String {
    var printable = ""
    for scalar in text.unicodeScalars {
      printable.unicodeScalars.append(
        scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return printable
  }

  private struct Style {
    let colour: Bool
    func bold(_ text: String) -> String { escape("1", text) }
    func dim(_ text: String) -> String { escape("2", text) }
    private func escape(_ code: String, _ text: String) -> String {
      colour ? VerdictText.escape(code, text) : text
    }
  }
}
