import RealModule

/// The distribution and link of a generalized linear mixed model.
public enum MixedFamily: String, Sendable, Equatable {
  case binomialLogit
  case binomialProbit
  case binomialCloglog
  case poissonLog

  public var isBinomial: Bool { self != .poissonLog }
}

/// A row's log-likelihood with its derivatives in the linear predictor.
struct RowTerms {
  /// ℓ less that of a perfect fit, but for the divisor: near the optimum a small number, whatever
  /// the size of the counts.
  var logLikelihood: Double
  /// A factor between 1 and 2 of exp(−ℓ): many rows' are multiplied before one logarithm is taken.
  var divisor = 1.0
  /// dℓ/dη.
  var score: Double
  /// −d²ℓ/dη², the observed information; every link here keeps it at zero or above.
  var weight: Double
  /// −d³ℓ/dη³.
  var third: Double
}

/// The likelihood of a row, or of many equal rows together.
protocol ResponseKernel: Sendable {
  /// - Parameters:
  ///   - response: successes or events, times the case weight.
  ///   - size: trials or rows, times the case weight.
  ///   - reference: what `reference(response:size:)` says of the two.
  func terms(
    response: Double, size: Double, reference: Double, predictor: Double
  ) -> RowTerms
}

extension MixedFamily {
  /// What a row's log-likelihood is measured against: of counts the predictor that fits them, of
  /// trials the log-likelihood of a perfect fit.
  func reference(response y: Double, size n: Double) -> Double {
    if !isBinomial { return y > 0 ? Double.log(y / n) : 0 }
    func part(_ count: Double) -> Double { count > 0 ? count * Double.log(count / n) : 0 }
    return part(y) + part(n - y)
  }

  /// The log-likelihood of a perfect fit.
  func saturated(response y: Double, size n: Double) -> Double {
    isBinomial
      ? reference(response: y, size: n) : y * reference(response: y, size: n) - y
  }
}

struct LogitKernel: ResponseKernel {
  @inline(__always)
  func terms(
    response: Double, size: Double, reference: Double, predictor: Double
  ) -> RowTerms {
    let tail = Double.exp(-abs(predictor))
    let larger = 1 / (1 + tail)
    let smaller = tail * larger
    let (p, q) = predictor >= 0 ? (larger, smaller) : (smaller, larger)
    let weight = size * p * q
    let isOne = size == 1
    let logTail = isOne ? 0 : size * Double.log(onePlus: tail)
    return RowTerms(
      logLikelihood: response * predictor - size * max(predictor, 0) - logTail - reference,
      divisor: isOne ? 1 + tail : 1,
      score: response * q - (size - response) * p, weight: weight, third: weight * (q - p))
  }
}

struct PoissonKernel: ResponseKernel {
  @inline(__always)
  func terms(
    response: Double, size: Double, reference: Double, predictor: Double
  ) -> RowTerms {
    let mean = size * Double.exp(predictor)
    return RowTerms(
      logLikelihood: response * (predictor - reference) - (mean - response), score: response - mean,
      weight: mean,
      third: mean)
  }
}

struct ProbitKernel: ResponseKernel {
  @inline(__always)
  func terms(
    response: Double, size: Double, reference: Double, predictor: Double
  ) -> RowTerms {
    let success = Self.tail(predictor)
    let failure = Self.tail(-predictor)
    let failures = size - response
    return RowTerms(
      logLikelihood: response * success.log + failures * failure.log - reference,
      score: response * success.ratio - failures * failure.ratio,
      weight: response * success.weight + failures * failure.weight,
      third: response * success.third - failures * failure.third)
  }

  /// log Φ(z), its slope r = φ(z)/Φ(z), −r′ = r(r + z), and −r″ = r(1 − (r + z)(2r + z)).
  @inline(__always)
  private static func tail(
    _ z: Double
  ) -> (log: Double, ratio: Double, weight: Double, third: Double) {
    if z < -30 {
      // Mills's ratio by its asymptotic series, for Φ itself underflows.
      let square = z * z
      let excess = -1 / z * (1 - 2 / square)
      let ratio = excess - z
      return (
        -square / 2 - Double.log(ratio) - 0.918938533204672742, ratio, ratio * excess,
        ratio * (1 - excess * (ratio + excess))
      )
    }
    let below = NormalDistribution.cdf(z)
    let ratio = NormalDistribution.density(z) / below
    let excess = ratio + z
    return (
      Double.log(below), ratio, ratio * excess, ratio * (1 - excess * (ratio + excess))
    )
  }
}

struct CloglogKernel: ResponseKernel {
  @inline(__always)
  func terms(
    response: Double, size: Double, reference: Double, predictor: Double
  ) -> RowTerms {
    // With t = exp(η): log(1 − p) = −t, and g = d log p / dη = t / (exp(t) − 1).
    let t = Double.exp(predictor)
    let failures = size - response
    let survival = Double.exp(-t)
    let p = -Double.expMinusOne(-t)
    let g = p > 0 ? t * survival / p : 1
    // g + t − 1 loses its digits to cancellation where t is small.
    let excess = t < 1e-3 ? t * (0.5 + t / 12) : g + t - 1
    let curvature = g * excess
    let logP = p > 0 ? Double.log(p) : predictor
    return RowTerms(
      logLikelihood: response * logP - failures * t - reference, score: response * g - failures * t,
      weight: response * curvature + failures * t,
      third: response * (g * (t - curvature) - curvature * excess) + failures * t)
  }
}
