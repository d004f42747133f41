extension PageTemplate {
  /// Checks, attempts to refute it, and what is assumed.
  static let trust = #"""
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
    <table class="stack"><thead><tr><th scope="col">Attempt</th><th scope="col">Verdict</th><th scope="col">What it means</th></tr></thead><tbody>
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

  /// Model, data and words.
  static let appendix = #"""
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
