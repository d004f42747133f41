/// Bins of the score whose edges hold every threshold in force, so that within a bin routing is alike.
package struct ScoreBins: Sendable {
  /// Inner edges, ascending: bin b holds scores from edge b − 1 (included) to edge b.
  package let edges: [Double]

  package var count: Int { edges.count + 1 }

  /// Quantiles of the scores, and the thresholds; a quantile hardly beside a threshold is left out.
  package init(scores: [Double], thresholds: [Double], wanted: Int = 20) {
    let sorted = scores.filter { !$0.isNaN }.sorted()
    var edges = thresholds
    if let low = sorted.first, let high = sorted.last {
      let least = (high - low) / Double(4 * wanted)
      for k in 1..<max(wanted, 2) {
        let quantile = sorted[sorted.count * k / wanted]
        if edges.allSatisfy({ ($0 - quantile).magnitude > least }), quantile > low {
          edges.append(quantile)
        }
      }
    }
    var distinct: [Double] = []
    for edge in edges.sorted() where edge != distinct.last { distinct.append(edge) }
    self.edges = distinct
  }

  /// The bin of a score. O(log bins).
  package func bin(_ score: Double) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= score { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
