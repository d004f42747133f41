import Attribution
import FailureModes
import InteractionLog
import RepeatContacts
import SyntheticWorld
import Testing

@Suite("The split by topic and by week")
struct GroupedSplitTests {
  /// A world in which most interactions were not looked at, so that rates move weights too.
  @Test("Topics, and weeks, add up to the log's totals, and so do their derivatives")
  func addsUp() throws {
    let log = World(regime: .qaSample, interactions: 3_000, seed: 6).generate(includeTotals: false)
    let fitted = try FittedAttribution(canonical: log.table)
    let layout = ScoreLayout(fit: fitted.fit, rates: fitted.rates)
    let topics = log.table.topic.values.count
    let week = fitted.data.row.map {
      Int32(ISOWeek(milliseconds: log.table.startedAt[Int($0)]).ordinal)
    }
    let first = try #require(week.min())
    let groups = topics + Int(try #require(week.max()) - first) + 1
    let split = GroupedSplit(
      fitted,
      kinds: [
        fitted.data.row.map { log.table.topic.codes[Int($0)] },
        week.map { Int32(topics) + $0 - first },
      ], groupCount: groups)
    let values = split.values(fitted.fit, effects: fitted.effects, weights: nil)
    let totals = fitted.functionals.totals(
      fitted.fit.parameters, rates: fitted.rates, weights: fitted.cells.mixtureWeight)
    let gradient = split.gradient(layout, threads: 1)
    #expect(gradient.storage == split.gradient(layout, threads: 3).storage)
    let whole = SplitGradient(
      functionals: fitted.functionals, layout: layout, cells: fitted.cells, rates: fitted.rates
    ).matrix(threads: 1)
    var largest = 0.0
    for kind in [0..<topics, topics..<groups] {
      for part in 0..<4 {
        let sum = kind.reduce(0.0) { $0 + values[$1 * 4 + part] }
        #expect(abs(sum - totals[part]) < 1e-9 * max(1, abs(totals[part])))
        for k in 0..<layout.count {
          let slope = kind.reduce(0.0) { $0 + gradient[$1 * 4 + part, k] }
          largest = max(largest, abs(slope))
          // Delays' slopes are exact here and differences there.
          #expect(abs(slope - whole[part, k]) < 1e-4 * max(abs(slope), 10), "\(part), \(k)")
        }
      }
    }
    #expect(largest > 10)
  }

  @Test("Intervals of topics and weeks hold the truth as often as they say")
  func coverage() throws {
    var (held, asked) = (0.0, 0.0)
    for seed in 1...12 {
      let log = World(interactions: 5_000, seed: UInt64(700 + seed)).generate(includeTotals: false)
      var options = AttributionOptions(seed: 1, threads: 2)
      options.modelChecks = false
      options.comparesStaff = false
      let report = try AttributionEngine(options: options).run(
        AttributionInput(
          table: log.table, modes: try ModeTable.build(study: .canonical, table: log.table),
          study: .canonical, customers: nil, constantColumns: []),
        provenance: .init(
          version: "", studySHA256: "", logSHA256: "", seed: 1, rowsRead: 0, rowsRejected: 0)
      ).report
      func judge(_ ci: AttributionReport.PartIntervals?, _ truth: Truth.Expected?) throws {
        let (ci, truth) = (try #require(ci), try #require(truth))
        for (interval, value) in [
          (ci.systemDirect, truth.systemDirect), (ci.baseline, truth.baseline),
          (ci.systemThroughStaff, truth.systemThroughStaff), (ci.staffOwn, truth.staffOwn),
          (ci.systemCaused, truth.systemDirect + truth.systemThroughStaff),
        ] {
          guard let interval else { continue }
          asked += 1
          if interval[0] <= value && value <= interval[1] { held += 1 }
        }
      }
      for topic in report.topics {
        try judge(topic.ci95, log.truth.expectedByTopic[topic.topic])
      }
      for week in report.weekly { try judge(week.ci95, log.truth.expectedByWeek[week.week]) }
      for (before, after) in zip(report.change, report.change.dropFirst()) {
        let (a, b) = (try #require(before.systemPer100Ci95), try #require(after.differenceCi95))
        #expect(a[0] < before.systemPer100 && before.systemPer100 < a[1])
        let difference = try #require(after.difference)
        #expect(b[0] < difference && difference < b[1])
      }
    }
    #expect(asked > 1_000)
    #expect((0.91...0.99).contains(held / asked), "\(held) of \(asked)")
  }
}
