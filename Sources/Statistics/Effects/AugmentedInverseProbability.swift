import LinearAlgebra
import RealModule

/// Augmented inverse probability weighting on cells: the doubly robust effect of a treatment.
///
/// The effect is right when either the propensity model (logistic) or the outcome models (one per
/// arm) are right. ATE by Robins, Rotnitzky & Zhao 1994 (J. Am. Stat. Assoc. 89), ATT by its
/// counterpart for the treated (Moodie, Saarela & Stephens 2018, Stat 7, e205); standard errors
/// from the influence function, which the fitted models do not change to first order.
public struct AugmentedInverseProbability: Sendable {
  /// Over whom the effect is averaged.
  public enum Estimand: String, Sendable, Equatable {
    /// Everybody.
    case ate
    /// The treated.
    case att
  }

  /// The regression of the outcome on the covariates within an arm.
  public enum OutcomeModel: Sendable, Equatable {
    /// Counts, by Poisson regression under a link.
    case poisson(PowerLink)
    /// Any number, by least squares.
    case linear
  }

  /// Covariates, one row a cell.
  public let design: IndicatorDesign
  public let outcomeModel: OutcomeModel
  public let estimand: Estimand

  public init(design: IndicatorDesign, outcomeModel: OutcomeModel, estimand: Estimand) {
    self.design = design
    self.outcomeModel = outcomeModel
    self.estimand = estimand
  }

  /// Estimates the effect from both arms' moments.
  ///
  /// - Throws: `RegressionError`; `.noData` where an arm is empty.
  public func estimate(
    treated: ArmMoments, control: ArmMoments
  ) throws(RegressionError) -> TreatmentEffect {
    try check(treated, "treated")
    try check(control, "control")
    let propensity = try LogisticRegression(design: design).fit(
      successes: treated.counts, trials: zip(treated.counts, control.counts).map { $0 + $1 })
    let untreatedOutcome = try outcomeFit(control)
    let treatedOutcome: OutcomeFit? =
      if estimand == .ate { try outcomeFit(treated) } else { nil }
    let arms = Arms(
      treated: treated, control: control, propensity: propensity.probabilities,
      untreatedMeans: untreatedOutcome.means, treatedMeans: treatedOutcome?.means)
    let (treatedMean, treatedInfluence) = arms.treatedMean()
    let (untreatedMean, untreatedInfluence) = arms.untreatedMean()
    let influence = treatedInfluence.combined(1, with: untreatedInfluence, -1)
    return TreatmentEffect(
      estimand: estimand, estimate: treatedMean - untreatedMean,
      standardError: influence.standardError(treated: treated, control: control),
      treatedMean: treatedMean, untreatedMean: untreatedMean,
      ratio: ratio(
        treatedMean, treatedInfluence, untreatedMean, untreatedInfluence, treated, control),
      influence: influence, overlap: arms.overlap(),
      treatedCount: treated.counts.reduce(0, +), controlCount: control.counts.reduce(0, +),
      modelsConverged: propensity.converged && untreatedOutcome.converged
        && treatedOutcome?.converged ?? true,
      separatedColumns: propensity.separatedColumns)
  }

  private func check(_ arm: ArmMoments, _ name: String) throws(RegressionError) {
    let rows = design.rowCount
    try RegressionInput.requireNonNegative(
      "counts of the \(name)", arm.counts, rows: rows, mustHaveData: true)
    try RegressionInput.requireFinite("sums of the \(name)", arm.sums, count: rows)
    try RegressionInput.requireNonNegative(
      "sums of squares of the \(name)", arm.sumsOfSquares, rows: rows)
  }

  private struct OutcomeFit {
    var means: [Double]
    var converged: Bool
  }

  private func outcomeFit(_ arm: ArmMoments) throws(RegressionError) -> OutcomeFit {
    switch outcomeModel {
    case .poisson(let link):
      let fit = try PoissonRegression(design: design, link: link)
        .fit(response: arm.sums, exposure: arm.counts)
      return OutcomeFit(means: fit.means, converged: fit.converged)
    case .linear:
      let fit = try CellLeastSquares(design: design).fit(weights: arm.counts, sums: arm.sums)
      return OutcomeFit(means: fit.means, converged: true)
    }
  }

  /// The ratio of the two means with the delta method on its logarithm; nil where a mean is not
  /// positive.
  private func ratio(
    _ treatedMean: Double, _ treatedInfluence: CellInfluence, _ untreatedMean: Double,
    _ untreatedInfluence: CellInfluence, _ treated: ArmMoments, _ control: ArmMoments
  ) -> TreatmentEffect.Ratio? {
    guard treatedMean > 0, untreatedMean > 0 else { return nil }
    let influence = treatedInfluence.combined(
      1 / treatedMean, with: untreatedInfluence, -1 / untreatedMean)
    return TreatmentEffect.Ratio(
      estimate: treatedMean / untreatedMean,
      standardErrorOfLog: influence.standardError(treated: treated, control: control))
  }
}

/// The cells of both arms with the fitted models.
private struct Arms {
  let treated: ArmMoments
  let control: ArmMoments
  let propensity: [Double]
  let untreatedMeans: [Double]
  /// Nil where the effect is that on the treated, whose own mean is observed.
  let treatedMeans: [Double]?

  private var treatedCount: Double { treated.counts.reduce(0, +) }
  private var units: Double { treatedCount + control.counts.reduce(0, +) }
  private var zeros: [Double] { [Double](repeating: 0, count: propensity.count) }

  /// The mean outcome had everybody (or the treated) been treated, and its influence.
  func treatedMean() -> (Double, CellInfluence) {
    guard let means = treatedMeans else {
      let mean = treated.sums.reduce(0, +) / treatedCount
      let scale = units / treatedCount
      let influence = CellInfluence(
        treatedLevels: zeros.map { _ in -mean * scale }, treatedSlopes: zeros.map { _ in scale },
        controlLevels: zeros, controlSlopes: zeros)
      return (mean, influence)
    }
    var total = 0.0
    for cell in means.indices {
      let n = treated.counts[cell] + control.counts[cell]
      total += n * means[cell]
      total += (treated.sums[cell] - treated.counts[cell] * means[cell]) / propensity[cell]
    }
    let mean = total / units
    let influence = CellInfluence(
      treatedLevels: means.indices.map { means[$0] - mean - means[$0] / propensity[$0] },
      treatedSlopes: propensity.map { 1 / $0 }, controlLevels: means.map { $0 - mean },
      controlSlopes: zeros)
    return (mean, influence)
  }

  /// The mean outcome had everybody (or the treated) not been treated, and its influence.
  func untreatedMean() -> (Double, CellInfluence) {
    let forTreated = treatedMeans == nil
    let means = untreatedMeans
    var weights = zeros
    var total = 0.0
    for cell in means.indices {
      weights[cell] = (forTreated ? propensity[cell] : 1) / (1 - propensity[cell])
      let standing = treated.counts[cell] + (forTreated ? 0 : control.counts[cell])
      total += standing * means[cell]
      total += weights[cell] * (control.sums[cell] - control.counts[cell] * means[cell])
    }
    let population = forTreated ? treatedCount : units
    let mean = total / population
    let scale = units / population
    let influence = CellInfluence(
      treatedLevels: means.map { scale * ($0 - mean) }, treatedSlopes: zeros,
      controlLevels: means.indices.map {
        scale * ((forTreated ? 0 : means[$0] - mean) - weights[$0] * means[$0])
      },
      controlSlopes: weights.map { scale * $0 })
    return (mean, influence)
  }

  func overlap() -> TreatmentEffect.Overlap {
    var (lowest, highest, outside) = (Double.infinity, -Double.infinity, 0.0)
    var (weight, squaredWeight) = (0.0, 0.0)
    for cell in propensity.indices {
      let n = treated.counts[cell] + control.counts[cell]
      guard n > 0 else { continue }
      let p = propensity[cell]
      lowest = min(lowest, p)
      highest = max(highest, p)
      if p < 0.02 || p > 0.98 { outside += n }
      let w = (treatedMeans == nil ? p : 1) / (1 - p)
      weight += control.counts[cell] * w
      squaredWeight += control.counts[cell] * w * w
    }
    return TreatmentEffect.Overlap(
      minimumPropensity: lowest, maximumPropensity: highest, shareOutside: outside / units,
      effectiveControls: weight * weight / squaredWeight)
  }
}
