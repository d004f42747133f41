/// A what-if as one HTML file that opens offline.
package enum WhatIfPage {
  /// - Parameters:
  ///   - charts: The what-if's charts.
  ///   - bundle: The JavaScript that draws them; nil: the page has its tables only and says how to
  ///     get the charts.
  package static func html(_ contents: WhatIfContents, charts: [Chart], bundle: String?) -> String {
    Page.render(WhatIfContext(contents, charts: charts, bundle: bundle), template: "whatif")
  }
}
