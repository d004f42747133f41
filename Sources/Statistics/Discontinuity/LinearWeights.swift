import LinearAlgebra

/// An estimate that is linear in the outcomes of one side: Σ ωᵢ yᵢ with
/// ωᵢ = K a(uᵢ) + K b(vᵢ), kernels and polynomials of the distance in two bandwidths.
///
/// A coefficient of a local polynomial has only the first part; the second subtracts its bias as a
/// wider fit of higher order sees it (Calonico, Cattaneo & Titiunik 2014, section 2.2).
struct LinearWeights: Sendable {
  struct Part: Sendable {
    let bandwidth: Double
    /// What the polynomial counts distances in.
    let unit: Double
    let polynomial: [Double]

    init(_ fit: LocalPolynomial, _ polynomial: [Double]) {
      (bandwidth, unit) = (fit.bandwidth, fit.unit)
      self.polynomial = polynomial
    }
  }
  let kernel: LocalKernel
  let parts: [Part]
  /// Observations that have a weight: the first so many.
  let count: Int

  /// A coefficient of a fit, in powers of its u.
  init(_ fit: LocalPolynomial, coefficient: Int) {
    kernel = fit.kernel
    parts = [Part(fit, fit.row(coefficient))]
    count = fit.count
  }

  /// The level at the cutoff of `fit`, less its bias by the leading coefficient of `wider`, whose
  /// order is one higher.
  init(level fit: LocalPolynomial, biasFrom wider: LocalPolynomial) {
    precondition(wider.order == fit.order + 1, "orders \(fit.order) and \(wider.order)")
    var ratio = 1.0
    for _ in 0..<wider.order { ratio *= fit.unit / wider.unit }
    let bias = ratio * fit.biasConstant(0)
    kernel = fit.kernel
    parts = [
      Part(fit, fit.row(0)), Part(wider, wider.row(wider.order).map { -bias * $0 }),
    ]
    count = max(fit.count, wider.count)
  }

  /// Σ ωᵢ yᵢ.
  func estimate(_ side: RunningSide) -> Double {
    sum(side, with: side.outcomes) { $0 * $1 }
  }

  /// Σ ωᵢ² σᵢ², σ² padded like the side.
  func variance(_ side: RunningSide, of variances: [Double]) -> Double {
    sum(side, with: variances) { $0 * $0 * $1 }
  }

  @inline(__always)
  private func sum(
    _ side: RunningSide, with values: [Double],
    _ term: (SIMD4<Double>, SIMD4<Double>) -> SIMD4<Double>
  ) -> Double {
    precondition(values.count == side.distances.count, "\(values.count) values for a side")
    var total = SIMD4<Double>.zero
    let blocks = (count + 3) / 4
    side.distances.withUnsafeBytes { distances in
      values.withUnsafeBytes { values in
        parts[0].polynomial.withUnsafeBufferPointer { first in
          parts[parts.count - 1].polynomial.withUnsafeBufferPointer { last in
            for block in 0..<blocks {
              let t = distances.loadUnaligned(fromByteOffset: block * 32, as: SIMD4<Double>.self)
              let value = values.loadUnaligned(fromByteOffset: block * 32, as: SIMD4<Double>.self)
              var weight = part(first, parts[0], t)
              if parts.count > 1 { weight += part(last, parts[1], t) }
              total += term(weight, value)
            }
          }
        }
      }
    }
    return total.sum()
  }

  /// K p(u), zero where K is: p is taken at 0 there, for it may not be finite far out.
  @inline(__always)
  private func part(
    _ p: UnsafeBufferPointer<Double>, _ part: Part, _ distance: SIMD4<Double>
  ) -> SIMD4<Double> {
    let share = distance / part.bandwidth
    let near = (distance / part.unit).replacing(with: 0, where: share .> 1)
    return kernel.weights(share) * polynomial(p, near)
  }
}
