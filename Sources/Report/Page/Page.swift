import Attribution
import Mustache

/// The report as one HTML file that opens offline.
package enum Page {
  /// - Parameters:
  ///   - charts: The report's charts.
  ///   - bundle: The JavaScript that draws them; nil: the page has its tables only and says how to
  ///     get the charts.
  package static func html(
    _ report: AttributionReport, charts: [Chart], bundle: String?
  ) -> String {
    render(PageContext(report, charts: charts, bundle: bundle), template: "page")
  }

  static func render(_ context: Any, template: String) -> String {
    guard let html = library.render(context, withTemplate: template) else {
      preconditionFailure("the library holds the page \(template)")
    }
    return html
  }

  private static let library: MustacheLibrary = {
    // Templates look up their content type when they are parsed.
    MustacheContentTypes.register(HTMLEscape(), named: "WHEREFORE_HTML")
    do {
      return MustacheLibrary(templates: [
        "page": try MustacheTemplate(string: PageTemplate.page),
        "whatif": try MustacheTemplate(string: WhatIfTemplate.page),
        "figure": try MustacheTemplate(string: PageTemplate.figure),
      ])
    } catch {
      preconditionFailure("the page's own template does not parse: \(error)")
    }
  }()
}
