import LinearAlgebra
import RealModule

/// Logistic regression on patterned rows that count several times, or not at all.
///
/// Built for many fits to the same rows under other counts: a fit goes on from coefficients that are
/// near, with the information of the new counts at the old coefficients, and needs only gradients
/// from there.
struct PatternedLogistic: Sendable {
  let rows: PatternedRows

  /// Twice the rise of the log-likelihood that the last step promised.
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

  private struct Sums: Sendable {
    var logLikelihood = 0.0
    var gradient: [Double]
    /// Lower triangle by columns; empty where it was not asked for.
    var information: [Double]

    init(_ width: Int, information wanted: Bool) {
      gradient = [Double](repeating: 0, count: width)
      information = wanted ? [Double](repeating: 0, count: width * width) : []
    }

    mutating func add(_ other: Sums) {
      logLikelihood += other.logLikelihood
      addTo(&gradient, other.gradient)
      if !information.isEmpty { addTo(&information, other.information) }
    }
  }

  /// Buffers of one chunk.
  private final class Work {
    let predictor: Scratch<Double>
    let residuals: Scratch<Double>
    let variances: Scratch<Double>

    init(_ rows: PatternedRows) {
      let longest = rows.chunks.map { rows.places($0).count }.max() ?? 0
      predictor = Scratch(count: longest, repeating: 0)
      residuals = Scratch(count: longest, repeating: 0)
      variances = Scratch(count: longest, repeating: 0)
    }
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
    _ coefficients: [Double], _ step: [Double], _ here: Sums, _ counts: [UInt16], _ threads: Int
  ) -> (coefficients: [Double], sums: Sums?) {
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
    _ coefficients: [Double], _ sums: Sums, _ iterations: Int, _ decrement: Double
  ) -> Fit {
    var residuals = [Double](repeating: 0, count: rows.rowCount)
    var variances = residuals
    let work = Work(rows)
    for chunk in rows.chunks {
      predict(chunk, coefficients, work)
      for (i, place) in rows.places(chunk).enumerated() {
        let p = logistic(work.predictor.base[i])
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
    let work = Work(rows)
    var start = Sums(rows.columnCount, information: true)
    for chunk in rows.chunks {
      let places = rows.places(chunk)
      for (i, place) in places.enumerated() {
        let count = Double(counts[place])
        work.residuals.base[i] = count * fit.residuals[place]
        work.variances.base[i] = count * fit.variances[place]
      }
      accumulate(chunk, work, &start)
    }
    var factor = try factor(start.information)
    var coefficients = fit.coefficients
    var gradient = start.gradient
    var last = Double.infinity
    for iteration in 1...PatternedLogistic.maximumIterations {
      let step = factor.solve(gradient)
      let decrement = dot(step, gradient)
      addTo(&coefficients, step)
      if decrement <= PatternedLogistic.tolerance {
        return (coefficients, iteration, decrement)
      }
      // Where the old information no longer serves, that at the new coefficients does.
      let renew = decrement > last / 10
      var sums = Sums(rows.columnCount, information: renew)
      for chunk in rows.chunks { add(chunk, coefficients, counts, work, &sums) }
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
  private func sums(_ coefficients: [Double], _ counts: [UInt16], _ threads: Int) -> Sums {
    let parts = parallelMap(count: rows.chunks.count, threads: threads) { chunk in
      var sums = Sums(rows.columnCount, information: true)
      add(rows.chunks[chunk], coefficients, counts, Work(rows), &sums)
      return sums
    }
    var total = Sums(rows.columnCount, information: true)
    for part in parts { total.add(part) }
    return total
  }

  /// Writes the linear predictors of a chunk.
  private func predict(_ chunk: Range<Int>, _ coefficients: [Double], _ work: Work) {
    let eta = work.predictor.base
    let first = rows.starts[chunk.lowerBound]
    for pattern in chunk {
      var level = 0.0
      for column in rows.patterns.columns(ofRow: pattern) { level += coefficients[Int(column)] }
      let (start, end) = (rows.starts[pattern], rows.starts[pattern + 1])
      for i in start - first..<end - first { eta[i] = level }
    }
    let count = rows.places(chunk).count
    for number in rows.numbers {
      let slope = coefficients[number.column]
      number.values.withUnsafeBufferPointer { values in
        let z = values.baseAddress! + first
        for i in 0..<count { eta[i] += slope * z[i] }
      }
    }
  }

  /// Adds a chunk's part at some coefficients.
  private func add(
    _ chunk: Range<Int>, _ coefficients: [Double], _ counts: [UInt16], _ work: Work,
    _ sums: inout Sums
  ) {
    predict(chunk, coefficients, work)
    let places = rows.places(chunk)
    let (eta, residuals, variances) = (
      work.predictor.base, work.residuals.base, work.variances.base
    )
    let likelihood = !sums.information.isEmpty
    var logLikelihood = 0.0
    rows.responses.withUnsafeBufferPointer { responses in
      counts.withUnsafeBufferPointer { counts in
        let (y, w) = (
          responses.baseAddress! + places.lowerBound, counts.baseAddress! + places.lowerBound
        )
        for i in 0..<places.count {
          let p = 1 / (1 + Double.exp(-eta[i]))
          let count = Double(w[i])
          residuals[i] = count * (y[i] - p)
          variances[i] = count * p * (1 - p)
          if likelihood && count > 0 {
            logLikelihood += count * (y[i] * eta[i] - softplus(eta[i]))
          }
        }
      }
    }
    sums.logLikelihood += logLikelihood
    accumulate(chunk, work, &sums)
  }

  /// Adds the products of a chunk's residuals and variances with its columns.
  private func accumulate(_ chunk: Range<Int>, _ work: Work, _ sums: inout Sums) {
    let first = rows.starts[chunk.lowerBound]
    let count = rows.places(chunk).count
    let (residuals, variances) = (work.residuals.base, work.variances.base)
    let wanted = !sums.information.isEmpty
    for pattern in chunk {
      let range = rows.starts[pattern] - first..<rows.starts[pattern + 1] - first
      let ones = rows.patterns.columns(ofRow: pattern)
      var residual = 0.0
      for i in range { residual += residuals[i] }
      for column in ones { sums.gradient[Int(column)] += residual }
      if wanted { addPattern(range, first, ones, variances, &sums) }
    }
    for (k, number) in rows.numbers.enumerated() {
      number.values.withUnsafeBufferPointer { values in
        let z = values.baseAddress! + first
        sums.gradient[number.column] += product(residuals, z, count)
      }
      if wanted {
        for other in rows.numbers[k...] {
          let place = number.column * rows.columnCount + other.column
          sums.information[place] += triple(variances, number, other, first, count)
        }
      }
    }
  }

  /// Adds a pattern's part of the information among its ones, and between them and the numbers.
  @inline(__always)
  private func addPattern(
    _ range: Range<Int>, _ first: Int, _ ones: ArraySlice<Int32>,
    _ variances: UnsafeMutablePointer<Double>, _ sums: inout Sums
  ) {
    let width = rows.columnCount
    var variance = 0.0
    for i in range { variance += variances[i] }
    sums.information.withUnsafeMutableBufferPointer { information in
      ones.withUnsafeBufferPointer { ones in
        for k in ones.indices {
          let base = Int(ones[k]) * width
          for l in k..<ones.count { information[base + Int(ones[l])] += variance }
        }
        for number in rows.numbers {
          var sum = 0.0
          number.values.withUnsafeBufferPointer { values in
            for i in range { sum += variances[i] * values[first + i] }
          }
          for one in ones {
            let (low, high) = (min(Int(one), number.column), max(Int(one), number.column))
            information[low * width + high] += sum
          }
        }
      }
    }
  }

  private func product(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var (sum, i) = (SIMD4<Double>.zero, 0)
    while i + 4 <= count {
      let x = UnsafeRawPointer(a + i).loadUnaligned(as: SIMD4<Double>.self)
      let y = UnsafeRawPointer(b + i).loadUnaligned(as: SIMD4<Double>.self)
      sum += x * y
      i += 4
    }
    var rest = sum.sum()
    while i < count {
      rest += a[i] * b[i]
      i += 1
    }
    return rest
  }

  private func triple(
    _ weights: UnsafePointer<Double>, _ a: PatternedRows.NumberColumn,
    _ b: PatternedRows.NumberColumn, _ first: Int, _ count: Int
  ) -> Double {
    a.values.withUnsafeBufferPointer { a in
      b.values.withUnsafeBufferPointer { b in
        let (x, y) = (a.baseAddress! + first, b.baseAddress! + first)
        var (sums, i) = (SIMD4<Double>.zero, 0)
        while i + 4 <= count {
          let w = UnsafeRawPointer(weights + i).loadUnaligned(as: SIMD4<Double>.self)
          let u = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD4<Double>.self)
          let v = UnsafeRawPointer(y + i).loadUnaligned(as: SIMD4<Double>.self)
          sums += w * u * v
          i += 4
        }
        var rest = sums.sum()
        while i < count {
          rest += weights[i] * x[i] * y[i]
          i += 1
        }
        return rest
      }
    }
  }
}

/// log(1 + eˣ) without overflow.
@inline(__always)
private func softplus(_ x: Double) -> Double {
  max(x, 0) + Double.log(onePlus: Double.exp(-abs(x)))
}
