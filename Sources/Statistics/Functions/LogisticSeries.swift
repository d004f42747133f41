/// The change of a risk p = 1/(1 + e^−η) when η changes a little, by Taylor's series around η.
///
/// The terms up to the seventh serve changes of up to 1/4 either way, with an error below 1e-9: the
/// eighth derivative over 8! is nowhere above 6e-5. Larger changes take the exponential. Working
/// out the terms is worth it where one risk changes in many ways.
package struct LogisticSeries {
  /// Changes whose squares are at most this much are left to the series.
  private static let squaredLimit = 1.0 / 16

  private let predictor: Double
  private let risk: Double
  /// The derivatives of order 1 ... 7, each over its factorial.
  private let terms: (Double, Double, Double, Double, Double, Double, Double)

  /// - Parameters:
  ///   - predictor: η.
  ///   - risk: p.
  @inline(__always)
  package init(predictor: Double, risk: Double) {
    self.predictor = predictor
    self.risk = risk
    let v = risk * (1 - risk)
    // With p' = v every derivative is a polynomial in v, times s where its order is even.
    let s = 1 - 2 * risk
    terms = (
      v,
      v * s * (1 / 2),
      v * (1 - 6 * v) * (1 / 6),
      v * s * (1 - 12 * v) * (1 / 24),
      v * (1 + v * (120 * v - 30)) * (1 / 120),
      v * s * (1 + v * (360 * v - 60)) * (1 / 720),
      v * (1 + v * (v * (1_680 - 5_040 * v) - 126)) * (1 / 5_040)
    )
  }

  /// The risks after eight changes of η; none depends on the others.
  @inline(__always)
  package func moved(by change: SIMD8<Double>) -> SIMD8<Double> {
    var sum = terms.6 * change + terms.5
    sum = sum * change + terms.4
    sum = sum * change + terms.3
    sum = sum * change + terms.2
    sum = sum * change + terms.1
    sum = sum * change + terms.0
    let near = sum * change + risk
    let squares = change * change
    let quarter = squares.lowHalf + squares.highHalf
    let pair = quarter.lowHalf + quarter.highHalf
    // One sum tells whether any of them may be too large; one that is not a number is.
    if pair.x + pair.y <= LogisticSeries.squaredLimit { return near }
    return far(change, squares, near)
  }

  @inline(never)
  private func far(
    _ change: SIMD8<Double>, _ squares: SIMD8<Double>, _ near: SIMD8<Double>
  ) -> SIMD8<Double> {
    let within = squares .<= LogisticSeries.squaredLimit
    return logistic(predictor + change).replacing(with: near, where: within)
  }
}
