import Attribution
import InteractionLog
import OrderedCollections
import Testing

/// Monday, 2026-01-05T00:00:00Z.
private let monday: Int64 = 1_767_571_200_000
private let day: Int64 = 86_400_000

private func text(_ values: [String?]) -> Column {
  let distinct = Set(values.compactMap { $0 }).sorted {
    $0.utf8.lexicographicallyPrecedes($1.utf8)
  }
  return .text(
    TextColumn(
      codes: values.map { value in Int32(value.flatMap { distinct.firstIndex(of: $0) } ?? -1) },
      values: distinct))
}

private func table(
  starts: [Int64], _ columns: OrderedDictionary<String, Column> = [:]
) -> InteractionTable {
  let none = TextColumn(codes: [Int32](repeating: -1, count: starts.count), values: [])
  return InteractionTable(
    interactionID: starts.indices.map { "i\($0)" }, customer: none, startedAt: starts, topic: none,
    columns: columns)
}

private func metrics(_ table: InteractionTable, followed: [Bool?]? = nil)
  -> AttributionReport.Metrics
{
  MetricsCalculator.metrics(
    table: table, followedByRule: followed ?? [Bool?](repeating: nil, count: table.count))
}

@Suite struct MetricsTests {
  @Test func resolutionTakesTheFlagThenIntentAndAction() {
    let rows = table(
      starts: [Int64](repeating: monday, count: 7),
      [
        "resolved": .flag(FlagColumn(storage: [1, 0, -1, -1, -1, -1, -1])),
        "intent_predicted": text(["a", "a", "a", "a", "a", "z", nil]),
        "intent_actual": text(["b", "a", "a", "a", "b", nil, "a"]),
        "action_status": text(["failed", "ok", nil, "abandoned", "ok", "ok", "failed"]),
      ])
    // Known: yes by flag, no by flag, yes (agree, no action), no (abandoned), no (intents differ).
    let rate = metrics(rows).intentResolutionRate.overall
    #expect(rate.n == 5)
    #expect(rate.estimate == 0.4)
  }

  @Test func partialActionIsNeitherSuccessNorFailedResolution() {
    let rows = table(
      starts: [monday, monday, monday],
      [
        "intent_predicted": text(["a", "a", "a"]), "intent_actual": text(["a", "a", "a"]),
        "action_status": text(["partial", "completed", nil]),
      ])
    #expect(metrics(rows).intentResolutionRate.overall.estimate == 1)
    #expect(metrics(rows).actionSuccessRate.overall.estimate == 0.5)
    #expect(metrics(rows).actionSuccessRate.overall.n == 2)
  }

  @Test func latencyFallsBackFromEndToHandlingToIntegration() {
    let rows = table(
      starts: [monday, monday, monday, monday, monday],
      [
        "ended_at": .time(
          TimeColumn(
            milliseconds: [
              monday + 5_000, monday - 1, TimeColumn.missing, TimeColumn.missing,
              TimeColumn.missing,
            ])),
        "handle_seconds": .number(NumberColumn(storage: [90, 2, 3, .nan, .nan])),
        "integration_latency_ms": .number(NumberColumn(storage: [1, 1, 1, 450, .nan])),
        "handled_by": text(["ai", "staff", "staff", "ai", nil]),
      ])
    let latency = metrics(rows).endToEndLatencyMs
    #expect(latency.n == 4)
    #expect([latency.p50, latency.p95, latency.p99] == [2_000, 5_000, 5_000])
    #expect(latency.byHandler.ai.p50 == 450)
    #expect(latency.byHandler.staff.p95 == 3_000)
  }

  @Test func quantilesAreNearestRank() {
    let values = (1...200).map { Double($0) }
    let quantiles = MetricsCalculator.nearestRank(values.reversed())
    #expect(quantiles.p50 == 100)
    #expect(quantiles.p95 == 190)
    #expect(quantiles.p99 == 198)
    #expect(MetricsCalculator.nearestRank([7]).p99 == 7)
    #expect(MetricsCalculator.nearestRank([]).p50 == nil)
  }

  @Test func weeksRunWithoutGapsAndHandlersStandApart() {
    let rows = table(
      starts: [monday, monday + day, monday + 14 * day, monday + 15 * day],
      ["handled_by": text(["ai", "staff", "ai", nil])])
    let rate = metrics(rows, followed: [true, false, nil, true]).repeatContactRate
    #expect(rate.byWeek.map(\.week) == ["2026-W02", "2026-W03", "2026-W04"])
    #expect(rate.byWeek.map(\.n) == [2, 0, 1])
    #expect(rate.byWeek[1].estimate == nil)
    #expect(rate.byWeek[1].ci95 == nil)
    #expect(rate.byHandler.ai.n == 1)
    #expect(rate.byHandler.staff.estimate == 0)
    #expect(rate.byHandlerByWeek.ai.map(\.n) == [1, 0, 0])
    #expect(rate.overall.n == 3)
  }

  @Test func satisfactionIsAMeanWithItsInterval() throws {
    let rows = table(
      starts: [monday, monday, monday + 7 * day, monday + 7 * day, monday + 14 * day],
      ["csat": .number(NumberColumn(storage: [4, 5, 3, .nan, .nan]))])
    let csat = metrics(rows).csat
    #expect(csat.overall.estimate == 4)
    #expect(csat.overall.n == 3)
    // Standard deviation 1, so ± 1.959964/√3.
    let interval = try #require(csat.overall.ci95)
    #expect(abs(interval[1] - interval[0] - 2 * 1.959963984540054 / 3.0.squareRoot()) < 1e-12)
    #expect(csat.byWeek[1].ci95 == nil)
    #expect(csat.byWeek[2].estimate == nil)
  }

  @Test func emptyTableGivesEmptyMetrics() {
    let csat = metrics(table(starts: [])).csat
    #expect(csat.overall.n == 0)
    #expect(csat.overall.estimate == nil)
    #expect(csat.byWeek.isEmpty)
  }
}
