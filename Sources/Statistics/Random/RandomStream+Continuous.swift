import RealModule

extension RandomStream {
  /// Standard normal by inversion of one uniform.
  ///
  /// Inversion keeps draws in place and is monotone in the uniform, which common random numbers need.
  public mutating func normal() -> Double {
    RandomStream.normalQuantile(openUniform())
  }

  /// Exponential with mean 1, by inversion of one uniform.
  @inlinable public mutating func exponential() -> Double {
    -Double.log(openUniform())
  }

  /// Gamma with the given shape and scale 1 (mean and variance are the shape).
  ///
  /// Takes a varying number of outputs. `shape` must be positive and finite.
  /// Source: Marsaglia & Tsang 2000, "A simple method for generating gamma variables", ACM TOMS
  /// 26(3), with their boost of a shape below 1.
  public mutating func gamma(shape: Double) -> Double {
    precondition(shape > 0 && shape.isFinite, "gamma needs a positive, finite shape, not \(shape)")
    if shape < 1 {
      let boost = Double.pow(openUniform(), 1 / shape)
      return gamma(shape: shape + 1) * boost
    }
    let d = shape - 1 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let t = 1 + c * x
      if t <= 0 { continue }
      let v = t * t * t
      if Double.log(openUniform()) < 0.5 * x * x + d - d * v + d * Double.log(v) {
        return d * v
      }
    }
  }

  /// Beta on (0, 1) with mean `alpha / (alpha + beta)`, as a ratio of gammas.
  ///
  /// Takes a varying number of outputs. Both parameters must be positive and finite.
  public mutating func beta(_ alpha: Double, _ beta: Double) -> Double {
    let a = gamma(shape: alpha)
    let b = gamma(shape: beta)
    let sum = a + b
    // Shapes near 0 can underflow both gammas; the beta is then a coin between its ends.
    return sum > 0 ? a / sum : (bernoulli(alpha / (alpha + beta)) ? 1 : 0)
  }

  /// A point of the simplex with the given Dirichlet concentrations, as normalised gammas.
  ///
  /// Takes a varying number of outputs. Concentrations must be positive and finite.
  public mutating func dirichlet(_ concentrations: [Double]) -> [Double] {
    var shares = concentrations.map { gamma(shape: $0) }
    let sum = shares.reduce(0, +)
    precondition(sum > 0, "Dirichlet concentrations are too small: every gamma was 0")
    for index in shares.indices { shares[index] /= sum }
    return shares
  }

  /// The standard normal's quantile at `p` in (0, 1), to about 1 part in 10¹⁶; ±∞ at 0 and 1.
  ///
  /// Source: Wichura 1988, algorithm AS 241 (PPND16), Applied Statistics 37(3).
  public static func normalQuantile(_ p: Double) -> Double {
    guard p > 0 else { return p == 0 ? -.infinity : .nan }
    guard p < 1 else { return p == 1 ? .infinity : .nan }
    let q = p - 0.5
    if q.magnitude <= 0.425 {
      let r = 0.180625 - q * q
      return q * ratio(r, centreNumerator, centreDenominator)
    }
    var r = (-Double.log(q < 0 ? p : 1 - p)).squareRoot()
    let tail: Double
    if r <= 5 {
      r -= 1.6
      tail = ratio(r, middleNumerator, middleDenominator)
    } else {
      r -= 5
      tail = ratio(r, farNumerator, farDenominator)
    }
    return q < 0 ? -tail : tail
  }

  /// Coefficients of a polynomial of degree 7, from the constant up.
  private typealias Octic = (
    Double, Double, Double, Double, Double, Double, Double, Double
  )

  @inline(__always)
  private static func ratio(_ r: Double, _ n: Octic, _ d: Octic) -> Double {
    polynomial(r, n) / polynomial(r, d)
  }

  @inline(__always)
  private static func polynomial(_ r: Double, _ c: Octic) -> Double {
    let high = ((c.7 * r + c.6) * r + c.5) * r + c.4
    return (((high * r + c.3) * r + c.2) * r + c.1) * r + c.0
  }

  private static let centreNumerator: Octic = (
    3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3
  )
  private static let centreDenominator: Octic = (
    1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
    5.2264952788528545610e3
  )
  private static let middleNumerator: Octic = (
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
    3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4
  )
  private static let middleDenominator: Octic = (
    1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9
  )
  private static let farNumerator: Octic = (
    6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7
  )
  private static let farDenominator: Octic = (
    1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15
  )
}
