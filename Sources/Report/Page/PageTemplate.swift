/// The page's template. Two braces escape; three stand only where `Markup` or a script goes.
enum PageTemplate {
  /// A chart's place with its finding as heading; nothing where the page has no charts.
  static let figure = #"""
    {{% CONTENT_TYPE:WHEREFORE_HTML}}
    <h3>{{title}}</h3>
    {{#hasCharts}}
    <div class="chart" data-chart="{{name}}"></div>
    <p class="reading">{{reading}}</p>
    {{/hasCharts}}
    """#

  static let page =
    #"""
    {{% CONTENT_TYPE:WHEREFORE_HTML}}
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
    <title>{{title}}, {{periodFrom}} to {{periodTo}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>

    """# + summary + causes + outcomes + staff + measures + trust + appendix

  private static let summary = #"""
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
    </div>
    </div>
    <div class="pair">
    <div class="card">
    <h2>What to fix first</h2>
    {{#fixes}}
    {{#hasAny}}
    <ol>
    {{#first}}
    <li><strong>{{title}}</strong> in {{component}}: would avoid {{{avoided}}} repeats{{#avoidedInterval}} ({{{avoidedInterval}}}){{/avoidedInterval}}{{#hasCost}}, worth {{{cost}}}{{/hasCost}}</li>
    {{/first}}
    </ol>
    {{/hasAny}}
    {{^hasAny}}<p>No fix stands out from this log.</p>{{/hasAny}}
    {{#hasUnclear}}<p class="small muted">The data do not tell every fix from no effect: <a href="#fixes">all fixes</a>.</p>{{/hasUnclear}}
    {{/fixes}}
    </div>
    {{#tiles}}
    <div class="card">
    <h2>What the customary rule says</h2>
    <p><strong>{{{ruleCount}}}</strong> interactions are followed by a repeat ({{{ruleRate}}}) by the rule “{{rule}}”. A rule cannot tell cause from coincidence.</p>
    <p>Of all later contacts within {{{windowDays}}} days, <strong>{{{caused}}}</strong>{{#causedInterval}} ({{{causedInterval}}}){{/causedInterval}} were caused by an earlier one, and <strong>{{{coincidental}}}</strong>{{#coincidentalInterval}} ({{{coincidentalInterval}}}){{/coincidentalInterval}} are coincidental: those customers would have come anyway.</p>
    </div>
    {{/tiles}}
    </div>
    {{^hasCharts}}<p class="notice">This report was written without its charts, because the chart bundle was not found. <code>make setup</code> brings it; then run the analysis again. All numbers are in the tables.</p>{{/hasCharts}}
    <nav class="contents" aria-label="Contents"><ul>
    <li><a href="#split">Who caused the repeats</a></li><li><a href="#modes">Which failures</a></li><li><a href="#fixes">Fixes</a></li>{{#outcomes}}{{#hasAny}}<li><a href="#outcomes">Other outcomes</a></li>{{/hasAny}}{{/outcomes}}{{#latencyDose}}{{#hasAny}}<li><a href="#latency">Latency</a></li>{{/hasAny}}{{/latencyDose}}{{#staff}}{{#hasAny}}<li><a href="#staff">Staff and system</a></li>{{/hasAny}}{{/staff}}<li><a href="#weeks">Week by week</a></li>{{#change}}{{#hasAny}}<li><a href="#change">Why it changed</a></li>{{/hasAny}}{{/change}}<li><a href="#metrics">Metrics</a></li><li><a href="#checks">Checks</a></li>{{#refuters}}{{#isShown}}<li><a href="#refuters">Attempts to refute it</a></li>{{/isShown}}{{/refuters}}<li><a href="#assumptions">Assumptions</a></li><li><a href="#model">Model</a></li><li><a href="#data">Data</a></li><li><a href="#words">Words</a></li>
    </ul></nav>
    </header>
    <main>

    """#

  private static let causes = #"""
    <section id="split">
    <h2>Who caused the repeats</h2>
    <p>A repeat counts as caused where an earlier contact brought it about. The four parts add up to all caused repeats.</p>
    <figure>
    {{#chart.split}}
    {{> figure}}
    {{/chart.split}}
    <details{{^hasCharts}} open{{/hasCharts}}><summary>The split as a table</summary><div class="scroll">
    <table class="stack">
    <thead><tr><th scope="col">Part</th><th scope="col" class="number">Expected repeats</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">Share of caused</th><th scope="col" class="number">95% interval</th></tr></thead>
    <tbody>
    {{#splitRows}}
    <tr{{#isTotal}} class="total"{{/isTotal}}><th scope="row">{{title}}<span class="meaning">{{meaning}}</span>{{#note}}<span class="meaning">{{note}}</span>{{/note}}</th><td class="number" data-label="Expected repeats">{{{estimate}}}</td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td>{{^isTotal}}<td class="number" data-label="Share of caused">{{{share}}}</td><td class="number" data-label="… of the share"><span>{{{shareInterval}}}</span></td>{{/isTotal}}{{#isTotal}}<td></td><td></td>{{/isTotal}}</tr>
    {{/splitRows}}
    </tbody></table></div>
    <p class="reading">Shares depend on how the coincidental contacts are modelled, more than the counts do: see the sensitivity under Checks.{{#population}} {{.}}{{/population}}</p></details>
    </figure>
    {{#staffMembers}}<p class="small muted">{{.}}</p>{{/staffMembers}}
    <details><summary>The split by topic</summary><div class="scroll">
    <table><thead><tr><th scope="col">Topic</th><th scope="col" class="number">Interactions</th><th scope="col" class="number">System, direct</th><th scope="col" class="number">System, through staff</th><th scope="col" class="number">Staff, own</th><th scope="col" class="number">Baseline</th></tr></thead>
    <tbody>
    {{#topics}}
    <tr><th scope="row">{{title}}</th><td class="number">{{{interactions}}}</td>{{#parts}}<td class="number">{{{.}}}</td>{{/parts}}</tr>
    {{/topics}}
    </tbody></table></div></details>
    </section>
    <section id="modes">
    <h2>Which failures brought customers back</h2>
    <p>“Caused” is a failure’s part of the split. “If removed” is what a repair is worth: it also counts the failures that follow from it and the repeats’ own repeats. A negative number is an estimate too: the data do not tell it from none where its interval includes 0.</p>
    <figure>
    {{#chart.modes}}
    {{> figure}}
    {{/chart.modes}}
    </figure>
    <div class="scroll">
    <table class="stack">
    <caption>Failure modes, most caused repeats first</caption>
    <thead><tr><th scope="col">Failure</th><th scope="col">Side</th><th scope="col" class="number">Interactions</th><th scope="col" class="number">Caused</th><th scope="col" class="number">Per interaction</th><th scope="col" class="number">If removed</th><th scope="col" class="number"><a href="#words">E-value</a></th></tr></thead>
    <tbody>
    {{#modeRows}}
    <tr><th scope="row">{{title}}{{#component}} <span class="muted">in {{component}}</span>{{/component}}{{#meaning}}<span class="meaning">{{meaning}}</span>{{/meaning}}{{#notes}}<span class="meaning">{{.}}</span>{{/notes}}</th><td><span class="side {{side}}">{{side}}</span></td><td class="number" data-label="Interactions">{{{interactions}}}</td><td class="number" data-label="Caused"><span>{{{caused}}}<span class="n">{{{causedInterval}}}</span></span></td><td class="number" data-label="Per interaction">{{{perInteraction}}}</td><td class="number" data-label="If removed"><span>{{{removed}}}<span class="n">{{{removedInterval}}}</span></span></td><td class="number" data-label="E-value">{{{eValue}}}</td></tr>
    {{/modeRows}}
    </tbody></table></div>
    {{#hasComponents}}
    <details><summary>The same by component</summary><div class="scroll">
    <table class="stack">
    <thead><tr><th scope="col">Failure and component</th><th scope="col" class="number">Interactions</th><th scope="col" class="number">Caused</th><th scope="col" class="number">Per interaction</th><th scope="col" class="number">If removed</th></tr></thead>
    <tbody>
    {{#componentRows}}
    <tr><th scope="row">{{title}} <span class="muted">in {{component}}</span>{{#notes}}<span class="meaning">{{.}}</span>{{/notes}}</th><td class="number" data-label="Interactions">{{{interactions}}}</td><td class="number" data-label="Caused"><span>{{{caused}}}<span class="n">{{{causedInterval}}}</span></span></td><td class="number" data-label="Per interaction">{{{perInteraction}}}</td><td class="number" data-label="If removed"><span>{{{removed}}}<span class="n">{{{removedInterval}}}</span></span></td></tr>
    {{/componentRows}}
    </tbody></table></div></details>
    {{/hasComponents}}
    </section>
    <section id="fixes">
    {{#fixes}}
    <h2>Fixes, {{#isByMoney}}most money saved first{{/isByMoney}}{{^isByMoney}}most repeats avoided first{{/isByMoney}}</h2>
    {{^hasAny}}<p>No fix stands out from this log.</p>{{/hasAny}}
    {{#hasAny}}<p>Each figure is for that repair alone, with all that follows from it; the figures of two fixes overlap and do not add up{{#order}}{{#isShown}} (see <a href="#fix-order">one after the other</a>){{/isShown}}{{/order}}.{{#costNote}} No money is shown: {{costNote}}.{{/costNote}}</p>{{/hasAny}}
    <ol class="fixes">
    {{#shown}}
    <li class="card"><h3><span class="rank">{{{rank}}}.</span> {{title}} in {{component}}</h3>
    <p>Would avoid {{{avoided}}} repeats{{#avoidedInterval}} (95% interval {{{avoidedInterval}}}){{/avoidedInterval}}{{#hasCost}}, worth {{{cost}}}{{#costInterval}} ({{{costInterval}}}){{/costInterval}}{{/hasCost}}.{{#hasHalf}} If it happened half as often: {{{half}}}{{#halfInterval}} ({{{halfInterval}}}){{/halfInterval}}{{#hasHalfCost}}, worth {{{halfCost}}}{{/hasHalfCost}}.{{/hasHalf}}{{#hasRankInterval}} Its true rank may be {{{rankInterval}}}.{{/hasRankInterval}}{{#avoidedNote}} {{avoidedNote}}.{{/avoidedNote}}</p>
    {{#hasExamples}}<p class="small examples"><span class="muted">Look at, with what it most likely brought:</span> {{#examples}}<code>{{interaction}}</code>{{#hasLink}} → <code>{{later}}</code> {{delay}} later, {{{probability}}}{{/hasLink}}{{^last()}}; {{/last()}}{{/examples}}</p>{{/hasExamples}}</li>
    {{/shown}}
    </ol>
    {{#order}}{{#isShown}}
    <h3 id="fix-order">One after the other</h3>
    <p>The order in which each next repair pays most. What it adds is less than it would avoid alone where repairs before it already keep some of the same repeats away.</p>
    <div class="scroll"><table class="stack"><thead><tr><th scope="col">Repair</th><th scope="col" class="number">Adds</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">Alone</th><th scope="col" class="number">All so far</th>{{#hasCosts}}<th scope="col" class="number">Adds, worth</th>{{/hasCosts}}</tr></thead><tbody>
    {{#steps}}
    <tr><th scope="row"><span class="muted">{{{step}}}.</span> {{title}} <span class="muted">in {{component}}</span></th><td class="number" data-label="Adds">{{{gain}}}</td><td class="number" data-label="95% interval"><span>{{{gainInterval}}}</span></td><td class="number" data-label="Alone">{{{alone}}}</td><td class="number" data-label="All so far">{{{together}}}</td>{{#hasCost}}<td class="number" data-label="Adds, worth">{{{cost}}}</td>{{/hasCost}}</tr>
    {{/steps}}
    </tbody></table></div>
    {{/isShown}}{{/order}}
    {{#hasMore}}
    <details><summary>Smaller fixes</summary><div class="scroll">
    <table class="stack"><thead><tr><th scope="col">Fix</th><th scope="col" class="number">Repeats avoided</th><th scope="col" class="number">95% interval</th>{{#hasCosts}}<th scope="col" class="number">Worth</th>{{/hasCosts}}</tr></thead><tbody>
    {{#more}}
    <tr><th scope="row"><span class="muted">{{{rank}}}.</span> {{title}} <span class="muted">in {{component}}</span></th><td class="number" data-label="Repeats avoided">{{{avoided}}}</td><td class="number" data-label="95% interval"><span>{{{avoidedInterval}}}</span></td>{{#hasCost}}<td class="number" data-label="Worth">{{{cost}}}</td>{{/hasCost}}</tr>
    {{/more}}
    </tbody></table></div></details>
    {{/hasMore}}
    {{#hasUnclear}}
    <details{{^hasAny}} open{{/hasAny}}><summary>Not told from no effect: do not count on these</summary><div class="scroll">
    <table class="stack"><thead><tr><th scope="col">Repair</th><th scope="col" class="number">Estimate</th><th scope="col" class="number">95% interval</th></tr></thead><tbody>
    {{#unclear}}
    <tr><th scope="row">{{title}} <span class="muted">in {{component}}</span>{{#avoidedNote}}<span class="meaning">{{avoidedNote}}</span>{{/avoidedNote}}</th><td class="number" data-label="Estimate">{{{avoided}}}</td><td class="number" data-label="95% interval"><span>{{{avoidedInterval}}}</span></td></tr>
    {{/unclear}}
    </tbody></table></div>
    <p class="reading">Where the estimate is negative, fewer repeats follow the failure than follow comparable interactions without it.</p></details>
    {{/hasUnclear}}
    {{/fixes}}
    </section>

    """#

  private static let measures = #"""
    <section id="weeks">
    <h2>Week by week, against satisfaction</h2>
    <figure>
    {{#chart.weekly}}
    {{> figure}}
    {{/chart.weekly}}
    <details{{^hasCharts}} open{{/hasCharts}}><summary>The weeks as a table</summary><div class="scroll">
    <table><thead><tr><th scope="col">Week</th><th scope="col" class="number">Interactions</th><th scope="col" class="number">System, direct</th><th scope="col" class="number">System, through staff</th><th scope="col" class="number">Staff, own</th><th scope="col" class="number">Baseline</th><th scope="col" class="number">System per 100</th><th scope="col" class="number">CSAT</th></tr></thead>
    <tbody>
    {{#weeks}}
    <tr><th scope="row" class="week">{{title}}{{#isIncomplete}} <span class="meaning">too recent to be complete</span>{{/isIncomplete}}</th><td class="number">{{{interactions}}}</td>{{#parts}}<td class="number">{{{.}}}</td>{{/parts}}<td class="number">{{{per100}}}</td><td class="number">{{{csat}}}</td></tr>
    {{/weeks}}
    </tbody></table></div></details>
    </figure>
    </section>
    {{#change}}{{#hasAny}}
    <section id="change">
    <h2>Why it changed</h2>
    <p><strong>{{sentence}}</strong></p>
    <div class="scroll"><table class="stack">
    <caption>{{title}}: repeats per 100 interactions, caused and coincidental</caption>
    <thead><tr><th scope="col">What changed</th><th scope="col" class="number">Change per 100</th><th scope="col" class="number">95% interval</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr{{#isTotal}} class="total"{{/isTotal}}><th scope="row">{{title}}{{#meaning}}<span class="meaning">{{meaning}}</span>{{/meaning}}</th><td class="number" data-label="Change per 100">{{{change}}}</td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td></tr>
    {{/rows}}
    </tbody></table></div>
    <p class="reading">The parts add up to the change. {{{comparisons}}} pairs of weeks were compared; a change is called one only where chance would hardly show one like it among all of them. <code>wherefore change</code> compares any two periods.</p>
    {{#hasEarlier}}<details><summary>Earlier changes</summary><ul>
    {{#earlier}}
    <li>{{.}}</li>
    {{/earlier}}
    </ul></details>{{/hasEarlier}}
    </section>
    {{/hasAny}}{{/change}}
    <section id="metrics">
    <h2>Metrics, AI and staff apart</h2>
    <p>What the log counts as it stands. AI and staff get different work, so a difference between them is no verdict on either.</p>
    <div class="scroll">
    <table class="stack"><thead><tr><th scope="col">Metric</th><th scope="col" class="number">All</th><th scope="col" class="number">AI</th><th scope="col" class="number">Staff</th></tr></thead>
    <tbody>
    {{#metrics}}
    <tr><th scope="row">{{title}}<span class="meaning">{{meaning}}</span></th>{{#overall}}<td class="number" data-label="All"><span>{{{value}}}<span class="n">{{{interval}}}</span>{{#n}}<span class="n">of {{{n}}}</span>{{/n}}</span></td>{{/overall}}{{#ai}}<td class="number" data-label="AI"><span>{{{value}}}<span class="n">{{{interval}}}</span>{{#n}}<span class="n">of {{{n}}}</span>{{/n}}</span></td>{{/ai}}{{#staff}}<td class="number" data-label="Staff"><span>{{{value}}}<span class="n">{{{interval}}}</span>{{#n}}<span class="n">of {{{n}}}</span>{{/n}}</span></td>{{/staff}}</tr>
    {{/metrics}}
    </tbody></table></div>
    {{#absentMetrics}}<p class="small muted">Not in this log: {{absentMetrics}}.</p>{{/absentMetrics}}
    {{#hasLatency}}
    <div class="scroll">
    <table><caption>Time from start to end of an interaction</caption><thead><tr><th scope="col">Handled by</th><th scope="col" class="number">Median</th><th scope="col" class="number">95 in 100 within</th><th scope="col" class="number">99 in 100 within</th><th scope="col" class="number">Interactions</th></tr></thead>
    <tbody>
    {{#latency}}
    <tr><th scope="row">{{title}}</th><td class="number">{{{p50}}}</td><td class="number">{{{p95}}}</td><td class="number">{{{p99}}}</td><td class="number">{{{n}}}</td></tr>
    {{/latency}}
    </tbody></table></div>
    {{/hasLatency}}
    {{#hasCharts}}
    <div class="grid">
    {{#chart.metrics}}
    <figure>
    {{> figure}}
    </figure>
    {{/chart.metrics}}
    </div>
    {{/hasCharts}}
    <details{{^hasCharts}} open{{/hasCharts}}><summary>The metrics by week as a table</summary><div class="scroll">
    <table><thead><tr><th scope="col">Week</th><th scope="col" class="number">Resolved, AI</th><th scope="col" class="number">staff</th><th scope="col" class="number">Completed, AI</th><th scope="col" class="number">staff</th><th scope="col" class="number">Median time, AI</th><th scope="col" class="number">staff</th><th scope="col" class="number">Repeat, AI</th><th scope="col" class="number">staff</th></tr></thead>
    <tbody>
    {{#metricWeeks}}
    <tr><th scope="row" class="week">{{week}}</th>{{#cells}}<td class="number">{{{.}}}</td>{{/cells}}</tr>
    {{/metricWeeks}}
    </tbody></table></div></details>
    </section>

    """#

  private static let trust = #"""
    <section id="checks">
    <h2>Checks</h2>
    <p>{{checkSummary}} Each check tries to catch this analysis being wrong.</p>
    <ul class="checks">
    {{#checks}}
    <li class="card"><h3>{{title}} <span class="badge {{verdictClass}}">{{verdict}}</span></h3><p>{{meaning}}</p>
    {{#hasDetails}}<details><summary>Figures</summary><div class="scroll"><table><tbody>{{#details}}<tr><th scope="row">{{name}}</th><td class="number">{{{value}}}</td></tr>{{/details}}</tbody></table></div></details>{{/hasDetails}}</li>
    {{/checks}}
    </ul>
    </section>
    {{#refuters}}{{#isShown}}<section id="refuters">
    <h2>Attempts to refute it</h2>
    <p>{{summary}} Where nothing is wrong, each attempt that is a test still raises an alarm in up to one log of twenty.</p>
    <table class="stack"><thead><tr><th>Attempt</th><th>Verdict</th><th>What it means</th></tr></thead><tbody>
    {{#rows}}
    <tr><th scope="row">{{title}}</th><td><span class="badge {{verdictClass}}">{{verdict}}</span></td><td>{{meaning}}{{#attention}}<br><strong>{{title}}:</strong> {{meaning}}{{/attention}}
    <details><summary>All {{count}} figures</summary><table><tbody>{{#results}}<tr><th scope="row">{{title}}</th><td><span class="badge {{verdictClass}}">{{verdict}}</span></td><td>{{meaning}}</td></tr>{{/results}}</tbody></table></details></td></tr>
    {{/rows}}
    </tbody></table>
    </section>{{/isShown}}{{/refuters}}
    <section id="assumptions">
    <h2>What is assumed</h2>
    <ul>
    <li>An interaction brings repeats within {{{windowDays}}} days or not at all.</li>
    <li>A customer id stands for one customer. Interactions without one ({{{unlinked}}} here) count in the metrics and are linked to nothing.</li>
    <li>Given topic, channel and the other declared context, failures come to customers as if by chance: nothing unobserved makes a failure and a repeat both likelier. The E-value of each failure says how strong such a thing would have to be.</li>
    <li>Given the system’s failures and the context, the same holds for errors of staff. What was not reviewed is unknown, not free of errors.</li>
    <li>Customers do not change each other’s repeats.</li>
    <li>Numbers are expected repeats of this log’s interactions, caused within the window and falling inside the period; they are no forecast.</li>
    </ul>
    </section>

    """#

  private static let appendix = #"""
    <section id="model">
    <h2>Model</h2>
    {{#model}}
    <p>Contacts come from a customer’s own background and from earlier contacts. Link: {{link}}. Background: {{{background}}} contacts per customer and 30 days; {{activeIntervals}}.{{#hasTopicMix}} Customers have topic mixes of their own, with concentration {{{topicMix}}} around the common one.{{/hasTopicMix}} The fit {{ended}} after {{{iterations}}} passes (criterion: {{criterion}}), at a log-likelihood of {{{logLikelihood}}}.</p>
    {{/model}}
    <figure>
    {{#chart.delay}}
    {{> figure}}
    {{/chart.delay}}
    {{#model}}
    <details{{^hasCharts}} open{{/hasCharts}}><summary>The delays as a table</summary><div class="scroll">
    <table><thead><tr><th scope="col">Repeats</th><th scope="col" class="number">From</th><th scope="col" class="number">To</th><th scope="col" class="number">Share per day</th></tr></thead><tbody>
    {{#delays}}
    <tr><th scope="row">{{group}}</th><td class="number">{{{from}}}</td><td class="number">{{{to}}}</td><td class="number">{{{density}}}</td></tr>
    {{/delays}}
    </tbody></table></div></details>
    {{/model}}
    </figure>
    {{#model}}
    <details><summary>Coefficients of the expected repeats</summary><div class="scroll">
    <table><thead><tr><th scope="col">Term</th><th scope="col" class="number">Estimate</th><th scope="col" class="number">Standard error</th><th scope="col" class="number">95% interval</th></tr></thead><tbody>
    {{#coefficients}}
    <tr><th scope="row"><code>{{term}}</code></th><td class="number">{{{estimate}}}</td><td class="number">{{{se}}}</td><td class="number">{{{interval}}}</td></tr>
    {{/coefficients}}
    </tbody></table></div></details>
    {{#hasSelection}}<details><summary>What was tried on held-out customers</summary><div class="scroll">
    <table><thead><tr><th scope="col">Candidate</th><th scope="col" class="number">Gain in log-likelihood</th><th scope="col">Chosen</th></tr></thead><tbody>
    {{#selection}}
    <tr><th scope="row">{{candidate}}</th><td class="number">{{{gain}}}</td><td>{{chosen}}</td></tr>
    {{/selection}}
    </tbody></table></div></details>{{/hasSelection}}
    <details><summary>Topic persistence and background rates</summary><div class="scroll">
    <table><caption>How often a caused repeat keeps its topic</caption><tbody>
    {{#persistence}}
    <tr><th scope="row">{{group}}</th><td class="number">{{{estimate}}}</td></tr>
    {{/persistence}}
    </tbody></table>
    <table><caption>Customers’ background rates: a mixture of gamma distributions, contacts per day</caption><thead><tr><th scope="col" class="number">Weight</th><th scope="col" class="number">Shape</th><th scope="col" class="number">Mean</th></tr></thead><tbody>
    {{#rates}}
    <tr><td class="number">{{{weight}}}</td><td class="number">{{{shape}}}</td><td class="number">{{{mean}}}</td></tr>
    {{/rates}}
    </tbody></table></div></details>
    {{/model}}
    </section>
    <section id="data">
    <h2>Data</h2>
    {{#identity}}
    <p>Who is one customer: {{rule}}. Figures are {{estimand}}.{{#declared}} {{declared}}{{/declared}}{{#all}} {{all}}{{/all}}</p>
    {{#hasRules}}
    <div class="scroll"><table class="stack">
    <caption>What the result would be under other rules of identity</caption>
    <thead><tr><th scope="col">Rule</th><th scope="col" class="number">Customers</th><th scope="col" class="number">Later contacts</th><th scope="col" class="number">Caused repeats</th><th scope="col" class="number">Caused by the system</th></tr></thead>
    <tbody>
    {{#rules}}
    <tr{{#isInForce}} class="total"{{/isInForce}}><th scope="row">{{rule}}{{#note}}<span class="meaning">{{note}}</span>{{/note}}</th><td class="number" data-label="Customers">{{{customers}}}</td><td class="number" data-label="Later contacts">{{{later}}}</td><td class="number" data-label="Caused repeats">{{{caused}}}</td><td class="number" data-label="Caused by the system">{{{system}}}</td></tr>
    {{/rules}}
    </tbody></table></div>
    {{/hasRules}}
    {{#notes}}<p class="small muted">{{.}}.</p>{{/notes}}
    {{/identity}}
    {{#provenance}}
    <p>{{{rowsRead}}} rows were read and {{{rowsRejected}}} rejected{{#hasRejected}}; <code>rejected.csv</code> lists them with line and reason{{/hasRejected}}. The report covers {{{interactions}}} interactions of {{{customers}}} customers; {{{unlinked}}} interactions have no known customer.</p>
    <dl class="words">
    <dt>Version</dt><dd>Wherefore {{version}}, seed {{seed}}</dd>
    <dt>Study (SHA-256)</dt><dd><code>{{study}}</code></dd>
    <dt>Log (SHA-256)</dt><dd><code>{{log}}</code></dd>
    </dl>
    {{/provenance}}
    </section>
    <section id="words">
    <h2>Words</h2>
    <dl class="words">
    {{#glossary}}
    <dt>{{word}}</dt><dd>{{meaning}}</dd>
    {{/glossary}}
    </dl>
    </section>
    </main>
    <footer>Every number here is in <code>attribution.json</code>; what each interaction brought is in <code>interactions.csv</code>, the links in <code>links.csv</code>.</footer>
    {{#chartData}}
    <script type="application/json" id="chart-{{name}}">{{{specification}}}</script>
    {{/chartData}}
    {{#hasCharts}}
    <script type="module">{{{bundle}}}</script>
    <script type="module">
    {{{script}}}
    </script>
    {{/hasCharts}}
    </body>
    </html>

    """#
}
