#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the probability of an outcome follows from its linear predictor η.
package enum BinaryLink: Sendable, Equatable {
  /// μ = 1/(1 + exp(−η)).
  case logistic
  /// μ = 1 − exp(−exp η): a proportional hazard over the step from one contact to the next
  /// (Prentice & Gloeckler 1978).
  case complementaryLogLog

  /// η is held within this, where probabilities differ from 0 and 1 by no less than 1e-13.
  private static let bound = 30.0

  package func mean(_ predictor: Double) -> Double {
    let eta = min(max(predictor, -Self.bound), Self.bound)
    switch self {
    case .logistic: return 1 / (1 + exp(-eta))
    case .complementaryLogLog: return min(-expm1(-exp(eta)), 1 - 1e-13)
    }
  }

  /// dμ/dη.
  package func slope(_ predictor: Double) -> Double {
    let eta = min(max(predictor, -Self.bound), Self.bound)
    switch self {
    case .logistic:
      let mean = 1 / (1 + exp(-eta))
      return max(mean * (1 - mean), 1e-13)
    case .complementaryLogLog: return max(exp(eta - exp(eta)), 1e-13)
    }
  }

  /// d²μ/dη² ÷ dμ/dη.
  package func curvature(_ predictor: Double) -> Double {
    let eta = min(max(predictor, -Self.bound), Self.bound)
    switch self {
    case .logistic: return 1 - 2 / (1 + exp(-eta))
    case .complementaryLogLog: return 1 - exp(eta)
    }
  }

  /// The linear predictor that gives this probability.
  package func predictor(ofMean mean: Double) -> Double {
    let p = min(max(mean, 1e-9), 1 - 1e-9)
    switch self {
    case .logistic: return log(p / (1 - p))
    case .complementaryLogLog: return log(-log1p(-p))
    }
  }
}
