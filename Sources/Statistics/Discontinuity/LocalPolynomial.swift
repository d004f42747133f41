import LinearAlgebra

/// A weighted polynomial fit to one side of the cutoff.
///
/// Everything is in powers of u = |x − c| / unit, which keeps the cross products of size one; the
/// unit is the bandwidth unless that reaches far beyond the data. Weights are those of the distance in
/// bandwidths.
/// The kernel's factor 1/h is left out: estimates and variances do not depend on it.
struct LocalPolynomial: Sendable {
  let order: Int
  let bandwidth: Double
  /// What u counts distances in.
  let unit: Double
  let kernel: LocalKernel
  /// Observations with a positive weight: the first so many of the side.
  let count: Int
  /// Σ K uᵏ, k = 0 ... 2·order + 1.
  let moments: [Double]
  /// (Σ K r(u) r(u)ᵀ)⁻¹ with r(u) = (1, u, ..., u^order).
  let inverse: Matrix
  /// Of the powers of u.
  let coefficients: [Double]

  /// Fits the side within the bandwidth; nil where it has fewer distinct distances than
  /// coefficients, or where these are too close to each other to tell the powers apart.
  ///
  /// - Parameter unit: nil for the bandwidth.
  init?(
    _ side: RunningSide, order: Int, bandwidth: Double, kernel: LocalKernel, unit: Double? = nil
  ) {
    guard bandwidth.isFinite, bandwidth > 0 else { return nil }
    let count = side.countInside(bandwidth, kernel)
    guard side.distinctInside(count) > order else { return nil }
    let unit = unit ?? bandwidth
    let (moments, products) = LocalPolynomial.sums(
      side, count, (bandwidth, unit), kernel, powers: 2 * order + 2, products: order + 1)
    var gram = Matrix(rows: order + 1, columns: order + 1)
    for c in 0...order {
      for r in 0...order { gram[r, c] = moments[r + c] }
    }
    guard let factor = try? CholeskyFactor(gram) else { return nil }
    self.order = order
    self.bandwidth = bandwidth
    self.unit = unit
    self.kernel = kernel
    self.count = count
    self.moments = moments
    inverse = factor.inverse()
    coefficients = factor.solve(products)
  }

  /// The weights with which a coefficient sums K uᵏ y.
  func row(_ coefficient: Int) -> [Double] { inverse.row(coefficient) }

  /// The coefficient of u^`k` in the fit of u^(order + 1): what a fit of this order is biased by.
  func biasConstant(_ k: Int) -> Double {
    dot(row(k), Array(moments[(order + 1)...(2 * order + 1)]))
  }

  /// Σ K uᵏ over `powers` and Σ K uᵏ y over `products` powers.
  private static func sums(
    _ side: RunningSide, _ count: Int, _ widths: (bandwidth: Double, unit: Double),
    _ kernel: LocalKernel, powers: Int, products: Int
  ) -> (moments: [Double], products: [Double]) {
    var accumulators = [SIMD4<Double>](repeating: .zero, count: powers + products)
    side.distances.withUnsafeBytes { distances in
      side.outcomes.withUnsafeBytes { outcomes in
        accumulators.withUnsafeMutableBufferPointer { sums in
          for block in 0..<(count + 3) / 4 {
            let t = distances.loadUnaligned(fromByteOffset: block * 32, as: SIMD4<Double>.self)
            let u = t / widths.unit
            let y = outcomes.loadUnaligned(fromByteOffset: block * 32, as: SIMD4<Double>.self)
            var power = kernel.weights(t / widths.bandwidth)
            for k in 0..<products {
              sums[k] += power
              sums[powers + k] += power * y
              power *= u
            }
            for k in products..<powers {
              sums[k] += power
              power *= u
            }
          }
        }
      }
    }
    let totals = accumulators.map { $0.sum() }
    return (Array(totals[..<powers]), Array(totals[powers...]))
  }
}

/// Values of a polynomial at many points.
@inline(__always)
func polynomial(_ coefficients: UnsafeBufferPointer<Double>, _ u: SIMD4<Double>) -> SIMD4<Double> {
  var value = SIMD4<Double>(repeating: coefficients[coefficients.count - 1])
  for k in (0..<coefficients.count - 1).reversed() { value = value * u + coefficients[k] }
  return value
}
