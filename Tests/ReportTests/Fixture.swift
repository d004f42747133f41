import Attribution

/// A report with plausible numbers: a contact centre over sixteen weeks, in which timeouts of the
/// payments integration rise from week eleven on while CSAT stays as it was.
enum Fixture {
  static let weeks = (2...17).map { "2026-W\($0 < 10 ? "0" : "")\($0)" }

  static func estimate(_ value: Double, _ half: Double, note: String? = nil)
    -> AttributionReport.Estimate
  {
    .init(estimate: value, ci95: [value - half, value + half], note: note)
  }

  static func unknown(_ note: String) -> AttributionReport.Estimate {
    .init(estimate: nil, ci95: nil, note: note)
  }

  static func report() -> AttributionReport {
    AttributionReport(
      period: .init(from: "2026-01-05T00:04:11Z", to: "2026-04-26T23:51:40Z"),
      interactions: 20_412, customers: 6_318, unlinkedInteractions: 214,
      headline: .init(
        systemCausedRepeats: .init(
          estimate: 1_284.6, ci95: [1_131.2, 1_438], per100Interactions: 6.29,
          per100Ci95: [5.54, 7.04]),
        staffOwnCausedRepeats: .init(
          estimate: 171.3, ci95: [96.1, 246.5], per100Interactions: 0.84, per100Ci95: [0.47, 1.21]),
        sentence: "The system caused about 1,285 repeat contacts (1,131 to 1,438), 6.3 per 100 "
          + "interactions; staff by themselves caused about 171."),
      repeats: .init(
        windowDays: 15,
        countedByRule: .init(
          rule: "same customer and topic within 7 days", count: 3_106, rate: 0.1578),
        caused: estimate(2_611.4, 208.3), coincidental: estimate(1_874.6, 208.3)),
      metrics: metrics(), split: split(), weekly: weekly(), topics: topics(),
      modes: FixtureModes.modes(), fixes: FixtureModes.fixes(),
      staff: [
        .init(
          staffID: "agent-0417", perInteraction: estimate(0.081, 0.03), contacts: 640,
          expected: 81.2, observed: 151.7, ratio: estimate(1.87, 0.3),
          shrunkRatio: estimate(1.64, 0.24), q: 0.004, errorOdds: [:])
      ],
      change: weekly().enumerated().map { index, week in
        .init(
          week: week.week,
          systemPer100: 100 * (week.systemCaused ?? 0)
            / Double(week.interactions) / week.exposure,
          difference: index == 0 ? nil : 0.2)
      },
      checks: checks(), model: model(),
      provenance: .init(
        version: "0.1.0",
        studySHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        logSHA256: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", seed: 1,
        rowsRead: 20_431, rowsRejected: 19))
  }

  static func split() -> AttributionReport.Split {
    func part(_ value: Double, _ half: Double, note: String? = nil) -> AttributionReport.Part {
      .init(
        estimate: value, ci95: [value - half, value + half], share: value / 2_611.4,
        shareCi95: [(value - half) / 2_611.4, (value + half) / 2_611.4], note: note)
    }
    return .init(
      systemDirect: part(1_152.4, 141), systemThroughStaff: part(132.2, 48.2),
      staffOwn: part(
        171.3, 75.2, note: "from the 2,314 interactions that quality assurance reviewed"),
      baseline: part(1_155.5, 162.9))
  }

  static func weekly() -> [AttributionReport.WeekOfRepeats] {
    weeks.enumerated().map { index, week in
      let outage = index >= 10 ? 1.55 : 1
      let wave = [1.02, 0.95, 1.07, 0.98, 1, 1.05, 0.93][index % 7]
      let exposure = index == 15 ? 0.24 : index == 14 ? 0.71 : index == 13 ? 0.97 : 1
      return .init(
        week: week, interactions: 1_270 + (index * 37) % 90,
        systemDirect: 60.3 * outage * wave * exposure, systemThroughStaff: 7.4 * wave * exposure,
        staffOwn: 10.9 * exposure * (2 - wave), baseline: 74.1 * exposure,
        csat: index == 5 ? nil : 4.21 + 0.02 * Double(index % 3 - 1), exposure: exposure)
    }
  }

  static func topics() -> [AttributionReport.TopicOfRepeats] {
    let names = ["billing", "delivery", "login", "payments", "returns"]
    return names.enumerated().map { index, topic in
      let weight = [0.22, 0.18, 0.12, 0.36, 0.12][index]
      return .init(
        topic: topic, interactions: Int(20_412 * weight), systemDirect: 1_152.4 * weight,
        systemThroughStaff: 132.2 * weight, staffOwn: 171.3 * weight, baseline: 1_155.5 * weight)
    }
  }

  static func metrics() -> AttributionReport.Metrics {
    func value(_ rate: Double, _ half: Double, _ n: Int) -> AttributionReport.MetricValue {
      .init(estimate: rate, ci95: [rate - half, rate + half], n: n)
    }
    func weekly(_ rate: Double, _ half: Double, _ drop: Double, blank: Int? = nil)
      -> [AttributionReport.WeekValue]
    {
      weeks.enumerated().map { index, week in
        let rate = rate + half / 2 * Double(index % 3 - 1) - (index >= 10 ? drop : 0)
        return index == blank
          ? .init(week: week, estimate: nil, ci95: nil, n: 0)
          : .init(
            week: week, estimate: rate, ci95: [rate - half, rate + half], n: 610 + index * 3)
      }
    }
    func metric(_ ai: Double, _ staff: Double, _ half: Double, _ drop: Double)
      -> AttributionReport.Metric
    {
      .init(
        overall: value((ai + staff) / 2, half / 4, 20_412),
        byWeek: weekly((ai + staff) / 2, half, drop),
        byHandler: .init(ai: value(ai, half / 3, 12_907), staff: value(staff, half / 3, 7_505)),
        byHandlerByWeek: .init(
          ai: weekly(ai, half, drop), staff: weekly(staff, half * 1.4, drop / 3, blank: 6)))
    }
    func latency(_ scale: Double) -> [AttributionReport.WeekQuantiles] {
      weeks.enumerated().map { index, week in
        let slow = index >= 10 ? 1.3 : 1
        return .init(
          week: week, p50: 41_000 * scale * slow, p95: 211_000 * scale * slow,
          p99: 390_000 * scale * slow, n: 600)
      }
    }
    return .init(
      intentResolutionRate: metric(0.79, 0.86, 0.03, 0.04),
      actionSuccessRate: metric(0.88, 0.92, 0.025, 0.05),
      endToEndLatencyMs: .init(
        overall: .init(p50: 61_200, p95: 912_400, p99: 1_870_000, n: 20_398),
        byWeek: latency(2),
        byHandler: .init(
          ai: .init(p50: 41_000, p95: 211_000, p99: 390_000, n: 12_907),
          staff: .init(p50: 402_000, p95: 1_411_000, p99: 2_213_000, n: 7_491)),
        byHandlerByWeek: .init(ai: latency(1), staff: latency(9))),
      repeatContactRate: metric(0.17, 0.138, 0.028, -0.05),
      csat: .init(
        overall: value(4.21, 0.02, 5_104), byWeek: weekly(4.2, 0.06, 0),
        byHandler: .init(ai: value(4.18, 0.02, 3_206), staff: value(4.26, 0.03, 1_898)),
        byHandlerByWeek: .init(ai: weekly(4.18, 0.08, 0), staff: weekly(4.26, 0.1, 0))))
  }

  static func checks() -> [AttributionReport.Check] {
    [
      .init(
        name: "permuted_customers", verdict: .pass, value: 11.8,
        meaning: "With whole rows shuffled across customers the model finds 12 caused repeats "
          + "instead of 2,611: it does not see causes where there are none."),
      .init(
        name: "share_without_identity", verdict: .pass, value: 0.0105,
        meaning: "1.0% of interactions have no customer id. Their repeats cannot be linked."),
      .init(
        name: "shared_identities", verdict: .warn, value: 3,
        meaning: "3 customer ids make as many contacts as 40 others together and are probably "
          + "shared. Their contacts are left out of the links; look at them."),
      .init(
        name: "background_sensitivity", verdict: .warn, value: 0.061,
        meaning: "The system's count moves by 6.1% between the background models that were tried; "
          + "its share of the caused repeats moves by 9 points. Trust the count more.",
        details: ["constant": 1_364.2, "by_day": 1_301.7, "by_topic_and_day": 1_284.6]),
      .init(
        name: "reviews_after_the_repeat", verdict: .fail, value: 0.31,
        meaning: "31% of the quality reviews were made after the customer had come back, so the "
          + "review may know of the repeat. Staff's own part may be too large."),
      .init(
        name: "delay_residuals", verdict: .pass, value: 0.42,
        meaning: "Repeats come as late as the model expects (p = 0.42)."),
      .init(
        name: "leakage", verdict: .notApplicable, value: nil,
        meaning:
          "The log has one row an interaction, so nothing in it shows when a value was known."),
    ]
  }

  static func model() -> AttributionReport.Model {
    let hours: [Double] = [0, 1, 3, 8, 24, 48, 96, 168, 264, 360]
    func density(_ decay: Double) -> [Double] {
      let heights = hours.dropLast().map { 1 / (1 + $0 / decay) }
      let total = zip(heights, zip(hours, hours.dropFirst())).reduce(0) { sum, bin in
        sum + bin.0 * (bin.1.1 - bin.1.0) / 24
      }
      return heights.map { $0 / total }
    }
    func coefficient(_ term: String, _ value: Double, _ se: Double)
      -> AttributionReport.Coefficient
    {
      .init(term: term, estimate: value, se: se, ci95: [value - 1.96 * se, value + 1.96 * se])
    }
    return .init(
      link: "log",
      coefficients: [
        coefficient("(intercept)", -2.91, 0.08), coefficient("topic=delivery", 0.12, 0.07),
        coefficient("topic=payments", 0.31, 0.06), coefficient("integration_timeout", 1.42, 0.09),
        coefficient("misclassified_intent", 0.83, 0.1), coefficient("action_failed", 1.11, 0.12),
        coefficient("wrong_information", 0.74, 0.21),
        .init(term: "slow_execution", estimate: -0.04, se: nil, ci95: nil),
      ],
      delay: [
        .init(group: "all", hours: hours, densityPerDay: density(40)),
        .init(group: "integration_timeout", hours: hours, densityPerDay: density(5)),
      ],
      topicPersistence: [
        .init(group: "all", estimate: 0.71), .init(group: "misclassified_intent", estimate: 0.48),
      ],
      background: .init(
        contactsPerCustomer30Days: 0.41,
        rateComponents: [
          .init(weight: 0.91, shape: 1.4, mean: 0.0092), .init(weight: 0.09, shape: 3, mean: 0.061),
        ],
        topicMixConcentration: 6.2, activeIntervals: "estimated"),
      iterations: 47, converged: true,
      criterion: "relative change of the log-likelihood below 1e-9", logLikelihood: -84_211.37,
      selection: [
        .init(candidate: "delays of integration_timeout apart", heldOutGain: 31.2, chosen: true),
        .init(candidate: "identity link", heldOutGain: -4.81, chosen: false),
      ])
  }
}
