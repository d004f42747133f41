import RealModule

/// The standard normal distribution.
public enum NormalDistribution {
  /// The quantile of 0.975, of which 95 % intervals are made.
  public static let quantile975 = 1.959963984540054

  public static func density(_ z: Double) -> Double {
    Double.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
  }

  /// P(Z ≤ z), with full digits in the lower tail.
  public static func cdf(_ z: Double) -> Double { Double.erfc(-z / 2.0.squareRoot()) / 2 }

  /// P(Z > z), with full digits in the upper tail.
  public static func upperTail(_ z: Double) -> Double { Double.erfc(z / 2.0.squareRoot()) / 2 }

  /// P(|Z| > |z|).
  public static func twoSided(_ z: Double) -> Double { Double.erfc(abs(z) / 2.0.squareRoot()) }

  /// The z with P(Z ≤ z) = p; ∓∞ at 0 and 1, NaN outside. Accurate to about 1e-16 relative
  /// (Wichura 1988, Applied Statistics 37, algorithm AS 241, PPND16).
  public static func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    let q = p - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q * polynomial(centreNumerator, r) / polynomial(centreDenominator, r)
    }
    let r = (-Double.log(q < 0 ? p : 1 - p)).squareRoot()
    let magnitude =
      r <= 5
      ? polynomial(middleNumerator, r - 1.6) / polynomial(middleDenominator, r - 1.6)
      : polynomial(tailNumerator, r - 5) / polynomial(tailDenominator, r - 5)
    return q < 0 ? -magnitude : magnitude
  }

  /// Coefficients from the constant up.
  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }

  private static let centreNumerator = [
    3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ]
  private static let centreDenominator = [
    1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
    21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
  ]
  private static let middleNumerator = [
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
    3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770,
    0.0227238449892691845833, 7.74545014278341407640e-4,
  ]
  private static let middleDenominator = [
    1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
    0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
  ]
  private static let tailNumerator = [
    6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
    0.296560571828504891230, 0.0265321895265761230930, 0.00124266094738807843860,
    2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ]
  private static let tailDenominator = [
    1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
  ]
}

/// The χ² distribution.
public enum ChiSquareDistribution {
  public static func cdf(_ x: Double, degreesOfFreedom: Double) -> Double {
    GammaFunctions.regularizedLower(degreesOfFreedom / 2, x / 2)
  }

  /// P(X > x).
  public static func upperTail(_ x: Double, degreesOfFreedom: Double) -> Double {
    GammaFunctions.regularizedUpper(degreesOfFreedom / 2, x / 2)
  }
}

/// Student's t distribution.
public enum StudentDistribution {
  /// P(|T| > |t|).
  public static func twoSided(_ t: Double, degreesOfFreedom: Double) -> Double {
    if degreesOfFreedom == .infinity { return NormalDistribution.twoSided(t) }
    if t.isInfinite { return 0 }
    let square = t * t
    let total = degreesOfFreedom + square
    return BetaFunctions.regularized(
      degreesOfFreedom / total, degreesOfFreedom / 2, 0.5, complement: square / total)
  }

  /// P(T > t).
  public static func upperTail(_ t: Double, degreesOfFreedom: Double) -> Double {
    let half = twoSided(t, degreesOfFreedom: degreesOfFreedom) / 2
    return t > 0 ? half : 1 - half
  }

  public static func cdf(_ t: Double, degreesOfFreedom: Double) -> Double {
    upperTail(-t, degreesOfFreedom: degreesOfFreedom)
  }

  /// The t with P(T ≤ t) = p, to about 1e-13 relative; NaN for p outside [0, 1].
  public static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    guard p >= 0, p <= 1, degreesOfFreedom > 0 else { return .nan }
    if p == 0.5 { return 0 }
    if p == 0 || p == 1 { return p == 0 ? -.infinity : .infinity }
    if degreesOfFreedom == .infinity { return NormalDistribution.quantile(p) }
    let tail = min(p, 1 - p)
    // t's tails are heavier than the normal's, so the normal quantile is a lower bound.
    var high = max(-NormalDistribution.quantile(tail), 1)
    while upperTail(high, degreesOfFreedom: degreesOfFreedom) > tail, high.isFinite { high *= 2 }
    let root = RootFinding.brent(in: 0...high, tolerance: 1e-15) {
      Double.log(upperTail($0, degreesOfFreedom: degreesOfFreedom) / tail)
    }
    return p < 0.5 ? -root.point : root.point
  }
}

/// Fisher's F distribution.
public enum FisherDistribution {
  /// P(F > x) with the numerator's and the denominator's degrees of freedom.
  public static func upperTail(
    _ x: Double, numeratorDegreesOfFreedom m: Double, denominatorDegreesOfFreedom n: Double
  ) -> Double {
    if x <= 0 { return 1 }
    if n == .infinity { return ChiSquareDistribution.upperTail(m * x, degreesOfFreedom: m) }
    let total = n + m * x
    return BetaFunctions.regularized(n / total, n / 2, m / 2, complement: m * x / total)
  }
}
