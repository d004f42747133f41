import RealModule

/// The E-value: how strong an unmeasured confounder would have to be, as a risk ratio with both the
/// cause and the outcome, to explain an observed ratio away (VanderWeele & Ding 2017, Ann. Intern.
/// Med. 167, 268 - 274).
public struct EValue: Sendable, Equatable {
  /// Of the estimate; at least 1.
  public let estimate: Double
  /// Of the confidence limit nearest to the null; 1 where the interval holds 1. Nil without limits.
  public let limit: Double?

  /// The E-values of a risk or rate ratio and of its interval; nil where the ratio is not above 0,
  /// where the interval does not hold it, and where a value is too large for a number.
  ///
  /// - Parameters:
  ///   - ratio: positive; below 1 its inverse is used.
  ///   - interval: lower and upper confidence limit, both positive or zero.
  public init?(ratio: Double, interval: (lower: Double, upper: Double)? = nil) {
    let value = EValue.ofRatio(ratio)
    guard ratio > 0, value.isFinite else { return nil }
    guard let interval else {
      self.init(estimate: value, limit: nil)
      return
    }
    guard interval.lower <= ratio, ratio <= interval.upper else { return nil }
    let holdsNull = interval.lower <= 1 && interval.upper >= 1
    self.init(
      estimate: value,
      limit: holdsNull ? 1 : EValue.ofRatio(ratio > 1 ? interval.lower : interval.upper))
  }

  /// The E-values of a difference of means in standard deviations of the outcome, by the ratio
  /// e^(0.91 d) with limits e^(0.91 d ± 1.78 se) (VanderWeele & Ding 2017, table 2); nil where a
  /// figure is not finite or too large.
  public init?(standardisedDifference d: Double, standardError: Double) {
    // The E-value of a ratio is that of its inverse: the sign does not matter.
    let middle = 0.91 * abs(d)
    let nearest = middle - 1.78 * standardError
    let value = EValue.ofRatio(Double.exp(middle))
    guard value.isFinite, nearest.isFinite else { return nil }
    self.init(estimate: value, limit: nearest > 0 ? EValue.ofRatio(Double.exp(nearest)) : 1)
  }

  private init(estimate: Double, limit: Double?) {
    self.estimate = estimate
    self.limit = limit
  }

  /// R + √(R(R − 1)) of a ratio R ≥ 1, of 1/R otherwise.
  public static func ofRatio(_ ratio: Double) -> Double {
    let r = ratio < 1 ? 1 / ratio : ratio
    return r + r.squareRoot() * (r - 1).squareRoot()
  }
}
