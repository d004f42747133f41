import LinearAlgebra

/// The answer of a `GeneralizedLinearMixedModel`.
public struct GeneralizedLinearMixedFit: Sendable {
  /// What the fixed effects' covariance was made of.
  public enum CovarianceSource: String, Sendable, Equatable {
    /// The curvature of the approximated likelihood in θ and β together.
    case likelihood
    /// The curvature in β and the random effects at the estimated θ: of a fast fit, and where the
    /// likelihood's own is not positive definite.
    case modes
  }

  public let family: MixedFamily
  public let approximation: MixedApproximation
  public let fixedNames: [String]
  /// β, one a fixed effect.
  public let coefficients: [Double]
  public let covariance: Matrix
  public let covarianceSource: CovarianceSource
  /// In the order of the input's terms.
  public let terms: [RandomTermFit]
  /// −2 log-likelihood by the approximation, every constant included.
  public let deviance: Double
  /// Twice the log-likelihood of a perfect fit less that of the rows given the modes.
  public let conditionalDeviance: Double
  /// Offset + Xβ + Zb with the conditional modes, of every input row.
  public let linearPredictor: [Double]
  /// Distinct rows that the fit saw.
  public let cellCount: Int
  public let record: MixedFitRecord

  public var standardErrors: [Double] { covariance.diagonal.map { $0.squareRoot() } }
  public var logLikelihood: Double { -deviance / 2 }
  public var converged: Bool { record.converged }
  /// Whether some term's covariance has no full rank.
  public var isSingular: Bool { terms.contains(where: \.isSingular) }
  /// Fixed effects and entries of θ.
  public var parameterCount: Int {
    coefficients.count + terms.reduce(0) { $0 + $1.theta.count }
  }
  public var akaike: Double { deviance + 2 * Double(parameterCount) }

  /// Reads the answer off the criterion at its minimum.
  ///
  /// - Parameter point: θ, then the fixed effects of the scaled columns unless the fit is fast.
  init(
    _ model: GeneralizedLinearMixedModel, _ structure: MixedStructure,
    _ criterion: LaplaceDeviance, point: [Double], record: MixedFitRecord
  ) throws(MixedModelError) {
    let curvature = try Self.covarianceOfFixed(model, structure, criterion, point)
    let (value, _) = try model.evaluate(point, criterion)
    let modes = criterion.modes
    let effects = modes.system.multiply(modes.coefficients)
    let first = structure.layout.effectCount
    family = model.family
    approximation = model.approximation
    fixedNames = model.data.fixedNames
    coefficients = structure.scales.fixed.indices.map {
      effects[first + $0] / structure.scales.fixed[$0]
    }
    covariance = curvature ?? modes.system.fixedCovariance(structure.scales)
    covarianceSource = curvature == nil ? .modes : .likelihood
    terms = modes.system.termFits(model.data, structure, effects: effects, variance: 1)
    deviance = value
    conditionalDeviance = 2 * (modes.response.splitting - modes.logLikelihood)
    linearPredictor = structure.linearPredictorOfInput(effects)
    cellCount = structure.rows.count
    self.record = record
  }

  /// The fixed effects' block of the inverse of half the deviance's Hessian, by differences of its
  /// gradient; nil for a fast fit, and where a singular θ leaves the Hessian indefinite.
  private static func covarianceOfFixed(
    _ model: GeneralizedLinearMixedModel, _ structure: MixedStructure,
    _ criterion: LaplaceDeviance, _ point: [Double]
  ) throws(MixedModelError) -> Matrix? {
    let p = structure.layout.fixedCount
    guard model.approximation == .laplace, p > 0 else { return nil }
    // In units of about a standard error, so that a step is small against what is being measured
    // and large against the tolerance of the modes.
    let units = curvatureUnits(criterion, structure, point)
    let hessian = try FiniteDifference.hessian(
      at: [Double](repeating: 0, count: point.count), relativeStep: 0.02
    ) { (shift) throws(MixedModelError) -> [Double] in
      let moved = point.indices.map { point[$0] + units[$0] * shift[$0] }
      let gradient = try criterion.evaluate(moved).gradient
      return gradient.indices.map { gradient[$0] * units[$0] }
    }
    let factor: CholeskyFactor
    do {
      factor = try CholeskyFactor(hessian)
    } catch {
      return nil
    }
    let inverse = factor.inverse()
    let first = structure.layout.parameterCount
    var covariance = Matrix(rows: p, columns: p)
    for c in 0..<p {
      for r in 0..<p {
        covariance[r, c] =
          2 * inverse[first + r, first + c] * units[first + r] * units[first + c]
          / (structure.scales.fixed[r] * structure.scales.fixed[c])
      }
    }
    return covariance
  }

  /// The order of size of each parameter's standard error.
  private static func curvatureUnits(
    _ criterion: LaplaceDeviance, _ structure: MixedStructure, _ point: [Double]
  ) -> [Double] {
    var units: [Double] = []
    structure.forEachParameter { term, _, _ in
      // θ's relative error is that of a standard deviation of so many effects; of a θ at zero,
      // small against one.
      let size = max(abs(point[units.count]), 0.1)
      units.append(size * (0.5 / Double(structure.layout.columns[term].levels)).squareRoot())
    }
    return units
      + criterion.modes.system.scaledFixedCovariance().diagonal.map { $0.squareRoot() }
  }
}
