import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import SyntheticWorld
import Testing

@Suite("The split by topic")
struct GroupedSplitTests {
  /// A world in which most interactions were not looked at, so that rates move weights too.
  @Test("Topics add up to the log's totals, and each moves as its own differences say")
  func addsUp() throws {
    let log = World(regime: .qaSample, interactions: 3_000, seed: 6).generate(includeTotals: false)
    let fitted = try FittedAttribution(canonical: log.table)
    let layout = ScoreLayout(fit: fitted.fit, rates: fitted.rates)
    let count = log.table.topic.values.count
    let topic = fitted.data.row.map { log.table.topic.codes[Int($0)] }
    let split = GroupedSplit(fitted, groups: topic, groupCount: count)
    let values = split.values(fitted.fit, effects: fitted.effects, weights: nil)
    let totals = fitted.functionals.totals(
      fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    let gradient = split.gradient(layout, threads: 1)
    #expect(gradient.storage == split.gradient(layout, threads: 3).storage)
    let whole = SplitGradient(
      functionals: fitted.functionals, layout: layout, cells: fitted.cells, rates: fitted.rates
    ).matrix(threads: 1)
    for part in 0..<4 {
      let sum = (0..<count).reduce(0.0) { $0 + values[$1 * 4 + part] }
      #expect(abs(sum - totals[part]) < 1e-9 * max(1, abs(totals[part])))
      for k in 0..<layout.count {
        let slope = (0..<count).reduce(0.0) { $0 + gradient[$1 * 4 + part, k] }
        // Delays' slopes are exact here and differences there.
        #expect(abs(slope - whole[part, k]) < 1e-4 * max(abs(slope), 10), "\(part), \(k)")
      }
    }
    // Contacts of one topic alone: their totals are that topic's, and move as it does.
    let some = try #require((0..<count).max { values[$0 * 4] < values[$1 * 4] })
    let own = SplitFunctionals(
      effects: fitted.effects, data: fitted.data, weights: topic.map { $0 == Int32(some) ? 1 : 0 })
    var largest = 0.0
    for k in 0..<layout.linkCount {
      let h = 1e-5 * (k < layout.coefficientCount ? fitted.fit.model.rate.coefficientScale : 1)
      let (up, down) = (layout.moved(k, by: h), layout.moved(k, by: -h))
      let weights = fitted.cells.mixtureWeight
      let (a, b) = (
        own.totals(up, rates: fitted.rates, weights: weights),
        own.totals(down, rates: fitted.rates, weights: weights)
      )
      for part in 0..<4 {
        let slope = (a[part] - b[part]) / (2 * h)
        largest = max(largest, abs(slope))
        #expect(
          abs(gradient[some * 4 + part, k] - slope) < 1e-4 * max(abs(slope), 10), "\(part), \(k)")
      }
    }
    #expect(largest > 10)
  }

  private func report(_ table: InteractionTable) throws -> AttributionReport {
    var options = AttributionOptions(seed: 1, threads: 2)
    options.modelChecks = false
    options.comparesStaff = false
    return try AttributionEngine(options: options).run(
      AttributionInput(
        table: table, modes: try ModeTable.build(study: .canonical, table: table),
        study: .canonical, customers: nil, constantColumns: []),
      provenance: .init(
        version: "", studySHA256: "", logSHA256: "", seed: 1, rowsRead: 0, rowsRejected: 0)
    ).report
  }

  @Test("Intervals of topics hold the truth as often as they say, and lie around their figures")
  func coverage() throws {
    var (held, asked) = (0.0, 0.0)
    for seed in 1...12 {
      let log = World(interactions: 5_000, seed: UInt64(700 + seed)).generate(includeTotals: false)
      for topic in try report(log.table).topics {
        let ci = try #require(topic.ci95)
        let truth = try #require(log.truth.expectedByTopic?[topic.topic])
        for (interval, value, figure) in [
          (ci.systemDirect, truth.systemDirect, topic.systemDirect),
          (ci.baseline, truth.baseline, topic.baseline),
          (ci.systemThroughStaff, truth.systemThroughStaff, topic.systemThroughStaff),
          (ci.staffOwn, truth.staffOwn, topic.staffOwn),
        ] {
          guard let interval, let figure else { continue }
          #expect(abs((interval[0] + interval[1]) / 2 - figure) < 1e-9 * max(1, abs(figure)))
          asked += 1
          if interval[0] <= value && value <= interval[1] { held += 1 }
        }
      }
    }
    // Intervals of a world hang together: a few dozen independent ones.
    #expect(asked > 400)
    #expect((0.90...0.99).contains(held / asked), "\(held) of \(asked)")
  }

  @Test("A topic about which nobody known asked has no interval")
  func unknownTopic() throws {
    var table = World(interactions: 3_000, seed: 8).generate(includeTotals: false).table
    let code = table.topic.codes[0]
    table.customer = TextColumn(
      codes: table.customer.codes.indices.map {
        table.topic.codes[$0] == code ? -1 : table.customer.codes[$0]
      }, values: table.customer.values)
    // Rows without a customer stand last.
    let order = (0..<table.count).sorted { a, b in
      let (x, y) = (table.customer.codes[a], table.customer.codes[b])
      return (x < 0 ? Int32.max : x, a) < (y < 0 ? Int32.max : y, b)
    }
    let report = try report(table.rows(order))
    let name = table.topic.values[Int(code)]
    #expect(report.topics.contains { $0.topic == name && $0.ci95 == nil })
    #expect(report.topics.contains { $0.topic != name && $0.ci95?.baseline != nil })
  }
}
