import InteractionLog
import Testing
import WhatIf

/// Logs that cannot answer say why.
@Suite struct DecisionLogTests {
  private func table(_ change: (inout InteractionTable) -> Void) -> InteractionTable {
    var world = ThresholdWorld()
    world.customers = 60
    var table = world.table(seed: 1)
    change(&table)
    return table
  }

  private func scores(_ table: inout InteractionTable, _ value: (Double) -> Double) {
    let old = table.number("intent_confidence")?.storage ?? []
    table.columns["intent_confidence"] = .number(NumberColumn(storage: old.map(value)))
  }

  private func refusal(_ table: InteractionTable) -> WhatIfError? {
    do {
      _ = try DecisionLog(table: table)
      return nil
    } catch { return error }
  }

  @Test func scoresThatSayNothingAreRefused() {
    #expect(
      refusal(table { $0.columns["intent_confidence"] = nil })
        == .missingColumn(
          name: "intent_confidence", meaning: "the score that decides about automation"))
    #expect(
      refusal(table { scores(&$0) { _ in .nan } })
        == .scoreWithoutValues(column: "intent_confidence"))
    #expect(
      refusal(table { scores(&$0) { _ in 0.5 } })
        == .scoreConstant(column: "intent_confidence", value: 0.5))
    guard
      case .scoreOutside(_, let value, _, let count)? = refusal(
        table { scores(&$0) { 100 * $0 } })
    else {
      Issue.record("scores in per cent were taken")
      return
    }
    #expect(value > 1 && count > 60)
  }

  @Test func sidesWithNobodyAreRefused() {
    func handled(_ table: inout InteractionTable, _ who: String) {
      table.columns["handled_by"] = .text(
        TextColumn(codes: table.startedAt.map { _ in 0 }, values: [who]))
    }
    guard case .noStaff? = refusal(table { handled(&$0, "ai") }),
      case .noAutomation? = refusal(table { handled(&$0, "staff") })
    else {
      Issue.record("a log with one handler was taken")
      return
    }
    let above = table { table in
      table.columns["confidence_threshold"] = .number(
        NumberColumn(storage: table.startedAt.map { _ in 0 }))
    }
    guard case .nothingOnOneSide(_, "below", _, _)? = refusal(above) else {
      Issue.record("a threshold below every score was taken")
      return
    }
  }

  @Test func tooShortALogIsRefused() throws {
    let table = table { _ in }
    #expect(throws: WhatIfError.self) {
      try WhatIfSetting(
        try DecisionLog(table: table), table: table, options: .init(windowDays: 80))
    }
  }

  @Test(arguments: ["", "x", "0.5:0.9", "0.9:0.5:0.1", "0.1:0.9:0", "0.5:0.9:-0.1", "1.5", "nan"])
  func gridsThatAreNoneAreRefused(text: String) {
    #expect(throws: WhatIfError.self) { try ThresholdGrid(parsing: text) }
  }

  @Test func gridsAreReadAsWritten() throws {
    #expect(try ThresholdGrid(parsing: "0.1:0.3:0.1").thresholds == [0.1, 0.2, 0.3])
    #expect(try ThresholdGrid(parsing: "0.7").thresholds == [0.7])
    #expect(try ThresholdGrid(parsing: "0.8,0.6").thresholds == [0.6, 0.8])
    #expect(throws: WhatIfError.thresholdOutsideData(threshold: 0.99, minimum: 0.1, maximum: 0.9)) {
      try ThresholdGrid(parsing: "0.99").check(within: 0.1...0.9)
    }
  }

  @Test func episodesAreFirstContactsWithTheirWindow() throws {
    let table = table { _ in }
    let log = try DecisionLog(table: table)
    let episodes = try Episodes(log, windowDays: 15)
    let window = episodes.windowMilliseconds
    for u in 0..<episodes.count {
      let (first, length) = (Int(episodes.first[u]), Int(episodes.length[u]))
      let own = log.customerStart[Int(episodes.customer[u])]
      #expect(first == own || log.time[first] - log.time[first - 1] > window)
      #expect(log.time[first + length - 1] - log.time[first] <= window)
    }
    let out = episodes.leftOut
    let inside = episodes.length.reduce(0) { $0 + Int($1) }
    #expect(inside <= log.count && out.nearStart > 0 && out.nearEnd > 0)
  }
}
