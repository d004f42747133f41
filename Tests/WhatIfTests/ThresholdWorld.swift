import InteractionLog
import Statistics
import WhatIf

/// A small world whose response to the threshold is known: seeds of episodes lie 45 days apart, each
/// contact brings at most one more, with a chance that its handler, score and topic decide.
///
/// It shares nothing with the estimators but the random numbers.
struct ThresholdWorld {
  var customers = 2_000
  var days = 150.0
  /// Thresholds with the days from which they are in force.
  var history: [(day: Double, threshold: Double)] = [(0, 0.7)]
  /// Share of contacts that are handled the other way at random.
  var explored = 0.0
  /// Share of contacts above the threshold that staff take anyway, by topic.
  var overrides = [0.0, 0.0, 0.0]
  /// How much repeats after AI fall with the score.
  var slope = 0.8
  var recordsExplored = true

  static let window = 15.0
  static let topics = ["a", "b", "c"]

  /// The chance that a contact brings another.
  func response(ai: Bool, score: Double, topic: Int) -> Double {
    let hard = 0.08 * Double(topic)
    return ai ? max(0.02, 0.85 - slope * score + hard) : max(0.02, 0.36 - 0.12 * score + hard)
  }

  struct Contact {
    var day: Double
    var score: Double
    var threshold: Double
    var topic: Int
    var ai: Bool
    var explored: Bool
  }

  private func threshold(at day: Double) -> Double {
    history.last { $0.day <= day }?.threshold ?? history[0].threshold
  }

  /// The episode of a seed, by the log's routing or a policy's threshold.
  func episode(
    _ stream: inout RandomStream, day start: Double, policy: Double?
  ) -> [Contact] {
    var (contacts, day) = ([Contact](), start)
    while day - start < 25 {
      let score = (stream.uniform() * 0.5 + stream.uniform() * 0.5).squareRoot()
      let topic = stream.int(below: 3)
      let threshold = policy ?? threshold(at: day)
      let (explore, overridden) = (stream.uniform(), stream.uniform())
      var ai = score >= threshold && overridden >= overrides[topic]
      let isExplored = policy == nil && explore < explored
      if isExplored { ai.toggle() }
      contacts.append(
        Contact(
          day: day, score: score, threshold: threshold, topic: topic, ai: ai, explored: isExplored))
      let follows = stream.uniform() < response(ai: ai, score: score, topic: topic)
      let delay = 0.2 + stream.exponential() * 2.5
      if !follows { break }
      day += delay
    }
    return contacts
  }

  /// Mean repeats within the window per first contact under a threshold, from many episodes.
  func truth(_ threshold: Double, episodes: Int = 200_000) -> Double {
    var stream = RandomStream(seed: 99)
    var total = 0
    for _ in 0..<episodes {
      total += episode(&stream, day: 0, policy: threshold).dropFirst()
        .count { $0.day <= ThresholdWorld.window }
    }
    return Double(total) / Double(episodes)
  }

  func table(seed: UInt64) -> InteractionTable {
    var rows: [(customer: Int, contact: Contact)] = []
    for day in [0, days] {
      let edge = Contact(
        day: day, score: 0.9, threshold: threshold(at: day), topic: 0, ai: true, explored: false)
      rows.append((0, edge))
    }
    for customer in 1...customers {
      var stream = RandomStream(seed: seed, keys: UInt64(customer))
      var start = 15.5 + stream.uniform() * 30
      while start < days - 15 {
        rows += episode(&stream, day: start, policy: nil).filter { $0.day < days }
          .map { (customer, $0) }
        start += 45
      }
    }
    return ThresholdWorld.table(rows, recordsExplored: recordsExplored)
  }

  private static func padded(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: 7 - text.count) + text
  }

  private static func table(
    _ rows: [(customer: Int, contact: Contact)], recordsExplored: Bool
  ) -> InteractionTable {
    let last = rows.map(\.customer).max() ?? 0
    var table = InteractionTable(
      interactionID: rows.indices.map { "i" + padded($0) },
      customer: TextColumn(
        codes: rows.map { Int32($0.customer) }, values: (0...last).map { "c" + padded($0) }),
      startedAt: rows.map { Int64(($0.contact.day * 86_400_000).rounded()) },
      topic: TextColumn(codes: rows.map { Int32($0.contact.topic) }, values: topics), columns: [:])
    table.columns["intent_confidence"] = .number(
      NumberColumn(storage: rows.map(\.contact.score)))
    table.columns["confidence_threshold"] = .number(
      NumberColumn(storage: rows.map(\.contact.threshold)))
    table.columns["handled_by"] = .text(
      TextColumn(codes: rows.map { $0.contact.ai ? 0 : 1 }, values: ["ai", "staff"]))
    table.columns["handle_seconds"] = .number(
      NumberColumn(storage: rows.map { $0.contact.ai ? 60 : 300 }))
    if recordsExplored {
      table.columns["explored"] = .flag(
        FlagColumn(storage: rows.map { $0.contact.explored ? 1 : 0 }))
    }
    return table
  }

  /// The curve of all contacts at these thresholds.
  func curve(
    seed: UInt64, thresholds: [Double], costs: Study.Costs = .init()
  ) throws -> ThresholdCurve {
    try Self.curve(table(seed: seed), thresholds, costs: costs)
  }

  static func curve(
    _ table: InteractionTable, _ thresholds: [Double], costs: Study.Costs = .init()
  ) throws -> ThresholdCurve {
    let log = try DecisionLog(table: table)
    let setting = try WhatIfSetting(
      log, table: table, options: .init(windowDays: window, costs: costs))
    let sweep = ThresholdSweep(
      setting, grid: ThresholdGrid(thresholds), byGroup: false, threads: 1)
    return CurveBuilder(setting, sweep: sweep).curve(0)
  }
}

extension ThresholdWorld {
  /// Mean contacts that staff handle within the window per first contact under a threshold.
  func staffContacts(_ threshold: Double, episodes: Int) -> Double {
    var stream = RandomStream(seed: 98)
    var total = 0
    for _ in 0..<episodes {
      total += episode(&stream, day: 0, policy: threshold)
        .count { !$0.ai && $0.day <= ThresholdWorld.window }
    }
    return Double(total) / Double(episodes)
  }
}
