import Attribution
import FailureModes
import InteractionLog
import Statistics
import Testing
import Wherefore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A seeded sample of what `wherefore validate` proves at length.
@Suite("Worlds of known truth", .serialized)
struct WorldTests {
  private static let worlds = 6

  /// The fewest of n intervals of 95 % that may hold the truth: fewer have a chance below 1 %.
  private static let fewestCovered: Int = {
    var chance = 0.0
    for k in 0...worlds {
      var ways = 1.0
      for j in 0..<k { ways *= Double(worlds - j) / Double(j + 1) }
      chance += ways * pow(0.95, Double(k)) * pow(0.05, Double(worlds - k))
      if chance >= 0.01 { return k }
    }
    return worlds
  }()

  @Test(
    "Counts are without bias and intervals hold the truth",
    arguments: [Regime.logLinear, .noEffect])
  func worlds(regime: Regime) throws {
    let result = try Validation(
      regimes: [regime], worlds: Self.worlds, interactions: 12_000, firstSeed: 301, threads: 2
    ).run()
    #expect(Self.fewestCovered == 4)
    let rows = try #require(result.regimes.first?.rows)
    let parts = [
      "system", "total", "system_direct", "system_through_staff", "staff_own", "baseline",
    ]
    for name in parts {
      let row = try #require(rows.first { $0.quantity == name })
      #expect(row.worlds == Self.worlds && row.covered >= Self.fewestCovered, "\(name)")
    }
    let system = try #require(rows.first { $0.quantity == "system" })
    // Of the mean over the worlds, from the errors that the intervals state.
    let error = system.meanStandardError / Double(Self.worlds).squareRoot()
    #expect(abs(system.bias) < 3 * error)
    let modes = rows.filter { $0.quantity.hasPrefix("direct:") }
    #expect(modes.count == 9)
    for mode in modes {
      #expect(mode.covered >= Self.fewestCovered, "\(mode.quantity)")
      if regime == .noEffect { #expect(mode.meanTruth == 0) }
    }
    if regime == .logLinear { #expect(system.meanTruth > 10 * error) }
  }

  @Test("The jackknife's standard errors are the sandwich's")
  func jackknife() throws {
    let log = World(regime: .logLinear, interactions: 3_000, seed: 311).generate(
      includeTotals: false)
    let input = AttributionInput(
      table: log.table, modes: try ModeTable.build(study: .canonical, table: log.table),
      study: .canonical, customers: nil, constantColumns: [])
    func errors(_ intervals: Analysis.Intervals) throws -> [Double] {
      let fitted = try FittedAttribution(
        input, options: AttributionOptions(threads: 2, intervals: intervals))
      let found = try fitted.covariance(
        of: [PartRemoval(parts: [0]), PartRemoval(parts: [0, 1, 2], share: 0.5)],
        RemovalTotals(effects: fitted.effects, costs: nil, threads: 2), tree: fitted.tree())
      let covariance = found.totals
      return (0..<4).map { covariance[$0, $0].squareRoot() }
        + [
          (covariance[0, 0] + 2 * covariance[0, 1] + covariance[1, 1]).squareRoot()
        ] + [found.removals[0, 0].squareRoot(), found.removals[1, 1].squareRoot()]
        + (0..<4).map { found.population[$0, $0].squareRoot() }
    }
    let sandwich = try errors(.sandwich)
    let jackknife = try errors(.jackknife)
    for (name, (j, s)) in zip(
      [
        "direct", "through staff", "staff, own", "baseline", "system", "removed", "three halved",
        "direct, population", "through staff, population", "staff, own, population",
        "baseline, population",
      ],
      zip(jackknife, sandwich))
    {
      // Both have errors of their own; a hundred groups leave the jackknife's at 7 % and more.
      #expect((0.6...1.6).contains(j / s), "\(name): \(j) against \(s)")
    }
  }

  @Test("What a validation leaves out changes nothing of what it judges")
  func scope() throws {
    let log = World(regime: .additive, interactions: 3_000, seed: 312).generate(
      includeTotals: false)
    let input = AttributionInput(
      table: log.table, modes: try ModeTable.build(study: .canonical, table: log.table),
      study: .canonical, customers: nil, constantColumns: [])
    func report(_ scope: AttributionOptions.Scope) throws -> AttributionReport {
      let options = AttributionOptions(threads: 2, modelChecks: false, scope: scope)
      return try AttributionEngine(options: options).run(
        input,
        provenance: .init(
          version: "", studySHA256: "", logSHA256: "", seed: 1, rowsRead: log.table.count,
          rowsRejected: 0)
      ).report
    }
    let whole = try report(.report)
    let figures = try report(.figures)
    #expect(figures.fixes.isEmpty && !whole.fixes.isEmpty)
    func values(_ report: AttributionReport) -> [Double] {
      let split = report.split
      var values: [Double] = []
      for part in [split.systemDirect, split.systemThroughStaff, split.staffOwn, split.baseline] {
        values.append(part.estimate ?? 0)
        values += part.ci95 ?? []
        values += part.shareCi95 ?? []
      }
      var estimates = [report.repeats.caused]
      for mode in report.modes where mode.component == nil {
        estimates += [mode.caused, mode.switchedOff, mode.ifRemoved, mode.doublyRobust]
      }
      for estimate in estimates {
        values.append(estimate.estimate ?? 0)
        values += estimate.ci95 ?? []
      }
      return values
    }
    #expect(values(whole) == values(figures))
    #expect(whole.checks.map(\.verdict) == figures.checks.map(\.verdict))
  }

  @Test("Intervals for the population are wider than for this log's contacts, and said apart")
  func population() throws {
    let log = World(regime: .logLinear, interactions: 3_000, seed: 313).generate(
      includeTotals: false)
    let report = try AttributionEngine(
      options: AttributionOptions(threads: 2, modelChecks: false, scope: .figures)
    ).run(
      AttributionInput(
        table: log.table, modes: try ModeTable.build(study: .canonical, table: log.table),
        study: .canonical, customers: nil, constantColumns: []),
      provenance: .init(
        version: "", studySHA256: "", logSHA256: "", seed: 1, rowsRead: log.table.count,
        rowsRejected: 0)
    ).report
    let inference = try #require(report.inference)
    #expect(inference.method == "sandwich" && inference.estimand.contains("this log"))
    func width(_ interval: [Double]?) throws -> Double {
      let interval = try #require(interval)
      return interval[1] - interval[0]
    }
    let population = inference.populationCi95
    #expect(
      try width(population.systemCausedRepeats)
        > width(report.headline.systemCausedRepeats.ci95))
    #expect(try width(population.caused) > width(report.repeats.caused.ci95))
    #expect(try width(population.baseline) > width(report.split.baseline.ci95))
    let middle = try #require(population.caused).reduce(0, +) / 2
    #expect(abs(middle - (report.repeats.caused.estimate ?? 0)) < 1e-6)
  }
}
