import LinearAlgebra
import RealModule

/// The answer of a `LinearMixedModel`.
public struct LinearMixedFit: Sendable {
  public let criterion: LinearMixedCriterion
  public let fixedNames: [String]
  /// β, one a fixed effect.
  public let coefficients: [Double]
  /// Of β, given θ.
  public let covariance: Matrix
  /// σ.
  public let residualStandardDeviation: Double
  /// In the order of the input's terms.
  public let terms: [RandomTermFit]
  /// −2 log-likelihood, or the restricted criterion.
  public let deviance: Double
  /// Xβ + Zb with the conditional modes, offset included, of every input row.
  public let fitted: [Double]
  public let record: MixedFitRecord

  public var standardErrors: [Double] { covariance.diagonal.map { $0.squareRoot() } }
  public var logLikelihood: Double { -deviance / 2 }
  public var converged: Bool { record.converged }
  /// Whether some term's covariance has no full rank.
  public var isSingular: Bool { terms.contains(where: \.isSingular) }
  /// Fixed effects, entries of θ and σ.
  public var parameterCount: Int {
    coefficients.count + terms.reduce(1) { $0 + $1.theta.count }
  }
  public var akaike: Double { deviance + 2 * Double(parameterCount) }

  /// Reads the answer off the criterion at its minimum.
  ///
  /// - Parameter plain: the fixed effects that were taken off the response.
  init(
    _ model: LinearMixedModel, _ structure: MixedStructure, _ criterion: ProfiledDeviance,
    theta: [Double], plain: [Double], record: MixedFitRecord
  ) throws(MixedModelError) {
    let (value, solved, squares) = try criterion.solve(theta)
    let system = criterion.system
    let variance = squares / criterion.degreesOfFreedom
    var effects = system.multiply(solved)
    let first = structure.layout.effectCount
    for j in plain.indices { effects[first + j] += plain[j] }
    system.invert(withFixed: false)
    self.criterion = model.criterion
    fixedNames = model.data.fixedNames
    coefficients = plain.indices.map { effects[first + $0] / structure.scales.fixed[$0] }
    covariance = variance * system.fixedCovariance(structure.scales)
    residualStandardDeviation = variance.squareRoot()
    terms = system.termFits(model.data, structure, effects: effects, variance: variance)
    deviance = value
    fitted = structure.linearPredictorOfInput(effects)
    self.record = record
  }
}
