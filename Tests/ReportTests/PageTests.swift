import Report
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct PageTests {
  @Test func showsTheHeadline() {
    let report = Fixture.report()
    let html = Page.html(report, charts: Charts.all(report), bundle: nil)
    #expect(html.contains("<h1>\(report.headline.sentence)</h1>"))
  }

  /// Writes the page where a person can look at it, if asked to by `WHEREFORE_PAGE`.
  @Test func writesForTheEye() throws {
    let environment = ProcessInfo.processInfo.environment
    guard let path = environment["WHEREFORE_PAGE"] else { return }
    let report = Fixture.report()
    try RunWriter(directory: path).write(
      report: report, table: FixtureRun.table(), ledger: FixtureRun.ledger(),
      links: FixtureRun.links(), rejected: FixtureRun.rejected(), run: FixtureRun.record(),
      vegaBundle: environment["WHEREFORE_BUNDLE"])
  }
}
