import LinearAlgebra
import RealModule

/// Logistic regression on patterned rows, each of which counts once.
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
    /// XᵀWX, both triangles.
    let information: Matrix
    let iterations: Int
    /// Of the last step.
    let decrement: Double
  }

  /// The fit by Newton's method with step halving.
  func fit(threads: Int) throws(FractionError) -> Fit {
    let share = rows.responses.reduce(0, +) / Double(rows.rowCount)
    var coefficients = [Double](repeating: 0, count: rows.columnCount)
    coefficients[rows.intercept] = logit(share)
    var here = sums(coefficients, threads)
    let atRate = here.information
    var decrement = Double.infinity
    for iteration in 1...PatternedLogistic.maximumIterations {
      let step = try PatternedLogistic.factor(here.information, order: rows.columnCount)
        .solve(here.gradient)
      decrement = dot(step, here.gradient)
      let (moved, next) = ascend(coefficients, step, here, threads)
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
    _ coefficients: [Double], _ step: [Double], _ here: LogisticSums,
    _ threads: Int
  ) -> (coefficients: [Double], sums: LogisticSums?) {
    let rounding = 1e-13 * (abs(here.logLikelihood) + 1)
    var fraction = 1.0
    for _ in 0..<PatternedLogistic.maximumHalvings {
      var trial = coefficients
      addTo(&trial, step, times: fraction)
      let there = sums(trial, threads)
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

  /// The factor of an information with a ridge of 1e-10 of its own diagonal, so that columns that
  /// the rows do not tell apart have an answer.
  static func factor(_ information: [Double], order: Int) throws(FractionError) -> CholeskyFactor {
    var matrix = Matrix(rows: order, columns: order, storage: information)
    matrix.addToDiagonal(matrix.diagonal.map { 1e-10 * ($0 > 0 ? $0 : 1) })
    do {
      return try CholeskyFactor(matrix)
    } catch {
      throw .algebra(error)
    }
  }

  /// Log-likelihood, gradient and information over all rows.
  private func sums(_ coefficients: [Double], _ threads: Int) -> LogisticSums {
    let parts = parallelMap(count: rows.chunks.count, threads: threads) { chunk in
      var sums = LogisticSums(rows.columnCount)
      let part = PatternedChunk(rows, rows.chunks[chunk])
      part.addDerivatives(at: coefficients, to: &sums)
      sums.logLikelihood = part.logLikelihood
      return sums
    }
    var total = LogisticSums(rows.columnCount)
    for part in parts { total.add(part) }
    return total
  }
}
