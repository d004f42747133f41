import LinearAlgebra

/// Reviewed scores in bins of about equal counts, with the covariance of what is right in them.
///
/// Equal scores are never parted, and every bin has at least two customers, so there may be fewer bins
/// than asked for.
package struct EqualMassBins: Sendable {
  /// The bin of each row.
  package let binOfRow: [Int32]
  package let counts: [Double]
  /// Customers in each bin.
  package let customers: [Double]
  package let lowest: [Double]
  package let highest: [Double]
  package let meanScores: [Double]
  /// Share of the intents that were right.
  package let meanRight: [Double]
  /// Of `meanRight`, by customers.
  package let covarianceOfRight: Matrix

  package var count: Int { counts.count }

  /// - Parameter wanted: bins, at least 1.
  package init(_ data: ReviewedScores, wanted: Int) {
    let order = data.order
    let ends = Self.ends(order, data, wanted: wanted)
    var bins = [Int32](repeating: 0, count: data.count)
    var counts: [Double] = []
    var customers: [Double] = []
    var lowest: [Double] = []
    var highest: [Double] = []
    var meanScores: [Double] = []
    var meanRight: [Double] = []
    // The bin that each customer was met in last.
    let base = data.clusters.min() ?? 0
    var met = [Int32](repeating: -1, count: Int((data.clusters.max() ?? 0) - base) + 1)
    var start = 0
    for (bin, end) in ends.enumerated() {
      var score = 0.0
      var right = 0.0
      var distinct = 0.0
      for place in start..<end {
        let row = order[place]
        bins[row] = Int32(bin)
        score += data.scores[row]
        right += data.right[row]
        let customer = Int(data.clusters[row] - base)
        if met[customer] != Int32(bin) {
          met[customer] = Int32(bin)
          distinct += 1
        }
      }
      let n = Double(end - start)
      counts.append(n)
      customers.append(distinct)
      lowest.append(data.scores[order[start]])
      highest.append(data.scores[order[end - 1]])
      meanScores.append(score / n)
      meanRight.append(right / n)
      start = end
    }
    binOfRow = bins
    self.counts = counts
    self.customers = customers
    self.lowest = lowest
    self.highest = highest
    self.meanScores = meanScores
    self.meanRight = meanRight
    covarianceOfRight = Self.covariance(
      of: data.right, means: meanRight, data, binOfRow: bins, counts: counts, customers: customers)
  }

  /// Where bins end in the order of the scores.
  private static func ends(_ order: [Int], _ data: ReviewedScores, wanted: Int) -> [Int] {
    var ends: [Int] = []
    var start = 0
    for bin in 1...max(wanted, 1) {
      var end = max(bin * order.count / max(wanted, 1), start)
      while end > 0, end < order.count, data.scores[order[end]] == data.scores[order[end - 1]] {
        end += 1
      }
      guard end > start, hasTwoCustomers(order[start..<end], data) else { continue }
      ends.append(end)
      start = end
    }
    // What is left over, if anything, joins the last bin.
    if ends.isEmpty { return [order.count] }
    ends[ends.count - 1] = order.count
    return ends
  }

  private static func hasTwoCustomers(_ rows: ArraySlice<Int>, _ data: ReviewedScores) -> Bool {
    guard let first = rows.first else { return false }
    return rows.contains { data.clusters[$0] != data.clusters[first] }
  }

  /// The covariance of the bins' means of a value whose means are given, by customers: sums of a
  /// customer's residuals in a bin count as one observation.
  ///
  /// Each bin's variance has the factor m / (m − 1) of its m customers; with one row a customer it is
  /// the usual variance of a mean.
  package func covariance(
    of values: [Double], means: [Double], _ data: ReviewedScores
  ) -> Matrix {
    Self.covariance(
      of: values, means: means, data, binOfRow: binOfRow, counts: counts, customers: customers)
  }

  private static func covariance(
    of values: [Double], means: [Double], _ data: ReviewedScores, binOfRow: [Int32],
    counts: [Double], customers: [Double]
  ) -> Matrix {
    let count = counts.count
    var result = Matrix(rows: count, columns: count)
    var sums = [Double](repeating: 0, count: count)
    var touched: [Int] = []
    var row = 0
    while row < values.count {
      let cluster = data.clusters[row]
      touched.removeAll(keepingCapacity: true)
      while row < values.count, data.clusters[row] == cluster {
        let bin = Int(binOfRow[row])
        if !touched.contains(bin) { touched.append(bin) }
        sums[bin] += values[row] - means[bin]
        row += 1
      }
      for a in touched {
        for b in touched { result[a, b] += sums[a] * sums[b] }
      }
      for bin in touched { sums[bin] = 0 }
    }
    let factors = customers.map { $0 > 1 ? $0 / ($0 - 1) : 1 }
    for a in 0..<count {
      for b in 0..<count {
        result[a, b] *= (factors[a] * factors[b]).squareRoot() / (counts[a] * counts[b])
      }
    }
    return result
  }
}
