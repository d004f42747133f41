/// The weight of an observation by its distance from the cutoff, in bandwidths.
public enum LocalKernel: String, Sendable, Equatable, CaseIterable {
  /// 1 − u; optimal at a boundary (Cheng, Fan & Marron 1997, Ann. Stat. 25).
  case triangular
  /// 1/2.
  case uniform
  /// 3/4 (1 − u²).
  case epanechnikov

  /// K(u) of distances u ≥ 0; zero beyond 1.
  @inline(__always)
  func weights(_ u: SIMD4<Double>) -> SIMD4<Double> {
    let inside = u .<= 1
    return switch self {
    case .triangular: SIMD4<Double>.zero.replacing(with: 1 - u, where: inside)
    case .uniform: SIMD4<Double>.zero.replacing(with: 0.5, where: inside)
    case .epanechnikov: SIMD4<Double>.zero.replacing(with: 0.75 * (1 - u * u), where: inside)
    }
  }

  /// K(u) of one distance u ≥ 0.
  @inline(__always)
  func weight(_ u: Double) -> Double {
    guard u <= 1 else { return 0 }
    return switch self {
    case .triangular: 1 - u
    case .uniform: 0.5
    case .epanechnikov: 0.75 * (1 - u * u)
    }
  }

  /// The factor of Silverman's rule (Silverman 1986, Density Estimation, section 3.4) for the first
  /// pilot bandwidth of a regression discontinuity (Calonico, Cattaneo & Titiunik 2014,
  /// Econometrica 82, supplement).
  var pilotFactor: Double {
    switch self {
    case .triangular: 2.576
    case .uniform: 1.843
    case .epanechnikov: 2.34
    }
  }
}
