import InteractionLog
import SyntheticWorld
import Testing

@Suite("The generated table")
struct TableTests {
  private static let log = World(regime: .logLinear, interactions: 8_000, seed: 81).generate()
  private var log: GeneratedLog { TableTests.log }

  @Test("The same seed gives the same log, another seed another")
  func deterministic() throws {
    let again = World(regime: .logLinear, interactions: 8_000, seed: 81).generate()
    #expect(again.truth == log.truth)
    #expect(again.table.interactionID == log.table.interactionID)
    #expect(again.table.startedAt == log.table.startedAt)
    #expect(again.table.text("staff_error") == log.table.text("staff_error"))
    #expect(again.table.time("reviewed_at") == log.table.time("reviewed_at"))
    #expect(again.cause == log.cause)
    let other = World(regime: .logLinear, interactions: 8_000, seed: 82).generate()
    #expect(other.table.startedAt != log.table.startedAt)
  }

  @Test("Rows are by customer, then start, then id; ids follow time")
  func canonicalOrder() {
    let table = log.table
    var misplaced = 0
    for row in 1..<table.count {
      let before = (table.customer.codes[row - 1], table.startedAt[row - 1])
      let here = (table.customer.codes[row], table.startedAt[row])
      if before > here { misplaced += 1 }
      if before == here && table.interactionID[row - 1] >= table.interactionID[row] {
        misplaced += 1
      }
    }
    #expect(misplaced == 0)
    let ids = log.timeOrder.map { table.interactionID[Int($0)] }
    #expect(ids.first == "I00000001")
    #expect(isByteOrdered(ids))
    let starts = log.timeOrder.map { table.startedAt[Int($0)] }
    #expect(starts == starts.sorted())
  }

  @Test("Text columns list the texts that occur, in byte order; every column has every row")
  func columns() {
    let table = log.table
    #expect(
      Array(table.columns.keys) == [
        "ended_at", "handle_seconds", "channel", "intent_predicted", "intent_actual",
        "intent_confidence", "confidence_threshold", "handled_by", "staff_id", "team",
        "integration", "integration_status", "integration_latency_ms", "action", "action_status",
        "staff_error", "qa_reviewed", "intent_reviewed", "reviewed_at", "resolved", "csat",
      ])
    for (name, column) in table.columns {
      #expect(column.count == table.count, "\(name)")
      guard case .text(let text) = column else { continue }
      #expect(isByteOrdered(text.values), "\(name)")
      #expect(Set(text.codes.filter { $0 >= 0 }).count == text.values.count, "\(name)")
    }
    #expect(isByteOrdered(table.customer.values))
    #expect(Set(table.customer.codes).count == table.customer.values.count)
    #expect(table.topic == table.text("intent_actual"))
    #expect(table.customer.values.count == log.truth.customers)
  }

  @Test("Values are within their conventions")
  func values() throws {
    let table = log.table
    let ended = try #require(table.time("ended_at"))
    let handle = try #require(table.number("handle_seconds"))
    let confidence = try #require(table.number("intent_confidence"))
    let csat = try #require(table.number("csat"))
    let handledBy = try #require(table.text("handled_by"))
    let staff = try #require(table.text("staff_id"))
    let team = try #require(table.text("team"))
    let integration = try #require(table.text("integration"))
    let status = try #require(table.text("integration_status"))
    let latency = try #require(table.number("integration_latency_ms"))
    let first: Int64 = 1_767_571_200_000
    var wrong = 0
    var answered = 0
    for row in 0..<table.count {
      let start = table.startedAt[row]
      if start < first || start >= first + 90 * 86_400_000 || start % 1_000 != 0 { wrong += 1 }
      if ended[row] != start + Int64(handle[row]!) * 1_000 { wrong += 1 }
      if !(0...1).contains(confidence[row]!) { wrong += 1 }
      if let score = csat[row] {
        answered += 1
        if ![1, 2, 3, 4, 5].contains(score) { wrong += 1 }
      }
      let byStaff = handledBy[row] == "staff"
      if byStaff != (staff[row] != nil) || byStaff != (team[row] != nil) { wrong += 1 }
      let called = integration[row] != nil
      if called != (status[row] != nil) || called != (latency[row] != nil) { wrong += 1 }
    }
    #expect(wrong == 0)
    expectShare(Double(answered), of: Double(table.count), near: 0.25)
  }

  @Test(
    "Modes derived from the columns are the modes of the truth",
    // Where rows are not in yet, the truth has more.
    arguments: Regime.allCases.filter { $0 != .lateLog })
  func modesFromColumns(regime: Regime) throws {
    let log = World(regime: regime, interactions: 5_000, seed: 83).generate()
    let table = log.table
    let predicted = try #require(table.text("intent_predicted"))
    let actual = try #require(table.text("intent_actual"))
    let confidence = try #require(table.number("intent_confidence"))
    let threshold = try #require(table.number("confidence_threshold"))
    let handledBy = try #require(table.text("handled_by"))
    let status = try #require(table.text("integration_status"))
    let latency = try #require(table.number("integration_latency_ms"))
    let action = try #require(table.text("action_status"))
    let error = try #require(table.text("staff_error"))
    var counts: [String: Int] = [:]
    for row in 0..<table.count {
      // In ten-thousandths, as the generator sees it: 0.08 has no exact binary form.
      let distance = ((confidence[row]! - threshold[row]!) * 10_000).rounded()
      let byStaff = handledBy[row] == "staff"
      let holds = [
        "misclassified_intent": actual[row] != nil && predicted[row] != actual[row],
        "integration_timeout": status[row] == "timeout",
        "integration_error": status[row] == "error",
        "slow_execution": (latency[row] ?? 0) > 2_500 && status[row] != "timeout",
        "near_threshold_automation": !byStaff && distance < 800,
        "unneeded_escalation": byStaff && distance < 0 && distance > -800
          && predicted[row] == actual[row],
        "action_failed": action[row] == "failed",
        "wrong_information": error[row]?.contains("wrong_information") ?? false,
        "procedure_missed": error[row]?.contains("procedure_missed") ?? false,
      ]
      for (mode, isHeld) in holds where isHeld { counts[mode, default: 0] += 1 }
      if !byStaff && distance < 0 { Issue.record("AI handled a contact below its threshold") }
    }
    if regime == .qaSample || regime == .reviewAfterRepeat {
      // Only what was looked at shows.
      for mode in ["wrong_information", "procedure_missed"] {
        counts[mode] = log.truth.modeContacts[mode]
      }
    }
    if regime == .intentSample {
      for mode in ["misclassified_intent", "unneeded_escalation"] {
        #expect(counts[mode, default: 0] < (log.truth.modeContacts[mode] ?? 0) / 2)
        counts[mode] = log.truth.modeContacts[mode]
      }
    }
    #expect(counts == log.truth.modeContacts.filter { $0.value > 0 })
  }

  @Test("The causing row is of the same customer and earlier, within the window")
  func causes() {
    let table = log.table
    var wrong = 0
    for (row, cause) in log.cause.enumerated() where cause >= 0 {
      let prior = Int(cause)
      let delay = table.startedAt[row] - table.startedAt[prior]
      if table.customer.codes[row] != table.customer.codes[prior] { wrong += 1 }
      if delay <= 0 || delay > 15 * 86_400_000 { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("Staff get hard topics: routing is confounded with difficulty")
  func routing() throws {
    let handledBy = try #require(log.table.text("handled_by"))
    var staff: [String: (count: Double, all: Double)] = [:]
    for row in 0..<log.table.count {
      let topic = log.table.topic[row]!
      staff[topic, default: (0, 0)].all += 1
      staff[topic, default: (0, 0)].count += handledBy[row] == "staff" ? 1 : 0
    }
    let hard = try #require(staff["complaint"])
    let easy = try #require(staff["password_reset"])
    #expect(hard.count / hard.all > easy.count / easy.all + 0.2)
  }

  private func isByteOrdered(_ texts: [String]) -> Bool {
    zip(texts, texts.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
