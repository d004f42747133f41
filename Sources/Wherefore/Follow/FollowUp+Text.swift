import Attribution
import Report

extension FollowUp {
  /// The follow-up for a person to read, at most 80 columns where names allow.
  public var text: String {
    var lines = TerminalSummary.wrapped(sentence)
    lines.append("")
    if let note { lines += TerminalSummary.wrapped(note) + [""] }
    lines += TerminalSummary.wrapped(
      "\(fix.mode) at \(fix.component), released \(released.prefix(10)): \(weeksBefore) whole weeks "
        + "before, \(weeksAfter) after")
    lines += TerminalSummary.wrapped(
      "Against \(controlsAre): \(controls.prefix(6).joined(separator: ", "))"
        + (controls.count > 6 ? " and \(controls.count - 6) more" : ""))
    lines.append("")
    lines.append("  Failures per 100 interactions")
    lines.append("    before                        \(FollowUp.per100(failures.before))")
    lines.append("    after                         \(FollowUp.per100(failures.after))")
    lines.append("    after, without the release    \(FollowUp.per100(failures.expectedAfter))")
    lines.append("    cut                           \(FollowUp.share(failures.cut))")
    if let slope = failures.slopeBefore, let p = failures.slopeBeforeP, p < 0.05 {
      lines += TerminalSummary.wrapped(
        "  Before the release it already moved against its controls, by "
          + "\(NumberWords.fixed(100 * slope, decimals: 1)) % a week (p \(NumberWords.fixed(p, decimals: 3))): the cut may "
          + "be that trend.")
    }
    lines.append("")
    lines.append(
      "  Repeats avoided, in \(NumberWords.fixed(Double(repeats.episodes), decimals: 0)) episodes after the release"
    )
    lines.append("    predicted                     \(FollowUp.count(repeats.predicted))")
    lines.append("    by the failures' cut          \(FollowUp.count(repeats.byFailures))")
    lines.append("    by later contacts, counted    \(FollowUp.count(repeats.realised))")
    lines.append("")
    lines.append("Verdict: \(verdict.rawValue)")
    return lines.joined(separator: "\n")
  }

  private static func per100(_ rate: Double) -> String {
    NumberWords.fixed(100 * rate, decimals: 2)
  }

  private static func share(_ estimate: Estimate) -> String {
    guard let value = estimate.estimate, let ci = estimate.ci95 else { return NumberWords.missing }
    return
      "\(NumberWords.percent(value)) (\(NumberWords.percent(ci[0])) to \(NumberWords.percent(ci[1])))"
  }

  private static func count(_ estimate: Estimate) -> String {
    guard let value = estimate.estimate, let ci = estimate.ci95 else { return NumberWords.missing }
    func whole(_ value: Double) -> String { NumberWords.fixed(value, decimals: 0) }
    return "\(whole(value)) (\(whole(ci[0])) to \(whole(ci[1])))"
  }
}
