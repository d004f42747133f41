import RealModule

/// Functions of the gamma family.
///
/// log Γ is `Double.logGamma` of RealModule, which calls `lgamma_r`: `lgamma` itself writes the
/// sign to a global and is not safe on several threads.
public enum GammaFunctions {
  /// log Γ(x) for x > 0.
  @inlinable public static func logGamma(_ x: Double) -> Double { Double.logGamma(x) }

  /// ψ(x) = d/dx log Γ(x); NaN at 0 and the negative integers.
  ///
  /// The recurrence ψ(x) = ψ(x + 1) − 1/x lifts x to 10, where the asymptotic series (Abramowitz
  /// & Stegun 6.3.18) is below rounding; below 0 by reflection (6.3.7).
  public static func digamma(_ x: Double) -> Double {
    if x <= 0 {
      if x == x.rounded() { return .nan }
      return digamma(1 - x) - .pi / Double.tan(.pi * (x - x.rounded()))
    }
    var (lifted, sum) = (x, 0.0)
    while lifted < 10 {
      sum -= 1 / lifted
      lifted += 1
    }
    let r = 1 / (lifted * lifted)
    let series =
      r
      * (1.0 / 12 - r
        * (1.0 / 120 - r
          * (1.0 / 252 - r
            * (1.0 / 240 - r * (1.0 / 132 - r * (691.0 / 32760 - r / 12))))))
    return sum + Double.log(lifted) - 0.5 / lifted - series
  }

  /// ψ′(x), the derivative of `digamma`; infinite at 0 and the negative integers.
  ///
  /// By recurrence and series as `digamma` (Abramowitz & Stegun 6.4.6, 6.4.12).
  public static func trigamma(_ x: Double) -> Double {
    if x <= 0 {
      if x == x.rounded() { return .infinity }
      let sine = Double.sin(.pi * (x - x.rounded()))
      return .pi * .pi / (sine * sine) - trigamma(1 - x)
    }
    var (lifted, sum) = (x, 0.0)
    while lifted < 10 {
      sum += 1 / (lifted * lifted)
      lifted += 1
    }
    let r = 1 / (lifted * lifted)
    let series =
      r
      * (1.0 / 6 - r
        * (1.0 / 30 - r
          * (1.0 / 42 - r
            * (1.0 / 30 - r * (5.0 / 66 - r * (691.0 / 2730 - r * 7 / 6))))))
    return sum + 1 / lifted + r / 2 + series / lifted
  }

  /// log (a)_n = log Γ(a + n) − log Γ(a) for a > 0 and a count n, without cancellation.
  public static func logRisingFactorial(_ a: Double, _ n: Int) -> Double {
    precondition(n >= 0 && a > 0, "(\(a)) rising \(n)")
    if n <= 16 {
      var (sum, product) = (0.0, 1.0)
      for k in 0..<n {
        product *= a + Double(k)
        // Keeps the product within the range of doubles, with one logarithm for many factors.
        if product > 1e250 || product < 1e-250 {
          sum += Double.log(product)
          product = 1
        }
      }
      return sum + Double.log(product)
    }
    let count = Double(n)
    if a < 10 { return Double.logGamma(a + count) - Double.logGamma(a) }
    // Stirling's series for both, with the large terms subtracted on paper.
    return (a - 0.5) * Double.log(onePlus: count / a) + count * (Double.log(a + count) - 1)
      + stirlingCorrection(a + count) - stirlingCorrection(a)
  }

  /// log Γ(x) − [(x − ½) log x − x + ½ log 2π] for x ≥ 10.
  static func stirlingCorrection(_ x: Double) -> Double {
    let r = 1 / (x * x)
    return
      (1.0 / 12 - r
      * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r * (1.0 / 1188 - r * 691 / 360360)))))
      / x
  }

  /// P(a, x) = γ(a, x)/Γ(a), the distribution function of a gamma variable of shape a and rate 1.
  public static func regularizedLower(_ a: Double, _ x: Double) -> Double {
    if !(a > 0) || x.isNaN { return .nan }
    if x <= 0 { return 0 }
    if x == .infinity { return 1 }
    return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x)
  }

  /// Q(a, x) = 1 − P(a, x), with full digits where it is small.
  public static func regularizedUpper(_ a: Double, _ x: Double) -> Double {
    if !(a > 0) || x.isNaN { return .nan }
    if x <= 0 { return 1 }
    if x == .infinity { return 0 }
    return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x)
  }

  /// Abramowitz & Stegun 6.5.29.
  private static func lowerSeries(_ a: Double, _ x: Double) -> Double {
    var (term, sum, denominator) = (1.0, 1.0, a)
    while true {
      denominator += 1
      term *= x / denominator
      sum += term
      if term < sum * .ulpOfOne / 4 { break }
    }
    return sum * prefactor(a, x)
  }

  /// Abramowitz & Stegun 6.5.31 by Lentz's method.
  private static func upperFraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var h = d
    var i = 1.0
    while true {
      let numerator = -i * (i - a)
      b += 2
      d = numerator * d + b
      if abs(d) < tiny { d = tiny }
      c = b + numerator / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      let delta = d * c
      h *= delta
      if abs(delta - 1) < 2 * .ulpOfOne || i > 1e7 { break }
      i += 1
    }
    return h * a * prefactor(a, x)
  }

  /// x^a e^(−x)/Γ(a + 1), by the saddle-point form of Loader (2000), which keeps its digits where
  /// a and x are large and near each other.
  static func prefactor(_ a: Double, _ x: Double) -> Double {
    if a < 10 {
      return Double.exp(a * Double.log(x) - x - Double.logGamma(a + 1))
    }
    return Double.exp(-stirlingCorrection(a) - deviance(a, x)) / (2 * .pi * a).squareRoot()
  }

  /// x log(x/m) + m − x, without cancellation near x = m (Loader's bd0).
  static func deviance(_ x: Double, _ m: Double) -> Double {
    if abs(x - m) < 0.1 * (x + m) {
      let v = (x - m) / (x + m)
      var sum = (x - m) * v
      var term = 2 * x * v
      let square = v * v
      var j = 1.0
      while true {
        term *= square
        let next = sum + term / (2 * j + 1)
        if next == sum { return sum }
        sum = next
        j += 1
      }
    }
    return x * Double.log(x / m) + m - x
  }
}
