import Report
import WhatIf

/// A what-if for a terminal, at most 80 columns.
enum WhatIfText {
  static func text(_ report: WhatIfReport, currency: String?) -> String {
    var lines = head(report)
    lines += curve(report.curve, report, title: "All contacts", currency: currency)
    for group in report.groups {
      lines += [""]
      lines += curve(
        group, report, title: "\(report.by ?? ""): \(group.value ?? "")", currency: currency)
    }
    lines += local(report)
    lines += trend(report)
    lines += optimum(report)
    for policy in report.policies { lines += named(policy, report, currency) }
    return lines.joined(separator: "\n")
  }

  private static func head(_ report: WhatIfReport) -> [String] {
    let out = report.units.leftOut
    var text =
      "\(count(report.units.firstContacts)) first contacts of \(count(report.units.customers)) "
      + "customers, each with what followed within \(NumberWords.precise(report.windowDays)) days. "
      + "Left out: \(count(out.nearStart)) too near the log's start, \(count(out.nearEnd)) too near its "
      + "end, \(count(out.withoutDecision)) without score or handler."
    if !report.routing.inForce.isEmpty {
      let shown = report.routing.inForce.prefix(6).map { score($0.threshold) }
      text +=
        " Thresholds in force: \(shown.joined(separator: ", "))"
        + (report.routing.inForce.count > 6 ? " and others" : "")
        + "; staff took \(NumberWords.percent(report.routing.overrideShare)) of the contacts above."
    }
    return TerminalSummary.wrapped(text) + [""]
  }

  /// Points that fit on a screen: at most 21, the first and the last among them.
  private static func shown(_ points: [CurvePoint], today: [Double]) -> [CurvePoint] {
    guard points.count > 21 else { return points }
    return (0..<21).map { points[$0 * (points.count - 1) / 20] }
  }

  private static func curve(
    _ curve: ThresholdCurve, _ report: WhatIfReport, title: String, currency: String?
  ) -> [String] {
    let today = curve.thresholdsToday.prefix(4).map(score).joined(separator: ", ")
    var lines = TerminalSummary.wrapped(
      "\(title), \(count(curve.firstContacts)) first contacts"
        + (today.isEmpty ? "" : ", threshold today \(today)"))
    lines.append(
      row("threshold", "by AI", "eff. n", "repeats per 100", "change", "95% interval", "cost"))
    for point in shown(curve.points, today: curve.thresholdsToday) {
      lines.append(self.point(point))
    }
    let rests = Set(
      curve.points.filter { $0.support.verdict != .bounded }.flatMap(\.support.identification)
    ).subtracting(["as_logged"]).sorted()
    if !rests.isEmpty {
      lines += TerminalSummary.wrapped(
        "Estimates rest on " + rests.map(ThresholdWords.identification).joined(separator: " and ")
          + ".")
    }
    let bounded = curve.points.filter { $0.support.verdict == .bounded }
    if let first = bounded.min(by: { $0.support.outsideShare < $1.support.outsideShare }),
      let plan = first.exploration?.plans.first(where: { $0.rate == 0.05 })
    {
      lines += TerminalSummary.wrapped(
        "[a, b] are bounds, not estimates: \(bounded.count) of \(curve.points.count) thresholds are "
          + "outside support. To know \(score(first.threshold)) to ±"
          + "\(NumberWords.precise((first.exploration?.halfWidth ?? 0) * 100)) per 100, explore 5% of "
          + "the contacts concerned for \(NumberWords.count(plan.days.rounded(.up))) days.")
    }
    return lines
  }

  private static func point(_ point: CurvePoint) -> String {
    let repeats = point.outcomes.first { $0.outcome == .repeats }
    let cost = point.outcomes.first { $0.outcome == .cost }
    var cells = [
      score(point.threshold), NumberWords.percent(point.automatedShare),
      NumberWords.count(point.support.effectiveN.rounded()),
    ]
    if let value = repeats?.doublyRobust.estimate {
      cells.append(per100(value))
      cells.append(repeats?.change.estimate.map(per100) ?? NumberWords.missing)
      cells.append(
        repeats?.change.ci95.map { "\(per100($0[0])) to \(per100($0[1]))" } ?? NumberWords.missing)
    } else if let bounds = repeats?.bounds, let change = repeats?.changeBounds {
      cells.append("[\(per100(bounds.lower)), \(per100(bounds.upper))]")
      cells.append("")
      cells.append("[\(per100(change.ci95[0])), \(per100(change.ci95[1]))]")
    } else {
      cells += ["cannot be told", "", ""]
    }
    cells.append(
      cost?.change.estimate.map { NumberWords.fixed($0, decimals: 2) } ?? NumberWords.missing)
    return row(cells)
  }

  private static func local(_ report: WhatIfReport) -> [String] {
    guard !report.discontinuities.isEmpty else { return [] }
    var lines = ["", "At the thresholds in force (regression discontinuity, repeats per 100)"]
    for effect in report.discontinuities {
      let name = score(effect.threshold) + (effect.value.map { " \($0)" } ?? "")
      if let jump = effect.effectOfAutomating ?? effect.repeats {
        lines += TerminalSummary.wrapped(
          "\(name): automating changes repeats by \(per100(jump.estimate)) "
            + "(\(per100(jump.ci95[0])) to \(per100(jump.ci95[1])))"
            + (effect.densityP.map { $0 < 0.05 ? "; scores bunch at the threshold" : "" } ?? ""),
          first: "  ", rest: "    ")
      } else {
        lines += TerminalSummary.wrapped(
          "\(name): \(effect.note ?? "not told")", first: "  ", rest: "    ")
      }
    }
    return lines
  }

  private static func trend(_ report: WhatIfReport) -> [String] {
    guard let check = report.trendCheck, check.p < 0.05 else { return [] }
    return [""] + TerminalSummary.wrapped("Warning: \(check.meaning)")
  }

  private static func optimum(_ report: WhatIfReport) -> [String] {
    guard let optimum = report.optimum else {
      return report.curve.points.count > 1
        ? ["", "No best threshold: the study names no costs, or they cannot be told."] : []
    }
    var lines = [""] + TerminalSummary.wrapped("Least cost: \(optimum.sentence)")
    let isTogether = optimum.together?.isSupported == true
    if isTogether, let ci = optimum.together?.change.ci95 {
      lines += TerminalSummary.wrapped(
        "all together: cost per first contact \(NumberWords.fixed(ci[0], decimals: 2)) to "
          + "\(NumberWords.fixed(ci[1], decimals: 2))", first: "  ", rest: "    ")
    }
    let told = optimum.choices.filter {
      $0.isSupported || isTogether || optimum.choices.count == 1
    }
    for choice in told {
      guard let threshold = choice.threshold, let change = choice.change?.estimate else {
        continue
      }
      let interval = choice.ci95.map { " (\(score($0[0])) to \(score($0[1])))" } ?? ""
      let band =
        choice.simultaneous.map {
          " (\(NumberWords.fixed($0[0], decimals: 2)) to \(NumberWords.fixed($0[1], decimals: 2)))"
        } ?? ""
      lines += TerminalSummary.wrapped(
        "\(choice.value ?? "all"): \(score(threshold))\(interval), cost per first contact "
          + "\(NumberWords.fixed(change, decimals: 2))\(band)"
          + (choice.isSupported
            ? "" : isTogether ? "; not by itself" : "; no change is supported"),
        first: "  ", rest: "    ")
    }
    if let capacity = optimum.capacity {
      lines += CapacityWords.sentences(capacity).flatMap {
        TerminalSummary.wrapped($0, first: "  ", rest: "  ")
      }
    }
    return lines
  }

  private static func named(
    _ policy: PolicyResult, _ report: WhatIfReport, _ currency: String?
  ) -> [String] {
    var lines = [""]
    lines += TerminalSummary.wrapped(
      "Policy \(policy.name): AI handles \(NumberWords.percent(policy.whole.automatedShare)); "
        + "\(NumberWords.percent(policy.whole.support.outsideShare)) of first contacts are outside "
        + "support.")
    for value in policy.whole.outcomes {
      let name = value.outcome.rawValue
      let text: String
      if let estimate = value.doublyRobust.estimate, let ci = value.doublyRobust.ci95 {
        let change =
          value.change.ci95.map { " change \(three($0[0])) to \(three($0[1]))" } ?? ""
        text = "\(three(estimate)) (\(three(ci[0])) to \(three(ci[1])))\(change)"
      } else if let bounds = value.bounds {
        text = "between \(three(bounds.lower)) and \(three(bounds.upper))"
      } else {
        text = value.note ?? "cannot be told"
      }
      lines += TerminalSummary.wrapped("\(name): \(text)", first: "  ", rest: "    ")
    }
    if let worst = policy.queue.max(by: { ($0.meanWaitMinutes ?? 0) < ($1.meanWaitMinutes ?? 0) }),
      let wait = worst.meanWaitMinutes, let lost = worst.abandonment
    {
      lines += TerminalSummary.wrapped(
        "worst hour \(worst.hour): mean wait \(three(wait)) minutes, "
          + "\(NumberWords.percent(lost)) give up", first: "  ", rest: "    ")
    }
    return lines
  }

  private static func count(_ value: Int) -> String {
    NumberWords.fixed(Double(value), decimals: 0)
  }

  private static func three(_ value: Double) -> String { NumberWords.fixed(value, decimals: 3) }

  private static func score(_ value: Double) -> String { ThresholdWords.score(value) }

  private static func per100(_ value: Double) -> String {
    NumberWords.fixed(value * 100, decimals: 1)
  }

  private static func row(_ cells: String...) -> String { row(cells) }

  /// Right-aligned in columns of 80 characters altogether.
  private static func row(_ cells: [String]) -> String {
    let widths = [9, 7, 8, 17, 7, 18, 10]
    return zip(cells, widths).map {
      String(repeating: " ", count: max(1, $1 - $0.count)) + $0
    }.joined()
  }
}
