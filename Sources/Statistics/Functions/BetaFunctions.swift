import RealModule

/// The incomplete beta function.
public enum BetaFunctions {
  /// I_x(a, b), the distribution function of a beta variable, for a, b > 0.
  ///
  /// - Parameter complement: 1 − x where that is known with more digits than x gives.
  public static func regularized(
    _ x: Double, _ a: Double, _ b: Double, complement: Double? = nil
  ) -> Double {
    let y = complement ?? 1 - x
    if !(a > 0) || !(b > 0) || x.isNaN { return .nan }
    if x <= 0 { return 0 }
    if y <= 0 { return 1 }
    // The fraction converges fast on the near side of the mean.
    if x * (a + b + 2) < a + 1 { return prefactor(x, y, a, b) * fraction(x, a, b) / a }
    return 1 - prefactor(x, y, a, b) * fraction(y, b, a) / b
  }

  /// x^a (1 − x)^b / B(a, b), by Loader's binomial saddle point where both shapes are large.
  private static func prefactor(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
    if a < 10 || b < 10 {
      return Double.exp(
        a * Double.log(x) + b * (y < 0.5 ? Double.log(y) : Double.log(onePlus: -x))
          - logBeta(a, b))
    }
    let n = a + b
    let correction =
      GammaFunctions.stirlingCorrection(n) - GammaFunctions.stirlingCorrection(a)
      - GammaFunctions.stirlingCorrection(b)
    let exponent =
      correction - GammaFunctions.deviance(a, n * x) - GammaFunctions.deviance(b, n * y)
    return Double.exp(exponent) * (a * b / (2 * .pi * n)).squareRoot()
  }

  /// log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b), without cancellation for one large shape.
  public static func logBeta(_ a: Double, _ b: Double) -> Double {
    let (small, large) = (min(a, b), max(a, b))
    if large < 10 {
      return Double.logGamma(small) + Double.logGamma(large) - Double.logGamma(small + large)
    }
    let sum = small + large
    let correction =
      GammaFunctions.stirlingCorrection(large) - GammaFunctions.stirlingCorrection(sum)
    let difference =
      small - (large - 0.5) * Double.log(onePlus: small / large) - small * Double.log(sum)
    return Double.logGamma(small) + difference + correction
  }

  /// The continued fraction of Abramowitz & Stegun 26.5.8 by Lentz's method.
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / away(1 - (a + b) * x / (a + 1))
    var h = d
    var m = 1.0
    while true {
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / away(1 + even * d)
      c = away(1 + even / c)
      h *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / away(1 + odd * d)
      c = away(1 + odd / c)
      let delta = d * c
      h *= delta
      if abs(delta - 1) < 2 * .ulpOfOne || m > 1e7 { return h }
      m += 1
    }
  }
}
