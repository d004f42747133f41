import Attribution
import Report
import WhatIf

extension WhatIfText {
  /// What is said of the score: only whether it kept its scale, unless all is asked for.
  static func calibration(_ section: ScoreSection, whole: Bool) -> [String] {
    guard let report = section.report else {
      return whole ? TerminalSummary.wrapped("The score: \(section.note ?? "")") : []
    }
    if whole {
      return report.text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
        $0.contains("  ") || $0.isEmpty ? [String($0)] : TerminalSummary.wrapped(String($0))
      }
    }
    return report.drift.warns ? TerminalSummary.wrapped("Warning: \(report.drift.sentence)") : []
  }

  /// Changes beside thresholds: each alone, then every two together.
  static func changes(_ report: InterventionReport) -> [String] {
    var lines = ["Changes, in the log's own period (95% intervals):"]
    for change in report.changes {
      lines += TerminalSummary.wrapped("\(change.name):", first: "  ", rest: "    ")
      var text = "\(estimate(change.repeatsAvoided)) repeats avoided"
      if change.costAvoided.estimate != nil {
        text += ", \(estimate(change.costAvoided)) \(report.currency ?? "") saved"
      }
      if let failures = change.failures {
        text += "; \(NumberWords.count(failures)) failures fewer"
      }
      if let note = change.repeatsAvoided.note { text += " (\(note))" }
      lines += TerminalSummary.wrapped(text + ".", first: "    ", rest: "    ")
    }
    for pair in report.pairs {
      lines += TerminalSummary.wrapped(
        "\(pair.first) and \(pair.second) together: \(estimate(pair.repeatsAvoided)) repeats avoided, "
          + "\(estimate(pair.beyondSum)) beyond the sum of each alone.", first: "  ", rest: "    ")
    }
    return lines
  }

  private static func estimate(_ estimate: AttributionReport.Estimate) -> String {
    estimate.estimate.map { NumberWords.count($0, estimate.ci95) } ?? "unknown"
  }
}
