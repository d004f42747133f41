import Attribution
import Report
import Testing

@Suite struct TerminalSummaryTests {
  @Test func saysTheMainThingsInEightyColumns() {
    let text = TerminalSummary.text(Fixture.report(), directory: "out/run", colour: false)
    let expected = """
      The system caused about 1,285 repeat contacts (1,131 to 1,438), 6.3 per 100
      interactions; staff by themselves caused about 171.

        Caused repeats            expected          95% interval     share
        System, direct               1,152        1,011 to 1,293     44.1%
        System, through staff          132             84 to 180      5.1%
        Staff, own                     171             96 to 247      6.6%
        Baseline                     1,156          993 to 1,318     44.2%
        All                          2,611        2,403 to 2,820

      The customary rule (same customer and topic within 7 days) counts 3,106; of all
      later contacts within 15 days 1,875 (1,666 to 2,083) are coincidental.

      Fix first
        1. Integration timeout in payments: 803 (701 to 905) repeats avoided, worth
           5,699 (4,975 to 6,423) EUR
        2. Misclassified intent in nlu: 342 (256 to 427) repeats avoided, worth 2,425
           (1,818 to 3,031) EUR
        3. Action failed in refund: 271 (198 to 344) repeats avoided, worth 1,924
           (1,404 to 2,444) EUR

      """
    #expect(text.hasPrefix(expected), "\(text)")
    #expect(text.hasSuffix("\nReport: out/run/report.html\n"))
    #expect(text.contains("  FAIL  Reviews after the repeat: 31% of the quality reviews"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func coloursOnlyWhenAsked() {
    let report = Fixture.report()
    #expect(!TerminalSummary.text(report, directory: "d", colour: false).contains("\u{1B}"))
    #expect(TerminalSummary.text(report, directory: "d", colour: true).contains("\u{1B}[31m"))
  }

  @Test func keepsControlCharactersOfTheDataFromTheTerminal() {
    var report = Fixture.report()
    report.fixes[0].component = "pay\u{1B}[2Jments\u{7}"
    report.checks[2].meaning = String(repeating: "x", count: 200)
    let text = TerminalSummary.text(report, directory: "d", colour: false)
    #expect(!text.contains("\u{1B}"))
    #expect(!text.contains("\u{7}"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func saysWhatIsNotKnown() {
    var report = Fixture.report()
    report.split.staffOwn = .init(
      estimate: nil, ci95: nil, share: nil, shareCi95: nil, note: "no reviews")
    report.fixes = []
    report.checks = []
    let text = TerminalSummary.text(report, directory: "d", colour: false)
    #expect(text.contains("  Staff, own                       –                     –         –\n"))
    #expect(text.contains("No fix stands out from this log."))
    #expect(text.contains("No check could be made."))
  }
}
