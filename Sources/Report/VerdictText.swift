import Attribution

/// Verdicts on a terminal: a mark of four letters, and a colour for those that ask for attention.
enum VerdictText {
  static func mark(_ verdict: AttributionReport.Verdict) -> String {
    switch verdict {
    case .pass: "pass"
    case .warn: "WARN"
    case .fail: "FAIL"
    case .notApplicable: "n/a "
    }
  }

  /// A line in the verdict's colour; where it has none as it is, or bold.
  static func paint(
    _ line: String, _ verdict: AttributionReport.Verdict, colour: Bool, bold: Bool = false
  ) -> String {
    guard colour else { return line }
    return switch verdict {
    case .fail: escape("31", line)
    case .warn: escape("33", line)
    default: bold ? escape("1", line) : line
    }
  }

  /// Text between an ANSI escape and its end.
  static func escape(_ code: String, _ text: String) -> String {
    "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}
