import Attribution
import Report
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The values of all `<data value="…">` elements, in the order of the page.
private func dataValues(_ html: String) -> [Double] {
  html.components(separatedBy: "<data value=\"").dropFirst().compactMap { rest in
    rest.split(separator: "\"", maxSplits: 1).first.flatMap { Double($0) }
  }
}

private func numbers(_ value: JSONValue) -> [Double] {
  switch value {
  case .number(let number): [number]
  case .integer(let number): [Double(number)]
  case .array(let elements): elements.flatMap(numbers)
  case .object(let members): members.flatMap { numbers($0.value) }
  default: []
  }
}

private func page(_ report: AttributionReport, bundle: String? = nil) -> String {
  Page.html(report, charts: Charts.all(report), bundle: bundle)
}

@Suite struct PageTests {
  @Test func showsTheHeadlineFirst() throws {
    let html = page(Fixture.report())
    #expect(html.contains("<h1>\(Fixture.report().headline.sentence)</h1>"))
    #expect(html.contains("<data value=\"1284.6\">1,285</data>"))
    #expect(html.contains("3 of 6 checks pass, 2 ask for caution, 1 fails."))
    #expect(html.contains("would avoid <data value=\"802.7\">803</data> repeats"))
  }

  @Test func takesEveryNumberFromTheReport() throws {
    let known = Set(numbers(try JSONTreeEncoder.tree(Fixture.report())))
    let shown = dataValues(page(Fixture.report()))
    #expect(shown.count > 400)
    #expect(shown.filter { !known.contains($0) } == [])
  }

  @Test func escapesWhateverTheDataSay() {
    let attack = "<script>alert(1)</script>"
    // A combining accent joins the quotation mark to one Swift character.
    let joined = "\"\u{301} onmouseover='alert(2)'"
    var report = Fixture.report()
    report.headline.sentence = attack
    report.topics[0].topic = attack
    report.topics[1].topic = joined
    report.repeats.countedByRule.rule = attack
    report.modes[0].note = attack
    report.modes[1].mode = attack
    report.modes[1].component = nil
    report.fixes[0].component = attack
    report.fixes[0].examples = [attack, joined]
    report.fixes[0].examplesWithLinks = [
      .init(
        interaction: attack, brought: 1,
        links: [.init(interaction: joined, probability: 0.5, hours: 2)])
    ]
    report.fixes[0].currency = attack
    report.checks[0].meaning = attack
    report.checks[0].name = joined
    report.checks[3].details = [attack: 1]
    report.model.link = attack
    report.model.delay[1].group = attack
    report.model.coefficients[0].term = joined
    report.provenance.version = attack
    let html = page(report, bundle: "/* </script> <!-- */")
    #expect(!html.contains(attack))
    let bytes = Array(html.utf8)
    let raw = Array(joined.utf8)
    #expect(bytes.firstRange(of: raw) == nil)
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    // The page's own elements, and none besides: one a chart, the bundle, the script.
    let elements = html.components(separatedBy: "<script").count - 1
    #expect(elements == Charts.all(report).count + 2)
    #expect(html.components(separatedBy: "</script>").count - 1 == elements)
    #expect(!html.contains("<!--"))
  }

  @Test func asksForNothingFromOutside() {
    let html = page(Fixture.report(), bundle: "window.vegaEmbed = () => {};")
    for attribute in ["src=", "<link", "@import", "url(", "href=\"http"] {
      #expect(!html.contains(attribute), "\(attribute)")
    }
    #expect(html.contains("default-src 'none'"))
  }

  @Test func namesNoStaff() {
    let html = page(Fixture.report())
    #expect(!html.contains("agent-0417"))
    #expect(html.contains("One staff member stands out after adjustment."))
  }

  @Test func doesWithoutChartsAndSaysHowToGetThem() {
    let html = page(Fixture.report())
    #expect(html.contains("<code>make setup</code>"))
    #expect(!html.contains("data-chart="))
    #expect(!html.contains("<script"))
    #expect(html.contains("<details open><summary>The split as a table</summary>"))
    let drawn = page(Fixture.report(), bundle: "0")
    #expect(!drawn.contains("make setup"))
    for chart in Charts.all(Fixture.report()) {
      #expect(drawn.contains("data-chart=\"\(chart.name)\""), "\(chart.name)")
      #expect(drawn.contains("id=\"chart-\(chart.name)\""), "\(chart.name)")
    }
  }

  @Test func tellsWhatHalfOfAFixAndTheNextOneAdd() {
    let html = page(Fixture.report())
    #expect(html.contains("If it happened half as often: <data value=\"417."))
    #expect(html.contains("<code>c-018812</code> → <code>c-018812-later</code> 5.5 h later, "))
    #expect(html.contains("<h3 id=\"fix-order\">One after the other</h3>"))
    #expect(html.contains("<td class=\"number\" data-label=\"Adds\"><data value=\"330.2\">"))
    // The fourth step's gain cannot be told from nothing.
    #expect(!html.contains("<data value=\"51.1\">"))
    #expect(html.contains("most money saved first"))
    // A run of an earlier version has none of this.
    var earlier = Fixture.report()
    for k in earlier.fixes.indices {
      earlier.fixes[k].halved = nil
      earlier.fixes[k].greedy = nil
      earlier.fixes[k].examplesWithLinks = nil
    }
    let old = page(earlier)
    #expect(!old.contains("half as often") && !old.contains("fix-order"))
    #expect(old.contains("<code>c-018812</code>; <code>c-019034</code>"))
  }

  @Test func saysWhatIsNotKnown() {
    var report = Fixture.report()
    report.headline.staffOwnCausedRepeats = .init(
      estimate: nil, ci95: nil, per100Interactions: nil, per100Ci95: nil,
      note: "no interaction was reviewed")
    report.split.staffOwn = .init(
      estimate: nil, ci95: nil, share: nil, shareCi95: nil, note: "no interaction was reviewed")
    report.fixes = []
    report.checks = []
    report.topics = []
    report.weekly = []
    let html = page(report)
    #expect(html.contains("<p class=\"big\"><span class=\"missing\">not known</span></p>"))
    #expect(html.contains("no interaction was reviewed"))
    #expect(html.contains("No fix stands out from this log."))
    #expect(html.contains("No check could be made."))
  }

  @Test func closesWhatItOpens() {
    let html = page(Fixture.report())
    for element in ["section", "table", "figure", "details", "ul", "ol", "dl", "div", "p", "li"] {
      let opened =
        html.components(separatedBy: "<\(element)>").count
        + html.components(separatedBy: "<\(element) ").count - 2
      #expect(opened == html.components(separatedBy: "</\(element)>").count - 1, "\(element)")
    }
    #expect(!html.contains("{{"))
  }
}
