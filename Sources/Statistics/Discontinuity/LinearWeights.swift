import LinearAlgebra

/// An estimate that is linear in the outcomes of one side: Σ ωᵢ yᵢ with
/// ωᵢ = K(uᵢ) a(uᵢ) + K(vᵢ) b(vᵢ), polynomials of the distance in two bandwidths.
///
/// A coefficient of a local polynomial has only the first part; the second subtracts its bias as a
/// wider fit of higher order sees it (Calonico, Cattaneo & Titiunik 2014, section 2.2).
struct LinearWeights: Sendable {
  struct Part: Sendable {
    let bandwidth: Double
    let polynomial: [Double]
  }
  let kernel: LocalKernel
  let parts: [Part]
  /// Observations that have a weight: the first so many.
  let count: Int

  /// A coefficient of a fit, in powers of its u.
  init(_ fit: LocalPolynomial, coefficient: Int) {
    kernel = fit.kernel
    parts = [Part(bandwidth: fit.bandwidth, polynomial: fit.row(coefficient))]
    count = fit.count
  }

  /// The level at the cutoff of `fit`, less its bias by the leading coefficient of `wider`, whose
  /// order is one higher.
  init(level fit: LocalPolynomial, biasFrom wider: LocalPolynomial) {
    precondition(wider.order == fit.order + 1, "orders \(fit.order) and \(wider.order)")
    var ratio = 1.0
    for _ in 0..<wider.order { ratio *= fit.bandwidth / wider.bandwidth }
    let bias = ratio * fit.biasConstant(0)
    kernel = fit.kernel
    parts = [
      Part(bandwidth: fit.bandwidth, polynomial: fit.row(0)),
      Part(bandwidth: wider.bandwidth, polynomial: wider.row(wider.order).map { -bias * $0 }),
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
              var weight = part(first, t / parts[0].bandwidth)
              if parts.count > 1 { weight += part(last, t / parts[1].bandwidth) }
              total += term(weight, value)
            }
          }
        }
      }
    }
    return total.sum()
  }

  /// K(u) p(u), zero where K is: p is taken at 0 there, for it may not be finite far out.
  @inline(__always)
  private func part(_ p: UnsafeBufferPointer<Double>, _ u: SIMD4<Double>) -> SIMD4<Double> {
    let near = u.replacing(with: 0, where: u .> 1)
    return kernel.weights(u) * polynomial(p, near)
  }
}
