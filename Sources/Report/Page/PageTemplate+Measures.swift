extension PageTemplate {
  /// Week by week, why it changed, and the metrics as they stand.
  static let measures = #"""
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
    <tr><th scope="row" class="week">{{title}}{{#isIncomplete}} <span class="meaning">too recent to be complete</span>{{/isIncomplete}}</th><td class="number">{{{interactions}}}</td>{{#parts}}<td class="number">{{{value}}}</td>{{/parts}}<td class="number">{{{per100}}}</td><td class="number">{{{csat}}}</td></tr>
    {{/weeks}}
    </tbody></table></div><p class="reading">What the week’s failures bring where a failure brings in one week what it brings in another; whether it does, and how sure a change is, says “Why it changed”.</p></details>
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
}
