import RealModule

/// The Box-Cox link of a positive mean: η = (μ^γ − 1)/γ, and η = log μ for γ = 0.
///
/// γ = 0 is the log link (effects multiply), γ = 1 the identity up to a shift, μ = 1 + η (effects
/// add), and a γ between is between; above 1 or below 0 are allowed. Written as Box and Cox do
/// (1964, J. R. Stat. Soc. B 26, eq. 1), η = 0 is μ = 1 and dμ/dη = 1 there for every γ, so
/// coefficients under different γ can be compared.
///
/// For γ ≠ 0 a linear predictor can leave the range 1 + γη > 0 that belongs to a positive mean. The
/// mean is then held at the nearest bound, `minimumMean` for γ > 0 and `maximumMean` for γ < 0, and
/// the derivative is that at the held mean. Fits stay inside the range (`PoissonRegression`); a
/// prediction for another row may not.
public struct PowerLink: Sendable, Equatable {
  /// γ.
  public var exponent: Double

  /// Under γ > 0 no mean is taken to be below this.
  public static let minimumMean = 1e-8
  /// No mean is taken to be above this.
  public static let maximumMean = 1e12

  public init(exponent: Double) { self.exponent = exponent }

  /// μ = exp η.
  public static let log = PowerLink(exponent: 0)
  /// μ = 1 + η.
  public static let identity = PowerLink(exponent: 1)

  /// Below this |γ|, γη is lost to rounding beside 1 and the log link is the same number.
  private static let smallestExponent = 1e-12

  /// The mean that belongs to the linear predictor η.
  @inlinable public func mean(_ linearPredictor: Double) -> Double {
    let mean = unboundedMean(linearPredictor)
    return Swift.min(Swift.max(mean, smallestMean), PowerLink.maximumMean)
  }

  /// dμ/dη at the mean that belongs to η: μ^(1−γ).
  @inlinable public func derivative(_ linearPredictor: Double) -> Double {
    derivative(atMean: mean(linearPredictor))
  }

  /// dμ/dη at the mean μ: μ^(1−γ).
  @inlinable public func derivative(atMean mean: Double) -> Double {
    if exponent == 0 { return mean }
    if exponent == 1 { return 1 }
    if exponent == 0.5 { return mean.squareRoot() }
    return Double.pow(mean, 1 - exponent)
  }

  /// Coefficients, the intercept first, under which every mean is `factor` times as large: with
  /// 1 + γη = μ^γ, η′ = (factor^γ − 1)/γ + factor^γ·η.
  public func scaled(_ coefficients: [Double], by factor: Double) -> [Double] {
    precondition(factor > 0, "means scaled by \(factor)")
    let logarithm = Double.log(factor)
    let power = Double.exp(exponent * logarithm)
    var result = coefficients.map { $0 * power }
    result[0] +=
      abs(exponent) < PowerLink.smallestExponent
      ? logarithm : Double.expMinusOne(exponent * logarithm) / exponent
    return result
  }

  /// The linear predictor that belongs to the mean μ > 0, held inside the bounds.
  public func linearPredictor(_ mean: Double) -> Double {
    let held = Swift.min(Swift.max(mean, smallestMean), PowerLink.maximumMean)
    if exponent == 1 { return held - 1 }
    let logarithm = Double.log(held)
    if abs(exponent) < PowerLink.smallestExponent { return logarithm }
    return Double.expMinusOne(exponent * logarithm) / exponent
  }

  /// Under γ ≤ 0 every finite linear predictor has a positive mean; only underflow is in the way.
  @usableFromInline var smallestMean: Double { exponent > 0 ? PowerLink.minimumMean : 1e-300 }

  @usableFromInline func unboundedMean(_ linearPredictor: Double) -> Double {
    if exponent == 1 { return 1 + linearPredictor }
    if abs(exponent) < PowerLink.smallestExponent { return Double.exp(linearPredictor) }
    let scaled = exponent * linearPredictor
    // μ^γ would be negative: past zero for γ > 0, past infinity for γ < 0.
    if scaled <= -1 { return exponent > 0 ? 0 : .infinity }
    if exponent == 0.5 { return (1 + scaled) * (1 + scaled) }
    if exponent == 2 { return (1 + scaled).squareRoot() }
    return Double.exp(Double.log(onePlus: scaled) / exponent)
  }
}
