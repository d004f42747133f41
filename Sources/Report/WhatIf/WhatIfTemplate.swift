/// The template of a what-if's page. Two braces escape; three stand only where `Markup` or a script goes.
enum WhatIfTemplate {
  static let page =
    #"""
    {{% CONTENT_TYPE:WHEREFORE_HTML}}
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
    <title>{{title}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <header class="top">
    <p class="eyebrow">{{eyebrow}}</p>
    <h1>{{sentence}}</h1>
    {{#hasTiles}}<div class="tiles">
    {{#hasCurves}}
    {{#curves}}
    {{#hasToday}}<div class="tile"><h2>Threshold today</h2><p class="big">{{today}}</p><p>AI handles what scores that much or more, staff the rest.</p></div>{{/hasToday}}
    <div class="tile staff"><h2>What the log can judge</h2><p class="big">{{judged}}</p><p>of the thresholds asked about. For the rest it has bounds at most: <a href="#support">what the log can know</a>.</p></div>
    {{/curves}}
    {{/hasCurves}}
    <div class="tile sure">
    <h2>How sure this is</h2>
    {{^hasWarnings}}<p><strong>No check raised an alarm.</strong></p>{{/hasWarnings}}
    {{#warnings}}
    <p><span class="badge warn">Caution</span> {{title}}</p>
    {{/warnings}}
    {{#hasAssumptions}}<p><a href="#assumptions">What is assumed</a></p>{{/hasAssumptions}}
    </div>
    </div>{{/hasTiles}}
    {{#hasAnswers}}<div class="card answers">
    <h2>In short</h2>
    <ul>
    {{#answers}}
    <li>{{.}}.</li>
    {{/answers}}
    {{#curves}}{{#support}}
    <li>{{.}}</li>
    {{/support}}{{/curves}}
    </ul>
    {{#attribution}}<p>What caused the repeats: <a href="{{.}}">the report of the run</a> whose links are used here.</p>{{/attribution}}
    </div>{{/hasAnswers}}
    {{^hasCharts}}<p class="notice">This page was written without its charts, because the chart bundle was not found. <code>make setup</code> brings it; then run the what-if again. All numbers are in the tables.</p>{{/hasCharts}}
    <nav class="contents" aria-label="Contents"><ul>
    {{#contents}}<li><a href="#{{place}}">{{title}}</a></li>{{/contents}}
    </ul></nav>
    </header>
    <main>

    """# + curve + groups + local + optimum + policies + further + end

  /// What this page has beside the style of the report.
  static let style = #"""
    .answers { margin-top: 14px; } .answers h2 { font-size: 1.15rem; }
    .answers ul { margin: 6px 0 0; padding-left: 1.3em; } .answers li { margin: 0 0 6px; max-width: 75ch; }
    h3.apart { margin-top: 26px; } .group { min-width: 0; } table.wrap thead th { white-space: normal; }
    """#

  private static let outcomeTable = #"""
    <table class="stack wrap"><caption>{{caption}}</caption><thead><tr><th scope="col">Threshold</th><th scope="col" class="number">Handled by AI</th><th scope="col">What it is</th><th scope="col" class="number">Value</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">Change from today</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">By weights alone</th><th scope="col" class="number">By the model alone</th><th scope="col" class="number">Effective first contacts</th></tr></thead><tbody>
    {{#rows}}
    <tr{{#isToday}} class="total"{{/isToday}}><th scope="row">{{threshold}}{{#isToday}} <span class="muted">today</span>{{/isToday}}</th><td class="number" data-label="Handled by AI">{{{automated}}}</td><td data-label="What it is">{{kind}}</td><td class="number" data-label="Value"><span>{{{value}}}</span></td><td class="number" data-label="95% interval"><span>{{{valueInterval}}}</span></td><td class="number" data-label="Change"><span>{{{change}}}</span></td><td class="number" data-label="… 95% interval"><span>{{{changeInterval}}}</span></td><td class="number" data-label="By weights alone">{{{weighted}}}</td><td class="number" data-label="By the model alone">{{{direct}}}</td><td class="number" data-label="Effective first contacts">{{{effective}}}</td></tr>
    {{/rows}}
    </tbody></table>
    """#

  private static let curve =
    #"""
    {{#hasCurves}}
    {{#curves}}
    <section id="curve">
    <h2>What each threshold would bring</h2>
    <p>Per first contact of a customer with what followed it, if every later contact were handled by the same threshold. Estimates weigh the contacts that were handled as the threshold would (doubly robust); bounds stand where there are hardly any.</p>
    {{#repeats}}<figure>{{> figure}}</figure>{{/repeats}}
    {{#change}}<figure>{{> figure}}</figure>{{/change}}
    {{#table}}
    <details{{#isOne}} open{{/isOne}}{{^isOne}}{{^hasCharts}} open{{/hasCharts}}{{/isOne}}><summary>Repeats at each threshold as a table</summary><div class="scroll">
    """# + outcomeTable + #"""
      </div><p class="reading">“By weights alone” is the self-normalised inverse-propensity estimate, “by the model alone” the outcome model, which extrapolates where the log has nothing. Where the three differ much, trust none of them far.</p></details>
      {{/table}}
      {{#hasOthers}}
      <h3 class="apart">Other outcomes</h3>
      <div class="grid">
      {{#others}}
      <figure>{{> figure}}</figure>
      {{/others}}
      </div>
      {{#otherTables}}
      <details{{#isOne}} open{{/isOne}}><summary>{{title}} at each threshold as a table</summary><div class="scroll">
      """# + outcomeTable + #"""
      </div></details>
      {{/otherTables}}
      {{/hasOthers}}
      </section>
      {{/curves}}
      {{/hasCurves}}

      """#

  private static let groups =
    #"""
    {{#curves}}{{#hasGroups}}
    <section id="groups">
    <h2>By {{by}}</h2>
    <p>Each curve moves the threshold for one value only; the others keep today’s. Drawn is the change of repeats from today: blue estimates with 95% bands, grey bounds; the dashed line is today’s threshold.{{#groupsLeftOut}} {{.}}{{/groupsLeftOut}}</p>
    <div class="grid">
    {{#groups}}
    <div class="card group">
    {{#figure}}
    {{> figure}}
    {{/figure}}
    {{^figure}}<h3>{{title}}</h3>{{/figure}}
    <p class="small muted">{{{firstContacts}}} first contacts{{#hasToday}}, threshold today {{today}}{{/hasToday}}</p>
    <details><summary>As a table</summary><div class="scroll">
    {{#table}}
    <table class="stack"><caption>{{caption}}</caption><thead><tr><th scope="col">Threshold</th><th scope="col">What it is</th><th scope="col" class="number">Value</th><th scope="col" class="number">Change from today</th><th scope="col" class="number">95% interval</th></tr></thead><tbody>
    {{#rows}}
    <tr{{#isToday}} class="total"{{/isToday}}><th scope="row">{{threshold}}</th><td data-label="What it is">{{kind}}</td><td class="number" data-label="Value"><span>{{{value}}}</span></td><td class="number" data-label="Change"><span>{{{change}}}</span></td><td class="number" data-label="95% interval"><span>{{{changeInterval}}}</span></td></tr>
    {{/rows}}
    </tbody></table>
    {{/table}}
    </div></details></div>
    {{/groups}}
    </div>
    </section>
    {{/hasGroups}}{{/curves}}

    """#

  private static let local = #"""
    {{#local}}{{#hasAny}}
    <section id="local">
    <h2>At the thresholds in force</h2>
    <p>Contacts just above a threshold went to AI, those just below to staff, and they hardly differ otherwise: the jump between them is what automating does, there (a regression discontinuity).</p>
    {{#figure}}<figure>{{> figure}}</figure>{{/figure}}
    <div class="scroll"><table class="stack"><thead><tr><th scope="col">Threshold</th><th scope="col" class="number">First contacts below</th><th scope="col" class="number">above</th><th scope="col" class="number">Jump of AI’s share</th><th scope="col" class="number">Repeats per 100, by automating</th><th scope="col" class="number">95% interval</th></tr></thead><tbody>
    {{#rows}}
    <tr><th scope="row">{{title}}{{#note}}<span class="meaning">{{note}}</span>{{/note}}</th><td class="number" data-label="First contacts below">{{{below}}}</td><td class="number" data-label="above">{{{above}}}</td><td class="number" data-label="Jump of AI’s share">{{{automation}}}</td><td class="number" data-label="Repeats per 100">{{{effect}}}</td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td></tr>
    {{/rows}}
    </tbody></table></div>
    </section>
    {{/hasAny}}{{/local}}

    """#

  private static let optimum =
    #"""
    {{#optimum}}{{#hasAny}}
    <section id="optimum">
    <h2>Least cost</h2>
    <p><strong>{{sentence}}</strong>{{#note}} {{note}}{{/note}} Only thresholds that the log can judge are chosen among. A change counts as supported where its interval, which holds for all thresholds at once, lies below zero.</p>
    <div class="scroll"><table class="stack wrap"><thead><tr><th scope="col">Contacts</th><th scope="col" class="number">Today</th><th scope="col" class="number">Least cost at</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">{{savingTitle}}</th><th scope="col" class="number">95%, all thresholds</th><th scope="col" class="number">Least regret at</th>{{#hasCapacity}}<th scope="col" class="number">Under the capacity</th>{{/hasCapacity}}<th scope="col">Verdict</th></tr></thead><tbody>
    {{#rows}}
    <tr><th scope="row">{{title}}</th><td class="number" data-label="Today">{{today}}</td><td class="number" data-label="Least cost at">{{threshold}}</td><td class="number" data-label="95% interval">{{interval}}</td><td class="number" data-label="Change">{{{saving}}}</td><td class="number" data-label="95%, all thresholds"><span>{{{savingInterval}}}</span></td><td class="number" data-label="Least regret at">{{leastRegret}}</td>{{#hasCapacity}}<td class="number" data-label="Under the capacity">{{underCapacity}}</td>{{/hasCapacity}}<td data-label="Verdict"><span class="badge {{verdictClass}}">{{verdict}}</span></td></tr>
    {{/rows}}
    </tbody></table></div>
    {{#capacity}}<p>{{.}}</p>{{/capacity}}
    {{#queue}}
    """# + queue + #"""

      {{/queue}}
      <p class="reading">“Least regret”: the threshold that loses least in the worst case of the data’s uncertainty.</p>
      {{#figure}}<figure>{{> figure}}
      {{#hasFront}}
      <details{{^hasCharts}} open{{/hasCharts}}><summary>As a table</summary><div class="scroll"><table class="stack"><thead><tr><th scope="col">Thresholds</th><th scope="col" class="number">Repeats per 100</th><th scope="col" class="number">Staff hours per 100</th></tr></thead><tbody>
      {{#front}}
      <tr><th scope="row">{{thresholds}}</th><td class="number" data-label="Repeats per 100"><span>{{{repeats}}}<span class="n">{{{repeatsInterval}}}</span></span></td><td class="number" data-label="Staff hours per 100"><span>{{{hours}}}<span class="n">{{{hoursInterval}}}</span></span></td></tr>
      {{/front}}
      </tbody></table></div><p class="reading">Changes from today, per 100 first contacts, with 95% intervals for each choice as it stands.</p></details>
      {{/hasFront}}
      </figure>{{/figure}}
      </section>
      {{/hasAny}}{{/optimum}}

      """#

  private static let queue = #"""
    <details><summary>Staff’s queue by hour of the day</summary><div class="scroll"><table class="stack"><thead><tr><th scope="col">Hour</th><th scope="col" class="number">Hours of work today</th><th scope="col" class="number">then</th><th scope="col" class="number">Staff</th><th scope="col" class="number">Have to wait</th><th scope="col" class="number">Mean wait, minutes</th><th scope="col" class="number">Give up</th></tr></thead><tbody>
    {{#rows}}
    <tr><th scope="row">{{hour}}</th><td class="number" data-label="Hours of work today">{{{hoursToday}}}</td><td class="number" data-label="then">{{{hours}}}</td><td class="number" data-label="Staff">{{{staff}}}</td><td class="number" data-label="Have to wait">{{{waiting}}}</td><td class="number" data-label="Mean wait, minutes">{{{wait}}}</td><td class="number" data-label="Give up">{{{lost}}}</td></tr>
    {{/rows}}
    </tbody></table></div><p class="reading">Erlang-A at each hour’s mean load, each hour as if it had settled.</p></details>
    """#

  private static let policies =
    #"""
    {{#hasPolicies}}
    <section id="policies">
    <h2>Named policies</h2>
    {{#policies}}
    <h3 class="apart">{{name}}</h3>
    <p>{{summary}}{{#remark}} {{.}}.{{/remark}}</p>
    <div class="scroll"><table class="stack"><thead><tr><th scope="col">Outcome</th><th scope="col" class="number">Value</th><th scope="col" class="number">95% interval</th><th scope="col" class="number">Change from today</th><th scope="col" class="number">95% interval</th></tr></thead><tbody>
    {{#outcomes}}
    <tr><th scope="row">{{title}}<span class="meaning">{{unit}}</span>{{#note}}<span class="meaning">{{note}}</span>{{/note}}</th><td class="number" data-label="Value"><span>{{{value}}}</span></td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td><td class="number" data-label="Change"><span>{{{change}}}</span></td><td class="number" data-label="… 95% interval"><span>{{{changeInterval}}}</span></td></tr>
    {{/outcomes}}
    </tbody></table></div>
    {{#queue}}
    """# + queue + #"""

      {{/queue}}
      <details><summary>By topic</summary><div class="scroll"><table class="stack"><thead><tr><th scope="col">Topic</th><th scope="col" class="number">First contacts</th><th scope="col" class="number">Handled by AI</th><th scope="col">What it is</th><th scope="col" class="number">Change of repeats per 100</th><th scope="col" class="number">95% interval</th></tr></thead><tbody>
      {{#topics}}
      <tr><th scope="row">{{title}}</th><td class="number" data-label="First contacts">{{{firstContacts}}}</td><td class="number" data-label="Handled by AI">{{{automated}}}</td><td data-label="What it is">{{support}}</td><td class="number" data-label="Change of repeats"><span>{{{change}}}</span></td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td></tr>
      {{/topics}}
      </tbody></table></div></details>
      <details><summary>By week</summary><div class="scroll"><table class="stack"><thead><tr><th scope="col">Week</th><th scope="col" class="number">First contacts</th><th scope="col" class="number">Handled by AI</th><th scope="col">What it is</th><th scope="col" class="number">Change of repeats per 100</th><th scope="col" class="number">95% interval</th></tr></thead><tbody>
      {{#weeks}}
      <tr><th scope="row" class="week">{{title}}</th><td class="number" data-label="First contacts">{{{firstContacts}}}</td><td class="number" data-label="Handled by AI">{{{automated}}}</td><td data-label="What it is">{{support}}</td><td class="number" data-label="Change of repeats"><span>{{{change}}}</span></td><td class="number" data-label="95% interval"><span>{{{interval}}}</span></td></tr>
      {{/weeks}}
      </tbody></table></div></details>
      {{/policies}}
      </section>
      {{/hasPolicies}}

      """#
}
