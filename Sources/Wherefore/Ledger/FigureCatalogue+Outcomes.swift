import Attribution

/// Outcomes beside repeats, and how many interactions the response curves of latency rest on.
extension FigureCatalogue {
  mutating func addOutcomes(_ report: AttributionReport) {
    for result in report.outcomes ?? [] {
      let (name, path) = (result.outcome, "outcomes.\(result.outcome)")
      add(
        "\(path).interactions", Double(result.interactions),
        "interactions on which \(name) could happen and is known",
        .outcome(name, .interactions), form: .count)
      add(
        "\(path).events", result.events.map(Double.init), note: "it is told from silence",
        "interactions on which \(name) happened", .outcome(name, .events))
      add(
        "\(path).expected", result.expected.estimate, note: result.expected.note,
        "events of \(name) that are expected of these interactions", .outcome(name, .expected))
      addOutcomeSplit(result)
      for mode in result.modes { addOutcomeMode(mode, of: result) }
      if let money = result.money {
        add(
          "\(path).money.system", money.system.estimate, note: money.system.note,
          "money of the events of \(name) that failures of the system brought about, or took away",
          .outcome(name, .system), terms: [Figure.Term(scale: money.perEvent)])
      }
      if let silence = result.silence { addSilence(silence, of: result) }
    }
    addChurnCost(report)
  }

  private mutating func addOutcomeSplit(_ result: AttributionReport.OutcomeResult) {
    let (name, split) = (result.outcome, result.split)
    for (key, part, field, words) in [
      (
        "system_direct", split.systemDirect, Figure.OutcomeField.systemDirect,
        "failures of the system directly"
      ),
      (
        "system_through_staff", split.systemThroughStaff, .systemThroughStaff,
        "staff errors that failures of the system brought about"
      ),
      ("staff_own", split.staffOwn, .staffOwn, "staff errors of their own"),
      ("baseline", split.baseline, .baseline, "no declared failure"),
    ] {
      let path = "outcomes.\(name).split.\(key)"
      let meaning = "events of \(name) that come of \(words)"
      add(path, part.estimate, note: part.note, meaning, .outcome(name, field))
      guard let total = result.expected.estimate, total != 0 else { continue }
      add(
        "\(path).share", part.share, note: part.note, "\(meaning), as a share of all expected",
        .outcome(name, field), terms: [Figure.Term(scale: 1 / total)])
    }
  }

  private mutating func addOutcomeMode(
    _ mode: AttributionReport.OutcomeResult.Mode, of result: AttributionReport.OutcomeResult
  ) {
    let outcome = result.outcome
    let choice = Self.choice(mode.mode, mode.component)
    let name = Self.name(mode.mode, mode.component)
    let path = "outcomes.\(outcome).modes.\(name)"
    add(
      "\(path).interactions", Double(mode.interactions),
      "interactions with \(name) on which \(outcome) could happen and is known",
      .outcome(outcome, .modeInteractions(choice)))
    add(
      "\(path).caused", mode.caused.estimate, note: mode.caused.note,
      "events of \(outcome) that \(name) caused: its part of the split",
      .outcome(outcome, .caused(choice)))
    add(
      "\(path).if_removed", mode.ifRemoved.estimate, note: mode.ifRemoved.note,
      "events of \(outcome) that would not have been without \(name) and the failures that it "
        + "brings about", .outcome(outcome, .removed(choice)))
  }

  private mutating func addSilence(
    _ silence: AttributionReport.OutcomeResult.Silence,
    of result: AttributionReport.OutcomeResult
  ) {
    let (name, path) = (result.outcome, "outcomes.\(result.outcome).silence")
    add(
      "\(path).customers", Double(silence.customers),
      "known customers, each at the last contact", .outcome(name, .customers))
    add(
      "\(path).departed", silence.departed, note: result.note,
      "customers who have left, told from their silence", .outcome(name, .departed))
    add(
      "\(path).telling_customers", silence.tellingCustomers,
      "customers whose silence tells: 1 less the chance of being that long silent while there",
      .outcome(name, .telling))
    add(
      "\(path).median_days_silent", silence.medianDaysSilent, note: "no customer is known",
      "days from a customer's last contact to the end of the log, the middle customer's",
      .outcome(name, .daysSilent), form: .median)
  }

  /// What fixes save of customers who would not have left (`AttributionReport.priceChurn`): the first
  /// priced outcome of kind churn that could be told, by the mode at the component, else the whole mode.
  private mutating func addChurnCost(_ report: AttributionReport) {
    let churn = report.outcomes?.first {
      $0.kind == "churn" && $0.money != nil && $0.expected.estimate != nil
    }
    for fix in report.fixes {
      guard let cost = fix.churnCostAvoided else { continue }
      let name = Self.name(fix.mode, fix.component)
      let row = churn?.modes.first { $0.mode == fix.mode && $0.component == fix.component }
      add(
        "fixes.\(name).churn_cost_avoided", cost.estimate, note: cost.note,
        "worth of the customers who would not have left without \(name)",
        .outcome(
          churn?.outcome ?? "", .removed(Self.choice(fix.mode, row == nil ? nil : fix.component))),
        terms: [Figure.Term(scale: churn?.money?.perEvent ?? 1)])
    }
  }

  /// Interactions whose latency counts; the curves themselves are drawn through all of them at once.
  mutating func addLatencyDoses(_ report: AttributionReport) {
    for dose in report.latencyDose ?? [] {
      let path = "latency_dose.\(dose.response)"
      let quantity = Figure.Quantity.latencyOnCurve(
        outcome: dose.response == "repeats" ? nil : dose.response)
      let words = "interactions with a latency on the curve of \(dose.response)"
      for (path, count) in [
        ("\(path).interactions", dose.interactions),
        ("\(path).overall.interactions", dose.overall.interactions),
      ] {
        add(path, Double(count), words, quantity, form: .count)
      }
      for curve in dose.topics {
        guard let topic = curve.topic else { continue }
        add(
          "\(path).topics.\(topic).interactions", Double(curve.interactions),
          "\(words), about \(topic)", quantity, form: .count, terms: [Figure.Term(topic: topic)])
      }
    }
  }
}
