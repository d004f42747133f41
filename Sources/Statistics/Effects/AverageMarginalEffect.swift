import LinearAlgebra
import RealModule

/// What a variable does to the mean response of a fitted model, averaged over rows, with its error
/// by the delta method: √(J V Jᵀ), J the derivative by the coefficients (Williams 2012, Stata
/// Journal 12, 308 - 331; Arel-Bundock, Greifer & Heiss 2024, J. Stat. Softw. 111).
///
/// The covariance V is the model's, a sandwich or a clustered one; rows are taken as given.
public struct AverageMarginalEffect: Sendable, Equatable {
  public let estimate: Double
  public let standardError: Double
  /// J, one a coefficient.
  public let gradient: [Double]

  public var ci95: (lower: Double, upper: Double) {
    MeanInterval.normal95(estimate, standardError: standardError)
  }

  /// Two-sided, from the normal distribution; nil where the error is zero.
  public var pValue: Double? {
    standardError > 0 ? NormalDistribution.twoSided(estimate / standardError) : nil
  }

  /// The mean of μ(x₁β) − μ(x₀β): a flag switched on, a level against another, a dose against none.
  ///
  /// - Parameters:
  ///   - covariance: of the coefficients, p × p.
  ///   - with: n × p, every row as it would be with the change; `without` as it would be else.
  ///   - weights: one a row, not all zero; nil for equal ones.
  public static func contrast(
    coefficients: [Double], covariance: Matrix, with: Matrix, without: Matrix,
    link: Link, weights: [Double]? = nil
  ) -> AverageMarginalEffect {
    precondition(
      with.rows == without.rows && with.columns == without.columns, "designs of two shapes")
    let (eta1, eta0) = (with * coefficients, without * coefficients)
    let shares = shares(weights, with.rows)
    var estimate = 0.0
    var (slopes1, slopes0) = (eta1, eta0)
    for row in shares.indices {
      let (mean1, mean0) = (link.mean(eta1[row]), link.mean(eta0[row]))
      estimate += shares[row] * (mean1.value - mean0.value)
      slopes1[row] = shares[row] * mean1.slope
      slopes0[row] = shares[row] * mean0.slope
    }
    var gradient = with.transposeTimes(slopes1)
    addTo(&gradient, without.transposeTimes(slopes0), times: -1)
    return AverageMarginalEffect(estimate, gradient, covariance)
  }

  /// The mean of dμ/dz for a number z: μ'(xβ) · (dx/dz)β.
  ///
  /// - Parameters:
  ///   - design: n × p.
  ///   - derivative: dx/dz, n × p: one in the number's own column, others where it has products or
  ///     powers.
  public static func slope(
    coefficients: [Double], covariance: Matrix, design: Matrix, derivative: Matrix,
    link: Link, weights: [Double]? = nil
  ) -> AverageMarginalEffect {
    precondition(
      design.rows == derivative.rows && design.columns == derivative.columns,
      "a design and its derivative of two shapes")
    let (eta, rise) = (design * coefficients, derivative * coefficients)
    let shares = shares(weights, design.rows)
    var estimate = 0.0
    var (curvatures, slopes) = (eta, eta)
    for row in shares.indices {
      slopes[row] = shares[row] * link.mean(eta[row]).slope
      estimate += slopes[row] * rise[row]
      curvatures[row] = shares[row] * link.curvature(eta[row]) * rise[row]
    }
    var gradient = design.transposeTimes(curvatures)
    addTo(&gradient, derivative.transposeTimes(slopes))
    return AverageMarginalEffect(estimate, gradient, covariance)
  }

  private init(_ estimate: Double, _ gradient: [Double], _ covariance: Matrix) {
    self.estimate = estimate
    self.gradient = gradient
    // A covariance is not negative; only rounding can bring the form below zero.
    standardError = max(covariance.quadraticForm(gradient), 0).squareRoot()
  }

  private static func shares(_ weights: [Double]?, _ rows: Int) -> [Double] {
    guard let weights else { return [Double](repeating: 1 / Double(rows), count: rows) }
    precondition(weights.count == rows, "\(weights.count) weights for \(rows) rows")
    let sum = weights.reduce(0, +)
    precondition(sum > 0, "weights that sum to \(sum)")
    return weights.map { $0 / sum }
  }
}

extension Link {
  /// d²μ/dη².
  func curvature(_ eta: Double) -> Double {
    let mean = mean(eta)
    return switch self {
    case .identity: 0
    case .log: mean.value
    case .logit: mean.slope * (mean.complement - mean.value)
    case .probit: -eta * mean.slope
    case .cloglog: mean.slope * -Double.expMinusOne(eta)
    case .inverse: 2 / (eta * eta * eta)
    case .sqrt: 2
    }
  }
}
