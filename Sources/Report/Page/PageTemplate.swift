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
}
