import LinearAlgebra
import RealModule

/// Logistic regression on patterned rows that count several times, or not at all.
///
/// Built for many fits to the same rows under other counts: a fit goes on from coefficients that are
/// near, with the information of the new counts at the old coefficients, and needs only gradients
/// from there.
struct PatternedLogistic: Sendable {
  let rows: PatternedRows

  /// Twice the rise of the log-likelihood that is left: 1e-5 of a standard error.
  static let tolerance = 1e-10
  static let maximumIterations = 60
  static let maximumHalvings = 30

  /// A fit with what later ones start from.
  struct Fit: Sendable {
    /// Of the standardised columns.
    let coefficients: [Double]
    /// y − p per row.
    let residuals: [Double]
    /// p (1 − p) per row.
    let variances: [Double]
    /// XᵀWX over the rows with the counts of the fit, both triangles.
    let information: Matrix
    let iterations: Int
    /// Of the last step.
    let decrement: Double
  }

  /// The fit to all rows once, by Newton's method with step halving.
  func fit(threads: Int) throws(FractionError) -> Fit {
    let counts = [UInt16](repeating: 1, count: rows.rowCount)
    let share = rows.responses.reduce(0, +) / Double(rows.rowCount)
    var coefficients = [Double](repeating: 0, count: rows.columnCount)
    coefficients[rows.intercept] = logit(share)
    var here = sums(coefficients, counts, threads)
    let atRate = here.information
    var decrement = Double.infinity
    for iteration in 1...PatternedLogistic.maximumIterations {
      let step = try factor(here.information).solve(here.gradient)
      decrement = dot(step, here.gradient)
      let (moved, next) = ascend(coefficients, step, here, counts, threads)
      coefficients = moved
      // The rounding of the log-likelihood hides any progress below this.
      if decrement <= 1e-16 * Double(rows.rowCount) || (next == nil && decrement < 1e-8) {
        try requireBounded((next ?? here).information, atRate)
        return record(coefficients, next ?? here, iteration, decrement)
      }
      guard let next else { break }
      here = next
    }
    throw .notConverged(iterations: PatternedLogistic.maximumIterations, decrement: decrement)
  }

  /// A column whose rows have all but lost their variance, p (1 − p), has run off.
  private func requireBounded(
    _ information: [Double], _ atRate: [Double]
  ) throws(FractionError) {
    for column in 0..<rows.columnCount {
      let place = column * (rows.columnCount + 1)
      if information[place] < 1e-6 * atRate[place] { throw .separated(column: column) }
    }
  }

  private func ascend(
    _ coefficients: [Double], _ step: [Double], _ here: LogisticSums, _ counts: [UInt16],
    _ threads: Int
  ) -> (coefficients: [Double], sums: LogisticSums?) {
    let rounding = 1e-13 * (abs(here.logLikelihood) + 1)
    var fraction = 1.0
    for _ in 0..<PatternedLogistic.maximumHalvings {
      var trial = coefficients
      addTo(&trial, step, times: fraction)
      let there = sums(trial, counts, threads)
      if there.logLikelihood >= here.logLikelihood - rounding { return (trial, there) }
      fraction /= 2
    }
    return (coefficients, nil)
  }

  private func record(
    _ coefficients: [Double], _ sums: LogisticSums, _ iterations: Int, _ decrement: Double
  ) -> Fit {
    var residuals = [Double](repeating: 0, count: rows.rowCount)
    var variances = residuals
    for pattern in 0..<rows.patterns.rowCount {
      var level = 0.0
      for column in rows.patterns.columns(ofRow: pattern) { level += coefficients[Int(column)] }
      for place in rows.starts[pattern]..<rows.starts[pattern + 1] {
        var eta = level
        for number in rows.numbers { eta += coefficients[number.column] * number.values[place] }
        let p = logistic(eta)
        residuals[place] = rows.responses[place] - p
        variances[place] = p * (1 - p)
      }
    }
    var information = Matrix(
      rows: rows.columnCount, columns: rows.columnCount, storage: sums.information)
    information.mirrorLowerTriangle()
    return Fit(
      coefficients: coefficients, residuals: residuals, variances: variances,
      information: information, iterations: iterations, decrement: decrement)
  }

  /// Coefficients under other counts, from a fit that is near: the information of the new counts at
  /// the old coefficients serves every step. Runs on the calling thread.
  func refit(
    from fit: Fit, counts: [UInt16]
  ) throws(FractionError) -> (coefficients: [Double], iterations: Int, decrement: Double) {
    let parts = rows.chunks.map { CountedRows(rows, $0, counts: counts, from: fit) }
    var start = LogisticSums(rows.columnCount, information: true)
    for part in parts { part.addProducts(to: &start) }
    var factor = try factor(start.information)
    var coefficients = fit.coefficients
    var gradient = start.gradient
    var last = Double.infinity
    for iteration in 1...PatternedLogistic.maximumIterations {
      let step = factor.solve(gradient)
      let decrement = dot(step, gradient)
      addTo(&coefficients, step)
      // The next decrement falls at least as far again.
      let fall = last.isFinite ? min(decrement / last, 1) : 1
      if decrement * fall <= PatternedLogistic.tolerance {
        return (coefficients, iteration, decrement)
      }
      // Where the old information no longer serves, that at the new coefficients does.
      let renew = decrement > last / 10
      var sums = LogisticSums(rows.columnCount, information: renew)
      for part in parts { part.addDerivatives(at: coefficients, to: &sums) }
      if renew { factor = try self.factor(sums.information) }
      gradient = sums.gradient
      last = decrement
    }
    throw .notConverged(iterations: PatternedLogistic.maximumIterations, decrement: last)
  }

  /// The factor of an information with a ridge of 1e-10 of its own diagonal, so that columns that
  /// the drawn rows do not tell apart have an answer.
  private func factor(_ information: [Double]) throws(FractionError) -> CholeskyFactor {
    var matrix = Matrix(rows: rows.columnCount, columns: rows.columnCount, storage: information)
    matrix.addToDiagonal(matrix.diagonal.map { 1e-10 * ($0 > 0 ? $0 : 1) })
    do {
      return try CholeskyFactor(matrix)
    } catch {
      throw .algebra(error)
    }
  }

  /// Log-likelihood, gradient and information over all rows.
  private func sums(
    _ coefficients: [Double], _ counts: [UInt16], _ threads: Int
  ) -> LogisticSums {
    let parts = parallelMap(count: rows.chunks.count, threads: threads) { chunk in
      var sums = LogisticSums(rows.columnCount, information: true)
      let part = CountedRows(rows, rows.chunks[chunk], counts: counts)
      part.addDerivatives(at: coefficients, to: &sums)
      sums.logLikelihood = part.logLikelihood
      return sums
    }
    var total = LogisticSums(rows.columnCount, information: true)
    for part in parts { total.add(part) }
    return total
  }
}
