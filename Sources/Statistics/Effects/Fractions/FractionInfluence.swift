import LinearAlgebra
import RealModule

/// Attributable fractions at a fit with each row's influence on them.
///
/// A fraction is −D/m with D the mean change of risk and m the mean risk. A row moves D by its own
/// change of risk and through the coefficients, and m by its own response.
struct FractionInfluence {
  let estimates: [Double]
  /// Fractions one behind the other, rows in the gathered order.
  private let values: Scratch<Double>
  private let rowCount: Int

  /// Sums of one chunk: changes of risk, and their derivatives by the coefficients.
  private struct Sums: Sendable {
    var changes: [Double]
    /// Columns × fractions.
    var gradients: [Double]
  }

  init(
    _ rows: PatternedRows, _ targets: FractionTargets, _ fit: PatternedLogistic.Fit, threads: Int
  ) throws(FractionError) {
    let (n, width, fractions) = (rows.rowCount, rows.columnCount, targets.fractionCount)
    nonisolated(unsafe) let influence = Scratch<Double>(count: n * fractions, repeating: 0)
    let parts = parallelMap(count: rows.chunks.count, threads: threads) { chunk in
      FractionInfluence.changes(rows.chunks[chunk], rows, targets, fit, influence)
    }
    var total = Sums(
      changes: [Double](repeating: 0, count: fractions),
      gradients: [Double](repeating: 0, count: fractions * width))
    for part in parts {
      addTo(&total.changes, part.changes)
      addTo(&total.gradients, part.gradients)
    }
    let cases = rows.responses.reduce(0, +)
    let mean = cases / Double(n)
    let directions = try FractionInfluence.solve(
      fit.information, Matrix(rows: width, columns: fractions, storage: total.gradients))
    let changes = total.changes
    _ = parallelMap(count: rows.chunks.count, threads: threads) { chunk in
      for f in 0..<fractions {
        FractionInfluence.finish(
          rows.chunks[chunk], rows, fit, direction: Array(directions.column(f)),
          change: changes[f] / Double(n), mean: mean, influence.base + f * n)
      }
    }
    estimates = changes.map { -$0 / cases }
    values = influence
    rowCount = n
  }

  /// The influences on one fraction.
  func values(of fraction: Int) -> [Double] {
    Array(UnsafeBufferPointer(start: values.base + fraction * rowCount, count: rowCount))
  }

  private static func solve(
    _ information: Matrix, _ gradients: Matrix
  ) throws(FractionError) -> Matrix {
    var ridged = information
    ridged.addToDiagonal(information.diagonal.map { 1e-10 * ($0 > 0 ? $0 : 1) })
    do {
      return try CholeskyFactor(ridged).solve(gradients)
    } catch {
      throw .algebra(error)
    }
  }

  /// Writes each row's change of risk and sums them with their derivatives.
  private static func changes(
    _ chunk: Range<Int>, _ rows: PatternedRows, _ targets: FractionTargets,
    _ fit: PatternedLogistic.Fit, _ influence: Scratch<Double>
  ) -> Sums {
    let (n, fractions) = (rows.rowCount, targets.fractionCount)
    var sums = Sums(
      changes: [Double](repeating: 0, count: fractions),
      gradients: [Double](repeating: 0, count: fractions * rows.columnCount))
    for pattern in chunk {
      for term in targets.sets[Int(targets.setOfPattern[pattern])].terms {
        let shift = targets.shift(term, pattern, rows, fit.coefficients)
        var slopes = PatternSlopes(rows, pattern, term, shift.numbers)
        for place in rows.starts[pattern]..<rows.starts[pattern + 1] {
          let p = rows.responses[place] - fit.residuals[place]
          var eta = logit(p) + shift.level
          for k in shift.numbers {
            let number = rows.numbers[k]
            eta += fit.coefficients[number.column] * (number.zero - number.values[place])
          }
          let moved = logistic(eta)
          for f in 0..<fractions {
            influence.base[f * n + place] += term.weights[f] * (moved - p)
          }
          slopes.add(place, without: moved * (1 - moved), with: fit.variances[place])
          slopes.change += moved - p
        }
        addTo(&sums.changes, term.weights, times: slopes.change)
        for f in 0..<fractions where term.weights[f] != 0 {
          slopes.add(to: &sums.gradients, at: f * rows.columnCount, times: term.weights[f])
        }
      }
    }
    return sums
  }

  /// Adds what a row does through coefficients and mean risk, and divides by the mean risk.
  private static func finish(
    _ chunk: Range<Int>, _ rows: PatternedRows, _ fit: PatternedLogistic.Fit, direction: [Double],
    change: Double, mean: Double, _ influence: UnsafeMutablePointer<Double>
  ) {
    for pattern in chunk {
      var level = 0.0
      for column in rows.patterns.columns(ofRow: pattern) { level += direction[Int(column)] }
      for place in rows.starts[pattern]..<rows.starts[pattern + 1] {
        var along = level
        for number in rows.numbers { along += direction[number.column] * number.values[place] }
        let ofChange = influence[place] - change + along * fit.residuals[place]
        let ofMean = rows.responses[place] - mean
        influence[place] = (change / mean * ofMean - ofChange) / mean
      }
    }
  }
}

/// The derivative of one pattern's change of risk by the coefficients.
private struct PatternSlopes {
  var change = 0.0
  private let rows: PatternedRows
  private let pattern: Int
  private let removed: [Int]
  private let zeroed: [Int]
  private var without = 0.0
  private var with = 0.0
  /// By number column: Σ slope · value, without less with.
  private var numbers: [Double]

  init(_ rows: PatternedRows, _ pattern: Int, _ term: FractionTargets.Term, _ zeroed: [Int]) {
    self.rows = rows
    self.pattern = pattern
    removed = term.columns
    self.zeroed = zeroed
    numbers = [Double](repeating: 0, count: rows.numbers.count)
  }

  mutating func add(_ place: Int, without slope: Double, with before: Double) {
    without += slope
    with += before
    for (k, number) in rows.numbers.enumerated() {
      let value = zeroed.contains(k) ? number.zero : number.values[place]
      numbers[k] += slope * value - before * number.values[place]
    }
  }

  func add(to gradients: inout [Double], at offset: Int, times weight: Double) {
    for column in rows.patterns.columns(ofRow: pattern) {
      let rest = removed.contains(Int(column)) ? 0 : without
      gradients[offset + Int(column)] += weight * (rest - with)
    }
    for (k, number) in rows.numbers.enumerated() {
      gradients[offset + number.column] += weight * numbers[k]
    }
  }
}
