extension PageTemplate {
  /// Who caused the repeats, which failures, and what repairs would avoid.
  static let causes = #"""
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
    <tr><th scope="row">{{title}}</th><td class="number">{{{interactions}}}</td>{{#parts}}<td class="number"><span>{{{value}}}<span class="n">{{{interval}}}</span></span></td>{{/parts}}</tr>
    {{/topics}}
    </tbody></table></div>{{#hasTopicIntervals}}<p class="reading">Repeats by the topic of the contact that caused them, with 95% intervals where a failure adds the same factor on every topic.</p>{{/hasTopicIntervals}}</details>
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
    <p>Would avoid {{{avoided}}} repeats{{#avoidedInterval}} (95% interval {{{avoidedInterval}}}){{/avoidedInterval}}{{#hasCost}}, worth {{{cost}}}{{#costInterval}} ({{{costInterval}}}){{/costInterval}}{{/hasCost}}.{{#hasHalf}} If it happened half as often: {{{half}}}{{#halfInterval}} ({{{halfInterval}}}){{/halfInterval}}{{#hasHalfCost}}, worth {{{halfCost}}}{{#halfCostInterval}} ({{{halfCostInterval}}}){{/halfCostInterval}}{{/hasHalfCost}}.{{/hasHalf}}{{#hasRankInterval}} Its true rank may be {{{rankInterval}}}.{{/hasRankInterval}}{{#hasOverlap}} {{overlap}}{{/hasOverlap}}{{#avoidedNote}} {{avoidedNote}}.{{/avoidedNote}}</p>
    {{#hasExamples}}<p class="small examples"><span class="muted">Look at, with what it most likely brought:</span> {{#examples}}<code>{{interaction}}</code>{{#hasLink}} → <code>{{later}}</code> {{delay}} later, {{{probability}}}{{/hasLink}}{{^last()}}; {{/last()}}{{/examples}}</p>{{/hasExamples}}</li>
    {{/shown}}
    </ol>
    {{#order}}{{#isShown}}
    <h3 id="fix-order">One after the other</h3>
    <p>The order in which each next repair pays most. What it adds is less than it would avoid alone where repairs before it already keep some of the same repeats away.</p>
    <div class="scroll"><table class="stack"><thead><tr><th scope="col">Repair</th><th scope="col" class="number">Adds</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">Alone</th><th scope="col" class="number">All so far</th>{{#hasCosts}}<th scope="col" class="number">Adds, worth</th>{{/hasCosts}}</tr></thead><tbody>
    {{#steps}}
    <tr><th scope="row"><span class="muted">{{{step}}}.</span> {{title}} <span class="muted">in {{component}}</span></th><td class="number" data-label="Adds">{{{gain}}}</td><td class="number" data-label="95% interval"><span>{{{gainInterval}}}</span></td><td class="number" data-label="Alone">{{{alone}}}</td><td class="number" data-label="All so far">{{{together}}}</td>{{#hasCost}}<td class="number" data-label="Adds, worth"><span>{{{cost}}}<span class="n">{{{costInterval}}}</span></span></td>{{/hasCost}}</tr>
    {{/steps}}
    </tbody></table></div>
    {{/isShown}}{{/order}}
    {{#hasMore}}
    <details><summary>Smaller fixes</summary><div class="scroll">
    <table class="stack"><thead><tr><th scope="col">Fix</th><th scope="col" class="number">Repeats avoided</th><th scope="col" class="number">95% interval</th>{{#hasCosts}}<th scope="col" class="number">Worth</th>{{/hasCosts}}</tr></thead><tbody>
    {{#more}}
    <tr><th scope="row"><span class="muted">{{{rank}}}.</span> {{title}} <span class="muted">in {{component}}</span></th><td class="number" data-label="Repeats avoided">{{{avoided}}}</td><td class="number" data-label="95% interval"><span>{{{avoidedInterval}}}</span></td>{{#hasCost}}<td class="number" data-label="Worth"><span>{{{cost}}}<span class="n">{{{costInterval}}}</span></span></td>{{/hasCost}}</tr>
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
}
