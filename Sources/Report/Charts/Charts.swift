import Attribution

/// The charts of a report, each a Vega-Lite specification with its data inlined.
package enum Charts {
  /// All charts, in the order of the page.
  package static func all(_ report: AttributionReport) -> [Chart] {
    [SplitChart.chart(report), ModesChart.chart(report), WeeklyChart.chart(report)]
      + MetricCharts.charts(report) + [DelayChart.chart(report)]
      + [StaffChart.chart(report), LatencyChart.chart(report)].compactMap { $0 }
  }
}
