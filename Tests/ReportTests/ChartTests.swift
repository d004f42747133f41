import Attribution
import Report
import Testing

@Suite struct ChartTests {
  private func title(_ report: AttributionReport, _ name: String) -> String? {
    Charts.all(report).first { $0.name == name }?.title
  }

  @Test func saysTheFindingInTheTitle() {
    let report = Fixture.report()
    #expect(
      Charts.all(report).map(\.title) == [
        "The system caused 1,285 of 2,611 caused repeats, staff by themselves 171",
        "Integration timeout caused most repeats: 613, between 529 and 697",
        "System-caused repeats rose from 5.2 to 7.6 per 100 interactions, while CSAT stayed at 4.2",
        "Intents resolved: AI 79.0%, staff 86.0%", "Actions completed: AI 88.0%, staff 92.0%",
        "Time to the end, median: AI 41.0 s, staff 6.7 min",
        "Followed by a repeat: AI 17.0%, staff 13.8%",
        "Half of the caused repeats arrive within 3.7 days",
      ])
  }

  @Test func callsNoNoiseAChange() {
    var report = Fixture.report()
    for index in report.weekly.indices {
      report.weekly[index].systemDirect = index % 2 == 0 ? 60 : 66
    }
    #expect(title(report, "weekly")?.hasPrefix("System-caused repeats stayed about level") == true)
    report.weekly = Array(report.weekly.prefix(1))
    #expect(title(report, "weekly") == "Repeats by the week of the contact that caused them")
  }

  @Test func doesNotNameAWinnerThatMayBeNone() {
    var report = Fixture.report()
    report.modes[1].caused.ci95 = [-10, 1_200]
    #expect(
      title(report, "modes")
        == "Integration timeout comes first, but its interval includes none at all")
    report.modes = []
    #expect(title(report, "modes") == "No failure mode stands out as a cause of repeats")
  }

  @Test func stacksTheWaterfallToTheTotal() throws {
    let chart = try #require(Charts.all(Fixture.report()).first { $0.name == "split" })
    guard case .array(let rows)? = chart.specification["data"]?["values"] else {
      Issue.record("the data are inlined")
      return
    }
    #expect(rows.count == 5)
    for (row, next) in zip(rows, rows.dropFirst().prefix(3)) {
      #expect(row["to"] == next["from"])
    }
    guard case .number(let sum)? = rows[3]["to"], case .number(let total)? = rows[4]["to"] else {
      Issue.record("the ends are numbers")
      return
    }
    #expect(abs(sum - total) < 1e-9)
  }

  @Test func everyChartIsDescribedAndFitsItsPlace() {
    for chart in Charts.all(Fixture.report()) {
      let specification = chart.specification
      #expect(specification["description"] == "\(chart.title). \(chart.reading)")
      #expect(specification["width"] == "container")
      #expect(specification["title"]?["text"] != nil)
      #expect(
        specification["$schema"] == "https://vega.github.io/schema/vega-lite/v6.json")
    }
  }

  @Test func survivesAReportWithNothingInIt() {
    var report = Fixture.report()
    report.modes = []
    report.weekly = []
    report.model.delay = []
    report.split.systemDirect.estimate = nil
    report.split.systemDirect.ci95 = nil
    report.headline.systemCausedRepeats.estimate = nil
    #expect(Charts.all(report).count == 8)
    #expect(title(report, "split") == "Who caused the repeats cannot be told from this log")
    #expect(title(report, "delay") == "When caused repeats arrive")
  }
}
