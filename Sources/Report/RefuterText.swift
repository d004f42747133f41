import Attribution

/// What refuters found, for a terminal of 80 columns.
package enum RefuterText {
  package static func text(_ refuters: [AttributionReport.Refuter], colour: Bool) -> String {
    var lines = TerminalSummary.wrapped(summary(refuters))
    for refuter in refuters {
      lines.append("")
      lines.append(
        VerdictText.paint(
          "\(VerdictText.mark(refuter.verdict))  \(ModeWords.title(refuter.refuter))",
          refuter.verdict, colour: colour, bold: true))
      lines += TerminalSummary.wrapped(refuter.meaning, first: "      ", rest: "      ")
      lines += rows(refuter, colour)
    }
    return lines.joined(separator: "\n")
  }

  package static func summary(_ refuters: [AttributionReport.Refuter]) -> String {
    func count(_ verdict: AttributionReport.Verdict) -> Int {
      refuters.count { $0.verdict == verdict }
    }
    let tried = refuters.count - count(.notApplicable)
    guard tried > 0 else { return "Nothing could be tried against this attribution." }
    var words = ["\(count(.pass)) of \(tried) attempts to refute this attribution came to nothing"]
    if count(.warn) > 0 {
      words.append("\(count(.warn)) \(count(.warn) == 1 ? "asks" : "ask") for caution")
    }
    if count(.fail) > 0 {
      words.append("\(count(.fail)) \(count(.fail) == 1 ? "succeeds" : "succeed")")
    }
    if count(.notApplicable) > 0 {
      words.append("\(count(.notApplicable)) could not be tried here")
    }
    return words.joined(separator: ", ") + "."
  }

  /// The attempts that succeed or ask for caution, those that succeed first.
  static func attention(_ refuters: [AttributionReport.Refuter]) -> [AttributionReport.Refuter] {
    refuters.filter { $0.verdict == .fail } + refuters.filter { $0.verdict == .warn }
  }

  /// What it found where it is at its worst, and for which figures it says the same kind of thing.
  static func worst(_ refuter: AttributionReport.Refuter) -> String {
    let results = refuter.results.filter { $0.verdict == refuter.verdict }
    guard let first = results.first else { return refuter.meaning }
    let others = results.count - 1
    return "\(title(first)): \(first.meaning)"
      + (others == 0 ? "" : others == 1 ? " So 1 more figure." : " So \(others) more figures.")
  }

  /// What a figure is called on screen.
  static func title(_ result: AttributionReport.RefuterResult) -> String {
    guard result.kind == .split else { return ModeWords.title(result.target) }
    return switch result.target {
    case "system_direct": SplitPart.systemDirect.title
    case "system_through_staff": SplitPart.systemThroughStaff.title
    case "staff_own": SplitPart.staffOwn.title
    default: SplitPart.baseline.title
    }
  }

  /// One entry a figure; figures to which nothing applies for the same reason share one.
  private static func rows(_ refuter: AttributionReport.Refuter, _ colour: Bool) -> [String] {
    var lines: [String] = []
    for result in refuter.results where result.verdict != .notApplicable {
      lines.append(
        VerdictText.paint(
          TerminalSummary.printable("      \(VerdictText.mark(result.verdict))  \(title(result))")
            + figures(result), result.verdict, colour: colour))
      lines += TerminalSummary.wrapped(
        result.meaning, first: "            ", rest: "            ")
    }
    var reasons: [String] = []
    for result in refuter.results
    where result.verdict == .notApplicable && !reasons.contains(result.meaning) {
      reasons.append(result.meaning)
      let names = refuter.results.filter {
        $0.verdict == .notApplicable && $0.meaning == result.meaning
      }
      let who =
        names.count == refuter.results.count
        ? "" : names.map(title).joined(separator: ", ") + ": "
      lines += TerminalSummary.wrapped(
        who + result.meaning, first: "      n/a   ", rest: "            ")
    }
    return lines
  }

  private static func figures(_ result: AttributionReport.RefuterResult) -> String {
    var words: [String] = []
    if let expected = result.expected { words.append("expected \(number(expected))") }
    if let observed = result.observed { words.append("came \(number(observed))") }
    if let p = result.adjustedP { words.append("p \(p < 0.001 ? "< 0.001" : twoDigits(p))") }
    return words.isEmpty ? "" : "  (\(words.joined(separator: ", ")))"
  }

  static func number(_ value: Double) -> String {
    if abs(value) >= 10 { return grouped(value) }
    if value == 0 { return "0" }
    if abs(value) >= 1 { return oneDecimal(value) }
    return (value < 0 ? "\u{2212}" : "") + twoDigits(abs(value))
  }
}
