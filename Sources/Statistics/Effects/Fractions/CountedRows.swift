import LinearAlgebra
import RealModule

/// Rows of some patterns that count at least once, with how often.
///
/// What a sample leaves out is not looked at again, however many steps are taken.
final class CountedRows {
  private let rows: PatternedRows
  /// Patterns with a row.
  private var patterns: [Int32] = []
  /// Where each pattern's rows begin, and their number at the end.
  private var starts: [Int] = [0]
  private let stride: Int
  /// Counts, responses, then the number columns, each padded with zeros to a multiple of four.
  private let data: Scratch<Double>
  private let predictor: Scratch<Double>
  /// Count · (y − p) and count · p (1 − p).
  private let residuals: Scratch<Double>
  private let variances: Scratch<Double>

  /// The places behind the rows, while these are gathered.
  private var count: Int { starts[starts.count - 1] }
  private var counts: UnsafeMutablePointer<Double> { data.base }
  private var responses: UnsafeMutablePointer<Double> { data.base + stride }
  private func numbers(_ k: Int) -> UnsafeMutablePointer<Double> { data.base + (k + 2) * stride }

  /// - Parameters:
  ///   - chunk: patterns of `rows`.
  ///   - counts: one a row in the gathered order.
  ///   - fit: residuals and variances to start from; nil leaves them to the first `derivatives`.
  init(
    _ rows: PatternedRows, _ chunk: Range<Int>, counts all: [UInt16],
    from fit: PatternedLogistic.Fit? = nil
  ) {
    self.rows = rows
    // A place behind the last, for the row that is written and not kept.
    let room = rows.places(chunk).count + 4
    stride = (room + 3) / 4 * 4
    data = Scratch(unwritten: stride * (2 + rows.numbers.count))
    predictor = Scratch(unwritten: stride)
    residuals = Scratch(unwritten: stride)
    variances = Scratch(unwritten: stride)
    gather(chunk, all, fit)
    pad()
  }

  private func gather(_ chunk: Range<Int>, _ all: [UInt16], _ fit: PatternedLogistic.Fit?) {
    let room = rows.places(chunk).count + 1
    let kept = Scratch<Int32>(unwritten: room)
    var taken = 0
    all.withUnsafeBufferPointer { all in
      for pattern in chunk {
        for place in rows.starts[pattern]..<rows.starts[pattern + 1] {
          // Written whether it counts or not, and written over where it does not: no branch.
          kept.base[taken] = Int32(truncatingIfNeeded: place)
          taken += all[place] > 0 ? 1 : 0
        }
        if taken > count {
          patterns.append(Int32(pattern))
          starts.append(taken)
        }
      }
    }
    func fill(_ target: UnsafeMutablePointer<Double>, _ value: (Int) -> Double) {
      for i in 0..<taken { target[i] = value(Int(kept.base[i])) }
    }
    all.withUnsafeBufferPointer { all in fill(counts) { Double(all[$0]) } }
    rows.responses.withUnsafeBufferPointer { y in fill(responses) { y[$0] } }
    for (k, number) in rows.numbers.enumerated() {
      number.values.withUnsafeBufferPointer { z in fill(numbers(k)) { z[$0] } }
    }
    guard let fit else { return }
    fit.residuals.withUnsafeBufferPointer { r in fill(residuals.base) { r[$0] } }
    fit.variances.withUnsafeBufferPointer { v in fill(variances.base) { v[$0] } }
    for i in 0..<taken {
      residuals.base[i] *= counts[i]
      variances.base[i] *= counts[i]
    }
  }

  /// Zeros behind the rows up to a multiple of four, in all that is read four at a time.
  private func pad() {
    let columns =
      [predictor.base, residuals.base, variances.base, counts, responses]
      + rows.numbers.indices.map { numbers($0) }
    for column in columns { (column + count).update(repeating: 0, count: 3) }
  }

  /// Adds the gradient, and where it has a place the information, of residuals and variances as they
  /// stand.
  func addProducts(to sums: inout LogisticSums) {
    let slopes = rows.numbers.indices.map { k in
      (rows.numbers[k].column, CountedRows.product(residuals.base, numbers(k), count))
    }
    for (column, sum) in slopes { sums.gradient[column] += sum }
    rows.patterns.columns.withUnsafeBufferPointer { columns in
      sums.gradient.withUnsafeMutableBufferPointer { gradient in
        for (p, pattern) in patterns.enumerated() {
          var residual = 0.0
          for i in starts[p]..<starts[p + 1] { residual += residuals.base[i] }
          for k in ones(pattern) { gradient[Int(columns[k])] += residual }
        }
      }
      if !sums.information.isEmpty { addInformation(columns, &sums.information) }
    }
  }

  /// Writes residuals and variances at some coefficients, and adds their products.
  func addDerivatives(at coefficients: [Double], to sums: inout LogisticSums) {
    level(coefficients)
    let slopes = rows.numbers.map { coefficients[$0.column] }
    let numbers = UnsafeRawPointer(numbers(0))
    let eta = UnsafeMutableRawPointer(predictor.base)
    let (w, y) = (UnsafeRawPointer(counts), UnsafeRawPointer(responses))
    let (r, v) = (UnsafeMutableRawPointer(residuals.base), UnsafeMutableRawPointer(variances.base))
    let wantsVariances = !sums.information.isEmpty
    for offset in Swift.stride(from: 0, to: (count + 3) / 4 * 32, by: 32) {
      var x = eta.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
      for k in slopes.indices {
        x +=
          slopes[k]
          * numbers.loadUnaligned(
            fromByteOffset: k * stride * 8 + offset, as: SIMD4<Double>.self)
      }
      eta.storeBytes(of: x, toByteOffset: offset, as: SIMD4<Double>.self)
      let p = logistic(x)
      let weight = w.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
      let response = y.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
      r.storeBytes(of: weight * (response - p), toByteOffset: offset, as: SIMD4<Double>.self)
      if wantsVariances {
        v.storeBytes(of: weight * p * (1 - p), toByteOffset: offset, as: SIMD4<Double>.self)
      }
    }
    addProducts(to: &sums)
  }

  /// Σ count · (y η − log(1 + e^η)) at the coefficients that derivatives were last taken at.
  var logLikelihood: Double {
    var sum = 0.0
    for i in 0..<count {
      let eta = predictor.base[i]
      let softplus = max(eta, 0) + Double.log(onePlus: Double.exp(-abs(eta)))
      sum += counts[i] * (responses[i] * eta - softplus)
    }
    return sum
  }

  private func ones(_ pattern: Int32) -> Range<Int> {
    Int(rows.patterns.rowStarts[Int(pattern)])..<Int(rows.patterns.rowStarts[Int(pattern) + 1])
  }

  /// Writes the patterns' part of the linear predictors.
  private func level(_ coefficients: [Double]) {
    let eta = predictor.base
    rows.patterns.columns.withUnsafeBufferPointer { columns in
      coefficients.withUnsafeBufferPointer { coefficients in
        for (p, pattern) in patterns.enumerated() {
          var level = 0.0
          for k in ones(pattern) { level += coefficients[Int(columns[k])] }
          for i in starts[p]..<starts[p + 1] { eta[i] = level }
        }
      }
    }
  }

  /// Adds to the lower triangle: among a pattern's ones, between them and the numbers, among numbers.
  private func addInformation(
    _ columns: UnsafeBufferPointer<Int32>, _ information: inout [Double]
  ) {
    let width = rows.columnCount
    let places = rows.numbers.map(\.column)
    information.withUnsafeMutableBufferPointer { information in
      for (p, pattern) in patterns.enumerated() {
        let (own, range) = (ones(pattern), starts[p]..<starts[p + 1])
        var variance = 0.0
        for i in range { variance += variances.base[i] }
        for k in own {
          let base = Int(columns[k]) * width
          for l in k..<own.upperBound { information[base + Int(columns[l])] += variance }
        }
        for (n, column) in places.enumerated() {
          let z = numbers(n)
          var sum = 0.0
          for i in range { sum += variances.base[i] * z[i] }
          for k in own {
            let one = Int(columns[k])
            information[min(one, column) * width + max(one, column)] += sum
          }
        }
      }
      for (a, first) in places.enumerated() {
        for b in a..<places.count {
          information[first * width + places[b]] += CountedRows.product(
            variances.base, numbers(a), numbers(b), count)
        }
      }
    }
  }

  /// Σ a b, padding included.
  private static func product(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var sum = SIMD4<Double>.zero
    for offset in Swift.stride(from: 0, to: (count + 3) / 4 * 32, by: 32) {
      sum +=
        UnsafeRawPointer(a).loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
        * UnsafeRawPointer(b).loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
    }
    return sum.sum()
  }

  /// Σ a b c, padding included.
  private static func product(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafePointer<Double>,
    _ count: Int
  ) -> Double {
    var sum = SIMD4<Double>.zero
    for offset in Swift.stride(from: 0, to: (count + 3) / 4 * 32, by: 32) {
      sum +=
        UnsafeRawPointer(a).loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
        * UnsafeRawPointer(b).loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
        * UnsafeRawPointer(c).loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
    }
    return sum.sum()
  }
}

/// A log-likelihood's derivatives, or a part of them.
struct LogisticSums: Sendable {
  var logLikelihood = 0.0
  var gradient: [Double]
  /// Lower triangle by columns; empty where it is not wanted.
  var information: [Double]

  init(_ width: Int, information wanted: Bool) {
    gradient = [Double](repeating: 0, count: width)
    information = wanted ? [Double](repeating: 0, count: width * width) : []
  }

  mutating func add(_ other: LogisticSums) {
    logLikelihood += other.logLikelihood
    addTo(&gradient, other.gradient)
    if !information.isEmpty { addTo(&information, other.information) }
  }
}
