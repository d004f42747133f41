import RealModule

/// The E-value: how strong an unmeasured confounder would have to be, as a risk ratio with both the
/// cause and the outcome, to explain an observed ratio away (VanderWeele & Ding 2017, Ann. Intern.
/// Med. 167, 268 - 274).
public struct EValue: Sendable, Equatable {
  /// Of the estimate; at least 1.
  public let estimate: Double
  /// Of the confidence limit nearest to the null; 1 where the interval holds 1. Nil without limits.
  public let limit: Double?

  /// The E-values of a risk or rate ratio and of its interval.
  ///
  /// - Parameters:
  ///   - ratio: positive; below 1 its inverse is used.
  ///   - interval: lower and upper confidence limit, both positive or zero.
  public init(ratio: Double, interval: (lower: Double, upper: Double)? = nil) {
    precondition(ratio > 0, "an E-value of the ratio \(ratio)")
    estimate = EValue.ofRatio(ratio)
    limit = interval.map { interval in
      precondition(
        interval.lower <= ratio && ratio <= interval.upper,
        "the ratio \(ratio) outside \(interval.lower)...\(interval.upper)")
      if interval.lower <= 1 && interval.upper >= 1 { return 1 }
      return EValue.ofRatio(ratio > 1 ? interval.lower : interval.upper)
    }
  }

  /// The E-values of a difference of means in standard deviations of the outcome, by the ratio
  /// e^(0.91 d) with limits e^(0.91 d ± 1.78 se) (VanderWeele & Ding 2017, table 2).
  public init(standardisedDifference d: Double, standardError: Double) {
    let middle = 0.91 * d
    let half = 1.78 * standardError
    self.init(
      ratio: Double.exp(middle), interval: (Double.exp(middle - half), Double.exp(middle + half)))
  }

  /// R + √(R(R − 1)) of a ratio R ≥ 1, of 1/R otherwise.
  public static func ofRatio(_ ratio: Double) -> Double {
    let r = ratio < 1 ? 1 / ratio : ratio
    return r + (r * (r - 1)).squareRoot()
  }
}
