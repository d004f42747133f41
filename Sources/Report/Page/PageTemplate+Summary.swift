extension PageTemplate {
  /// The head of the page: headline, tiles, what to fix first, contents.
  static let summary = #"""
    <header class="top">
    <p class="eyebrow">{{title}}: {{periodFrom}} to {{periodTo}}, {{{interactions}}} interactions of {{{customers}}} customers</p>
    <h1>{{sentence}}</h1>
    <div class="tiles">
    {{#tiles}}
    <div class="tile system">
    <h2>Repeats that the system caused</h2>
    <p class="big">{{{system}}}</p>
    {{#systemInterval}}<p>95% interval {{{systemInterval}}}</p>{{/systemInterval}}
    <p>{{{systemPer100}}} per 100 interactions{{#systemPer100Interval}} ({{{systemPer100Interval}}}){{/systemPer100Interval}}</p>
    {{#systemElsewhere}}<p>{{.}}</p>{{/systemElsewhere}}
    {{#systemNote}}<p class="muted">{{systemNote}}</p>{{/systemNote}}
    </div>
    <div class="tile staff">
    <h2>Repeats that staff caused by themselves</h2>
    <p class="big">{{{staff}}}</p>
    {{#staffInterval}}<p>95% interval {{{staffInterval}}}</p>{{/staffInterval}}
    {{#knowsStaff}}<p>{{{staffPer100}}} per 100 interactions{{#staffPer100Interval}} ({{{staffPer100Interval}}}){{/staffPer100Interval}}</p>{{/knowsStaff}}
    {{#staffNote}}<p class="muted">{{staffNote}}</p>{{/staffNote}}
    </div>
    {{/tiles}}
    <div class="tile sure">
    <h2>How sure this is</h2>
    <p><strong>{{checkSummary}}</strong></p>
    {{#attention}}
    <p><span class="badge {{verdictClass}}">{{verdict}}</span> {{title}}</p>
    {{/attention}}
    <p><a href="#checks">What was checked</a></p>
    {{#refuters}}{{#isShown}}
    <p><strong>{{summary}}</strong></p>
    {{#attention}}
    <p><span class="badge {{verdictClass}}">{{verdict}}</span> {{title}}</p>
    {{/attention}}
    <p><a href="#refuters">What was tried against it</a></p>
    {{/isShown}}{{/refuters}}
    </div>
    </div>
    <div class="pair">
    <div class="card">
    <h2>What to fix first</h2>
    {{#fixes}}
    {{#hasAny}}
    <ol>
    {{#first}}
    <li><strong>{{title}}</strong> in {{component}}: would avoid {{{avoided}}} repeats{{#avoidedInterval}} ({{{avoidedInterval}}}){{/avoidedInterval}}{{#hasCost}}, worth {{{cost}}}{{#costInterval}} ({{{costInterval}}}){{/costInterval}}{{/hasCost}}</li>
    {{/first}}
    </ol>
    {{/hasAny}}
    {{^hasAny}}<p>No fix stands out from this log.</p>{{/hasAny}}
    {{#hasUnclear}}<p class="small muted">Of others, the data cannot tell whether they would avoid anything: <a href="#fixes">all fixes</a>.</p>{{/hasUnclear}}
    {{/fixes}}
    </div>
    {{#tiles}}
    <div class="card">
    <h2>What the customary rule says</h2>
    <p><strong>{{{ruleCount}}}</strong> interactions are followed by a repeat{{#ruleRate}} ({{{ruleRate}}} of those whose time to look at is all in the log){{/ruleRate}} by the rule “{{rule}}”. A rule cannot tell cause from coincidence.</p>
    <p>Of all later contacts within {{{windowDays}}} days, <strong>{{{caused}}}</strong>{{#causedInterval}} ({{{causedInterval}}}){{/causedInterval}} were caused by an earlier one, and <strong>{{{coincidental}}}</strong>{{#coincidentalInterval}} ({{{coincidentalInterval}}}){{/coincidentalInterval}} are coincidental: those customers would have come anyway.</p>
    </div>
    {{/tiles}}
    </div>
    {{^hasCharts}}<p class="notice">This report was written without its charts, because the chart bundle was not found. <code>make setup</code> brings it; then run the analysis again. The tables have the numbers.</p>{{/hasCharts}}
    <nav class="contents" aria-label="Contents"><ul>
    <li><a href="#split">Who caused the repeats</a></li><li><a href="#modes">Which failures</a></li><li><a href="#fixes">Fixes</a></li>{{#outcomes}}{{#hasAny}}<li><a href="#outcomes">Other outcomes</a></li>{{/hasAny}}{{/outcomes}}{{#latencyDose}}{{#hasAny}}<li><a href="#latency">Latency</a></li>{{/hasAny}}{{/latencyDose}}{{#staff}}{{#hasAny}}<li><a href="#staff">Staff and system</a></li>{{/hasAny}}{{/staff}}<li><a href="#weeks">Week by week</a></li>{{#change}}{{#hasAny}}<li><a href="#change">Why it changed</a></li>{{/hasAny}}{{/change}}<li><a href="#metrics">Metrics</a></li><li><a href="#checks">Checks</a></li>{{#refuters}}{{#isShown}}<li><a href="#refuters">Attempts to refute it</a></li>{{/isShown}}{{/refuters}}<li><a href="#assumptions">Assumptions</a></li><li><a href="#model">Model</a></li><li><a href="#data">Data</a></li><li><a href="#words">Words</a></li>
    </ul></nav>
    </header>
    <main>

    """#
}
