import Attribution

extension FigureCatalogue {
  static func name(_ mode: String, _ component: String?) -> String {
    component.map { "\(mode)@\($0)" } ?? mode
  }

  /// Where a report names a component as it stands for none.
  static func choice(_ mode: String, _ component: String?) -> Figure.ModeChoice {
    guard let component else { return .init(mode: mode, component: nil) }
    return .init(mode: mode, component: .some(component == "(none)" ? nil : component))
  }

  /// Where ids are declared to be wrong, each recorded contact stands for more.
  static func avoidedTerms(_ report: AttributionReport) -> [Figure.Term] {
    guard let factor = report.identity?.declared?.factor else { return [Figure.Term()] }
    return [Figure.Term(scale: factor)]
  }

  mutating func addModes(_ report: AttributionReport) {
    for result in report.modes {
      let choice = Self.choice(result.mode, result.component)
      let name = Self.name(result.mode, result.component)
      let path = "modes.\(name)"
      add(
        "\(path).interactions", Double(result.interactions), "interactions with \(name)",
        .mode(.interactions, choice))
      add(
        "\(path).caused", result.caused.estimate, note: result.caused.note,
        "repeats that \(name) caused: its part of the split", .mode(.caused, choice))
      add(
        "\(path).switched_off", result.switchedOff.estimate, note: result.switchedOff.note,
        "repeats that go if \(name) alone is off", .mode(.switchedOff, choice))
      add(
        "\(path).per_interaction", result.perInteraction.estimate, note: result.perInteraction.note,
        "repeats that \(name) caused, per interaction with it", .mode(.caused, choice),
        form: .ratio(.mode(.probability, choice)))
      add(
        "\(path).if_removed", result.ifRemoved.estimate, note: result.ifRemoved.note,
        "contacts that would not have come without \(name)", .avoided([.init(choices: [choice])]),
        terms: Self.avoidedTerms(report))
    }
  }

  mutating func addMetrics(_ metrics: AttributionReport.Metrics) {
    for (key, metric, quantity, words) in [
      (
        "intent_resolution_rate", metrics.intentResolutionRate, Figure.Quantity.intentResolved,
        "share of interactions whose intent was resolved"
      ),
      (
        "action_success_rate", metrics.actionSuccessRate, .actionSucceeded,
        "share of actions that succeeded"
      ),
      (
        "repeat_contact_rate", metrics.repeatContactRate, .followedInCoveredWindow,
        "share of interactions that the customary rule sees followed by a repeat"
      ),
      ("csat", metrics.csat, .csat, "mean score"),
    ] {
      let path = "metrics.\(key)"
      func one(_ path: String, _ value: Double?, _ n: Int, _ term: Figure.Term) {
        add(
          path, value, note: "no interaction tells it", words, quantity, form: .mean, terms: [term])
        add(
          "\(path).n", Double(n), "interactions that tell the \(words)", quantity, form: .count,
          terms: [term])
      }
      one("\(path).overall", metric.overall.estimate, metric.overall.n, Figure.Term())
      for week in metric.byWeek {
        one("\(path).by_week.\(week.week)", week.estimate, week.n, Figure.Term(week: week.week))
      }
      for (handler, value, weeks) in [
        ("ai", metric.byHandler.ai, metric.byHandlerByWeek.ai),
        ("staff", metric.byHandler.staff, metric.byHandlerByWeek.staff),
      ] {
        one("\(path).by_handler.\(handler)", value.estimate, value.n, Figure.Term(handler: handler))
        for week in weeks {
          one(
            "\(path).by_handler_by_week.\(handler).\(week.week)", week.estimate,
            week.n, Figure.Term(week: week.week, handler: handler))
        }
      }
    }
    addLatency(metrics.endToEndLatencyMs)
  }

  private mutating func addLatency(_ latency: AttributionReport.Latency) {
    let path = "metrics.end_to_end_latency_ms"
    func three(
      _ path: String, _ p50: Double?, _ p95: Double?, _ p99: Double?, _ n: Int,
      _ term: Figure.Term
    ) {
      add(
        "\(path).n", Double(n), "interactions whose duration is known", .latency, form: .count,
        terms: [term])
      for (percent, value) in [(50, p50), (95, p95), (99, p99)] {
        add(
          "\(path).p\(percent)", value, note: "no interaction tells it",
          "milliseconds that \(percent) % of the interactions did not exceed", .latency,
          form: .quantile(percent), terms: [term])
      }
    }
    three(path, latency.p50, latency.p95, latency.p99, latency.n, Figure.Term())
    for w in latency.byWeek {
      three("\(path).by_week.\(w.week)", w.p50, w.p95, w.p99, w.n, Figure.Term(week: w.week))
    }
    for (handler, value, weeks) in [
      ("ai", latency.byHandler.ai, latency.byHandlerByWeek.ai),
      ("staff", latency.byHandler.staff, latency.byHandlerByWeek.staff),
    ] {
      three(
        "\(path).by_handler.\(handler)", value.p50, value.p95, value.p99,
        value.n, Figure.Term(handler: handler))
      for w in weeks {
        three(
          "\(path).by_handler_by_week.\(handler).\(w.week)", w.p50, w.p95, w.p99,
          w.n, Figure.Term(week: w.week, handler: handler))
      }
    }
  }
}
