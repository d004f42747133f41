import Attribution
import FailureModes
import Foundation
import InteractionLog
import RepeatContacts
import Statistics
import SyntheticWorld
import Testing
import WhatIf

/// A generated log with its fit, as a run without a study makes it.
private struct FittedWorld {
  let world: World
  let fitted: FittedAttribution

  init(seed: UInt64, interactions: Int = 6_000, _ edit: (inout WorldParameters) -> Void = { _ in })
    throws
  {
    var parameters = WorldParameters()
    edit(&parameters)
    world = World(
      regime: .logLinear, parameters: parameters, interactions: interactions, seed: seed)
    let table = world.generate(includeTotals: false).table
    let study = Study.canonical
    var options = AttributionOptions(seed: 1)
    options.modelChecks = false
    fitted = try FittedAttribution(
      AttributionInput(
        table: table, modes: try ModeTable.build(study: study, table: table), study: study,
        customers: nil, constantColumns: []),
      options: options)
  }

  func report(_ interventions: [Intervention]) throws -> InterventionReport {
    try InterventionAnalysis(fitted).report(interventions)
  }
}

@Suite struct InterventionTests {
  /// More worlds where WHEREFORE_WORLDS says how many.
  private static let worlds =
    ProcessInfo.processInfo.environment["WHEREFORE_WORLDS"].flatMap { Int($0) } ?? 2

  /// Draws of which failures go: the answer is what is expected over them.
  private static let draws: UInt64 = 12

  private static func happens(_ contact: Contact, below share: Double, _ draw: UInt64) -> Bool {
    var stream = RandomStream(seed: contact.key, keys: 0x7468_696e, draw)
    return stream.uniform() < share
  }

  /// What the world says to each change, on the same random numbers.
  private static func truth(
    _ change: Intervention, _ contact: Contact, draw: UInt64 = 0
  ) -> TwinCount.Change {
    let integrations = Catalogue.integrations.map(\.name)
    switch change {
    case .failureRate(_, let component, let times):
      let isAt = component.map { name in
        contact.integration >= 0 && integrations[Int(contact.integration)] == name
      }
      return .init(removed: isAt ?? true && !happens(contact, below: times, draw) ? .timeout : [])
    case .intentPair(let predicted, let actual):
      let isPair =
        Catalogue.topics[Int(contact.topic)].name == actual
        && Catalogue.topics[Int(contact.predicted)].name == predicted
      return .init(removed: isPair ? .misclassified : [])
    default: return .init()
    }
  }

  @Test("What changes avoid is what the world avoids on the same random numbers")
  func knownTruth() throws {
    let changes: [Intervention] = [
      .failureRate(mode: "integration_timeout", component: "payments", times: 0.5),
      .failureRate(mode: "integration_timeout", component: nil, times: 0),
      .intentPair(predicted: "order_status", actual: "delivery_problem"),
    ]
    var covered = [0, 0, 0]
    var jointCovered = 0
    var scores: [Double] = []
    for seed in 1...Self.worlds {
      let one = try FittedWorld(seed: UInt64(seed))
      let report = try one.report(changes)
      for (k, change) in changes.enumerated() {
        let draws = k == 0 ? Self.draws : 1
        let truth = (0..<draws).reduce(0.0) { sum, draw in
          sum + Double(one.world.avoided { Self.truth(change, $0, draw: draw) }) / Double(draws)
        }
        let found = report.changes[k].repeatsAvoided
        let (value, ci) = (try #require(found.estimate), try #require(found.ci95))
        scores.append((value - truth) / ((ci[1] - ci[0]) / 3.92))
        if ci[0] <= truth && truth <= ci[1] { covered[k] += 1 }
      }
      // All timeouts and the pair at once.
      let joint = try #require(
        report.pairs.first { $0.first == changes[1].name && $0.second == changes[2].name })
      let truth = Double(
        one.world.avoided { contact in
          .init(
            removed: Self.truth(changes[1], contact).removed.union(
              Self.truth(changes[2], contact).removed))
        })
      let ci = try #require(joint.repeatsAvoided.ci95)
      if ci[0] <= truth && truth <= ci[1] { jointCovered += 1 }
    }
    let n = Double(Self.worlds)
    let mean = scores.reduce(0, +) / Double(scores.count)
    print("interventions: covered \(covered), joint \(jointCovered) of \(Self.worlds), z \(mean)")
    #expect(scores.allSatisfy { abs($0) < 4 }, "\(scores)")
    for count in covered + [jointCovered] {
      #expect(Double(count) >= 0.95 * n - 3.1 * (0.0475 * n).squareRoot())
    }
  }

  @Test("Staff errors on a topic brought to the median are the share that exceeds it")
  func staffErrors() throws {
    // Staff err far more often on the topic than on any other.
    let one = try FittedWorld(seed: 5) { $0.staffWork.wrongInformation.base = -1.5 }
    let table = one.fitted.input.table
    let handler = try #require(table.text("handled_by"))
    let errors = try #require(table.text("staff_error"))
    func rate(_ topic: String, _ error: String) -> Double {
      let rows = (0..<table.count).filter { table.topic[$0] == topic && handler[$0] == "staff" }
      return Double(rows.count { errors[$0]?.contains(error) ?? false }) / Double(rows.count)
    }
    var share: [String: Double] = [:]
    for error in ["wrong_information", "procedure_missed"] {
      let rates = World.topicNames.map { rate($0, error) }.sorted()
      share[error] = max(0, 1 - (rates[5] + rates[6]) / 2 / rate("complaint", error))
    }
    let wrong = try #require(share["wrong_information"])
    let missed = try #require(share["procedure_missed"])
    #expect(wrong > 0.1)
    let report = try one.report([.staffErrors(topic: "complaint")])
    let topic = UInt8(try #require(World.topicNames.firstIndex(of: "complaint")))
    let truth = one.world.avoided { contact in
      guard contact.topic == topic else { return .init() }
      var stream = RandomStream(seed: contact.key, keys: 0x7374_6166)
      var removed: ModeSet = []
      if stream.uniform() < wrong { removed.insert(.wrongInformation) }
      if stream.uniform() < missed { removed.insert(.procedureMissed) }
      return .init(removed: removed)
    }
    let found = report.changes[0].repeatsAvoided
    let (value, ci) = (try #require(found.estimate), try #require(found.ci95))
    #expect(value > 0)
    #expect(abs(value - Double(truth)) < 4 * (ci[1] - ci[0]) / 3.92, "\(value), truth \(truth)")
  }

  @Test("A cap on latency avoids what late answers bring beyond it")
  func latencyCap() throws {
    let law = (begins: 600.0, ends: 1_600.0, height: 1.2)
    func effect(_ latency: Double) -> Double {
      law.height * min(max(latency - law.begins, 0), law.ends - law.begins)
        / (law.ends - law.begins)
    }
    var scores: [Double] = []
    for seed in 1...2 {
      let one = try FittedWorld(seed: UInt64(seed)) {
        $0.latency = LatencyLaw(begins: law.begins, ends: law.ends, height: law.height)
        $0.repeats.effects[InjectedMode.slowExecution.index] = 0
      }
      let truth = one.world.avoided { contact in
        guard contact.integration == 3, !contact.modes.contains(.timeout),
          contact.latencyMilliseconds > 600
        else { return .init() }
        return .init(factor: exp(-effect(Double(contact.latencyMilliseconds))))
      }
      let found = try one.report([.latencyCap(integration: "orders", milliseconds: 600)])
        .changes[0]
      #expect(found.failures == nil)
      let value = try #require(found.repeatsAvoided.estimate)
      let ci = try #require(found.repeatsAvoided.ci95)
      print("latency: \(value) \(ci), truth \(truth)")
      #expect(ci[0] > 0)
      scores.append((value - Double(truth)) / ((ci[1] - ci[0]) / 3.92))
    }
    #expect(scores.allSatisfy { abs($0) < 3.5 }, "\(scores)")
  }

  @Test("Whole removals have the values and gradients that the report's fixes have")
  func sameAsRemovals() throws {
    let fitted = try FittedWorld(seed: 2, interactions: 4_000).fitted
    let tree = fitted.tree()
    let totals = RemovalTotals(effects: fitted.effects, costs: nil, threads: 2)
    let (layout, _) = try fitted.sandwich()
    let gradient = RemovalGradient(
      totals: totals, layout: layout, cells: fitted.cells, rates: fitted.rates,
      executor: fitted.executor)
    let parts = [[0], [1, 2]]
    let removals = parts.map { PartRemoval(parts: $0, share: 0.5) }
    let changes = parts.map { parts in
      TreeChange(terms: [
        .init(parts: parts, weight: [Double](repeating: 0.5, count: tree.data.count))
      ])
    }
    let expected = gradient.matrix(removals, tree: tree)
    let found = gradient.matrix(of: changes, tree: tree)
    #expect(expected.rows == found.rows)
    // The same sums in another order of factors.
    for (a, b) in zip(expected.storage, found.storage) {
      #expect(abs(a - b) <= 1e-9 * max(1, abs(a)))
    }
  }

  @Test("The same failure taken away twice goes once; other failures overlap a little")
  func pairs() throws {
    let one = try FittedWorld(seed: 3, interactions: 4_000)
    let report = try one.report([
      .failureRate(mode: "integration_timeout", component: "payments", times: 0),
      .failureRate(mode: "integration_timeout", component: nil, times: 0),
      .failureRate(mode: "action_failed", component: nil, times: 0.5),
    ])
    let alone = report.changes.compactMap(\.repeatsAvoided.estimate)
    let both = report.pairs.compactMap(\.repeatsAvoided.estimate)
    let beyond = report.pairs.compactMap(\.beyondSum.estimate)
    #expect(alone.count == 3 && both.count == 3 && beyond.count == 3)
    #expect(abs(both[0] - alone[1]) < 1e-9 * alone[1])
    #expect(abs(beyond[0] + alone[0]) < 1e-9 * alone[1])
    for (k, pair) in [(0, 1), (0, 2), (1, 2)].enumerated() {
      #expect(abs(beyond[k] - (both[k] - alone[pair.0] - alone[pair.1])) < 1e-9)
    }
    // A timeout makes actions fail: part of what both avoid is the same.
    #expect(beyond[2] < 0 && -beyond[2] < min(alone[1], alone[2]))
    let failures = report.changes.compactMap(\.failures)
    let timeouts = try #require(one.fitted.input.table.text("integration_status"))
    let known = (0..<one.fitted.input.table.count).count { timeouts[$0] == "timeout" }
    #expect(abs(failures[1] - Double(known)) < 1e-6 * Double(known))
    #expect(report.changes[0].costAvoided.estimate == nil)
    #expect(report.changes[0].costAvoided.note != nil)
  }

  @Test("Changes that the log cannot speak of are refused by name")
  func refused() throws {
    let one = try FittedWorld(seed: 3, interactions: 4_000)
    func refusal(_ change: Intervention) -> String? {
      do {
        _ = try one.report([change])
        return nil
      } catch {
        return "\(error)"
      }
    }
    let cases: [(Intervention, String)] = [
      (.failureRate(mode: "x", component: nil, times: 0), "integration_timeout"),
      (.failureRate(mode: "integration_timeout", component: "x", times: 0), "payments"),
      (.failureRate(mode: "integration_timeout", component: nil, times: 2), "0 to 1"),
      (.latencyCap(integration: "x", milliseconds: 1), "orders"),
      (.latencyCap(integration: "orders", milliseconds: -1), "above 0"),
      (.intentPair(predicted: "x", actual: "refund"), "refund"),
      (.intentPair(predicted: "refund", actual: "refund"), "one intent"),
      (.staffErrors(topic: "x"), "complaint"),
    ]
    for (change, part) in cases {
      #expect(refusal(change)?.contains(part) == true, "\(change): \(refusal(change) ?? "none")")
    }
    let many = [Intervention](
      repeating: .failureRate(mode: "integration_timeout", component: nil, times: 0), count: 9)
    #expect(throws: InterventionError.tooMany(count: 9, most: 8)) { try one.report(many) }
  }
}
