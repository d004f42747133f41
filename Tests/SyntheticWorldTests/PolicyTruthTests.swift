import InteractionLog
import SyntheticWorld
import Testing

@Suite struct PolicyTruthTests {
  private let fixed = World(thresholds: .fixed, interactions: 6_000, seed: 4)
  /// The log's first moment, milliseconds since 1970.
  private static let start: Int64 = 1_767_571_200_000

  @Test("The truth under the threshold in force is what the log shows")
  func inForceIsTheLog() throws {
    let log = fixed.generate(includeTotals: false)
    let truth = try fixed.truth(under: .inForce)
    #expect(truth.total == (try fixed.truth(under: .init(threshold: 0.7))).total)
    #expect(Int(truth.total.contacts + truth.total.laterContacts) == log.table.count)
    #expect(Int(truth.total.laterContacts) == log.cause.count { $0 >= 0 })
    let seconds = try #require(log.table.number("handle_seconds"))
    let handler = try #require(log.table.text("handled_by"))
    let staff = (0..<log.table.count).filter { handler[$0] == "staff" }
    let minutes = staff.reduce(0.0) { $0 + (seconds[$1] ?? 0) } / 60
    #expect(abs(minutes - truth.total.staffMinutes) < 1e-6 * minutes)
    let costs = truth.costs
    let cost = costs.perContact * Double(log.table.count) + costs.perStaffMinute * minutes
    #expect(abs(truth.total.cost - cost) < 1e-6 * cost)
  }

  @Test("First contacts and what follows them within the window are the log's")
  func firstContacts() throws {
    let log = fixed.generate(includeTotals: false)
    let table = log.table
    let window: Int64 = 15 * 86_400_000
    let start = Self.start
    let end = start + Int64(World.days) * 86_400_000
    var first = 0.0
    var later = 0.0
    for row in 0..<table.count {
      let (time, customer) = (table.startedAt[row], table.customer.codes[row])
      // The warm-up is not in the log: contacts of its first days could be later ones.
      guard time >= start + window, time <= end - window else { continue }
      let isFirst =
        row == 0 || table.customer.codes[row - 1] != customer
        || time - table.startedAt[row - 1] > window
      guard isFirst else { continue }
      first += 1
      later += Double(
        (row + 1..<table.count).prefix {
          table.customer.codes[$0] == customer && table.startedAt[$0] - time <= window
        }.count)
    }
    let truth = try fixed.truth(under: .inForce).firstContacts
    #expect(truth.contacts == first)
    // What earlier contacts bring, or follows at the window's last second, is not the episode's.
    #expect(abs(truth.laterContacts - later) <= 0.005 * later)
  }

  @Test("Cost is least inside the range of scores, staff minutes rise with the threshold")
  func interiorOptimum() throws {
    let thresholds = [0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9]
    let truths = try fixed.truths(under: thresholds.map { .init(threshold: $0) }, times: 4)
    for figures in [truths.map(\.firstContacts), truths.map(\.total)] {
      let cost = figures.map(\.cost)
      let best = cost.indices.min { cost[$0] < cost[$1] } ?? 0
      #expect((0.45...0.7).contains(thresholds[best]), "the best is \(thresholds[best])")
      #expect(cost[0] > 1.02 * cost[best])
      #expect(cost[cost.count - 1] > 1.02 * cost[best])
      let minutes = figures.map(\.staffMinutes)
      #expect(zip(minutes, minutes.dropFirst()).allSatisfy { $0 < $1 })
    }
    let contacts = Set(truths.map(\.firstContacts.contacts))
    #expect(contacts.count == 1, "the unit is the same under every policy")
    // What brings fewest repeats is another threshold than what costs least.
    let later = truths.map(\.firstContacts.laterContacts)
    let fewest = later.indices.min { later[$0] < later[$1] } ?? 0
    #expect(thresholds[fewest] >= 0.65)
  }

  @Test("Thresholds that change or differ by topic are in the log")
  func thresholdsInTheLog() throws {
    let changes = World(thresholds: .changes, interactions: 3_000, seed: 1)
      .generate(includeTotals: false)
    let threshold = try #require(changes.table.number("confidence_threshold"))
    for row in 0..<changes.table.count {
      let day = (changes.table.startedAt[row] - Self.start) / 86_400_000
      let expected = day < 30 ? 0.7 : day < 60 ? 0.55 : 0.8
      guard threshold[row] == expected else {
        Issue.record("on day \(day) the threshold is \(String(describing: threshold[row]))")
        return
      }
    }
    let byTopic = World(thresholds: .byTopic, interactions: 3_000, seed: 1)
      .generate(includeTotals: false).table
    let thresholds = try #require(byTopic.number("confidence_threshold"))
    let scores = try #require(byTopic.number("intent_confidence"))
    let handler = try #require(byTopic.text("handled_by"))
    let predicted = try #require(byTopic.text("intent_predicted"))
    var seen: [String: Set<Double>] = [:]
    for row in 0..<byTopic.count {
      let tau = thresholds[row] ?? -1
      seen[predicted[row] ?? "", default: []].insert(tau)
      if (handler[row] == "staff") != ((scores[row] ?? 0) < tau) {
        Issue.record("row \(row) is not decided by its score")
        return
      }
    }
    #expect(seen.values.allSatisfy { $0.count == 1 })
    #expect(Set(seen.values.flatMap { $0 }) == [0.55, 0.7, 0.8])
  }

  @Test("Explored contacts are marked, drawn evenly, and nothing else crosses the threshold")
  func exploration() throws {
    for (regime, share) in [(ThresholdRegime.explored, 0.1), (.exploredNear, 0.4)] {
      let table = World(thresholds: regime, interactions: 12_000, seed: 2)
        .generate(includeTotals: false).table
      let explored = try #require(table.flag("explored"))
      let scores = try #require(table.number("intent_confidence"))
      let handler = try #require(table.text("handled_by"))
      var (marked, staff, eligible) = (0.0, 0.0, 0.0)
      for row in 0..<table.count {
        let distance = ((scores[row] ?? 0) - 0.7) * 10_000
        let near = regime == .explored || abs(distance.rounded()) < 1_000
        if near { eligible += 1 }
        if explored[row] == .yes {
          marked += 1
          if handler[row] == "staff" { staff += 1 }
          #expect(near)
        } else {
          #expect((handler[row] == "staff") == (distance.rounded() < 0))
        }
      }
      #expect(abs(marked / eligible - share) < 4 * (share * (1 - share) / eligible).squareRoot())
      #expect(abs(staff / marked - 0.5) < 4 * (0.25 / marked).squareRoot())
    }
  }

  @Test("A version on another scale gives other scores to the same ranking; the null version none")
  func scoreShift() throws {
    let plain = fixed.generate(includeTotals: false).table
    for regime in [ThresholdRegime.scoreShift, .scoreVersions] {
      let table = World(thresholds: regime, interactions: 6_000, seed: 4)
        .generate(includeTotals: false).table
      let version = try #require(table.text("model_version"))
      let scores = try #require(table.number("intent_confidence"))
      #expect(Set((0..<table.count).compactMap { version[$0] }) == ["v1", "v2"])
      if regime == .scoreVersions {
        #expect(table.count == plain.count)
        #expect(scores.storage == plain.number("intent_confidence")?.storage)
      } else {
        let means = ["v1", "v2"].map { name in
          let rows = (0..<table.count).filter { version[$0] == name }
          return rows.reduce(0.0) { $0 + (scores[$1] ?? 0) } / Double(rows.count)
        }
        #expect(means[1] > means[0] + 0.02)
      }
    }
  }

  @Test("A policy on a topic that is not there, or off the scale, is refused by name")
  func badPolicies() {
    #expect(throws: ThresholdPolicyError.unknownTopic(name: "x", known: World.topicNames)) {
      try fixed.truth(under: .init(byTopic: ["x": 0.5]))
    }
    #expect(throws: ThresholdPolicyError.outside(threshold: 1.5)) {
      try fixed.truth(under: .init(threshold: 1.5))
    }
    #expect("\(ThresholdPolicyError.outside(threshold: 1.5))".contains("1.5"))
  }
}
