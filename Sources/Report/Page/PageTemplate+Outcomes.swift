extension PageTemplate {
  /// Other outcomes than repeats, and latency.
  static let outcomes = #"""
    {{#outcomes}}{{#hasAny}}
    <section id="outcomes">
    <h2>Which failure costs in which outcome</h2>
    {{#hasColumns}}
    <p>Not every failure brings the customer back. Each column is split as the repeats are: the first four rows add up to it, and so do the failures with the baseline. Pale figures cannot be told from none.</p>
    <div class="scroll"><table class="stack"><caption>{{caption}}</caption><thead><tr><th scope="col">What brought it</th>{{#columns}}<th scope="col" class="number">{{title}}</th>{{/columns}}</tr></thead><tbody>
    {{#rows}}
    <tr{{#isPart}} class="part"{{/isPart}}><th scope="row">{{title}}</th>{{#cells}}<td class="number{{#isUnclear}} muted{{/isUnclear}}" data-label="{{title}}"><span>{{{value}}}<span class="n">{{{interval}}}</span></span></td>{{/cells}}</tr>
    {{/rows}}
    </tbody></table></div>
    {{/hasColumns}}
    {{#hasNotes}}<ul>{{#notes}}<li>{{.}}</li>{{/notes}}</ul>{{/hasNotes}}
    </section>
    {{/hasAny}}{{/outcomes}}
    {{#latencyDose}}{{#hasAny}}
    <section id="latency">
    <h2>From which latency it costs</h2>
    {{#sentences}}<p><strong>{{.}}</strong></p>{{/sentences}}
    {{#hasCharts}}{{#chart.latency}}
    <figure>
    {{> figure}}
    </figure>
    {{/chart.latency}}{{/hasCharts}}
    {{#hasRows}}
    <details><summary>Topic by topic</summary><div class="scroll"><table class="stack"><thead><tr><th scope="col">Topic</th><th scope="col" class="number">Interactions</th><th scope="col" class="number">Begins to cost at</th><th scope="col" class="number">95% interval</th></tr></thead><tbody>
    {{#rows}}
    <tr><th scope="row">{{title}}{{#note}}<span class="meaning">{{note}}</span>{{/note}}</th><td class="number" data-label="Interactions">{{{interactions}}}</td><td class="number" data-label="Begins to cost at">{{{begins}}}</td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td></tr>
    {{/rows}}
    </tbody></table></div></details>
    {{/hasRows}}
    </section>
    {{/hasAny}}{{/latencyDose}}

    """#
}
