import Attribution

/// What the page's template sees: built from an `AttributionReport` and its charts, nothing else.
struct PageContext {
  let title: String
  let sentence: String
  let periodFrom: String
  let periodTo: String
  let interactions: Markup
  let customers: Markup
  let unlinked: Markup
  let windowDays: Markup
  let tiles: HeadlineTiles
  let fixes: FixLists
  let splitRows: [SplitRow]
  let modeRows: [ModeRow]
  let componentRows: [ModeRow]
  let hasComponents: Bool
  let topics: [PartsRow]
  let hasTopicIntervals: Bool
  let weeks: [PartsRow]
  let change: ChangeSection
  let outcomes: OutcomeSection
  let latencyDose: LatencySection
  let metrics: [MetricRow]
  let latency: [LatencyRow]
  let hasLatency: Bool
  let absentMetrics: String?
  let metricWeeks: [MetricWeekRow]
  let checks: [CheckRow]
  let checkSummary: String
  let refuters: RefuterSection
  let attention: [CheckRow]
  let staffMembers: String?
  let staff: StaffSection
  let population: String?
  let model: ModelContext
  let provenance: ProvenanceContext
  let identity: IdentityContext?
  let glossary: [GlossaryEntry]
  let chart: ChartPlaces
  let hasCharts: Bool
  let style: String
  let script: String
  let bundle: String
  let chartData: [ChartData]

  /// - Parameter bundle: the JavaScript that draws Vega-Lite; nil: the page has its tables only.
  init(_ report: AttributionReport, charts: [Chart], bundle: String?) {
    title = "Why customers come back"
    sentence = report.headline.sentence
    periodFrom = String(report.period.from.prefix(10))
    periodTo = String(report.period.to.prefix(10))
    interactions = .count(report.interactions)
    customers = .count(report.customers)
    unlinked = .count(report.unlinkedInteractions)
    windowDays = .precise(report.repeats.windowDays)
    tiles = HeadlineTiles(report)
    fixes = FixLists(report.fixes)
    splitRows = SplitRow.rows(report)
    let ranked = RankedModes(report.modes)
    modeRows = ModeRow.wholes(ranked)
    componentRows = ModeRow.components(ranked)
    hasComponents = !componentRows.isEmpty
    topics = report.topics.map(PartsRow.init)
    hasTopicIntervals = report.topics.contains { $0.ci95 != nil }
    weeks = PartsRow.weeks(report)
    change = ChangeSection(report.change)
    outcomes = OutcomeSection(report)
    latencyDose = LatencySection(report.latencyDose ?? [])
    let measured = MetricRow.rows(report.metrics)
    metrics = measured.filter(\.isKnown)
    latency = LatencyRow.rows(report.metrics.endToEndLatencyMs)
    hasLatency = report.metrics.endToEndLatencyMs.n > 0
    let absent =
      measured.filter { !$0.isKnown }.map(\.title) + (hasLatency ? [] : ["Time to the end"])
    absentMetrics = absent.isEmpty ? nil : absent.joined(separator: ", ")
    metricWeeks = MetricWeekRow.rows(report.metrics)
    checks = CheckRow.rows(report.checks)
    checkSummary = CheckRow.summary(report.checks)
    refuters = RefuterSection(report.refuters)
    attention = CheckRow.rows(report.checks.filter { $0.verdict == .warn || $0.verdict == .fail })
    // The section has its own words where members were compared.
    staffMembers = report.staffComparison == nil ? Self.staffMembers(report.staff.count) : nil
    staff = StaffSection(report)
    population = Self.population(report)
    model = ModelContext(report.model)
    provenance = ProvenanceContext(report.provenance)
    identity = report.identity.map(IdentityContext.init)
    glossary = GlossaryEntry.all
    chart = ChartPlaces(charts)
    hasCharts = bundle != nil
    style = PageStyle.css
    script = PageScript.javascript
    self.bundle = bundle.map { Self.escapingMarkup($0) } ?? ""
    let drawn = charts.filter { $0.hasData || !$0.name.hasPrefix("metric-") }
    chartData = bundle == nil ? [] : drawn.map(ChartData.init)
  }

  /// The system's part beyond this log; nil where it has no interval.
  private static func population(_ report: AttributionReport) -> String? {
    guard let interval = report.inference?.populationCi95.systemCausedRepeats else { return nil }
    return "Intervals are of this log’s contacts. What the system causes in such a period, "
      + "with other customers of the same base making contact, lies between "
      + "\(grouped(interval[0])) and "
      + "\(grouped(interval[1])) (95%)."
  }

  private static func staffMembers(_ count: Int) -> String {
    switch count {
    case 0:
      "Members of staff are not compared with one another here: staff as a whole have their part of "
        + "the split, and that part holds only what the system did not bring about."
    case 1:
      "One staff member stands out after adjustment. The person is not named here; "
        + "attribution.json has the id."
    default:
      "\(NumberWords.count(count)) staff members stand out after adjustment. They are not named "
        + "here; attribution.json has the ids."
    }
  }

  /// Breaks up what would end or reopen the script element: `</script` and `<!--`, which in a
  /// program can only stand inside of strings, where the backslash changes nothing.
  static func escapingMarkup(_ script: String) -> String {
    var bytes = Array(script.utf8)
    let needles = ["</script", "<!--"].map { Array($0.utf8) }
    for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "<") {
      let rest = bytes[index...]
      for needle in needles
      where rest.prefix(needle.count).elementsEqual(needle, by: { $0 | 32 == $1 | 32 }) {
        bytes.insert(UInt8(ascii: "\\"), at: index + 1)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
