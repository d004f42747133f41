import Attribution

/// Staff and system apart: what a raw count says of staff, where those repeats came from, and members
/// compared without names.
struct StaffSection {
  let hasAny: Bool
  let hasView: Bool
  let title: String
  let sentence: String
  let rows: [StaffRow]
  let teams: [StaffTeamRow]
  let hasTeams: Bool
  let lines: [String]

  init(_ report: AttributionReport) {
    let view = report.staffView
    hasView = view != nil
    title = view.map { StaffWords.title($0.basis) } ?? ""
    sentence = [view?.sentence, view?.note].compactMap { $0 }.joined(separator: " ")
    rows = view.map(StaffRow.rows) ?? []
    teams = view?.teams.map(StaffTeamRow.init) ?? []
    hasTeams = !teams.isEmpty
    lines = report.staffComparison.map(StaffWords.comparison) ?? []
    hasAny = hasView || !lines.isEmpty
  }
}

/// Where counted repeats came from.
struct StaffRow {
  let title: String
  let meaning: String?
  let repeats: Markup
  let points: Markup
  let interval: Markup
  let isTotal: Bool

  static func points(_ share: Double) -> String { NumberWords.fixed(100 * share, decimals: 1) }

  static func rows(_ view: AttributionReport.StaffView) -> [StaffRow] {
    func row(_ title: String, _ meaning: String, _ part: AttributionReport.Part) -> StaffRow {
      StaffRow(
        title: title, meaning: meaning,
        repeats: .text(part.estimate.map(NumberWords.count) ?? NumberWords.missing),
        points: .text(part.share.map(points) ?? "cannot be told"),
        interval: part.shareCi95.map { .interval($0, points) } ?? .text(NumberWords.missing),
        isTotal: false)
    }
    let parts = view.parts
    return [
      row("Staff’s own", "errors that would have happened anyway", parts.staffOwn),
      row(
        "The system, through staff", "staff errors that a failure of the system brought about",
        parts.systemThroughStaff),
      row("The system, direct", "failures on that contact", parts.systemDirect),
      row(
        "Comes after any contact", "what that contact brings without any recorded failure",
        parts.baseline),
      row(
        "Another contact brought it", "not the one that it is counted after", parts.otherContact),
      row("Would have come anyway", "of the customer’s own accord", parts.ownAccord),
      StaffRow(
        title: "Looks like staff", meaning: nil, repeats: .count(view.looksLikeStaff.count),
        points: .text(view.looksLikeStaff.share.map(points) ?? NumberWords.missing),
        interval: .text("counted"), isTotal: true),
    ]
  }
}

/// The same of one team, short.
struct StaffTeamRow {
  struct Cell {
    let title: String
    let value: Markup
    let interval: Markup
  }
  let title: String
  let cells: [Cell]

  static let titles = [
    "Looks like staff", "Staff’s own", "The system’s", "After any contact", "Not brought by it",
  ]

  init(_ team: AttributionReport.StaffView.Team) {
    title = team.team
    let parts = team.parts
    let columns: [([Double?], [Double]?)] = [
      ([team.looksLikeStaff.share], nil), ([parts.staffOwn.share], parts.staffOwn.shareCi95),
      ([parts.systemDirect.share, parts.systemThroughStaff.share], nil),
      ([parts.baseline.share], parts.baseline.shareCi95),
      ([parts.otherContact.share, parts.ownAccord.share], nil),
    ]
    cells = zip(Self.titles, columns).map { title, column in
      let known = column.0.compactMap { $0 }
      return Cell(
        title: title,
        value: .text(known.isEmpty ? NumberWords.missing : StaffRow.points(known.reduce(0, +))),
        interval: .interval(column.1, StaffRow.points))
    }
  }
}

extension PageTemplate {
  static let staff = #"""
    {{#staff}}{{#hasAny}}
    <section id="staff">
    <h2>Staff and system</h2>
    {{#hasView}}
    <p><strong>{{sentence}}</strong></p>
    <div class="scroll"><table class="stack">
    <caption>{{title}}, and where they came from; points are per 100 repeats that the rule counts</caption>
    <thead><tr><th scope="col">Where from</th><th scope="col" class="number">Repeats</th><th scope="col" class="number">Points</th><th scope="col" class="number">95% interval</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr{{#isTotal}} class="total"{{/isTotal}}><th scope="row">{{title}}{{#meaning}}<span class="meaning">{{meaning}}</span>{{/meaning}}</th><td class="number" data-label="Repeats">{{{repeats}}}</td><td class="number" data-label="Points">{{{points}}}</td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td></tr>
    {{/rows}}
    </tbody></table></div>
    {{#hasTeams}}
    <details><summary>After contacts that staff handled, by team</summary><div class="scroll">
    <table class="stack"><caption>Points per 100 repeats that the rule counts, with 95% intervals where one part stands alone</caption><thead><tr><th scope="col">Team</th><th scope="col" class="number">Looks like staff</th><th scope="col" class="number">Staff’s own</th><th scope="col" class="number">The system’s</th><th scope="col" class="number">After any contact</th><th scope="col" class="number">Not brought by it</th></tr></thead><tbody>
    {{#teams}}
    <tr><th scope="row">{{title}}</th>{{#cells}}<td class="number" data-label="{{title}}"><span>{{{value}}}<span class="n">{{{interval}}}</span></span></td>{{/cells}}</tr>
    {{/teams}}
    </tbody></table></div></details>
    {{/hasTeams}}
    {{/hasView}}
    <figure>
    {{#chart.staffFunnel}}
    {{> figure}}
    {{/chart.staffFunnel}}
    </figure>
    {{#lines}}
    <p class="small">{{.}}</p>
    {{/lines}}
    </section>
    {{/hasAny}}{{/staff}}

    """#
}
