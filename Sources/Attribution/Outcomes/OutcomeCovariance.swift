import FailureModes
import LinearAlgebra
import RepeatContacts
import Statistics

/// The covariance of an outcome's totals: the sandwich clustered by customer, the staff-error model's
/// part in it, carried over to the totals by the split's gradient.
///
/// Where a failure decides the outcome, or few events are left for one, residuals are next to nothing
/// and the sandwich with them (Mancl & DeRouen 2001, Biometrics 57): no total's error is less than the
/// one that rows have which are independent and as likely as the model says.
package struct OutcomeCovariance: Sendable {
  package let totals: Matrix

  /// What a row adds to the score of the outcome's own parameters.
  struct RowScore: Sendable {
    /// Factor on the columns of the row's settled cell; 0 for rows that do not count.
    var byRow: [Double]
    /// Of what the model has besides, `row * further + k`; empty where there is nothing.
    var further: [Double]
  }

  /// - Parameters:
  ///   - information: minus the derivative of the outcome's score in its own parameters.
  ///   - rowScore: what each row adds to that score. A customer's rows are one cluster; rows without a
  ///     customer are clusters of their own.
  ///   - scoreVariance: variance of that score under the model, in its own parameters; nil where rows
  ///     are not what is random.
  ///   - score: the summed score under other mixture weights, for modes that nobody looked for.
  ///   - further: how many parameters the outcome's model has beside its coefficients.
  init(
    problem: OutcomeProblem, effects: CellEffects, coefficients: [Double], information: Matrix,
    rowScore: RowScore, scoreVariance: Matrix?, score: (ModeCells) -> [Double], further: Int,
    threads: Int
  ) throws {
    let layout = OutcomeLayout(
      coefficientCount: coefficients.count, further: further, rates: problem.rates)
    let n = layout.count
    let own = layout.linkCount
    let rateScores = RateScores(
      layout: layout, modes: problem.modes, context: problem.context, rates: problem.rates,
      staff: problem.table.text("staff_id"), linkedRows: problem.table.count)
    var bread = Matrix(rows: n, columns: n)
    for i in 0..<own { for j in 0..<own { bread[i, j] = information[i, j] } }
    for i in own..<n {
      for j in own..<n { bread[i, j] = rateScores.information[i - own, j - own] }
    }
    if problem.cells.hasUnknown {
      let h = 1e-4
      let centre = score(problem.cells)
      for k in own..<n {
        let moved = problem.cells.reweighted(
          layout.movedRates(problem.rates, k, by: h, context: problem.context))
        let up = score(moved)
        for i in 0..<own { bread[i, k] = -(up[i] - centre[i]) / h }
      }
    }
    let (meat, clusters) = Self.meat(
      problem, layout: layout, rowScore: rowScore, further: further, rates: rateScores.rows)
    let inverse = try LUFactor(bread).inverse()
    let correction = Double(max(clusters, 2)) / Double(max(clusters, 2) - 1)
    let covariance = correction * (inverse * meat * inverse.transposed)
    let gradient = OutcomeGradient(
      problem: problem, effects: effects, layout: layout, coefficients: coefficients
    ).matrix(threads: threads)
    let clustered = gradient * covariance * gradient.transposed
    guard let scoreVariance else {
      totals = clustered
      return
    }
    var expected = bread
    for i in 0..<own { for j in 0..<n { expected[i, j] = j < own ? scoreVariance[i, j] : 0 } }
    totals = Self.raised(
      clustered, to: gradient * (inverse * expected * inverse.transposed) * gradient.transposed)
  }

  /// The covariance with each total scaled up to the variance that it has in another.
  package static func raised(_ covariance: Matrix, to least: Matrix) -> Matrix {
    var result = covariance
    let factors = covariance.diagonal.indices.map { k -> Double in
      let (own, other) = (covariance[k, k], least[k, k])
      return own > 0 && other > own ? (other / own).squareRoot() : 1
    }
    for i in factors.indices {
      for j in factors.indices { result[i, j] *= factors[i] * factors[j] }
    }
    for k in factors.indices where covariance[k, k] <= 0 { result[k, k] = max(least[k, k], 0) }
    return result
  }

  /// Σ over clusters of s sᵀ, and the clusters that have a score.
  private static func meat(
    _ problem: OutcomeProblem, layout: OutcomeLayout, rowScore: RowScore, further: Int,
    rates: SparseRows
  ) -> (Matrix, Int) {
    let n = layout.count
    var meat = Matrix(rows: n, columns: n)
    var sum = [Double](repeating: 0, count: n)
    var touched: [Int] = []
    var clusters = 0
    func add(_ column: Int, _ value: Double) {
      guard value != 0 else { return }
      if sum[column] == 0 { touched.append(column) }
      sum[column] += value
    }
    func close() {
      if !touched.isEmpty { clusters += 1 }
      let columns = Array(Set(touched)).sorted()
      for a in columns { for b in columns { meat.storage[a * n + b] += sum[a] * sum[b] } }
      for a in columns { sum[a] = 0 }
      touched.removeAll(keepingCapacity: true)
    }
    let design = problem.equations.design.design
    let codes = problem.table.customer.codes
    for row in 0..<problem.table.count {
      if row > 0 && (codes[row] < 0 || codes[row] != codes[row - 1]) { close() }
      if rowScore.byRow[row] != 0 {
        let cell = problem.cells.settledCell(Int(problem.cells.observedOfRow[row]))
        for c in design.columns(ofRow: cell) { add(Int(c), rowScore.byRow[row]) }
      }
      for k in 0..<further where !rowScore.further.isEmpty {
        add(layout.coefficientCount + k, rowScore.further[row * further + k])
      }
      for k in Int(rates.start[row])..<Int(rates.start[row + 1]) {
        add(Int(rates.column[k]), rates.value[k])
      }
    }
    close()
    return (meat, clusters)
  }
}
