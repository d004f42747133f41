extension WhatIfTemplate {
  /// Other changes, the score, what the log can know, assumptions.
  static let further = #"""
    {{#changes}}{{#hasAny}}
    <section id="changes">
    <h2>Other changes</h2>
    <p>What would not have come in this log’s own period, with the failures that go with those taken out and the repeats’ own repeats.</p>
    {{#figure}}<figure>{{> figure}}</figure>{{/figure}}
    <div class="scroll"><table class="stack"><thead><tr><th scope="col">Change</th><th scope="col" class="number">Failures fewer</th><th scope="col" class="number">Repeats avoided</th><th scope="col" class="number">95% interval</th>{{#hasCosts}}<th scope="col" class="number">{{costTitle}}</th><th scope="col" class="number">95% interval</th>{{/hasCosts}}</tr></thead><tbody>
    {{#rows}}
    <tr><th scope="row">{{title}}{{#note}}<span class="meaning">{{note}}</span>{{/note}}</th><td class="number" data-label="Failures fewer">{{{failures}}}</td><td class="number" data-label="Repeats avoided">{{{avoided}}}</td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td>{{#hasCosts}}<td class="number" data-label="{{costTitle}}">{{{cost}}}</td><td class="number" data-label="… 95% interval"><span>{{{costInterval}}}</span></td>{{/hasCosts}}</tr>
    {{/rows}}
    </tbody></table></div>
    {{#hasPairs}}
    <h3 class="apart">Two at once</h3>
    <div class="scroll"><table class="stack"><thead><tr><th scope="col">Changes</th><th scope="col" class="number">Repeats avoided</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">Beyond the sum of each alone</th><th scope="col" class="number">95% interval</th></tr></thead><tbody>
    {{#pairs}}
    <tr><th scope="row">{{title}}{{#note}}<span class="meaning">{{note}}</span>{{/note}}</th><td class="number" data-label="Repeats avoided">{{{avoided}}}</td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td><td class="number" data-label="Beyond the sum">{{{cost}}}</td><td class="number" data-label="… 95% interval"><span>{{{costInterval}}}</span></td></tr>
    {{/pairs}}
    </tbody></table></div>
    {{/hasPairs}}
    </section>
    {{/hasAny}}{{/changes}}
    {{#score}}{{#hasAny}}
    <section id="score">
    <h2>How often the score is right</h2>
    {{#note}}<p>{{.}}</p>{{/note}}
    {{^note}}
    <p>{{summary}} Only reviewed contacts count here.</p>
    <p><span class="badge {{driftClass}}">{{driftVerdict}}</span> {{drift}}</p>
    <figure>
    {{#figure}}
    {{> figure}}
    {{/figure}}
    {{#hasPoints}}
    <details{{^hasCharts}} open{{/hasCharts}}><summary>The curve as a table</summary><div class="scroll"><table class="stack"><thead><tr><th scope="col">Scores</th><th scope="col" class="number">Reviewed</th><th scope="col" class="number">Mean score</th><th scope="col" class="number">Right</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">Band of the curve</th></tr></thead><tbody>
    {{#points}}
    <tr><th scope="row">{{scores}}</th><td class="number" data-label="Reviewed">{{{n}}}</td><td class="number" data-label="Mean score">{{{says}}}</td><td class="number" data-label="Right">{{{right}}}</td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td><td class="number" data-label="Band of the curve"><span>{{{band}}}</span></td></tr>
    {{/points}}
    </tbody></table></div></details>
    {{/hasPoints}}
    </figure>
    <details><summary>By part of the log and topic</summary><div class="scroll"><table class="stack"><thead><tr><th scope="col">Contacts</th><th scope="col" class="number">Reviewed</th><th scope="col" class="number">Mean score</th><th scope="col" class="number">Right</th><th scope="col" class="number">Typical error</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">Brier score</th></tr></thead><tbody>
    {{#parts}}
    <tr><th scope="row">{{title}}{{#note}}<span class="meaning">{{note}}</span>{{/note}}</th><td class="number" data-label="Reviewed">{{{n}}}</td><td class="number" data-label="Mean score">{{{says}}}</td><td class="number" data-label="Right">{{{right}}}</td><td class="number" data-label="Typical error">{{{error}}}</td><td class="number" data-label="95% interval"><span>{{{errorInterval}}}</span></td><td class="number" data-label="Brier score">{{{brier}}}</td></tr>
    {{/parts}}
    </tbody></table></div></details>
    {{#hasThresholds}}
    <details><summary>Thresholds in force, as the share right that they ask for</summary><div class="scroll"><table class="stack"><thead><tr><th scope="col">Threshold</th><th scope="col" class="number">Contacts</th><th scope="col" class="number">Asks for</th><th scope="col" class="number">The same on the last scale</th></tr></thead><tbody>
    {{#thresholds}}
    <tr><th scope="row">{{title}}{{#note}}<span class="meaning">{{note}}</span>{{/note}}</th><td class="number" data-label="Contacts">{{{n}}}</td><td class="number" data-label="Asks for">{{{asks}}}</td><td class="number" data-label="On the last scale">{{now}}</td></tr>
    {{/thresholds}}
    </tbody></table></div></details>
    {{/hasThresholds}}
    {{/note}}
    </section>
    {{/hasAny}}{{/score}}
    {{#hasCurves}}
    {{#curves}}
    <section id="support">
    <h2>What the log can know</h2>
    <ul>
    {{#support}}
    <li>{{.}}</li>
    {{/support}}
    </ul>
    {{#hasPlans}}
    <p>{{plansFor}}</p>
    <div class="scroll"><table><thead><tr><th scope="col">Share of those contacts</th><th scope="col" class="number">Days</th></tr></thead><tbody>
    {{#plans}}
    <tr><td>{{{rate}}}</td><td class="number">{{{days}}}</td></tr>
    {{/plans}}
    </tbody></table></div>
    {{/hasPlans}}
    <p>{{leftOut}}</p>
    {{#hasAbsent}}<p>Not told here:</p><ul>
    {{#absent}}
    <li>{{.}}</li>
    {{/absent}}
    </ul>{{/hasAbsent}}
    </section>
    {{/curves}}
    {{/hasCurves}}
    {{#hasAssumptions}}
    <section id="assumptions">
    <h2>What is assumed</h2>
    <ul>
    {{#assumptions}}
    <li>{{.}}</li>
    {{/assumptions}}
    </ul>
    </section>
    {{/hasAssumptions}}

    """#

  static let end = #"""
    </main>
    <footer>Every number here is in <code>whatif.json</code>, there per first contact; the charts are in <code>charts/</code>.</footer>
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
