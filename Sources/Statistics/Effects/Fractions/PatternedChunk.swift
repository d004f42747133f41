import LinearAlgebra
import RealModule

/// A stretch of patterned rows, with the derivatives of a logistic log-likelihood there.
final class PatternedChunk {
  private let rows: PatternedRows
  private let patterns: Range<Int>
  /// The rows' places in the gathered order.
  private let places: Range<Int>
  private let stride: Int
  /// Responses, then the number columns, each padded with zeros to a multiple of four.
  private let data: Scratch<Double>
  private let predictor: Scratch<Double>
  /// y − p and p (1 − p).
  private let residuals: Scratch<Double>
  private let variances: Scratch<Double>

  private var count: Int { places.count }
  private var responses: UnsafeMutablePointer<Double> { data.base }
  private func numbers(_ k: Int) -> UnsafeMutablePointer<Double> { data.base + (k + 1) * stride }

  init(_ rows: PatternedRows, _ chunk: Range<Int>) {
    self.rows = rows
    patterns = chunk
    places = rows.places(chunk)
    stride = (places.count + 3) / 4 * 4
    data = Scratch(count: stride * (1 + rows.numbers.count), repeating: 0)
    predictor = Scratch(count: stride, repeating: 0)
    residuals = Scratch(count: stride, repeating: 0)
    variances = Scratch(count: stride, repeating: 0)
    func copy(_ values: [Double], to target: UnsafeMutablePointer<Double>) {
      for (i, place) in places.enumerated() { target[i] = values[place] }
    }
    copy(rows.responses, to: responses)
    for (k, number) in rows.numbers.enumerated() { copy(number.values, to: numbers(k)) }
  }

  /// The chunk's places of one pattern's rows.
  private func range(_ pattern: Int) -> Range<Int> {
    rows.starts[pattern] - places.lowerBound..<rows.starts[pattern + 1] - places.lowerBound
  }

  /// Adds gradient and information at some coefficients.
  func addDerivatives(at coefficients: [Double], to sums: inout LogisticSums) {
    level(coefficients)
    let slopes = rows.numbers.map { coefficients[$0.column] }
    let numbers = UnsafeRawPointer(numbers(0))
    let eta = UnsafeMutableRawPointer(predictor.base)
    let y = UnsafeRawPointer(responses)
    let (r, v) = (UnsafeMutableRawPointer(residuals.base), UnsafeMutableRawPointer(variances.base))
    for offset in Swift.stride(from: 0, to: stride * 8, by: 32) {
      var x = eta.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
      for k in slopes.indices {
        x +=
          slopes[k]
          * numbers.loadUnaligned(
            fromByteOffset: k * stride * 8 + offset, as: SIMD4<Double>.self)
      }
      eta.storeBytes(of: x, toByteOffset: offset, as: SIMD4<Double>.self)
      let p = logistic(x)
      let response = y.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
      r.storeBytes(of: response - p, toByteOffset: offset, as: SIMD4<Double>.self)
      v.storeBytes(of: p * (1 - p), toByteOffset: offset, as: SIMD4<Double>.self)
    }
    rows.patterns.columns.withUnsafeBufferPointer { columns in
      addGradient(columns, &sums.gradient)
      addInformation(columns, &sums.information)
    }
  }

  /// Σ (y η − log(1 + e^η)) at the coefficients that derivatives were last taken at.
  var logLikelihood: Double {
    var sum = 0.0
    for i in 0..<count {
      let eta = predictor.base[i]
      let softplus = max(eta, 0) + Double.log(onePlus: Double.exp(-abs(eta)))
      sum += responses[i] * eta - softplus
    }
    return sum
  }

  private func ones(_ pattern: Int) -> Range<Int> {
    Int(rows.patterns.rowStarts[pattern])..<Int(rows.patterns.rowStarts[pattern + 1])
  }

  /// Writes the patterns' part of the linear predictors.
  private func level(_ coefficients: [Double]) {
    let eta = predictor.base
    rows.patterns.columns.withUnsafeBufferPointer { columns in
      coefficients.withUnsafeBufferPointer { coefficients in
        for pattern in patterns {
          var level = 0.0
          for k in ones(pattern) { level += coefficients[Int(columns[k])] }
          for i in range(pattern) { eta[i] = level }
        }
      }
    }
  }

  private func addGradient(_ columns: UnsafeBufferPointer<Int32>, _ gradient: inout [Double]) {
    for (k, number) in rows.numbers.enumerated() {
      gradient[number.column] += PatternedChunk.product(residuals.base, numbers(k), stride)
    }
    gradient.withUnsafeMutableBufferPointer { gradient in
      for pattern in patterns {
        var residual = 0.0
        for i in range(pattern) { residual += residuals.base[i] }
        for k in ones(pattern) { gradient[Int(columns[k])] += residual }
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
      for pattern in patterns {
        let (own, range) = (ones(pattern), range(pattern))
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
          information[first * width + places[b]] += PatternedChunk.product(
            variances.base, numbers(a), numbers(b), stride)
        }
      }
    }
  }

  /// Σ a b over a multiple of four.
  private static func product(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var sum = SIMD4<Double>.zero
    for offset in Swift.stride(from: 0, to: count * 8, by: 32) {
      sum +=
        UnsafeRawPointer(a).loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
        * UnsafeRawPointer(b).loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
    }
    return sum.sum()
  }

  /// Σ a b c over a multiple of four.
  private static func product(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafePointer<Double>,
    _ count: Int
  ) -> Double {
    var sum = SIMD4<Double>.zero
    for offset in Swift.stride(from: 0, to: count * 8, by: 32) {
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
  /// Lower triangle by columns.
  var information: [Double]

  init(_ width: Int) {
    gradient = [Double](repeating: 0, count: width)
    information = [Double](repeating: 0, count: width * width)
  }

  mutating func add(_ other: LogisticSums) {
    logLikelihood += other.logLikelihood
    addTo(&gradient, other.gradient)
    addTo(&information, other.information)
  }
}
