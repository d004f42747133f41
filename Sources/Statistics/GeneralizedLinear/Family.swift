import RealModule

/// The distribution of the response around its mean.
public enum Family: Sendable, Equatable {
  case gaussian
  /// A proportion of successes; its prior weight is the number of trials.
  case binomial
  case poisson
  case gamma
  /// Variance μ + μ²/θ.
  case negativeBinomial(theta: Double)
  /// The binomial's variance times a dispersion.
  case quasibinomial
  /// The Poisson's variance times a dispersion.
  case quasipoisson

  public var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .binomial: "binomial"
    case .poisson: "poisson"
    case .gamma: "gamma"
    case .negativeBinomial: "negative-binomial"
    case .quasibinomial: "quasibinomial"
    case .quasipoisson: "quasipoisson"
    }
  }

  /// The link that is taken where none is named; it is the canonical one but for the gamma and the
  /// negative binomial, which have the log.
  public var defaultLink: Link {
    switch self {
    case .gaussian: .identity
    case .binomial, .quasibinomial: .logit
    case .poisson, .quasipoisson, .gamma, .negativeBinomial: .log
    }
  }

  /// The links under which the family's means keep to its range, at least for some coefficients.
  public var links: [Link] {
    switch self {
    case .gaussian: [.identity, .log, .inverse]
    case .binomial, .quasibinomial: [.logit, .probit, .cloglog, .log, .identity]
    case .poisson, .quasipoisson, .negativeBinomial: [.log, .identity, .sqrt]
    case .gamma: [.log, .inverse, .identity]
    }
  }

  /// θ of the negative binomial.
  public var theta: Double? { if case .negativeBinomial(let theta) = self { theta } else { nil } }

  public var isBinomial: Bool { self == .binomial || self == .quasibinomial }

  /// Whether the dispersion is estimated, so that t and not normal quantiles apply.
  public var hasFreeDispersion: Bool {
    switch self {
    case .gaussian, .gamma, .quasibinomial, .quasipoisson: true
    case .binomial, .poisson, .negativeBinomial: false
    }
  }

  /// Whether Fisher scoring under the link is Newton's method.
  func isCanonical(_ link: Link) -> Bool {
    switch self {
    case .gaussian: link == .identity
    case .binomial, .quasibinomial: link == .logit
    case .poisson, .quasipoisson: link == .log
    case .gamma: link == .inverse
    case .negativeBinomial: false
    }
  }

  /// The values that a response may have, in words, for an error.
  var range: String {
    switch self {
    case .gaussian: "a finite number"
    case .binomial, .quasibinomial: "a number from 0 to 1"
    case .poisson, .quasipoisson, .negativeBinomial: "a finite number of 0 or more"
    case .gamma: "a finite number above 0"
    }
  }

  func contains(_ response: Double) -> Bool {
    switch self {
    case .gaussian: response.isFinite
    case .binomial, .quasibinomial: response >= 0 && response <= 1
    case .poisson, .quasipoisson, .negativeBinomial: response >= 0 && response.isFinite
    case .gamma: response > 0 && response.isFinite
    }
  }

  /// The same of all responses, in a loop without exits, for which there are vectors.
  func containsAll(_ responses: [Double]) -> Bool {
    guard isBinomial else { return responses.allSatisfy(contains) }
    return responses.withUnsafeBufferPointer { responses in
      var outside = 0
      for y in responses { outside |= y >= 0 && y <= 1 ? 0 : 1 }
      return outside == 0
    }
  }

  /// Whether a mean is one that the family can have.
  @inline(__always) func allows(_ mean: Link.Mean) -> Bool {
    switch self {
    case .gaussian: mean.value.isFinite
    case .binomial, .quasibinomial: mean.value >= 0 && mean.complement >= 0
    case .poisson, .quasipoisson, .gamma, .negativeBinomial:
      mean.value > 0 && mean.value.isFinite
    }
  }

  /// V(μ).
  @inline(__always) func variance(_ mean: Link.Mean) -> Double {
    switch self {
    case .gaussian: 1
    case .binomial, .quasibinomial: mean.value * mean.complement
    case .poisson, .quasipoisson: mean.value
    case .gamma: mean.value * mean.value
    case .negativeBinomial(let theta): mean.value + mean.value * mean.value / theta
    }
  }

  /// The unit deviance d(y, μ), twice the log-likelihood that μ falls short of y.
  @inline(__always) func deviance(_ y: Double, _ mean: Link.Mean) -> Double {
    let mu = mean.value
    switch self {
    case .gaussian: return (y - mu) * (y - mu)
    case .binomial, .quasibinomial:
      return 2 * (Family.excess(y, mu) + Family.excess(1 - y, mean.complement))
    case .poisson, .quasipoisson:
      return 2 * (Family.excess(y, mu) - (y - mu))
    case .gamma:
      return 2 * ((y - mu) / mu - Double.log(y / mu))
    case .negativeBinomial(let theta):
      return 2 * (Family.excess(y, mu) - Family.excess(y + theta, mu + theta))
    }
  }

  /// a log(a/b), 0 for a = 0.
  @inline(__always) static func excess(_ a: Double, _ b: Double) -> Double {
    a == 0 ? 0 : a * Double.log(a / b)
  }

  /// A mean to start from, as R has it.
  func startingMean(_ y: Double, weight: Double, commonMean: Double) -> Double {
    switch self {
    case .gaussian, .gamma: y
    case .binomial, .quasibinomial: (weight * y + 0.5) / (weight + 1)
    case .poisson, .quasipoisson: y + 0.1
    case .negativeBinomial: y + (y == 0 ? 1.0 / 6 : 0)
    }
  }

  // MARK: Log-likelihoods

  /// The log-likelihood of a response at its own value, so that −deviance/2 more is that at μ; nil
  /// for families whose likelihood has a dispersion or that have none.
  func saturatedLogLikelihood(_ y: Double, weight: Double) -> Double? {
    switch self {
    case .gaussian, .gamma, .quasibinomial, .quasipoisson: return nil
    case .binomial:
      // One trial has one way to succeed or fail.
      if weight == 1, y == 0 || y == 1 { return 0 }
      let successes = weight * y
      return Double.logGamma(weight + 1) - Double.logGamma(successes + 1)
        - Double.logGamma(weight - successes + 1)
        + weight * (Family.entropy(y) + Family.entropy(1 - y))
    case .poisson:
      return weight * (Family.entropy(y) - y - Double.logGamma(y + 1))
    case .negativeBinomial(let theta):
      return weight
        * (Double.logGamma(theta + y) - Double.logGamma(theta) - Double.logGamma(y + 1)
          + Family.entropy(theta) + Family.entropy(y) - Family.entropy(theta + y))
    }
  }

  /// The part of the log-likelihood of y at its own value that has y, of which d(y, μ) is twice the
  /// difference: Σ w d(yᵢ, ȳ) = 2 Σ w κ(yᵢ) − 2 (Σ w) κ(ȳ). Not for the negative binomial.
  @inline(__always) func saturation(_ y: Double) -> Double {
    switch self {
    case .gaussian: y * y / 2
    case .binomial, .quasibinomial:
      y == 0 || y == 1 ? 0 : Family.entropy(y) + Family.entropy(1 - y)
    case .poisson, .quasipoisson, .negativeBinomial: Family.entropy(y) - y
    case .gamma: -Double.log(y)
    }
  }

  /// a log a, 0 at 0.
  private static func entropy(_ a: Double) -> Double { a == 0 ? 0 : a * Double.log(a) }
}
