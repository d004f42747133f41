import Attribution

/// The failure modes and fixes of the fixture. Modes as wholes and baseline add up to the total.
enum FixtureModes {
  static func modes() -> [AttributionReport.ModeResult] {
    [
      mode("misclassified_intent", "system", "nlu", 1_804, 298.2, 61, 341.5, 1.9),
      mode("integration_timeout", "system", nil, 1_422, 612.9, 84.1, 988.3, 3.4),
      mode("integration_timeout", "system", "payments", 1_011, 488.1, 72.9, 802.7, 3.7),
      mode("integration_timeout", "system", "orders", 411, 124.8, 40.2, 185.6, 2.6),
      mode("misclassified_intent", "system", nil, 1_804, 298.2, 61, 341.5, 1.9),
      mode("action_failed", "system", nil, 913, 244.6, 52.3, 271, 2.7),
      mode("action_failed", "system", "refund", 913, 244.6, 52.3, 271, 2.7),
      mode("near_threshold_automation", "system", nil, 2_118, 141.2, 66.8, 150.3, 1.4),
      mode("near_threshold_automation", "system", "routing", 2_118, 141.2, 66.8, 150.3, 1.4),
      mode("slow_execution", "system", nil, 731, -12.3, 29.4, -13.1, nil),
      mode("wrong_information", "staff", nil, 214, 118.4, 55.9, 126.2, 2),
      mode("wrong_information", "staff", "staff", 214, 118.4, 55.9, 126.2, 2),
      mode("procedure_missed", "staff", nil, 120, 52.9, 41, 55.3, 1.8),
      AttributionReport.ModeResult(
        mode: "integration_error", side: "system", component: nil, interactions: 6,
        caused: Fixture.unknown("6 interactions are too few to tell"),
        perInteraction: .init(estimate: nil, ci95: nil),
        switchedOff: .init(estimate: nil, ci95: nil),
        ifRemoved: .init(estimate: nil, ci95: nil), doublyRobust: .init(estimate: nil, ci95: nil),
        eValue: nil, note: "not identifiable: occurs on one day only"),
    ]
  }

  private static func mode(
    _ name: String, _ side: String, _ component: String?, _ interactions: Int, _ caused: Double,
    _ half: Double, _ removed: Double, _ eValue: Double?
  ) -> AttributionReport.ModeResult {
    AttributionReport.ModeResult(
      mode: name, side: side, component: component, interactions: interactions,
      caused: Fixture.estimate(caused, half),
      perInteraction: Fixture.estimate(caused / Double(interactions), half / Double(interactions)),
      switchedOff: Fixture.estimate(caused * 1.02, half * 1.02),
      ifRemoved: Fixture.estimate(removed, half * 1.4),
      doublyRobust: component == nil
        ? Fixture.estimate(caused * 0.97, half * 1.5) : Fixture.unknown("for whole modes only"),
      eValue: eValue, note: nil)
  }

  static func fixes() -> [AttributionReport.Fix] {
    func fix(
      _ rank: Int, _ component: String, _ mode: String, _ avoided: Double, _ half: Double,
      _ ranks: [Int]?, _ examples: [String], order: (step: Int, gain: Double, together: Double)
    ) -> AttributionReport.Fix {
      .init(
        rank: rank, component: component, mode: mode,
        repeatsAvoided: Fixture.estimate(avoided, half),
        costAvoided: Fixture.estimate(avoided * 7.1, half * 7.1), currency: "EUR",
        rankInterval: ranks, examples: examples,
        halved: .init(
          repeatsAvoided: Fixture.estimate(avoided * 0.52, half * 0.53),
          costAvoided: Fixture.estimate(avoided * 3.7, half * 3.8)),
        overlap: [
          .init(mode: "slow_execution", component: "crm", lowersBy: 3.25, lowersCostBy: 23.1)
        ],
        greedy: .init(
          step: order.step, gain: Fixture.estimate(order.gain, half),
          costGain: Fixture.estimate(order.gain * 7.1, half * 7.1),
          together: Fixture.estimate(order.together, 130),
          costTogether: Fixture.estimate(order.together * 7.1, 923)),
        examplesWithLinks: examples.map {
          .init(
            interaction: $0, brought: 1.4,
            links: [.init(interaction: "\($0)-later", probability: 0.873, hours: 5.5)])
        })
    }
    return [
      fix(
        1, "payments", "integration_timeout", 802.7, 102, [1, 1],
        ["c-018812", "c-019034", "c-017755"], order: (1, 802.7, 802.7)),
      fix(
        2, "nlu", "misclassified_intent", 341.5, 85.4, [2, 3], ["c-002211", "c-009871"],
        order: (2, 330.2, 1132.9)),
      fix(
        3, "refund", "action_failed", 271, 73.2, [2, 4], ["c-011120"], order: (3, 214.4, 1347.3)),
      fix(4, "orders", "integration_timeout", 185.6, 56.3, [3, 5], [], order: (4, 51.1, 1398.4)),
      .init(
        rank: 5, component: "routing", mode: "near_threshold_automation",
        repeatsAvoided: Fixture.estimate(150.3, 93.5),
        costAvoided: Fixture.unknown("the study names no costs"), currency: nil, rankInterval: nil,
        examples: ["c-004410", "c-004411"]),
    ]
  }
}
