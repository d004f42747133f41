import Attribution
import Report

extension FollowUp {
  /// The follow-up for a person to read, at most 80 columns where names allow.
  public var text: String {
    var lines = TerminalSummary.wrapped(sentence)
    lines.append("")
    lines.append(
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
          + "\(FollowUp.decimal(100 * slope)) % a week (p \(FollowUp.decimal(p, 3))): the cut may "
          + "be that trend.")
    }
    lines.append("")
    lines.append("  Repeats avoided, in \(repeats.episodes) episodes after the release")
    lines.append("    predicted                     \(FollowUp.count(repeats.predicted))")
    lines.append("    by the failures' cut          \(FollowUp.count(repeats.byFailures))")
    lines.append("    by later contacts, counted    \(FollowUp.count(repeats.realised))")
    lines.append("")
    lines.append("Verdict: \(verdict.rawValue)")
    return lines.joined(separator: "\n")
  }

  private static func per100(_ rate: Double) -> String { decimal(100 * rate, 2) }

  private static func share(_ estimate: Estimate) -> String {
    guard let value = estimate.estimate, let ci = estimate.ci95 else { return "–" }
    return "\(decimal(100 * value)) % (\(decimal(100 * ci[0])) to \(decimal(100 * ci[1])))"
  }

  private static func count(_ estimate: Estimate) -> String {
    guard let value = estimate.estimate, let ci = estimate.ci95 else { return "–" }
    return "\(decimal(value, 0)) (\(decimal(ci[0], 0)) to \(decimal(ci[1], 0)))"
  }

  /// A number with a fixed number of decimals and a true minus sign.
  private static func decimal(_ value: Double, _ digits: Int = 1) -> String {
    let scale = [1.0, 10, 100, 1_000][digits]
    guard let scaled = Int(exactly: (abs(value) * scale).rounded()) else { return "\(value)" }
    let whole = scaled / Int(scale)
    let sign = value < 0 && scaled > 0 ? "\u{2212}" : ""
    guard digits > 0 else { return sign + String(whole) }
    let rest = String(scaled % Int(scale))
    return "\(sign)\(whole)." + String(repeating: "0", count: digits - rest.count) + rest
  }
}
